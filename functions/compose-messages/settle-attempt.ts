/** What came of an attempt is written down at once wherever it counts: receiver, message, deliveries, outbox, ledger, subscription. */
import type { StoredSubscription } from '../../shared/data/subscription-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId, SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import { type Failing, type Settled, settle } from '../../shared/domain/receiver-settle.ts';
import { disableSubscription, subscriptionAfter } from '../../shared/domain/subscription-decide.ts';
import { chanceOf } from './chance.ts';
import { deadFact, ended, endedMessage, MOVED, movedTo, toldBy } from './endings.ts';
import { type ComposeDependencies, isWaiting, type Lane, movedFrom, occasionOf, rest, type Step } from './lane.ts';
import { measuredOf } from './metrics.ts';
import { BEHIND_A_FAILED, cancelled, NOT_REPLAYED } from './replay.ts';

type Ended = Exclude<Settled, { is: 'again' }>;

/** The message of a lane; it is there as long as it is under way. */
export async function messageUnderway(
  { deliveries }: Pick<ComposeDependencies, 'deliveries'>,
  { subscription, message: number }: { readonly subscription: SubscriptionId; readonly message: number },
): Promise<Message> {
  const message = await deliveries.message(subscription, number);
  if (message === undefined) throw new Error(`message ${number} of ${subscription} is under way and was never stored`);
  return message;
}

const failingFacts = (failing: Failing | undefined): OutboxFact[] =>
  failing === undefined ? [] : [{ type: 'ReceiverFailing', data: failing }];

/** Its rest begins; the ledger is told where it fails again and again. */
async function settleAgain(
  deps: ComposeDependencies,
  { rev }: Lane,
  { receiver, failing, of, due }: Extract<Settled, { is: 'again' }>,
  at: Instant,
): Promise<Step> {
  if (failing === undefined) {
    await deps.receivers.put(receiver, rev);
  } else {
    await deps.deliveries.save({
      ...occasionOf(deps, at),
      outbox: { before: await deps.deliveries.outbox(of.subscription), facts: failingFacts(failing) },
      receiver: { after: receiver, ifRev: rev },
    });
  }
  return { is: 'done', channel: receiver.channel, measured: {}, rests: due };
}

/** Nothing is sent to a subscription whose receiver is no more, or refuses for good. It has to be as it was read: not moved, not mended. */
function disabling(deps: ComposeDependencies, { subscription, version }: StoredSubscription, because: string, at: Instant) {
  const ruling = disableSubscription(subscription, because);
  if (ruling.kind !== 'decided' || ruling.events.length === 0) return {};
  const after = subscriptionAfter(subscription, ruling.events, occasionOf(deps, at).occasion);
  return { state: { after, facts: ruling.events, ifVersion: version } };
}

const endOf = (settled: Ended, at: Instant) =>
  settled.is === 'delivered'
    ? { state: 'delivered' as const, endedAt: settled.at }
    : { state: 'dead' as const, endedAt: at, because: settled.because };

/** What an address did not take that was replaced meanwhile goes to the new one: nothing is disabled for it, and nothing is dead. */
async function settleMoved(
  deps: ComposeDependencies,
  { rev }: Lane,
  { receiver, attempts }: Ended,
  message: Message,
  to: ReceiverId,
  at: Instant,
): Promise<Step> {
  const waiting = (await deps.deliveries.load(message.subscription, message.reminders)).filter(isWaiting);
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: waiting.map((delivery) => movedTo(delivery, to)),
    messages: [endedMessage(message, 'dropped', attempts, at, MOVED)],
    receiver: { after: receiver, ifRev: rev },
  });
  return { is: 'done', channel: receiver.channel, measured: {}, also: to };
}

/** What was sent again is told already: it ends, and where it failed those of its subscription behind it end with it. */
async function settleReplay(
  deps: ComposeDependencies,
  { rev }: Lane,
  settled: Ended,
  message: Message,
  stored: StoredSubscription,
  at: Instant,
): Promise<Step> {
  const { subscription } = message;
  const { receiver, attempts, failing } = settled;
  const to = movedFrom(receiver.id, stored.subscription);
  const [found, outbox, behind] = await Promise.all([
    deps.deliveries.load(subscription, message.reminders),
    deps.deliveries.outbox(subscription),
    settled.is === 'delivered'
      ? []
      : cancelled(deps, receiver.id, message, to === undefined ? BEHIND_A_FAILED : NOT_REPLAYED, at),
  ]);
  const facts: OutboxFact[] =
    settled.is === 'delivered'
      ? [{ type: 'MessageDelivered', data: toldBy(message, found, attempts) }]
      : failingFacts(to === undefined ? failing : undefined);
  const { state, endedAt, because } = { because: undefined, ...endOf(settled, at) };
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    messages: [endedMessage(message, state, attempts, endedAt, because), ...behind],
    ...(facts.length > 0 && { outbox: { before: outbox, facts } }),
    receiver: { after: receiver, ifRev: rev },
    ...(settled.is === 'disable' && to === undefined && disabling(deps, stored, settled.because, at)),
  });
  return { is: 'done', channel: receiver.channel, measured: {} };
}

async function settleEnded(
  deps: ComposeDependencies,
  { rev }: Lane,
  settled: Ended,
  message: Message,
  stored: StoredSubscription,
  at: Instant,
): Promise<Step> {
  const { subscription, number } = message;
  const { state, endedAt, because } = { because: undefined, ...endOf(settled, at) };
  const [found, outbox] = await Promise.all([
    deps.deliveries.load(subscription, message.reminders),
    deps.deliveries.outbox(subscription),
  ]);
  const ending = found.filter(isWaiting);
  const told = toldBy(message, ending, settled.attempts);
  const facts: OutboxFact[] = [
    because === undefined ? { type: 'MessageDelivered', data: told } : deadFact(told, because, settled.of),
    ...failingFacts(settled.failing),
  ];
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: ending.map((delivery) => ended(delivery, because === undefined ? 'told' : 'dead', number, endedAt)),
    messages: [endedMessage(message, state, settled.attempts, endedAt, because)],
    outbox: { before: outbox, facts },
    receiver: { after: settled.receiver, ifRev: rev },
    ...(settled.is === 'disable' && disabling(deps, stored, settled.because, at)),
  });
  return { is: 'done', channel: settled.receiver.channel, measured: measuredOf(ending, state, endedAt) };
}

/** Of a message that is handed over, being sent, or answered. `undefined`: nothing is under way. */
export async function settleAttempt(deps: ComposeDependencies, lane: Lane, at: Instant): Promise<Step | undefined> {
  const { underway } = lane.receiver;
  const settled = settle(lane.receiver, at, underway === undefined ? 0 : chanceOf(underway));
  if (settled === undefined) return underway && rest(underway.due);
  const { of } = settled;
  if (settled.is === 'again') return settleAgain(deps, lane, settled, at);
  const [message, stored] = await Promise.all([messageUnderway(deps, of), deps.subscriptions.load(of.subscription)]);
  if (stored === undefined) throw new Error(`there is no subscription ${of.subscription}`);
  if (message.state === 'again') return settleReplay(deps, lane, settled, message, stored, at);
  const to = settled.is === 'delivered' ? undefined : movedFrom(settled.receiver.id, stored.subscription);
  return to === undefined
    ? settleEnded(deps, lane, settled, message, stored, at)
    : settleMoved(deps, lane, settled, message, to, at);
}
