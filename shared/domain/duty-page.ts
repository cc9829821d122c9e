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
 *   A check within the window of an excused slot still makes it done; after the window there is nothing to make up.
 * - A page says itself how far it was sealed: what became of a slot up to there is read from its exceptions, no longer here.
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
  /** When the point had the duty under this page's colour; ascending, disjoint. Kept for good: figures count them. */
  readonly spans: readonly Span[];
  /** Periods cleared on time, as inclusive runs, ascending, not touching; only those that are not sealed. */
  readonly cleared: readonly (readonly [Period, Period])[];
  /** Periods made up late that are not sealed yet. */
  readonly late: readonly Period[];
  /** Those that may still excuse a slot that is not sealed. */
  readonly stops: readonly Stop[];
}

export interface DutyPage {
  readonly owner: Owner;
  /** Absent for points that belong to no workshop. */
  readonly workshop?: string;
  readonly colour: Colour;
  /** Periods up to and including this one have their exceptions recorded; absent while none had any. */
  readonly sealedThrough?: Period;
  readonly points: Readonly<Record<RiskNo, DutyPoint>>;
}

/** How often each colour is checked, as the policy in force says. */
export type Cadences = Readonly<Record<Colour, Cadence>>;

/** What became of a slot. `open` only until its window ends. */
export type SlotState = 'open' | 'done' | 'done-late' | 'missed' | 'suspended';

export const emptyPoint: DutyPoint = { spans: [], cleared: [], late: [], stops: [] };

/** A point of the page, if it is on it. Numbers are people's own texts: one may be called `constructor`. */
export const pointOf = (page: Pick<DutyPage, 'points'>, no: RiskNo): DutyPoint | undefined =>
  Object.hasOwn(page.points, no) ? page.points[no] : undefined;

export const withPoint = (page: DutyPage, no: RiskNo, point: DutyPoint): DutyPage => ({
  ...page,
  points: { ...page.points, [no]: point },
});

/** Whether the point has a slot in this period. */
export const hasSlot = (point: DutyPoint, period: Period): boolean =>
  point.spans.some(({ from, to }) => from <= period && (to === undefined || period <= to));

export const isCleared = (point: DutyPoint, period: Period): boolean =>
  point.cleared.some(([first, last]) => first <= period && period <= last);

/** Whether what became of this period's slots stands in the page's exceptions and no longer on the page. */
export const isSealed = (page: Pick<DutyPage, 'sealedThrough'>, period: Period): boolean =>
  page.sealedThrough !== undefined && period <= page.sealedThrough;

/** Whether an approved stop excuses the slot of this window. */
export const isExcused = (point: DutyPoint, { until }: Pick<Window, 'until'>): boolean =>
  point.stops.some((stop) => stop.approvedAt < until && stop.from < until && until <= stop.until);

/** Whether the point has a slot in this period that still asks for a check; `window` is the period's. */
export const isOpenIn = (point: DutyPoint, period: Period, window: Pick<Window, 'until'>): boolean =>
  hasSlot(point, period) && !isCleared(point, period) && !isExcused(point, window);

/** What became of the point's slot in a period that is not sealed, as seen at `at`; `undefined` where it has none. */
export function slotState(point: DutyPoint, cadence: Cadence, period: Period, at: Instant): SlotState | undefined {
  if (!hasSlot(point, period)) return undefined;
  if (isCleared(point, period)) return 'done';
  const window = windowOf(cadence, period);
  if (isExcused(point, window)) return 'suspended';
  if (at < window.until) return 'open';
  return point.late.includes(period) ? 'done-late' : 'missed';
}

/** What became of a point's slot, wherever that stands: on the page, or in the exceptions that were sealed of it for the period. */
export function stateOn(
  page: DutyPage,
  no: RiskNo,
  cadence: Cadence,
  period: Period,
  at: Instant,
  exceptions: Exceptions | undefined,
): SlotState | undefined {
  const point = pointOf(page, no);
  if (point === undefined) return undefined;
  if (!isSealed(page, period)) return slotState(point, cadence, period, at);
  if (!hasSlot(point, period)) return undefined;
  if (exceptions?.missed.includes(no)) return 'missed';
  if (exceptions?.madeUpLate.includes(no)) return 'done-late';
  return exceptions?.suspended.includes(no) ? 'suspended' : 'done';
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

/** A point's place on the page of one colour. */
export interface Place {
  readonly point: DutyPoint;
  readonly cadence: Cadence;
}

/** The point with an approved stop; the same stop again (lifted, say) takes the place of the one before. */
export const withStop = (point: DutyPoint, stop: Stop): DutyPoint => ({
  ...point,
  stops: [...point.stops.filter(({ id }) => id !== stop.id), stop],
});

/** The point's duty begins at `at`, when the list it stands in is signed (P5). */
export const signDuty = ({ point, cadence }: Place, at: Instant): DutyPoint => beginDuty(point, periodAt(cadence, at));

/** The point leaves the register at `at`: what is open stays open, nothing comes after it. */
export const retireDuty = ({ point, cadence }: Place, at: Instant): DutyPoint => endDuty(point, periodAt(cadence, at));

/** Moves the duty of a point that changes its colour at `at` (P4), and its stops with it. `upward`: to the graver colour. */
export function moveDuty(from: Place, to: Place, upward: boolean, at: Instant): { from: DutyPoint; to: DutyPoint } {
  const last = periodAt(from.cadence, at);
  const begins = upward ? at : windowOf(from.cadence, last).until;
  const moved = from.point.stops.reduce(withStop, to.point);
  return { from: endDuty(from.point, last), to: beginDuty(moved, periodAt(to.cadence, begins)) };
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
 * Only for a period that is not sealed: ask `isSealed` first.
 */
export function clearSlot(point: DutyPoint, cadence: Cadence, claimedAt: Instant, receivedAt: Instant): Clearing {
  const period = periodAt(cadence, claimedAt);
  if (!hasSlot(point, period)) return { outcome: 'not-due' };
  if (isCleared(point, period)) return { outcome: 'already' };
  const window = windowOf(cadence, period);
  if (receivedAt < window.until) {
    // A late check of somebody else may have been written first; the one that was received in time decides.
    const late = point.late.filter((one) => one !== period);
    return { outcome: 'on-time', point: { ...point, cleared: withCleared(point.cleared, period), late } };
  }
  if (point.late.includes(period)) return { outcome: 'already' };
  if (isExcused(point, window)) return { outcome: 'not-due' };
  return { outcome: 'late', point: { ...point, late: [...point.late, period].sort((a, b) => a - b) } };
}

/** What is not "done on time" of a page in a period that has ended: nothing where all was done. */
export interface Exceptions {
  readonly missed: readonly RiskNo[];
  readonly madeUpLate: readonly RiskNo[];
  readonly suspended: readonly RiskNo[];
}

type Kind = keyof Exceptions;
const KINDS: Partial<Record<SlotState, Kind>> = { missed: 'missed', 'done-late': 'madeUpLate', suspended: 'suspended' };

/** The periods of the point's slots within `first … last` that no check has cleared on time. */
function* uncleared(point: DutyPoint, first: Period, last: Period): Generator<Period> {
  for (const span of point.spans) {
    const end = Math.min(span.to ?? last, last);
    let period = Math.max(span.from, first);
    for (const [a, b] of point.cleared) {
      for (; period < a && period <= end; period++) yield period;
      if (period <= b) period = Math.max(period, b + 1);
    }
    for (; period <= end; period++) yield period;
  }
}

/** The first period that a page could have to seal: the one after its last seal, or its first slot's. */
const firstUnsealed = ({ sealedThrough, points }: DutyPage): Period =>
  sealedThrough !== undefined
    ? sealedThrough + 1
    : Object.values(points).reduce((first, { spans }) => Math.min(first, spans[0]?.from ?? first), Number.POSITIVE_INFINITY);

/**
 * The exceptions of every period up to `through` that is not sealed, in order; periods without any are left out. All of them must
 * have ended. It depends on nothing but the page: whenever it is asked, and however often, it answers the same.
 */
export function exceptionsThrough(page: DutyPage, cadence: Cadence, through: Period): ReadonlyMap<Period, Exceptions> {
  const found = new Map<Period, Record<Kind, RiskNo[]>>();
  const first = firstUnsealed(page);
  let last: DutyPoint | undefined;
  let kinds: readonly (readonly [Period, Kind])[] = [];
  for (const no of Object.keys(page.points) as RiskNo[]) {
    const point = page.points[no];
    if (point === undefined) continue;
    // Points that stand alike share one object when they were read together, and most do.
    if (point !== last) kinds = exceptionsOf(point, cadence, first, through);
    last = point;
    for (const [period, kind] of kinds) {
      const of = found.get(period) ?? { missed: [], madeUpLate: [], suspended: [] };
      found.set(period, of);
      of[kind].push(no);
    }
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** What a point was not checked on time for in `first … last`, all of which have ended. */
function exceptionsOf(point: DutyPoint, cadence: Cadence, first: Period, last: Period): (readonly [Period, Kind])[] {
  return Array.from(uncleared(point, first, last)).flatMap((period) => {
    const kind = KINDS[slotState(point, cadence, period, windowOf(cadence, period).until) ?? 'open'];
    return kind === undefined ? [] : [[period, kind] as const];
  });
}

/** The page once its exceptions up to `through` are recorded elsewhere: it forgets what they say. */
export function sealed(page: DutyPage, cadence: Cadence, through: Period): DutyPage {
  const { until } = windowOf(cadence, through);
  const trimmed = Object.entries(page.points).map(([no, point]: [string, DutyPoint]) => [
    no,
    {
      spans: point.spans,
      cleared: point.cleared.flatMap(([a, b]) => (b > through ? [[Math.max(a, through + 1), b] as const] : [])),
      late: point.late.filter((period) => period > through),
      stops: point.stops.filter((stop) => stop.until > until),
    },
  ]);
  return { ...page, sealedThrough: through, points: Object.fromEntries(trimmed) };
}

/** How many slots the page has in `first … last`. */
export function slotsWithin(page: DutyPage, first: Period, last: Period): number {
  let slots = 0;
  for (const no in page.points) {
    for (const { from, to } of page.points[no as RiskNo]?.spans ?? []) {
      slots += Math.max(0, Math.min(to ?? last, last) - Math.max(from, first) + 1);
    }
  }
  return slots;
}
