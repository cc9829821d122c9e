import type { Cadence } from '../../../shared/domain/calendar.ts';
import type { Time, Times } from '../../constructs/scheduled-function.ts';

const WEEKDAYS = ['MON', 'TUE'];
type DaysAfter = 0 | 1;

/** The first days of periods, each with so many days after it, as a day of the month. */
const daysOf = (firsts: readonly number[], after: readonly DaysAfter[]): string =>
  firsts.flatMap((first) => after.map((days) => first + days)).join(',');

/** The days on which a cadence's periods begin, or so many days after: the fields day, month and weekday of a cron expression. */
const DAYS: Readonly<Record<Cadence, (after: readonly DaysAfter[]) => string>> = {
  day: () => '* * ?',
  week: (after) => `? * ${after.map((days) => WEEKDAYS[days]).join(',')}`,
  'half-month': (after) => `${daysOf([1, 16], after)} * ?`,
  month: (after) => `${daysOf([1], after)} * ?`,
  'two-month': (after) => `${daysOf([1], after)} 1,3,5,7,9,11 ?`,
  quarter: (after) => `${daysOf([1], after)} 1,4,7,10 ?`,
  year: (after) => `${daysOf([1], after)} 1 ?`,
};

const idOf = (cadence: Cadence): string => cadence.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** A schedule for each cadence that some colour has. */
function perCadence(cadences: readonly Cadence[], expressionOf: (cadence: Cadence) => string): Times {
  const [first, ...others] = [...new Set(cadences)].map(
    (cadence): Time => ({ id: idOf(cadence), expression: expressionOf(cadence), payload: { cadence } }),
  );
  if (first === undefined) throw new Error('a policy without a cadence');
  return [first, ...others];
}

/** Robots refuse many senders at the full and the half hour, when everybody's clocks strike. */
const AFTER_THE_HOUR_MINUTES = 3;

/** On the first day of each period, at the policy's hour of reminding (`08:00`) and a little later, which just before midnight is the next day. */
export function openingTimes(cadences: readonly Cadence[], reminder: string): Times {
  const [hour = 0, minute = 0] = reminder.split(':').map(Number);
  const minutes = hour * 60 + minute + AFTER_THE_HOUR_MINUTES;
  const clock = `${minutes % 60} ${Math.floor(minutes / 60) % 24}`;
  const after = minutes < 24 * 60 ? 0 : 1;
  return perCadence(cadences, (cadence) => `cron(${clock} ${DAYS[cadence]([after])} *)`);
}

/**
 * When a period has ended and what was received before its end is committed; once more the day after, so that a closing that failed is
 * made up then and not when the next period ends. One that finds nothing to seal writes nothing.
 */
export const closingTimes = (cadences: readonly Cadence[]): Times =>
  perCadence(cadences, (cadence) => `cron(5 0 ${DAYS[cadence]([0, 1])} *)`);
