/** `npm run bench`: counts units and measures times, and prints them. Nothing printed here was typed in. */
import { cpus } from 'node:os';
import { benchBundles } from './bundles.ts';

console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}`);
await benchBundles();
