/** Which bundle of days or months comes next, by the calendar and by what is closed. Pure. */
import type { ExportSeries } from '../../shared/data/export-store.ts';
import { type Day, dayOf, type Instant, periodAt, plusDays, plusMs, startOfDay, windowOf } from '../../shared/domain/calendar.ts';
import type { PeriodicKind } from '../../shared/domain/export.ts';
import { type ExportId, exportId } from '../../shared/domain/ids.ts';

export const dayAfter = (day: Day): Day => dayOf(plusDays(startOfDay(day), 1));
export const dayBefore = (day: Day): Day => dayOf(plusDays(startOfDay(day), -1));

const MINUTE_MS = 60_000;
/** From this instant on a day is over, with what may still have been under way at its midnight: the first event from then on is the next day's. */
export const cutOf = (day: Day, closeAfter: { readonly minutes: number }): Instant =>
  plusMs(startOfDay(dayAfter(day)), closeAfter.minutes * MINUTE_MS);

/** The first and the last day of a day's month. */
export function monthOf(day: Day): { readonly from: Day; readonly to: Day } {
  const { from, until } = windowOf('month', periodAt('month', startOfDay(day)));
  return { from: dayOf(from), to: dayBefore(dayOf(until)) };
}

const WIDTH = 6;
export const periodicId = (kind: PeriodicKind, sequence: number): ExportId =>
  exportId(`${kind}-${String(sequence).padStart(WIDTH, '0')}`);

export interface Due {
  readonly kind: PeriodicKind;
  readonly sequence: number;
  readonly from: Day;
  readonly to: Day;
  /** Where the one before ends. */
  readonly first: number;
}

export interface Closed {
  readonly day: ExportSeries | undefined;
  readonly month: ExportSeries | undefined;
  /** The day of the first event of the log: with it the series of days begins. */
  readonly began: Day;
}

const following = (kind: PeriodicKind, before: ExportSeries | undefined, days: Pick<Due, 'from' | 'to'>): Due => ({
  kind,
  sequence: (before?.sequence ?? 0) + 1,
  first: before?.end ?? 0,
  ...days,
});

/**
 * The next one: a month as soon as its last day is closed, and before any later day, so that it ends where that day ends; else the day after
 * the last one, once it is over. Days that were missed are made up one by one.
 */
export function nextDue({ day, month, began }: Closed, isOver: (day: Day) => boolean): Due | undefined {
  if (day !== undefined) {
    const last = monthOf(day.to);
    if (last.to === day.to && (month === undefined || month.to < last.to)) return following('month', month, last);
  }
  const next = day === undefined ? began : dayAfter(day.to);
  return isOver(next) ? following('day', day, { from: next, to: next }) : undefined;
}
