import { digestOf } from '../../shared/channels/digest.ts';
import { itemsOf } from '../../shared/channels/templates.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { type ComposeDependencies, channelOfKind } from './lane.ts';

/** So many of the reminders, from the first on, go in one message: those that are left out of it, an app would never get. */
export function fitting(
  deps: Pick<ComposeDependencies, 'channelOf' | 'appUrl'>,
  subscription: Subscription,
  reminders: readonly Reminder[],
  at: Instant,
): number {
  const channel = channelOfKind(deps, subscription.channel);
  const context = { subscription, at, appUrl: deps.appUrl };
  return channel.fitting?.(reminders.flatMap((reminder) => itemsOf([reminder], context))) ?? reminders.length;
}

/** The body of a message as its channel has it, within the platform's limits. The id stays the same over all attempts. */
export function render(
  deps: Pick<ComposeDependencies, 'channelOf' | 'appUrl'>,
  subscription: Subscription,
  number: number,
  reminders: readonly Reminder[],
  at: Instant,
  isShorter = false,
): string {
  const digest = digestOf(reminders, { subscription, at, appUrl: deps.appUrl, number });
  return channelOfKind(deps, subscription.channel).render(digest, subscription.mentions, isShorter);
}
