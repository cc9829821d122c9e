/** `npm run bench`: counts units and measures times, and prints them. Nothing printed here was typed in. */
import { cpus } from 'node:os';
import { benchBundles } from './bundles.ts';
import { printCosts } from './costs.ts';
import { benchDue } from './due.ts';
import { benchLifecycles } from './lifecycle.ts';
import { benchPeriods } from './periods.ts';
import { benchRounds } from './rounds.ts';
import { withStand } from './stand.ts';
import { benchWatch } from './watch.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
console.log(`${new Date().toISOString()}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}`);
benchDue();
console.log('\nStarting an emulator of the bench’s own …');
await withStand(async (stand) => {
  const round = await benchRounds(stand);
  const lives = await benchLifecycles(stand);
  const watch = await benchWatch(stand);
  const periods = await benchPeriods(stand);
  printCosts({ round, lives, watch, periods }, stand);
});
console.log('\nBundling every function and starting each a few times …');
await benchBundles();
