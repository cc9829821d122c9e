import { DAYS_PER_MONTH } from './prices.ts';

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MS = 86_400_000;
const [FIRST, YEAR_DAYS] = [Date.UTC(2026, 0, 1), 365];

/** How often a schedule calls in a month, over a year: `rate(…)` or the `cron(…)` of EventBridge Scheduler with lists and stars. */
export function callsPerMonth(expression: string): number {
  const [, every, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (every !== undefined) return (DAYS_PER_MONTH * 1440) / (Number(every) * (MINUTES[unit] ?? Number.NaN));
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ');
  const [minutes, hours, days, months, weekdays, years] = fields ?? [];
  const fits = (field: string | undefined, value: string): boolean =>
    field === '*' || field === '?' || field?.split(',').includes(value) === true;
  const known = [minutes, hours, days, months, weekdays].every((field) => field !== undefined && !/[-/LW#]/.test(field));
  if (!known || years !== '*' || minutes === '*') throw new Error(`${expression} cannot be counted`);
  const timesADay = (minutes?.split(',').length ?? 0) * (hours === '*' ? 24 : (hours?.split(',').length ?? 0));
  const on = Array.from({ length: YEAR_DAYS }, (_, index) => new Date(FIRST + index * DAY_MS)).filter(
    (date) =>
      fits(months, String(date.getUTCMonth() + 1)) &&
      fits(days, String(date.getUTCDate())) &&
      fits(weekdays, WEEKDAYS[date.getUTCDay()] ?? ''),
  );
  return (on.length * timesADay * DAYS_PER_MONTH) / YEAR_DAYS;
}
