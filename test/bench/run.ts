/** `npm run bench`: counts units and measures times, and prints them. Nothing printed here was typed in. */
import { cpus } from 'node:os';
import { benchBundles } from './bundles.ts';
import { benchDue } from './due.ts';
import { benchUnits } from './units.ts';

console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}`);
benchDue();
await benchUnits();
await benchBundles();
