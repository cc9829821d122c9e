import type { Cadence } from '../../../shared/domain/calendar.ts';
import type { Time, Times } from '../../constructs/scheduled-function.ts';

/** The days on which a cadence's periods begin, as the fields day, month and weekday of a cron expression; then each with the day after. */
const DAYS: Readonly<Record<Cadence, { readonly first: string; readonly firstTwo: string }>> = {
  day: { first: '* * ?', firstTwo: '* * ?' },
  week: { first: '? * MON', firstTwo: '? * MON,TUE' },
  'half-month': { first: '1,16 * ?', firstTwo: '1,2,16,17 * ?' },
  month: { first: '1 * ?', firstTwo: '1,2 * ?' },
  'two-month': { first: '1 1,3,5,7,9,11 ?', firstTwo: '1,2 1,3,5,7,9,11 ?' },
  quarter: { first: '1 1,4,7,10 ?', firstTwo: '1,2 1,4,7,10 ?' },
  year: { first: '1 1 ?', firstTwo: '1,2 1 ?' },
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

/** On the first day of each period, at the policy's hour of reminding (`08:00`) and a little later. */
export function openingTimes(cadences: readonly Cadence[], reminder: string): Times {
  const [hour = 0, minute = 0] = reminder.split(':').map(Number);
  return perCadence(cadences, (cadence) => `cron(${minute + AFTER_THE_HOUR_MINUTES} ${hour} ${DAYS[cadence].first} *)`);
}

/**
 * When a period has ended and what was received before its end is committed; once more the day after, so that a closing that failed is
 * made up then and not when the next period ends. One that finds nothing to seal writes nothing.
 */
export const closingTimes = (cadences: readonly Cadence[]): Times =>
  perCadence(cadences, (cadence) => `cron(5 0 ${DAYS[cadence].firstTwo} *)`);
