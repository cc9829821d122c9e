/**
 * Approved stops (停产, 检修, 停用; P3): a named person approves them before they are over, and only what ends inside them and after
 * the approval is not due. So one may be recorded that had to begin at once, and excuses nothing of the time before it was.
 */
import type { Instant } from './calendar.ts';
import { type DutyPage, type DutyPoint, pointOf, type Stop, withPoint } from './duty-page.ts';
import type { PersonId, RiskNo } from './ids.ts';

export const SUSPENSION_KINDS = ['production-stop', 'maintenance', 'out-of-use'] as const;

/** What stands still: all of the enterprise, one workshop, or chosen points. */
export type SuspensionScope =
  | { readonly of: 'enterprise' }
  | { readonly of: 'workshop'; readonly workshop: string }
  | { readonly of: 'points'; readonly points: readonly RiskNo[] };

export interface Suspension {
  readonly id: string;
  readonly kind: (typeof SUSPENSION_KINDS)[number];
  readonly scope: SuspensionScope;
  readonly from: Instant;
  readonly until: Instant;
  readonly reason: string;
  /** Who answers for it, by id and by name. */
  readonly approvedBy: PersonId;
  readonly approver: string;
  readonly approvedAt: Instant;
  /** Ended before its time; `until` is then that instant, unless it had not begun. */
  readonly lifted?: { readonly at: Instant; readonly because: string } | undefined;
}

export const covers = ({ scope }: Suspension, no: RiskNo, workshop: string | undefined): boolean =>
  scope.of === 'enterprise' || (scope.of === 'workshop' ? scope.workshop === workshop : scope.points.includes(no));

/** Whether it can still excuse anything at `at`. */
export const isRunning = ({ until, lifted }: Suspension, at: Instant): boolean => lifted === undefined && at < until;

/** The stop ended at `at`; one that had not begun keeps its time, and excuses nothing of it. */
export const endedSuspension = (
  suspension: Suspension,
  { at, because }: { readonly at: Instant; readonly because: string },
): Suspension => ({
  ...suspension,
  until: suspension.from < at ? at : suspension.until,
  lifted: { at, because },
});

const stopOf = ({ id, from, until, approvedAt }: Suspension): Stop => ({ id, from, until, approvedAt });

/** The point with the stops that cover it and are not on it yet. */
export function withStops(
  point: DutyPoint,
  suspensions: readonly Suspension[],
  no: RiskNo,
  workshop: string | undefined,
  at: Instant,
): DutyPoint {
  const missing = suspensions.filter(
    (suspension) =>
      isRunning(suspension, at) && covers(suspension, no, workshop) && !point.stops.some(({ id }) => id === suspension.id),
  );
  return missing.length === 0 ? point : { ...point, stops: [...point.stops, ...missing.map(stopOf)] };
}

const mapPoints = (page: DutyPage, change: (no: RiskNo, point: DutyPoint) => DutyPoint): DutyPage => {
  let next = page;
  for (const no of Object.keys(page.points) as RiskNo[]) {
    const point = pointOf(page, no);
    if (point === undefined) continue;
    const changed = change(no, point);
    if (changed !== point) next = withPoint(next, no, changed);
  }
  return next;
};

/** The page with the stop on every point that it covers; the same page where it covers none. */
export const stopPage = (page: DutyPage, suspension: Suspension, at: Instant): DutyPage =>
  mapPoints(page, (no, point) => withStops(point, [suspension], no, page.workshop, at));

/** The page with the stop ended at `at`: what it excused before stays excused. */
export const resumePage = (page: DutyPage, id: string, at: Instant): DutyPage =>
  mapPoints(page, (_, point) => {
    if (!point.stops.some((stop) => stop.id === id)) return point;
    return {
      ...point,
      stops: point.stops.flatMap((stop) =>
        stop.id !== id || stop.until <= at ? [stop] : stop.from < at ? [{ ...stop, until: at }] : [],
      ),
    };
  });
