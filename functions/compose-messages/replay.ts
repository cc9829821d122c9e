/** Messages that are to be sent again (replay). They tell nobody anything new: one that comes to nothing stays delivered, and nobody is told. */

import type { Step as ItemStep } from '../../shared/data/delivery-items.ts';
import { MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import { newReceiver, release } from '../../shared/domain/receiver.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { endedMessage } from './endings.ts';
import {
  type ComposeDependencies,
  channelOfKind,
  type Lane,
  movedFrom,
  occasionOf,
  rest,
  type Step,
  subscriptionOf,
} from './lane.ts';
import { shipmentOf } from './shipment.ts';
import { opensAt } from './waiting.ts';

/** So many are looked through for one of another subscription than that whose replay fails. */
const LOOK_AT = 200;

export const NOT_REPLAYED = '再次发送已取消：订阅已停用、结束或更换地址';
export const BEHIND_A_FAILED = '再次发送已取消：排在前面的一条未能送达，接收端恢复后可再提交';

/** Nothing is sent there any more: to a subscription that is disabled or ended, or an address that was replaced. */
export const isOver = (subscription: Subscription, receiver: ReceiverId): boolean =>
  subscription.state !== 'active' || movedFrom(receiver, subscription) !== undefined;

/** What a subscription is to be sent again by a lane, as it ends without being sent: as many as one change takes. */
export async function cancelled(
  { deliveries }: Pick<ComposeDependencies, 'deliveries'>,
  receiver: ReceiverId,
  { subscription, number: except }: Pick<Message, 'subscription'> & { readonly number?: number },
  because: string,
  at: Instant,
): Promise<ItemStep<Message>[]> {
  const waiting = await deliveries.againFor(receiver, at, MOST_DELIVERIES);
  return waiting
    .filter((message) => message.subscription === subscription && message.number !== except)
    .map((message) => endedMessage(message, 'dropped', 0, at, because));
}

/** The next of them: only once nothing new waits, so that it does not disturb its order; behind one of its subscription that failed it waits. */
export async function replayNext(
  deps: ComposeDependencies,
  { id, lane }: { readonly id: ReceiverId; readonly lane: Lane | undefined },
  at: Instant,
): Promise<Step> {
  const failing = new Set((lane?.receiver.resting ?? []).filter(({ turn }) => turn === 'again').map((one) => one.subscription));
  const all = await deps.deliveries.againFor(id, at, failing.size === 0 ? 1 : LOOK_AT);
  const message = all.find((one) => !failing.has(one.subscription));
  if (message === undefined) return rest();
  const { subscription, number } = message;
  const of = await subscriptionOf(deps, subscription);
  // It may have been told at an address that was replaced, and nothing yet at this one.
  const { receiver, rev } = lane ?? { receiver: newReceiver(id, of.channel), rev: 0 };
  if (isOver(of, id)) {
    const messages = await cancelled(deps, id, { subscription }, NOT_REPLAYED, at);
    await deps.deliveries.save({ ...occasionOf(deps, at), messages, receiver: { after: receiver, ifRev: rev } });
    return { is: 'done', channel: receiver.channel, measured: {} };
  }
  const opens = opensAt(deps, of, false, at);
  if (opens > at) return rest(opens);
  const after = release(
    receiver,
    { subscription, message: number, turn: 'again' },
    channelOfKind(deps, receiver.channel).limits,
    at,
  );
  if (after === undefined) return rest();
  await deps.receivers.put(after, rev);
  await deps.shipments.send(shipmentOf(deps, after, message.body, at));
  return { is: 'done', channel: after.channel, measured: {}, isReleased: true };
}
