/**
 * What came of the year's draws, counted from their records and from those of the visits: due = in time + late + not inspected + missed +
 * running + gap. A visit is in time when it lies in the window that it was drawn for.
 */
import type { Instant } from './calendar.ts';
import { COLOURS, type Colour } from './colour.ts';
import type { Draw, Stratum } from './draw.ts';
import type { Inspection, Task } from './task.ts';

export interface Coverage {
  /** Objects in the pools: one counts once for each window. */
  readonly objects: number;
  /** Visits that the policy asks for. */
  readonly due: number;
  readonly drawn: number;
  readonly inTime: number;
  readonly late: number;
  /** Gone to, and not inspected: not found, refused, closed down. */
  readonly notInspected: number;
  /** Its window has ended, and nobody has gone. */
  readonly missed: number;
  /** Its window has not ended: no judgement yet. */
  readonly running: number;
  /** Not drawn for want of inspectors, or because there was nothing left to draw in place of what was replaced. */
  readonly gap: number;
}

export const NOTHING: Coverage = {
  objects: 0,
  due: 0,
  drawn: 0,
  inTime: 0,
  late: 0,
  notInspected: 0,
  missed: 0,
  running: 0,
  gap: 0,
};

export const sumCoverage = (a: Coverage, b: Coverage): Coverage => ({
  objects: a.objects + b.objects,
  due: a.due + b.due,
  drawn: a.drawn + b.drawn,
  inTime: a.inTime + b.inTime,
  late: a.late + b.late,
  notInspected: a.notInspected + b.notInspected,
  missed: a.missed + b.missed,
  running: a.running + b.running,
  gap: a.gap + b.gap,
});

/** What became of a visit that was drawn. */
export type VisitState = 'inTime' | 'late' | 'notInspected' | 'missed' | 'running';

/** What is asked of a task. */
type Counted = Pick<Task, 'stage' | 'window'> & { readonly inspection?: Pick<Inspection, 'outcome' | 'visitedAt'> };

/** Whether a task still stands for a visit: not one whose object was replaced, nor one of a void draw. */
export const isStanding = ({ stage }: Pick<Task, 'stage'>): boolean => stage !== 'replaced' && stage !== 'void';

export function visitStateOf({ inspection, window }: Omit<Counted, 'stage'>, at: Instant): VisitState {
  if (inspection === undefined) return window.until <= at ? 'missed' : 'running';
  if (inspection.outcome !== 'inspected') return 'notInspected';
  return inspection.visitedAt < window.until ? 'inTime' : 'late';
}

/** Of tasks alone: what was drawn is what is due. */
export function coverageOfTasks(tasks: readonly Counted[], at: Instant): Coverage {
  const standing = tasks.filter(isStanding);
  const states = { inTime: 0, late: 0, notInspected: 0, missed: 0, running: 0 };
  for (const task of standing) states[visitStateOf(task, at)] += 1;
  return { ...NOTHING, ...states, due: standing.length, drawn: standing.length };
}

/** Whether every stratum has its tasks. Before that, what has none yet is still to come. */
const isAssigned = ({ stage }: Pick<Draw, 'stage'>): boolean =>
  stage === 'assigned' || stage === 'inspected' || stage === 'revealed';

/** One stratum of a draw. `tasks`: of this stratum. */
export function coverageOfStratum(
  draw: Pick<Draw, 'stage' | 'window'>,
  { objects, wanted, quota }: Stratum,
  tasks: readonly Counted[],
  at: Instant,
): Coverage {
  const of = coverageOfTasks(tasks, at);
  const awaited = isAssigned(draw) ? 0 : Math.max(0, quota - of.drawn);
  const state = draw.window.until <= at ? 'missed' : 'running';
  return { ...of, objects, due: wanted, [state]: of[state] + awaited, gap: Math.max(0, wanted - of.drawn - awaited) };
}

/** The colour and the industry (`area` for public areas) that a stratum's name says. */
export function partsOfStratum(name: string): { readonly colour: Colour | undefined; readonly industry: string } {
  const [first, industry = ''] = name.split('.');
  return { colour: COLOURS.find((colour) => colour === first), industry };
}

/** Coverage by whatever it is asked for. */
export function gatheredCoverage<Key>(all: Iterable<readonly [Key, Coverage]>): ReadonlyMap<Key, Coverage> {
  const by = new Map<Key, Coverage>();
  for (const [key, coverage] of all) by.set(key, sumCoverage(by.get(key) ?? NOTHING, coverage));
  return by;
}
