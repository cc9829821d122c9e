/**
 * What is due, by arithmetic (policy 二(五), D1–D5, P3–P6). One duty page holds, for one owner (or one workshop of it) and one
 * colour, which of its risk points have the duty and which periods were cleared. Nothing is written to make a check due.
 *
 * Decided here, where the policy is silent:
 * - A point's duty begins with the period that contains the signing of the list it stands in (P5).
 * - A slot that is open stays open when the point leaves the colour: its window is the last of the old span. Upward, the new
 *   colour's current window is due at once as well; downward, the new duty begins with the window that contains the first instant
 *   after the old window (P4). One check clears the open slots of the point in every colour.
 * - A check belongs to the window that contains the time it is claimed for, and is on time exactly if the server received it
 *   before that window's end. Late is late for ever (P6).
 * - A stop excuses a slot exactly if the slot's window ends inside the stop and the stop was approved before that end (P3).
 */
import { type Cadence, type Instant, type Period, periodAt, type Window, windowOf } from './calendar.ts';
import type { Colour } from './colour.ts';
import type { RiskNo } from './ids.ts';
import type { Owner } from './owner.ts';

/** Periods `from … to`, both included; without `to` it still runs. */
export interface Span {
  readonly from: Period;
  readonly to?: Period;
}

/** An approved stop (停产, 检修, 停用) as far as a duty page needs it. */
export interface Stop {
  readonly id: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly approvedAt: Instant;
}

/** A risk point on a duty page. */
export interface DutyPoint {
  /** When the point had the duty under this page's colour; ascending, disjoint. */
  readonly spans: readonly Span[];
  /** Periods cleared on time, as inclusive runs, ascending, not touching. */
  readonly cleared: readonly (readonly [Period, Period])[];
  /** Periods made up late that are not sealed yet. */
  readonly late: readonly Period[];
  readonly stops: readonly Stop[];
}

export interface DutyPage {
  readonly owner: Owner;
  /** Absent for points that belong to no workshop. */
  readonly workshop?: string;
  readonly colour: Colour;
  readonly points: Readonly<Record<RiskNo, DutyPoint>>;
}

/** What became of a slot. `open` only until its window ends. */
export type SlotState = 'open' | 'done' | 'done-late' | 'missed' | 'suspended';

export const emptyPoint: DutyPoint = { spans: [], cleared: [], late: [], stops: [] };

/** Whether the point has a slot in this period. */
export const hasSlot = (point: DutyPoint, period: Period): boolean =>
  point.spans.some(({ from, to }) => from <= period && (to === undefined || period <= to));

export const isCleared = (point: DutyPoint, period: Period): boolean =>
  point.cleared.some(([first, last]) => first <= period && period <= last);

/** Whether an approved stop excuses the slot of this window. */
export const isExcused = (point: DutyPoint, { until }: Window): boolean =>
  point.stops.some((stop) => stop.approvedAt < until && stop.from < until && until <= stop.until);

/** What became of the point's slot in a period as seen at `at`; `undefined` where it has none. */
export function slotState(point: DutyPoint, cadence: Cadence, period: Period, at: Instant): SlotState | undefined {
  if (!hasSlot(point, period)) return undefined;
  if (isCleared(point, period)) return 'done';
  const window = windowOf(cadence, period);
  if (isExcused(point, window)) return 'suspended';
  if (at < window.until) return 'open';
  return point.late.includes(period) ? 'done-late' : 'missed';
}

/** The point's duty begins with `from`. Beginning twice changes nothing. */
export function beginDuty(point: DutyPoint, from: Period): DutyPoint {
  if (point.spans.some((span) => span.to === undefined)) return point;
  const last = point.spans.at(-1);
  if (last?.to !== undefined && from <= last.to + 1) {
    return { ...point, spans: [...point.spans.slice(0, -1), { from: last.from }] };
  }
  return { ...point, spans: [...point.spans, { from }] };
}

/** The running duty ends with `last`; a duty that had not begun by then is as if it had never been. */
export function endDuty(point: DutyPoint, last: Period): DutyPoint {
  const spans = point.spans.flatMap((span) =>
    span.to !== undefined ? [span] : span.from <= last ? [{ ...span, to: last }] : [],
  );
  return { ...point, spans };
}

/** Adds a period to the runs of cleared ones. */
function withCleared(runs: DutyPoint['cleared'], period: Period): DutyPoint['cleared'] {
  const merged: [Period, Period][] = [];
  let [first, last] = [period, period];
  for (const [a, b] of runs) {
    if (b < first - 1) merged.push([a, b]);
    else if (a > last + 1) {
      merged.push([first, last]);
      [first, last] = [a, b];
    } else [first, last] = [Math.min(a, first), Math.max(b, last)];
  }
  return [...merged, [first, last]];
}

/** What a check does to a slot. `not-due`: recorded, clears nothing; `already`: somebody was there before, which is fine. */
export type Clearing =
  | { readonly outcome: 'on-time' | 'late'; readonly point: DutyPoint }
  | { readonly outcome: 'already' | 'not-due' };

/**
 * A check of the point that claims the time `claimedAt` and was received at `receivedAt` (not before `claimedAt`).
 * A `late` clearing of a period that is sealed already belongs on its exceptions, not on the page: ask `isSealed` first.
 */
export function clearSlot(point: DutyPoint, cadence: Cadence, claimedAt: Instant, receivedAt: Instant): Clearing {
  const period = periodAt(cadence, claimedAt);
  if (!hasSlot(point, period)) return { outcome: 'not-due' };
  if (isCleared(point, period) || point.late.includes(period)) return { outcome: 'already' };
  if (receivedAt < windowOf(cadence, period).until) {
    return { outcome: 'on-time', point: { ...point, cleared: withCleared(point.cleared, period) } };
  }
  return { outcome: 'late', point: { ...point, late: [...point.late, period].sort((a, b) => a - b) } };
}

/** What must be sealed of a page for a period that has ended: nothing where all was done. */
export interface Exceptions {
  readonly missed: readonly RiskNo[];
  readonly madeUpLate: readonly RiskNo[];
  readonly suspended: readonly RiskNo[];
}

export function exceptionsOf(page: DutyPage, cadence: Cadence, period: Period): Exceptions {
  const { until } = windowOf(cadence, period);
  const of = (wanted: SlotState): RiskNo[] =>
    (Object.keys(page.points) as RiskNo[]).filter((no) => {
      const point = page.points[no];
      return point !== undefined && slotState(point, cadence, period, until) === wanted;
    });
  return { missed: of('missed'), madeUpLate: of('done-late'), suspended: of('suspended') };
}
