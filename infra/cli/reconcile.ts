/** `npm run reconcile -- 533102 [--republish FROM UNTIL]`: the reconciler of a county, at once; what it answers is printed. */
import { now } from '../../shared/runtime/clock.ts';
import { callFunction } from './call-function.ts';
import { deploymentOf, fail } from './deployment-of.ts';

const HOW = 'npm run reconcile -- 533102 --republish 2026-03-01T00:00:00+08:00 2026-03-01T06:00:00+08:00';

const [id, option, from, until] = process.argv.slice(2);
const deployment = deploymentOf('npm run reconcile', id);
if (option !== undefined && (option !== '--republish' || from === undefined || until === undefined)) fail(`As in: ${HOW}.`);

await callFunction(deployment, {
  stack: 'Service',
  output: 'ReconcileCasesFunction',
  payload: { at: now(), ...(from !== undefined && { republish: { from, until } }) },
  patienceMs: 16 * 60_000,
});
