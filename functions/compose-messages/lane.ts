/** What composing stands on, and what one step at one receiver comes to. A receiver is a lane: one message at a time is under way on it. */
import type { Channel } from '../../shared/channels/channel.ts';
import type { DeliveryStore } from '../../shared/data/delivery-store.ts';
import type { ReceiverStore, StoredReceiver } from '../../shared/data/receiver-store.ts';
import type { SubscriptionStore } from '../../shared/data/subscription-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { type CountyCode, personId, type ReceiverId, type SubscriptionId } from '../../shared/domain/ids.ts';
import type { Actor, Occasion } from '../../shared/domain/ledger-event.ts';
import type { Shipment } from '../../shared/domain/message.ts';
import type { StandingSources } from '../../shared/domain/still-stands.ts';
import { receiverOf, type Subscription } from '../../shared/domain/subscription.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { Measured } from './metrics.ts';

export interface ComposeDependencies {
  readonly county: CountyCode;
  readonly receivers: Pick<ReceiverStore, 'load' | 'put'>;
  readonly deliveries: Pick<
    DeliveryStore,
    'load' | 'due' | 'waitingFor' | 'againFor' | 'ofSubscription' | 'message' | 'messages' | 'outbox' | 'save'
  >;
  readonly subscriptions: Pick<SubscriptionStore, 'load' | 'page'>;
  /** The queue of the sender. What is handed over is written before. */
  readonly shipments: { readonly send: (shipment: Shipment) => Promise<void> };
  /** By which it is asked whether a reminder still stands; new ones for each look. */
  readonly sources: () => StandingSources;
  readonly channelOf: (kind: string) => Channel | undefined;
  readonly policyAt: (at: Instant) => Pick<Policy, 'reminders'>;
  /** Links begin with it. */
  readonly appUrl: string;
  readonly failed: (receiver: ReceiverId, error: unknown) => void;
}

export type Waiting = Delivery & { readonly state: 'waiting' };
export const isWaiting = (delivery: Delivery): delivery is Waiting => delivery.state === 'waiting';

/** A receiver as it was read: `rev` keeps two composers from each other. */
export type Lane = StoredReceiver;

/** Something was written, and the lane is to be looked at again; or there is nothing to do, at the earliest until `next`. */
export type Step =
  | {
      readonly is: 'done';
      readonly channel: string;
      readonly measured: Measured;
      /** A message was handed to the sender. */
      readonly isReleased?: true;
      /** Another receiver that has to be looked at now. */
      readonly also?: ReceiverId;
      /** A message rests here until then; or what waited is due then. */
      readonly rests?: Instant;
    }
  | {
      readonly is: 'rest';
      readonly next?: Instant;
      /** Since when the oldest waits that could go and was not begun: neither quiet hours hold it nor a message before it. */
      readonly lateSince?: Instant;
    };

export const rest = (next?: Instant): Step => ({ is: 'rest', ...(next !== undefined && { next }) });

export const earliest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.filter((one) => one !== undefined).sort()[0];

/** Whom the ledger names for what the clock does. */
const SYSTEM: Actor = { id: personId('system'), role: 'system' };

/** What every change of a call has in common. */
export const occasionOf = (
  { county, policyAt }: Pick<ComposeDependencies, 'county' | 'policyAt'>,
  at: Instant,
): { readonly occasion: Occasion; readonly keptDays: number } => ({
  occasion: { at, county, actor: SYSTEM },
  keptDays: policyAt(at).reminders.records.kept.days,
});

/** A kind of a stored receiver or subscription. It was checked when it was taken, and no kind is ever taken away. */
export function channelOfKind({ channelOf }: Pick<ComposeDependencies, 'channelOf'>, kind: string): Channel {
  const channel = channelOf(kind);
  if (channel === undefined) throw new Error(`there is no channel of the kind ${kind}`);
  return channel;
}

/** Of a delivery or a message. It is there for good, also once it has ended. */
export async function subscriptionOf(
  { subscriptions }: Pick<ComposeDependencies, 'subscriptions'>,
  id: SubscriptionId,
): Promise<Subscription> {
  const stored = await subscriptions.load(id);
  if (stored === undefined) throw new Error(`there is no subscription ${id}`);
  return stored.subscription;
}

/** Where a subscription's messages go by now, if not to this receiver. */
export const movedFrom = (id: ReceiverId, subscription: Subscription): ReceiverId | undefined =>
  subscription.state === 'ended' || receiverOf(subscription) === id ? undefined : receiverOf(subscription);
