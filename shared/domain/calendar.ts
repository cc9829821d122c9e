/**
 * Instants and the periods that contain them, in the county's zone. Policy 二(五) and 三(四); windows as decided in D1–D5:
 * half-months are 1–15 and 16–end, weeks are ISO weeks, pairs of months begin in January. Every instant lies in exactly one
 * period of each kind. A period is a number that grows by one from each to the next, so "due" is a comparison of integers.
 */

/** UTC with milliseconds (`2026-03-01T00:00:00.000Z`), so the order of the texts is the order of time. */
export type Instant = string & { readonly __kind: 'instant' };

/** A calendar day of the zone, `2026-03-01`. */
export type Day = string & { readonly __kind: 'day' };

/** The kinds of window a policy may name. */
export const CADENCES = ['day', 'week', 'half-month', 'month', 'two-month', 'quarter', 'year'] as const;
export type Cadence = (typeof CADENCES)[number];

/** The number of a period within its cadence; comparable only with another of the same cadence. */
export type Period = number;

/** A half-open stretch of time: `from` belongs to it, `until` does not. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

const DAY_MS = 86_400_000;
/** Asia/Shanghai is UTC+8 without daylight saving since 1991; nothing here looks further back. */
const ZONE_MS = 8 * 3_600_000;

export const instant = (text: string): Instant => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`${JSON.stringify(text.slice(0, 40))} is not an instant`);
  return instantAt(ms);
};

export const instantAt = (epochMs: number): Instant => new Date(epochMs).toISOString() as Instant;
export const epochMs = (at: Instant): number => Date.parse(at);
export const plusMs = (at: Instant, ms: number): Instant => instantAt(epochMs(at) + ms);
/** The later of two. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
export const plusDays = (at: Instant, days: number): Instant => plusMs(at, days * DAY_MS);

/** Days since 1970-01-01 in the zone. */
const dayNumber = (at: Instant): number => Math.floor((epochMs(at) + ZONE_MS) / DAY_MS);

/** Months since year 0 of the day that is `days` after 1970-01-01, and the day of the month. */
function civil(days: number): { month: number; day: number } {
  const date = new Date(days * DAY_MS);
  return { month: date.getUTCFullYear() * 12 + date.getUTCMonth(), day: date.getUTCDate() };
}

/** The first day (since 1970-01-01) of a month counted from year 0. */
const monthStart = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;

const MONTHS: Partial<Record<Cadence, number>> = { month: 1, 'two-month': 2, quarter: 3, year: 12 };

/** The period of a cadence that contains an instant. */
export function periodAt(cadence: Cadence, at: Instant): Period {
  const days = dayNumber(at);
  if (cadence === 'day') return days;
  if (cadence === 'week') return Math.floor((days + 3) / 7);
  const { month, day } = civil(days);
  if (cadence === 'half-month') return month * 2 + (day > 15 ? 1 : 0);
  return Math.floor(month / (MONTHS[cadence] ?? 1));
}

/** The first day of a period, in days since 1970-01-01. */
function firstDay(cadence: Cadence, period: Period): number {
  if (cadence === 'day') return period;
  if (cadence === 'week') return period * 7 - 3;
  if (cadence === 'half-month') return monthStart(Math.floor(period / 2)) + (period % 2 === 1 ? 15 : 0);
  return monthStart(period * (MONTHS[cadence] ?? 1));
}

/** When a period begins and ends. */
export const windowOf = (cadence: Cadence, period: Period): Window => ({
  from: instantAt(firstDay(cadence, period) * DAY_MS - ZONE_MS),
  until: instantAt(firstDay(cadence, period + 1) * DAY_MS - ZONE_MS),
});

/** The day of the zone on which an instant falls. */
export const dayOf = (at: Instant): Day => new Date(dayNumber(at) * DAY_MS).toISOString().slice(0, 10) as Day;

/** The instant at which a day of the zone begins. */
export const startOfDay = (day: Day): Instant => instantAt(Date.parse(`${day}T00:00:00Z`) - ZONE_MS);

/** `2026-03-01 08:05:30` in the zone, as spreadsheets and exchange tables read it: what is less than a second is cut off. */
export function timeText(at: Instant): string {
  const day = dayOf(at);
  const time = new Date(epochMs(at) - epochMs(startOfDay(day)))
    .toISOString()
    .slice('1970-01-01T'.length, '1970-01-01Thh:mm:ss'.length);
  return `${day} ${time}`;
}

/** The name people read: `2026-03-01`, `2026-W10`, `2026-03上`, `2026-03`, `2026-03/04`, `2026-Q1`, `2026`. */
export function periodName(cadence: Cadence, period: Period): string {
  const days = firstDay(cadence, period);
  if (cadence === 'day') return new Date(days * DAY_MS).toISOString().slice(0, 10);
  if (cadence === 'week') {
    const thursday = new Date((days + 3) * DAY_MS);
    const year = thursday.getUTCFullYear();
    const week = Math.floor((days + 3 - monthStart(year * 12)) / 7) + 1;
    return `${year}-W${String(week).padStart(2, '0')}`;
  }
  const { month } = civil(days);
  const year = Math.floor(month / 12);
  const number = (month % 12) + 1;
  const text = `${year}-${String(number).padStart(2, '0')}`;
  switch (cadence) {
    case 'half-month':
      return `${text}${period % 2 === 0 ? '上' : '下'}`;
    case 'month':
      return text;
    case 'two-month':
      return `${text}/${String(number + 1).padStart(2, '0')}`;
    case 'quarter':
      return `${year}-Q${Math.floor((number - 1) / 3) + 1}`;
    case 'year':
      return `${year}`;
  }
}
