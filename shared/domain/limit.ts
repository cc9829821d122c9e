import { dayOf, type Instant, plusDays, plusMs, startOfDay } from './calendar.ts';

/** A stretch of time as a policy writes it. */
export type Limit = { readonly days: number } | { readonly hours: number } | { readonly minutes: number };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

/** The limit as an exact length; a day is 24 hours. */
export const limitMs = (limit: Limit): number =>
  'days' in limit ? limit.days * DAY_MS : 'hours' in limit ? limit.hours * HOUR_MS : limit.minutes * MINUTE_MS;

/**
 * When a limit that begins at `from` has run out. Hours and minutes are exact. Days are calendar days of the zone and the day of
 * beginning is not counted: 7 days given on 1 March end with 8 March, whatever the hour.
 */
export const limitEnds = (from: Instant, limit: Limit): Instant =>
  'days' in limit ? startOfDay(dayOf(plusDays(from, limit.days + 1))) : plusMs(from, limitMs(limit));

/** The instant that lies the limit's exact length before a deadline. */
export const limitBefore = (deadline: Instant, limit: Limit): Instant => plusMs(deadline, -limitMs(limit));
