/** One reminder to one subscription (投递). It is made once, by its key, and ends as exactly one of told, dropped or dead. */
import type { Instant } from './calendar.ts';
import type { ReceiverId, SubscriptionId } from './ids.ts';
import type { Reminder } from './reminder.ts';
import type { Subscription } from './subscription.ts';

/** `dropped`: it was done, or not wanted any more, before it was sent. `dead`: nobody took it. */
export const DELIVERY_STATES = ['waiting', 'told', 'dropped', 'dead'] as const;
/**
 * Why nothing is left of a reminder. `over`: its time is over, whether it was done or not. `superseded`: another says the same later, or by
 * another deadline. `void`: what it is about was withdrawn, or is somebody else's by now.
 */
export type Gone = 'done' | 'over' | 'superseded' | 'void';
/** Nothing is left of it, its subscription was ended, or wants this kind no more. */
export type DropReason = Gone | 'ended' | 'unwanted';

/** Who was to be told: a subscription may have another name, scope and readers by the time that somebody asks. */
export type ToldTo = Pick<Subscription, 'name' | 'channel' | 'scope' | 'roles'>;

interface Base {
  readonly subscription: SubscriptionId;
  /** Its subscription as it was when this was made; absent on those from before it was kept. */
  readonly to?: ToldTo;
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

export const toldTo = ({ name, channel, scope, roles }: Subscription): ToldTo => ({
  ...{ name, channel, scope },
  ...(roles !== undefined && { roles }),
});
