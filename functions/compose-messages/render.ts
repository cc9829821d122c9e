import { digestOf } from '../../shared/channels/digest.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { messageId } from '../../shared/domain/message.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { type ComposeDependencies, channelOfKind } from './lane.ts';

/** The body of a message as its channel has it, within the platform's limits. The id stays the same over all attempts. */
export function render(
  deps: Pick<ComposeDependencies, 'channelOf' | 'appUrl'>,
  subscription: Subscription,
  number: number,
  reminders: readonly Reminder[],
  at: Instant,
  isShorter = false,
): string {
  const id = messageId({ subscription: subscription.id, number });
  const digest = digestOf(reminders, { subscription, at, appUrl: deps.appUrl, id });
  return channelOfKind(deps, subscription.channel).render(digest, subscription.mentions, isShorter);
}
