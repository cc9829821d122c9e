/** Tasks as a draw makes them, and a county in memory whose real handlers and stores they lie in. */
import { commit } from '../../shared/data/commit.ts';
import { newTaskParts } from '../../shared/data/task-store.ts';
import { type Day, instant } from '../../shared/domain/calendar.ts';
import { countyCode, department, drawPeriod, itemNo, objectId, personId, taskId, townshipCode } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import type { DrawnTask, Inspection, Task } from '../../shared/domain/task.ts';
import { newTask } from '../../shared/domain/task-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { SYSTEM } from '../../workflows/inspection-draw/standing.ts';

export const county = countyCode('533102');
export const USCC = '91350100M000100Y43';
export const at = (text: string) => instant(`2026-${text}:00+08:00`);
export const policy = policyFor(county, at('03-02T08:00'));
export const rules = taskRulesOf(policy, 'RANDOM.RED');

/** Drawn on 27 February for March, to be visited on 10 March by `wang` and `zhao`. */
export const drawn = (given: Partial<DrawnTask> = {}): DrawnTask => ({
  id: taskId('R.YJJ.000001.1.0001'),
  county,
  authority: department('YJJ'),
  number: 1,
  kind: 'RANDOM.RED',
  period: drawPeriod('2026-03'),
  window: { from: at('03-01T00:00'), until: at('04-01T00:00') },
  iteration: 1,
  stratum: 'RED.hazardous-chemicals',
  colour: 'RED',
  object: objectId(`ENT:${USCC}`),
  ticket: 'c'.repeat(64),
  drawnAt: at('02-27T09:00'),
  owner: `ENT:${USCC}`,
  township: townshipCode('533102001'),
  supervisor: 'DEPT:YJJ',
  day: '2026-03-10' as Day,
  team: [
    { id: personId('wang'), role: 'enforcer' },
    { id: personId('zhao'), role: 'enforcer' },
  ],
  items: [itemNo('1'), itemNo('2')],
  ...given,
});

export const aTask = (given: Partial<DrawnTask> = {}): Task => newTask(drawn(given), rules);

/** Where no team was found. */
export function unassigned(given: Partial<DrawnTask> = {}): Task {
  const { day: _, ...rest } = drawn({ ...given, team: [] });
  return newTask(rest, rules);
}

export const officer = (id: string): Actor => ({ id: personId(id), role: 'department-officer', owner: 'DEPT:YJJ' });
export const head: Actor = { id: personId('boss'), role: 'department-head', owner: 'DEPT:YJJ' };

export const inspected = (given: Partial<Inspection> = {}): Omit<Inspection, 'by' | 'reportedAt' | 'hazards'> => ({
  outcome: 'inspected',
  visitedAt: at('03-10T10:00'),
  present: [personId('wang'), personId('zhao')],
  account: '现场检查',
  items: [
    { item: itemNo('1'), result: 'conforms', evidence: [] },
    { item: itemNo('2'), result: 'not-applicable', note: '无此设备', evidence: [] },
  ],
  problems: [],
  evidence: [],
  representative: { signed: 'absent', reason: '外出', evidence: [] },
  ...given,
});

/** Stores tasks as `assign-tasks` does. */
export const store = (...tasks: readonly Task[]): Promise<void> =>
  commit(
    newTaskParts(
      tasks.map((task) => ({ task, digest: 'd'.repeat(64) })),
      { at: at('02-27T09:10'), county, actor: SYSTEM },
    ),
  );
