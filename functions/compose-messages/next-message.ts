/** A new message of one subscription: all that may go of it, merged, less what is done. */
import { type DeliveryChange, MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import { release, type Turn } from '../../shared/domain/receiver.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { type Dropping, droppedFacts, dropSteps, ended, toldBy } from './endings.ts';
import { type ComposeDependencies, channelOfKind, type Lane, occasionOf, rest, type Step, type Waiting } from './lane.ts';
import { measuredOf } from './metrics.ts';
import { recheck, type Standing } from './recheck.ts';
import { fitting, render } from './render.ts';
import { shipmentOf } from './shipment.ts';

const PAGE = 100;
const DISABLED = '订阅已停用';

/** The number of a new message. Some at the end may have come to nothing, or be under way at an address that was replaced. */
async function nextNumber({ deliveries }: ComposeDependencies, subscription: SubscriptionId, last: number): Promise<number> {
  let newest = last;
  for (;;) {
    const found = await deliveries.messages(subscription, PAGE, newest);
    newest = found.at(-1)?.number ?? newest;
    if (found.length === 0) return newest + 1;
  }
}

/** Looks through what is due until enough of it stands for one message. */
async function gather(deps: ComposeDependencies, subscription: Subscription, group: readonly Waiting[], at: Instant) {
  const standing: Standing[] = [];
  const dropping: Dropping[] = [];
  for (let from = 0; from < group.length && standing.length < MOST_DELIVERIES; ) {
    const some = group.slice(from, from + MOST_DELIVERIES - standing.length);
    const looked = await recheck(deps, subscription, some, at);
    standing.push(...looked.standing);
    dropping.push(...looked.dropping);
    from += some.length;
  }
  return { standing, dropping };
}

/** Writes what is to be told no more; the lane is written with it, so that no other composer tells it meanwhile. */
async function drop(
  deps: ComposeDependencies,
  { receiver, rev }: Lane,
  dropping: readonly Dropping[],
  at: Instant,
): Promise<Step> {
  const some = dropping.slice(0, MOST_DELIVERIES);
  const [first] = some;
  if (first === undefined) return rest();
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: dropSteps(some, at),
    outbox: { before: await deps.deliveries.outbox(first.delivery.subscription), facts: droppedFacts(some) },
    receiver: { after: receiver, ifRev: rev },
  });
  return { is: 'done', channel: receiver.channel, measured: { Dropped: [some.length] } };
}

/** A new message of a subscription: handed to the sender, laid into the feed, or dead where the subscription is disabled. */
async function compose(
  deps: ComposeDependencies,
  { receiver, rev }: Lane,
  subscription: Subscription,
  {
    standing: all,
    dropping,
    turn,
  }: { readonly standing: readonly Standing[]; readonly dropping: readonly Dropping[]; readonly turn: Turn },
  at: Instant,
): Promise<Step> {
  const most = fitting(
    deps,
    subscription,
    all.map(({ reminder }) => reminder),
    at,
  );
  const standing = all.slice(0, most);
  const outbox = await deps.deliveries.outbox(subscription.id);
  const number = await nextNumber(deps, subscription.id, outbox.outbox.last);
  const reminders = standing.map(({ reminder }) => reminder);
  const message: Message = {
    ...{ subscription: subscription.id, number, receiver: receiver.id, madeAt: at, state: 'ready', attempts: 0 },
    reminders: reminders.map(({ id }) => id),
    body: render(deps, subscription, number, reminders, at),
  };
  const waiting = standing.map(({ delivery }) => delivery);
  const { isPulled, limits } = channelOfKind(deps, subscription.channel);
  const save = (change: Omit<DeliveryChange, 'occasion' | 'keptDays'>) =>
    deps.deliveries.save({ ...occasionOf(deps, at), ...change });
  const told = toldBy(message, waiting, 0);

  if (subscription.state === 'disabled') {
    const because = subscription.disabled?.because ?? DISABLED;
    await save({
      deliveries: waiting.map((delivery) => ended(delivery, 'dead', number, at)),
      messages: [{ after: { ...message, state: 'dead', endedAt: at, because } }],
      outbox: { before: outbox, facts: [{ type: 'MessageDead', data: { ...told, because } }] },
      receiver: { after: receiver, ifRev: rev },
    });
    return { is: 'done', channel: receiver.channel, measured: measuredOf(waiting, 'dead', at) };
  }
  if (isPulled) {
    await save({
      deliveries: waiting.map((delivery) => ended(delivery, 'told', number, at)),
      messages: [{ after: { ...message, state: 'delivered', endedAt: at } }],
      outbox: { before: outbox, facts: [{ type: 'MessageOffered', data: told }] },
      receiver: { after: { ...receiver, lastDelivered: at }, ifRev: rev },
    });
    return { is: 'done', channel: receiver.channel, measured: measuredOf(waiting, 'delivered', at) };
  }
  const after = release(receiver, { subscription: subscription.id, message: number, turn }, limits, at);
  if (after === undefined) return rest();
  const facts = droppedFacts(dropping);
  await save({
    deliveries: dropSteps(dropping, at),
    messages: [{ after: message }],
    ...(facts.length > 0 && { outbox: { before: outbox, facts } }),
    receiver: { after, ifRev: rev },
  });
  await deps.shipments.send(shipmentOf(deps, after, message.body, at));
  return { is: 'done', channel: receiver.channel, measured: { Dropped: [dropping.length] }, isReleased: true };
}

/** What may go of one subscription, in one message. `turn`: of that message. */
export async function nextMessage(
  deps: ComposeDependencies,
  lane: Lane,
  {
    subscription,
    waiting,
    turn,
  }: { readonly subscription: Subscription; readonly waiting: readonly Waiting[]; readonly turn: Turn },
  at: Instant,
): Promise<Step> {
  const { standing, dropping } = await gather(deps, subscription, waiting, at);
  const { isPulled } = channelOfKind(deps, subscription.channel);
  const goesAlone = standing.length === 0 || subscription.state === 'disabled' || isPulled || dropping.length > MOST_DELIVERIES;
  if (dropping.length > 0 && goesAlone) return drop(deps, lane, dropping, at);
  return compose(deps, lane, subscription, { standing, dropping, turn }, at);
}
