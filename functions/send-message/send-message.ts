/**
 * One attempt of one message: begun once, with room from its receiver's budget, sent, and its outcome written down. It knows nothing of the
 * county but the receiver and its address. Whatever happens in between, the lease of what was begun ends, and composing goes on from there.
 */
import type { Address, Channel } from '../../shared/channels/channel.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Post } from '../../shared/data/outbound.ts';
import type { ReceiverStore } from '../../shared/data/receiver-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import { messageId, type Shipment, type Wake } from '../../shared/domain/message.ts';
import { answer, begin, type Outcome, type Receiver } from '../../shared/domain/receiver.ts';
import { isTriedByMore, signedBy } from './signed-by.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface Sending {
  readonly receivers: ReceiverStore;
  readonly openAddress: (ciphertext: string, subscription: SubscriptionId) => Promise<Address>;
  readonly channelOf: (kind: string) => Channel | undefined;
  readonly post: Post;
  readonly wake: (wake: Wake) => Promise<void>;
  /** What time it is; in a simulated county, when the shipment was handed over. */
  readonly timeOf: (shipment: Shipment) => Instant;
  /** What a receiver is told besides: in a simulated county, what time it is there. */
  readonly alsoSays?: (shipment: Shipment) => Readonly<Record<string, string>>;
  /** From the grant on, an attempt has so long until the receiver has all of it and has answered. */
  readonly patienceMs: number;
  /** Is told what went wrong on this side, never with an address. */
  readonly failed: (what: string, shipment: Shipment, error: unknown) => void;
}

/** What came of a shipment. `stale`: it was begun before, or is none any more; nothing was done. */
export type Sent = Outcome['is'] | 'stale';

const NO_ADDRESS = '该订阅没有接收地址，请重新填写';
const NOT_OPENED = '系统暂时读不出接收地址，稍后自动重试';

/** So often a write is decided anew after somebody else's. One message is under way at a time, so it is rare even once. */
const MOST_TRIES = 5;

/** Changes a receiver as it stands. `undefined`: as it stands there is nothing to change. */
async function change<Decided extends { readonly receiver: Receiver }>(
  { receivers }: Sending,
  { receiver: id }: Shipment,
  decide: (receiver: Receiver) => Decided | undefined,
): Promise<Decided | undefined> {
  for (let tries = 1; ; tries++) {
    const stored = await receivers.load(id);
    const decided = stored && decide(stored.receiver);
    if (stored === undefined || decided === undefined) return undefined;
    try {
      await receivers.put(decided.receiver, stored.rev);
      return decided;
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Takes the attempt, and room for it, in one write. */
const beginOf = (sending: Sending, shipment: Shipment, channel: Channel, at: Instant) =>
  change(sending, shipment, (receiver) => {
    const begun = begin(receiver, shipment, channel.limits, at);
    return begun.is === 'stale' ? undefined : begun;
  });

/** The address in the clear; an outcome where there is none to be had. */
async function addressOf(sending: Sending, shipment: Shipment): Promise<Address | Outcome> {
  const { subscription } = shipment;
  try {
    const sealed = await sending.receivers.sealedAddress(subscription);
    return sealed === undefined ? { is: 'refused', says: NO_ADDRESS } : await sending.openAddress(sealed, subscription);
  } catch (error) {
    sending.failed('open the address', shipment, error);
    return { is: 'failed', says: NOT_OPENED };
  }
}

/** Sends, and reads what came back. `signedAnew`: so often was this message signed anew. */
async function outcomeOf(
  sending: Sending,
  shipment: Shipment,
  channel: Channel,
  signedAnew: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const address = await addressOf(sending, shipment);
  if ('is' in address) return address;
  const at = sending.timeOf(shipment);
  const id = messageId({ ...shipment, number: shipment.message });
  const request = channel.request(signedBy(address, signedAnew, at), shipment.body, at, id);
  const headers = { ...request.headers, ...sending.alsoSays?.(shipment) };
  const reply = await sending.post({ ...request, headers }, { hosts: channel.hosts, signal });
  if (reply.is === 'forbidden') return { is: 'refused', says: reply.says };
  if (reply.is === 'unanswered') {
    const { says, perhapsArrived } = reply;
    return { is: 'failed', says, ...(perhapsArrived && { perhapsArrived }) };
  }
  // Before it is read: what is quoted of it is cut, and half a key would not be found in it.
  const said = withoutSecrets(reply.answer.body, address, request, shipment.body);
  const outcome = channel.read({ ...reply.answer, body: said, at: sending.timeOf(shipment) });
  return outcome.is === 'stale' && isTriedByMore(address, signedAnew, at) ? { ...outcome, more: true } : outcome;
}

/** Sends what was begun, and writes down what came of it. */
async function attempt(
  sending: Sending,
  shipment: Shipment,
  channel: Channel,
  { underway }: Receiver,
  signal: AbortSignal,
): Promise<Sent> {
  const outcome = await outcomeOf(sending, shipment, channel, underway?.signedAnew ?? 0, signal);
  const at = sending.timeOf(shipment);
  await change(sending, shipment, (receiver) => {
    const answered = answer(receiver, shipment, outcome, at);
    return answered && { receiver: answered };
  });
  return outcome.is;
}

export const sendMessage =
  (sending: Sending) =>
  async (shipment: Shipment): Promise<Sent> => {
    const channel = sending.channelOf(shipment.channel);
    if (channel === undefined) throw new Error(`no channel sends ${shipment.channel}`);
    // From before the grant: however long the tables and the key take, nothing arrives later than the budget counts with.
    const signal = AbortSignal.timeout(sending.patienceMs);
    const begun = await beginOf(sending, shipment, channel, sending.timeOf(shipment));
    if (begun === undefined) return 'stale';
    const sent = begun.is === 'begun' ? await attempt(sending, shipment, channel, begun.receiver, signal) : 'over-budget';
    const { county, receiver } = shipment;
    // The minute's look finds it all the same.
    await sending
      .wake({ county, receiver, at: sending.timeOf(shipment) })
      .catch((error: unknown) => sending.failed('wake', shipment, error));
    return sent;
  };
