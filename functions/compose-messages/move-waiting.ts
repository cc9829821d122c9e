/** What waits at an address that was replaced goes to the new one, also while the old one is blocked or fails. */
import { MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import { type Instant, instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import { movedTo } from './endings.ts';
import {
  type ComposeDependencies,
  type Lane,
  movedFrom,
  occasionOf,
  rest,
  type Step,
  subscriptionOf,
  type Waiting,
} from './lane.ts';
import { waitingAt } from './waiting.ts';

/** Also what waits for the end of quiet hours. */
const WHENEVER = instant('9999-12-31T00:00:00Z');
const LOOK_AT = 400;

/** The lane is written with it, so that no other composer tells it meanwhile. */
export async function move(
  deps: ComposeDependencies,
  { receiver, rev }: Lane,
  waiting: readonly Waiting[],
  to: ReceiverId,
  at: Instant,
): Promise<Step> {
  const some = waiting.slice(0, MOST_DELIVERIES);
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: some.map((delivery) => movedTo(delivery, to)),
    receiver: { after: receiver, ifRev: rev },
  });
  return { is: 'done', channel: receiver.channel, measured: {}, also: to };
}

/** What is in a message stays with it. */
export async function moveWaiting(deps: ComposeDependencies, lane: Lane, at: Instant): Promise<Step> {
  const { id } = lane.receiver;
  const { waiting } = await waitingAt(deps, id, lane.receiver, WHENEVER, LOOK_AT);
  for (const subscription of new Set(waiting.map((delivery) => delivery.subscription))) {
    const to = movedFrom(id, await subscriptionOf(deps, subscription));
    const group = waiting.filter((delivery) => delivery.subscription === subscription);
    if (to !== undefined) return move(deps, lane, group, to, at);
  }
  return rest();
}
