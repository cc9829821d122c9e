/** What one subscription is sent at once (消息): one reminder, or several merged. */
import type { Instant } from './calendar.ts';
import type { CountyCode, ReceiverId, SubscriptionId } from './ids.ts';

/**
 * `ready`: made and on its way, or waiting for its next attempt. `dropped`: before a further attempt nothing was left of it to tell.
 * `again`: was delivered, and is to be sent once more (replay).
 */
export interface Message {
  readonly subscription: SubscriptionId;
  /** 1, 2, 3 … within the subscription, without a gap. */
  readonly number: number;
  readonly receiver: ReceiverId;
  readonly reminders: readonly string[];
  readonly madeAt: Instant;
  readonly state: 'ready' | 'delivered' | 'dead' | 'dropped' | 'again';
  readonly attempts: number;
  /** As it was last sent, without address and signature. */
  readonly body: string;
  readonly endedAt?: Instant;
  readonly because?: string;
  /** How often it was sent again after its end. */
  readonly again?: number;
}

/** Stays the same over all attempts: by it a receiver knows what it has already. */
export const messageId = ({ subscription, number }: Pick<Message, 'subscription' | 'number'>): string =>
  `msg_${subscription}_${number}`;

/** What the sender is handed, through its queue: no secret, and nothing to look up in the county's data. */
export interface Shipment {
  readonly county: CountyCode;
  readonly receiver: ReceiverId;
  readonly channel: string;
  readonly subscription: SubscriptionId;
  readonly message: number;
  readonly attempt: number;
  readonly body: string;
  /** When it was handed over. */
  readonly at: Instant;
}

/** Asks that a receiver be looked at: something for it became due, or its last attempt has an outcome. */
export interface Wake {
  readonly county: CountyCode;
  readonly receiver: ReceiverId;
  readonly at: Instant;
}
