/** Instants and stretches of time in figures, in the county's zone. A language sets them in words. */
import { type Day, dayOf, epochMs, type Instant, plusMs, startOfDay } from '../domain/calendar.ts';

const MINUTE = 60_000;

export interface Date {
  /** Absent where it is this year. */
  readonly year?: number;
  readonly month: number;
  readonly day: number;
}
export interface Moment extends Date {
  readonly time: string;
}

const two = (n: number): string => String(n).padStart(2, '0');

export function dateOf(day: Day, now: Instant): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { ...(day.slice(0, 4) === dayOf(now).slice(0, 4) ? {} : { year }), month, day: date };
}

/** When something happens. */
export function momentOf(at: Instant, now: Instant): Moment {
  const day = dayOf(at);
  const minutes = Math.floor((epochMs(at) - epochMs(startOfDay(day))) / MINUTE);
  return { ...dateOf(day, now), time: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` };
}

/** The end of a time: midnight is 24:00 of the day before, as everybody says it. */
export function endOf(until: Instant, now: Instant): Moment {
  if (startOfDay(dayOf(until)) !== until) return momentOf(until, now);
  return { ...dateOf(dayOf(plusMs(until, -1)), now), time: '24:00' };
}

export interface Stretch {
  readonly isOver: boolean;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

/** What is left until an instant, or how long it is over, in its two greatest units, rounded down; from three days on in days. */
export function stretchTo(until: Instant, now: Instant): Stretch {
  const ms = epochMs(until) - epochMs(now);
  const all = Math.floor(Math.abs(ms) / MINUTE);
  const days = Math.floor(all / 1440);
  const hours = Math.floor((all % 1440) / 60);
  return { isOver: ms <= 0, days, hours: days < 3 ? hours : 0, minutes: days === 0 ? all % 60 : 0 };
}
