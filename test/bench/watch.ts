/** What it takes to look after open cases, and to see that no draw is due: what the clock calls every few minutes, hour and day. */
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { commandId, hazardId } from '../../shared/domain/ids.ts';
import { people } from '../support/hazard-api.ts';
import { photo, uscc } from '../support/hazard-case.ts';
import { county } from '../support/tokens.ts';
import { until } from './lifecycle.ts';
import type { Units } from './meter.ts';
import { PHOTO_BYTES } from './prices.ts';
import type { Stand } from './stand.ts';
import { figure, middle, printTable } from './table.ts';

const CASES = 10;
const RUNS = 5;
const NAMES = [
  'sweep',
  'reconciliation',
  'slot',
  'sweep of draws',
  'sweep of tasks',
  'look at the grid',
  'announcement',
  'composition',
] as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const found = instant('2026-03-10T09:00:00+08:00');

export interface WatchCosts {
  readonly cases: number;
  /** A sweep that finds nothing due, as most do. */
  readonly sweep: Units;
  readonly reconciliation: Units;
  readonly slot: Units;
  /** What the clock calls for draws and for the grid, in a county in which no draw is open and little is red. */
  readonly draws: Readonly<Record<'sweep' | 'tasks' | 'grid', Units>>;
  /** Looks for what comes near and finds nothing: while no case is open, and while these are. */
  readonly announcement: Readonly<Record<'none' | 'cases', Units>>;
  /** The minute's call that finds nothing due. */
  readonly composition: Units;
}

export async function benchWatch({ ask, relay, lastWait, timed, times, meter }: Stand): Promise<WatchCosts> {
  const caller = { ...people.li, county } as Caller;
  const hazard = { name: '通道堵塞', description: '消防通道堆放杂物', level: 'general', evidence: [photo('found')] };
  const { handler: announce } = await import('../../functions/announce-deadlines/handler.ts');
  const { handler: compose } = await import('../../functions/compose-messages/handler.ts');
  const context = { getRemainingTimeInMillis: () => 900_000 } as Parameters<typeof announce>[1];
  const look = async (when: Instant): Promise<void> => {
    const { told } = await timed('announcement', () => announce({ at: when }, context));
    if (told > 0) throw new Error('something was near');
  };
  // The first has nothing to make up, and so does not look.
  for (const minutes of [10, 5]) {
    meter.take('announcement');
    await look(plusMs(found, -minutes * MINUTE_MS));
  }
  const none = meter.take('announcement');
  const items = [{ riskNo: 'R001', result: 'hazard', answers: 'nyyy', hazards: Array.from({ length: CASES }, () => hazard) }];
  const asked = { caller, at: found, id: commandId('bench-open-cases') };
  const answer = await ask('(the bench)', 'submit-round', 'POST /v1/check-rounds', {
    ...asked,
    body: { checkedAt: found, items },
  });
  const ids = (answer.items as { hazards: string[] }[]).flatMap(({ hazards }) => hazards).map(hazardId);
  await relay('(the bench)');
  await until('the waits of the open cases', () => ids.every((id) => lastWait(id) !== undefined));

  const { handler: sweep } = await import('../../functions/sweep-deadlines/handler.ts');
  const { handler: reconcile } = await import('../../functions/reconcile-cases/handler.ts');
  const { handler: sweepDraws } = await import('../../functions/sweep-draws/handler.ts');
  const { handler: sweepTasks } = await import('../../functions/sweep-tasks/handler.ts');
  const { handler: checkGrid } = await import('../../functions/check-grid/handler.ts');
  const at = plusMs(found, HOUR_MS);
  const body = { enterprise: uscc, type: 'image/jpeg', bytes: PHOTO_BYTES, sha256: '0'.repeat(64) };
  // Several times: the first loads what the others find loaded. The last is counted.
  for (let run = 0; run < RUNS; run++) {
    for (const name of NAMES) meter.take(name);
    const swept = await timed('sweep', () => sweep({ at }, context));
    const { cases, started, told, stopped } = await timed('reconciliation', () => reconcile({ at }, context));
    const isInOrder = swept.due + started.length + told.length + stopped.length === 0 && cases === CASES;
    if (!isInOrder) throw new Error('the open cases were not in order');
    await ask('slot', 'serve-checks', 'POST /v1/evidence', { caller, at, body });
    const { open } = await timed('sweep of draws', () => sweepDraws({ at }, context));
    const { due } = await timed('sweep of tasks', () => sweepTasks({ at }, context));
    if (open + due > 0) throw new Error('a draw is open where none was opened');
    await timed('look at the grid', () => checkGrid({ at }, context));
    await look(plusMs(at, run * 5 * MINUTE_MS));
    const composed = await timed('composition', () => compose({ at: plusMs(at, run * MINUTE_MS) }, context));
    if ('released' in composed && composed.released > 0) throw new Error('something was due');
  }
  const costs = {
    cases: CASES,
    sweep: meter.take('sweep'),
    reconciliation: meter.take('reconciliation'),
    slot: meter.take('slot'),
    draws: { sweep: meter.take('sweep of draws'), tasks: meter.take('sweep of tasks'), grid: meter.take('look at the grid') },
    announcement: { none, cases: meter.take('announcement') },
    composition: meter.take('composition'),
  };
  const row = (what: string, name: string, { write, read, reported, requests }: Units) =>
    [what, write, read, reported, requests, figure(middle(times(name)))] as const;
  printTable(
    `Looking after ${CASES} open cases that are in order`,
    ['', 'WRU', 'RRU', 'RRU reported', 'calls', 'ms'],
    [
      row('sweep of deadlines, nothing due', 'sweep', costs.sweep),
      row('reconciliation', 'reconciliation', costs.reconciliation),
      row('a form to upload a photograph with', 'slot', costs.slot),
      row('sweep of draws, none open', 'sweep of draws', costs.draws.sweep),
      row('sweep of tasks, none open', 'sweep of tasks', costs.draws.tasks),
      row('look at the grid, these cases', 'look at the grid', costs.draws.grid),
      row('look for what comes near, no case', 'announcement', costs.announcement.none),
      row('look for what comes near, these cases', 'announcement', costs.announcement.cases),
      row('minute of composing, nothing due', 'composition', costs.composition),
    ],
  );
  return costs;
}
