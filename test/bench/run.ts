/** Counts units, measures times and prints them. Nothing printed here was typed in. */
import { cpus } from 'node:os';
import { benchBundles } from './bundles.ts';
import { printCosts } from './costs.ts';
import { benchDraws } from './draws.ts';
import { benchDue } from './due.ts';
import { benchExports } from './exports.ts';
import { benchLifecycles } from './lifecycle.ts';
import { benchPeriods } from './periods.ts';
import { benchReminders, benchReminderUnits } from './reminders.ts';
import { benchRounds } from './rounds.ts';
import { benchSealing } from './sealing.ts';
import { withStand } from './stand.ts';
import { benchWatch } from './watch.ts';

export async function bench(signal: AbortSignal): Promise<void> {
  const [processor] = cpus();
  console.log(
    `${new Date().toISOString()}, ${cpus().length} cores, ${processor?.model ?? 'unknown'}, Node.js ${process.version}`,
  );
  benchDue();
  console.log('\nDrawing from a million objects …');
  benchDraws();
  console.log('\nExporting days of up to a million events …');
  await benchExports();
  console.log('\nReminding a county, once with a receiver that hangs …');
  await benchReminders(signal);
  console.log('\nStarting an emulator of its own …');
  await withStand(signal, async (stand) => {
    const round = await benchRounds(stand);
    const lives = await benchLifecycles(stand);
    const watch = await benchWatch(stand);
    const messages = await benchReminderUnits(stand);
    const sealing = await benchSealing(stand);
    console.log('\nFilling counties of three sizes …');
    const periods = await benchPeriods(stand);
    printCosts({ round, lives, watch, periods, messages, sealing }, stand);
  });
  console.log('\nBundling every function and starting each a few times …');
  await benchBundles();
}
