import type { DeliveryStore } from '../../shared/data/delivery-store.ts';
import type { SubscriptionStore } from '../../shared/data/subscription-store.ts';
import { addressed } from '../../shared/domain/addressing.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { toldTo } from '../../shared/domain/delivery.ts';
import { dueOf, type SendingTimes } from '../../shared/domain/delivery-time.ts';
import type { CountyCode, ReceiverId } from '../../shared/domain/ids.ts';
import type { Wake } from '../../shared/domain/message.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import type { ReminderBackground } from '../../shared/domain/reminder-background.ts';
import { type RemindingTold, remindersOf } from '../../shared/domain/reminders-of.ts';
import { receiverOf, type Subscription, scopesOf } from '../../shared/domain/subscription.ts';

export interface AddressDependencies {
  readonly county: CountyCode;
  /** What has to be known beside what was told. */
  readonly backgroundOf: (told: RemindingTold) => Promise<ReminderBackground>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofScopes'>;
  readonly deliveries: Pick<DeliveryStore, 'add'>;
  readonly timesAt: (at: Instant) => SendingTimes;
  /** When it is addressed: what the bus brings late is due by then. */
  readonly byNow: (told: Instant) => Instant;
  readonly wake: (wake: Wake) => Promise<void>;
}

export interface Addressed {
  readonly reminders: number;
  /** Those that were put now: told again, it puts none. */
  readonly deliveries: number;
}

/** Deliveries that are put side by side. */
const AT_ONCE = 16;

/** Where in the spread a receiver's turn is: its name is a digest, so receivers come evenly, and each always at the same place. */
const turnOf = (receiver: ReceiverId): number => Number.parseInt(receiver.slice(0, 8), 16) / 2 ** 32;

/**
 * Puts one delivery for each subscription that what was told reminds, once however often it is told: reminder and subscription are its key.
 * Whatever cannot wait asks that its receiver be looked at, again each time: whoever broke off may have put it and asked nothing.
 */
export const addressReminders =
  ({ county, backgroundOf, subscriptions, deliveries, timesAt, byNow, wake }: AddressDependencies) =>
  async (told: RemindingTold): Promise<Addressed> => {
    const reminders = remindersOf(told, await backgroundOf(told));
    const sums = { reminders: reminders.length, deliveries: 0 };
    const woken = new Map<ReceiverId, Wake>();
    const now = byNow(told.at);

    const put = async (reminder: Reminder, subscription: Subscription): Promise<void> => {
      const receiver = receiverOf(subscription);
      const due = dueOf(reminder, subscription, timesAt(now), turnOf(receiver), now);
      const to = toldTo(subscription);
      const isNew = await deliveries.add({ state: 'waiting', subscription: subscription.id, to, reminder, receiver, due });
      if (isNew) sums.deliveries++;
      if (reminder.isUrgent) woken.set(receiver, { county, receiver, at: due });
    };

    for (const reminder of reminders) {
      const known = await subscriptions.ofScopes(scopesOf(reminder.audience));
      const wanted = known.flatMap(({ subscription }) => {
        const its = addressed(reminder, subscription);
        return its === undefined ? [] : [() => put(its, subscription)];
      });
      for (let from = 0; from < wanted.length; from += AT_ONCE) {
        await Promise.all(wanted.slice(from, from + AT_ONCE).map((putIt) => putIt()));
      }
    }
    await Promise.all([...woken.values()].map(wake));
    return sums;
  };
