/** What waits at a receiver for its first message, subscription by subscription, and what of it may go now. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { mayGoFrom } from '../../shared/domain/delivery-time.ts';
import type { ReceiverId, SubscriptionId } from '../../shared/domain/ids.ts';
import type { Receiver } from '../../shared/domain/receiver.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { type ComposeDependencies, channelOfKind, isWaiting, subscriptionOf, type Waiting } from './lane.ts';
import { messageUnderway } from './settle-attempt.ts';

/** What waits of one subscription, the urgent ones first, then the longest. */
export interface Group {
  readonly subscription: Subscription;
  readonly waiting: readonly Waiting[];
  /** What may go now: urgent reminders have a message of their own, so that no other holds them, by day or by night. */
  readonly urgent: readonly Waiting[];
  readonly others: readonly Waiting[];
  /** What quiet hours or avoided minutes hold, and until when. */
  readonly held: readonly { readonly delivery: Waiting; readonly until: Instant }[];
}

export interface Looked {
  readonly groups: readonly Group[];
  /** There may be more that waits. */
  readonly isFull: boolean;
}

const nameOf = (subscription: SubscriptionId, reminder: string): string => `${subscription} ${reminder}`;

/** What waits with a message that was released: it goes with that one and no other. */
async function inMessages(
  deps: Pick<ComposeDependencies, 'deliveries'>,
  { underway, resting = [] }: Pick<Receiver, 'underway' | 'resting'>,
): Promise<ReadonlySet<string>> {
  const tried = [...(underway === undefined ? [] : [underway]), ...resting].filter(({ turn }) => turn !== 'again');
  const messages = await Promise.all(tried.map((one) => messageUnderway(deps, one)));
  return new Set(messages.flatMap(({ subscription, reminders }) => reminders.map((id) => nameOf(subscription, id))));
}

/** What waits for a receiver and is in no message. */
export async function waitingAt(
  deps: Pick<ComposeDependencies, 'deliveries'>,
  id: ReceiverId,
  receiver: Receiver | undefined,
  until: Instant,
  limit: number,
): Promise<{ readonly waiting: readonly Waiting[]; readonly isFull: boolean }> {
  const taken = await inMessages(deps, receiver ?? {});
  const all = (await deps.deliveries.waitingFor(id, until, limit + taken.size)).filter(isWaiting);
  const waiting = all.filter(({ subscription, reminder }) => !taken.has(nameOf(subscription, reminder.id)));
  return { waiting, isFull: all.length >= limit + taken.size };
}

/** Quiet hours are asked again: what was due may have had to wait into them. Nothing that ends anyhow is held. */
export function opensAt(
  { policyAt }: Pick<ComposeDependencies, 'policyAt'>,
  subscription: Subscription,
  isUrgent: boolean,
  at: Instant,
): Instant {
  return subscription.state === 'active' ? mayGoFrom(isUrgent, subscription, policyAt(at).reminders, at) : at;
}

async function groupOf(deps: ComposeDependencies, id: SubscriptionId, waiting: readonly Waiting[], at: Instant): Promise<Group> {
  const subscription = await subscriptionOf(deps, id);
  const { isPulled } = channelOfKind(deps, subscription.channel);
  const opens = waiting.map((delivery) => ({
    delivery,
    until: opensAt(deps, subscription, delivery.reminder.isUrgent, at),
  }));
  const mayGo = opens.filter(({ until }) => until <= at).map(({ delivery }) => delivery);
  // What lies in a feed holds nothing up, so there all that is due goes together.
  const isFirst = ({ reminder }: Waiting): boolean => isPulled || reminder.isUrgent;
  return {
    subscription,
    waiting,
    urgent: mayGo.filter(isFirst),
    others: mayGo.filter((delivery) => !isFirst(delivery)),
    held: opens.filter(({ until }) => until > at),
  };
}

/** Of what is due, so many and no more are looked at. Subscriptions come in the order in which the first of each waits. */
export async function lookThrough(
  deps: ComposeDependencies,
  id: ReceiverId,
  receiver: Receiver | undefined,
  at: Instant,
  limit: number,
): Promise<Looked> {
  const { waiting, isFull } = await waitingAt(deps, id, receiver, at, limit);
  const subscriptions = [...new Set(waiting.map(({ subscription }) => subscription))];
  const groups = await Promise.all(
    subscriptions.map((one) =>
      groupOf(
        deps,
        one,
        waiting.filter(({ subscription }) => subscription === one),
        at,
      ),
    ),
  );
  return { groups, isFull };
}
