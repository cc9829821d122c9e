/**
 * From when on a reminder may be sent: quiet hours hold all but what is urgent until they end, and the minutes at which everybody sends are
 * left to the others.
 */
import { dayOf, epochMs, type Instant, instantAt, later, plusMs, startOfDay } from './calendar.ts';
import { type Limit, limitMs } from './limit.ts';
import type { Reminder, ReminderKind } from './reminder.ts';
import type { QuietHours, Subscription } from './subscription.ts';

/** What it needs of the county's policy (`reminders.quiet`, `reminders.sending`). */
export interface SendingTimes {
  readonly quiet: QuietHours;
  readonly sending: { readonly spread: Limit; readonly avoid: readonly number[] };
}

/** Made by the clock for everybody at one instant, so they are spread. */
export const CLOCK_MADE: ReadonlySet<ReminderKind> = new Set<ReminderKind>([
  'checks-due',
  'checks-ending',
  'list-ending',
  'form-due',
  'deadline-near',
  'task-near',
]);

const MINUTE_MS = 60_000;
const MINUTES_OF_DAY = 1440;

const minuteOf = (at: Instant): number => Math.floor((epochMs(at) - epochMs(startOfDay(dayOf(at)))) / MINUTE_MS);
const minuteNamed = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const isWithin = (minute: number, { from, until }: QuietHours): boolean => {
  const [begins, ends] = [minuteNamed(from), minuteNamed(until)];
  return begins <= ends ? begins <= minute && minute < ends : minute >= begins || minute < ends;
};

/** Whether an instant lies in quiet hours. Those that end when they begin are none. */
export const isQuiet = (at: Instant, quiet: QuietHours): boolean => isWithin(minuteOf(at), quiet);

/** The earliest instant, from one on, at which a message of this subscription may be sent. */
export function mayGoFrom(isUrgent: boolean, { quiet }: Pick<Subscription, 'quiet'>, times: SendingTimes, at: Instant): Instant {
  const first = minuteOf(at);
  const isOpen = (minute: number): boolean =>
    !isWithin(minute % MINUTES_OF_DAY, quiet ?? times.quiet) && !times.sending.avoid.includes(minute % 60);
  if (isUrgent || isOpen(first)) return at;
  // A day has no minute that is open where a policy leaves none: then nothing is held.
  for (let minute = first + 1; minute < first + MINUTES_OF_DAY; minute++) {
    if (isOpen(minute)) return instantAt(epochMs(startOfDay(dayOf(at))) + minute * MINUTE_MS);
  }
  return at;
}

/**
 * When a reminder is due at a subscription. `hash` is in [0, 1), of the receiver: it says where in the spread its turn is. `now`: when it is
 * addressed. One that the bus brought late is due by then, and not in hours that were open when it came about.
 */
export function dueOf(
  { kind, isUrgent, at }: Pick<Reminder, 'kind' | 'isUrgent' | 'at'>,
  subscription: Pick<Subscription, 'quiet'>,
  times: SendingTimes,
  hash: number,
  now: Instant,
): Instant {
  const from = (one: Instant): Instant => mayGoFrom(isUrgent, subscription, times, one);
  const isSpread = !isUrgent && CLOCK_MADE.has(kind);
  const turn = isSpread ? plusMs(from(at), Math.floor(limitMs(times.sending.spread) * hash)) : at;
  return from(later(turn, now));
}
