/** One reminder to one subscription (投递). It is made once, by its key, and ends as exactly one of told, dropped or dead. */
import type { Instant } from './calendar.ts';
import type { ReceiverId, SubscriptionId } from './ids.ts';
import type { Reminder } from './reminder.ts';

/** `dropped`: it was done, or not wanted any more, before it was sent. `dead`: nobody took it. */
export const DELIVERY_STATES = ['waiting', 'told', 'dropped', 'dead'] as const;
/**
 * Why nothing is left of a reminder. `over`: its time is over, whether it was done or not. `superseded`: another says the same later, or by
 * another deadline. `void`: what it is about was withdrawn, or is somebody else's by now.
 */
export type Gone = 'done' | 'over' | 'superseded' | 'void';
/** Nothing is left of it, its subscription was ended, or wants this kind no more. */
export type DropReason = Gone | 'ended' | 'unwanted';

interface Base {
  readonly subscription: SubscriptionId;
  readonly reminder: Reminder;
  /** Where it goes: that of the subscription when it was made (`receiverOf`). */
  readonly receiver: ReceiverId;
  /** From when on it may be sent: quiet hours and crowded minutes are over. */
  readonly due: Instant;
}

export type Delivery =
  | (Base & { readonly state: 'waiting' })
  | (Base & { readonly state: 'told' | 'dead'; readonly message: number; readonly endedAt: Instant })
  | (Base & { readonly state: 'dropped'; readonly because: DropReason; readonly endedAt: Instant });
