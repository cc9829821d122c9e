/**
 * What became of all that a subscription was to be sent (发件箱). It stands apart from the subscription, whose version people work with, and
 * has the ledger subject on which "I was never told" is answered.
 */
import type { Instant } from './calendar.ts';
import type { DropReason } from './delivery.ts';
import type { SubscriptionId } from './ids.ts';
import type { ReminderKind } from './reminder.ts';

export interface Outbox {
  readonly subscription: SubscriptionId;
  /** The number of its newest message; 0: none yet. */
  readonly last: number;
  /** Reminders by what became of them. */
  readonly told: number;
  readonly dropped: number;
  readonly dead: number;
  readonly lastTold?: Instant;
  /** Up to which message a feed's reader has said that he has them. */
  readonly readThrough?: number;
}

/** Who was told what: the reminders that one message held. */
export interface MessageTold {
  readonly message: number;
  readonly attempts: number;
  readonly reminders: readonly { readonly id: string; readonly kind: ReminderKind; readonly about: string }[];
  /** SHA-256 of the body that was sent, without address and signature. */
  readonly sha256: string;
  /** How often it was sent again after its end (replay): those times tell nobody anything new. */
  readonly again?: number;
}

/** Not known to have been told: but an attempt was sent of which no answer came, so it may have arrived. */
interface Unsure {
  readonly perhapsArrived?: true;
}

/** Its subject is `SENT#<subscription>`, and the outbox's version the sequence of its last event. */
export type OutboxFact =
  /** Its receiver took it. */
  | { readonly type: 'MessageDelivered'; readonly data: MessageTold }
  /** It lies in the feed; that it was read, `FeedRead` says. */
  | { readonly type: 'MessageOffered'; readonly data: MessageTold }
  /** Not told: every attempt failed, or its receiver refuses for good, or the subscription was disabled. */
  | { readonly type: 'MessageDead'; readonly data: MessageTold & Unsure & { readonly because: string } }
  /** Not told, as it was done or not wanted any more just before it would have been sent. */
  | {
      readonly type: 'RemindersDropped';
      readonly data: Unsure & {
        readonly reminders: readonly (MessageTold['reminders'][number] & { readonly because: DropReason })[];
        /** Where they had been sent before, in vain: with which message, and how often. */
        readonly message?: number;
        readonly attempts?: number;
      };
    }
  /** It fails again and again: somebody else has to be told. Once for each time that it begins to fail. */
  | {
      readonly type: 'ReceiverFailing';
      readonly data: { readonly since: Instant; readonly failures: number; readonly says: string };
    }
  | { readonly type: 'FeedRead'; readonly data: { readonly through: number } }
  | { readonly type: 'TestAsked'; readonly data: Record<never, never> }
  | {
      readonly type: 'ReplayAsked';
      readonly data: { readonly from: Instant; readonly until: Instant; readonly messages: number };
    }
  /** What was dead waits again. */
  | { readonly type: 'RedriveAsked'; readonly data: { readonly reminders: number } };

export const outboxSubject = (subscription: SubscriptionId): `SENT#${string}` => `SENT#${subscription}`;

/** Of a subscription that was sent nothing yet. */
export const emptyOutbox = (subscription: SubscriptionId): Outbox => ({ subscription, last: 0, told: 0, dropped: 0, dead: 0 });

function evolve(outbox: Outbox, fact: OutboxFact, at: Instant): Outbox {
  switch (fact.type) {
    case 'MessageDelivered':
    case 'MessageOffered': {
      const { message, reminders, again } = fact.data;
      const told = again === undefined ? outbox.told + reminders.length : outbox.told;
      return { ...outbox, last: Math.max(outbox.last, message), told, lastTold: at };
    }
    case 'MessageDead': {
      const { message, reminders } = fact.data;
      return { ...outbox, last: Math.max(outbox.last, message), dead: outbox.dead + reminders.length };
    }
    case 'RemindersDropped':
      return { ...outbox, dropped: outbox.dropped + fact.data.reminders.length };
    case 'RedriveAsked':
      return { ...outbox, dead: outbox.dead - fact.data.reminders };
    case 'FeedRead':
      return { ...outbox, readThrough: Math.max(outbox.readThrough ?? 0, fact.data.through) };
    case 'ReceiverFailing':
    case 'TestAsked':
    case 'ReplayAsked':
      return outbox;
  }
}

/** The outbox after facts of one instant. */
export const outboxAfter = (outbox: Outbox, facts: readonly OutboxFact[], at: Instant): Outbox =>
  facts.reduce((state, fact) => evolve(state, fact, at), outbox);
