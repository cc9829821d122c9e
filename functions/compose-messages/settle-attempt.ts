/** What came of an attempt is written down at once wherever it counts: receiver, message, deliveries, outbox, ledger, subscription. */
import type { Instant } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import { type Failing, type Settled, settle } from '../../shared/domain/receiver.ts';
import { disableSubscription, subscriptionAfter } from '../../shared/domain/subscription-decide.ts';
import { chanceOf } from './chance.ts';
import { ended, endedMessage, toldBy } from './endings.ts';
import { type ComposeDependencies, isWaiting, type Lane, occasionOf, rest, type Step } from './lane.ts';
import { measuredOf } from './metrics.ts';

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
  { receiver, failing }: Settled,
  subscription: SubscriptionId,
  at: Instant,
): Promise<Step> {
  if (failing === undefined) {
    await deps.receivers.put(receiver, rev);
  } else {
    await deps.deliveries.save({
      ...occasionOf(deps, at),
      outbox: { before: await deps.deliveries.outbox(subscription), facts: failingFacts(failing) },
      receiver: { after: receiver, ifRev: rev },
    });
  }
  return { is: 'done', channel: receiver.channel, measured: {} };
}

/** Nothing is sent to a subscription whose receiver is no more, or refuses for good. */
async function disabling(deps: ComposeDependencies, id: SubscriptionId, because: string, at: Instant) {
  const stored = await deps.subscriptions.load(id);
  const ruling = stored && disableSubscription(stored.subscription, because);
  if (stored === undefined || ruling?.kind !== 'decided' || ruling.events.length === 0) return {};
  const after = subscriptionAfter(stored.subscription, ruling.events, occasionOf(deps, at).occasion);
  return { state: { after, facts: ruling.events, ifVersion: stored.version } };
}

const endOf = (settled: Ended, at: Instant) =>
  settled.is === 'delivered'
    ? { state: 'delivered' as const, endedAt: settled.at }
    : { state: 'dead' as const, endedAt: at, because: settled.because };

async function settleEnded(
  deps: ComposeDependencies,
  { rev }: Lane,
  settled: Ended,
  message: Message,
  at: Instant,
): Promise<Step> {
  const { subscription, number } = message;
  const { state, endedAt, because } = { because: undefined, ...endOf(settled, at) };
  const [found, outbox, disabled] = await Promise.all([
    deps.deliveries.load(subscription, message.reminders),
    deps.deliveries.outbox(subscription),
    settled.is === 'disable' ? disabling(deps, subscription, settled.because, at) : {},
  ]);
  const ending = message.state === 'again' ? [] : found.filter(isWaiting);
  const told = toldBy(message, message.state === 'again' ? found : ending, settled.attempts);
  const facts: OutboxFact[] = [
    because === undefined ? { type: 'MessageDelivered', data: told } : { type: 'MessageDead', data: { ...told, because } },
    ...failingFacts(settled.failing),
  ];
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: ending.map((delivery) => ended(delivery, because === undefined ? 'told' : 'dead', number, endedAt)),
    messages: [endedMessage(message, state, settled.attempts, endedAt, because)],
    outbox: { before: outbox, facts },
    receiver: { after: settled.receiver, ifRev: rev },
    ...disabled,
  });
  return { is: 'done', channel: settled.receiver.channel, measured: measuredOf(ending, state, endedAt) };
}

/** Of a message that is handed over, being sent, or answered. */
export async function settleAttempt(deps: ComposeDependencies, lane: Lane, at: Instant): Promise<Step> {
  const { underway } = lane.receiver;
  if (underway === undefined) return rest();
  const settled = settle(lane.receiver, at, chanceOf(underway));
  if (settled === undefined) return rest(underway.due);
  if (settled.is === 'again') return settleAgain(deps, lane, settled, underway.subscription, at);
  return settleEnded(deps, lane, settled, await messageUnderway(deps, underway), at);
}
