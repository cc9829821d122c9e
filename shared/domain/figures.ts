/**
 * The month in figures (policy 二(五)): due = on time + made up late + missed + suspended. What was due is arithmetic over the spans
 * of the duty pages; what was not done on time is either sealed as an exception or still read off the page, so that the figures do
 * not depend on whether, when or how often a closing ran. A period counts to the month in which it ends.
 */
import { type Cadence, type Instant, instant, type Period, periodAt } from './calendar.ts';
import { type DutyPage, type Exceptions, exceptionsThrough, isSealed, slotsWithin } from './duty-page.ts';

export interface Figures {
  /** Slots whose window has ended. */
  readonly due: number;
  readonly onTime: number;
  readonly madeUpLate: number;
  readonly missed: number;
  readonly suspended: number;
  /** Slots of the month whose window has not ended: no judgement yet. */
  readonly running: number;
}

export const noFigures: Figures = { due: 0, onTime: 0, madeUpLate: 0, missed: 0, suspended: 0, running: 0 };

export const sumFigures = (a: Figures, b: Figures): Figures => ({
  due: a.due + b.due,
  onTime: a.onTime + b.onTime,
  madeUpLate: a.madeUpLate + b.madeUpLate,
  missed: a.missed + b.missed,
  suspended: a.suspended + b.suspended,
  running: a.running + b.running,
});

/** The instants at which a month, written `2026-03`, begins and ends in the zone. */
export function monthBounds(month: string): { readonly from: Instant; readonly until: Instant } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: instant(`${month}-01T00:00:00+08:00`), until: instant(`${next}-01T00:00:00+08:00`) };
}

/** The periods that end in a month, both included; `last < first` where none does. */
export function periodsOfMonth(cadence: Cadence, month: string): { readonly first: Period; readonly last: Period } {
  const { from, until } = monthBounds(month);
  return { first: periodAt(cadence, from), last: periodAt(cadence, until) - 1 };
}

/** The exceptions of a page within `first … last`: what was sealed, and what is still to seal of the periods that have ended. */
export function* exceptionsWithin(
  page: DutyPage,
  cadence: Cadence,
  first: Period,
  last: Period,
  sealed: Iterable<Exceptions & { readonly period: Period }>,
): Generator<Exceptions & { readonly period: Period }> {
  for (const one of sealed) if (first <= one.period && one.period <= last && isSealed(page, one.period)) yield one;
  for (const [period, exceptions] of exceptionsThrough(page, cadence, last)) {
    if (first <= period) yield { period, ...exceptions };
  }
}

/** A page's month as seen at `at`. `sealed`: what was sealed of this page, of this month at least. */
export function figuresOf(
  page: DutyPage,
  cadence: Cadence,
  month: string,
  at: Instant,
  sealed: Iterable<Exceptions & { readonly period: Period }>,
): Figures {
  const { first, last } = periodsOfMonth(cadence, month);
  const ended = Math.min(last, periodAt(cadence, at) - 1);
  const due = slotsWithin(page, first, ended);
  let [madeUpLate, missed, suspended] = [0, 0, 0];
  for (const exceptions of exceptionsWithin(page, cadence, first, ended, sealed)) {
    madeUpLate += exceptions.madeUpLate.length;
    missed += exceptions.missed.length;
    suspended += exceptions.suspended.length;
  }
  return {
    due,
    onTime: due - madeUpLate - missed - suspended,
    madeUpLate,
    missed,
    suspended,
    running: slotsWithin(page, Math.max(first, ended + 1), last),
  };
}
