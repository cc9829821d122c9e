/**
 * Where messages go (接收端): a group's robot or an app's endpoint. It has one budget for all who send there, and one message under way
 * at a time, so that it is never flooded, a hanging one holds up nobody else, and what piles up meanwhile is merged.
 */
import type { Instant } from './calendar.ts';
import type { ReceiverId, SubscriptionId } from './ids.ts';

/** What a platform allows: in every stretch of `ms`, at most so many. */
export interface RateLimit {
  readonly most: number;
  readonly ms: number;
}

/** What came of an attempt, as a channel reads the answer. Only `delivered` is an end by itself. */
export type Outcome =
  | { readonly is: 'delivered' }
  /** Try again by the schedule, and not before `after` where the receiver or platform asked for that. */
  | { readonly is: 'failed'; readonly says: string; readonly afterMs?: number }
  /** Over the platform's rate: nothing goes there for so long. It is no failure of the receiver. */
  | { readonly is: 'throttled'; readonly says: string; readonly forMs: number }
  /** Sign anew and try once more at once: the signature was too old. */
  | { readonly is: 'stale'; readonly says: string }
  /** Too long after all: render it shorter and try once more. */
  | { readonly is: 'too-long'; readonly says: string }
  /** It will refuse this for ever (bad key, bad signature): disable and tell somebody. */
  | { readonly is: 'refused'; readonly says: string }
  /** 410: the endpoint is no more. */
  | { readonly is: 'gone'; readonly says: string }
  /** The budget had no room; nothing was sent. */
  | { readonly is: 'over-budget'; readonly freeAt: Instant };

/** The message that is under way to a receiver. */
export interface Underway {
  readonly subscription: SubscriptionId;
  readonly message: number;
  /** From 1. */
  readonly attempt: number;
  /** `released`: handed to the sender. `sending`: begun, with room taken from the budget. `answered`: the outcome is known. `resting`: until its next attempt. */
  readonly phase: 'released' | 'sending' | 'answered' | 'resting';
  /** When the phase began. */
  readonly at: Instant;
  /** When it has to be looked at: the lease of `released` and `sending`, the next attempt of `resting`, at once for `answered`. */
  readonly due: Instant;
  readonly outcome?: Outcome;
}

export interface Receiver {
  readonly id: ReceiverId;
  readonly channel: string;
  /** When it was last sent something, as far back as its limits look. */
  readonly grants: readonly Instant[];
  /** Nothing is sent before: the platform's penalty. */
  readonly blockedUntil?: Instant;
  /** In a row, of whatever message. */
  readonly failures: number;
  readonly failingSince?: Instant;
  readonly lastFailure?: { readonly at: Instant; readonly says: string };
  readonly lastDelivered?: Instant;
  readonly underway?: Underway;
}
