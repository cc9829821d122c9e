/** "I was never told": who was told what and when, and what not and why, by subscription or by the thing. */
import type { DeliveryPage } from '../../shared/data/delivery-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listDeliveries } from './api.ts';
import { found, isSeen, type Keeping } from './keeping.ts';
import { deliveryView } from './views.ts';

type Query = Request<typeof listDeliveries>['query'];

/** Each is loaded once for a request. */
function once<Key, Value>(load: (key: Key) => Promise<Value>, nameOf: (key: Key) => string): (key: Key) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const name = nameOf(key);
    const value = known.get(name) ?? load(key);
    known.set(name, value);
    return value;
  };
}

export function serveDeliveries(deps: Keeping) {
  const { deliveries, subscriptions } = deps;

  const pageOf = async ({ subscription, about, limit, cursor }: Query, caller: Caller): Promise<DeliveryPage> => {
    if (subscription !== undefined && about === undefined) {
      await found(deps, caller, 'ReadDeliveries', subscription);
      return deliveries.ofSubscription(subscription, limit, cursor);
    }
    if (about !== undefined && subscription === undefined) return deliveries.about(about, limit, cursor);
    throw new Problem(
      400,
      'subscription-or-about',
      '请写明查哪个订阅（subscription=编号），或查哪件事（about=HAZ%23编号），二者写一个。',
    );
  };

  return {
    async listDeliveries({ query, caller, at }: Request<typeof listDeliveries>) {
      const { items, ...next } = await pageOf(query, caller);
      const subscriptionOf = once(
        async (id: SubscriptionId) => (await subscriptions.load(id))?.subscription,
        (id) => id,
      );
      const messageOf = once(
        ({ subscription, message }: Pick<Message, 'subscription'> & { readonly message: number }) =>
          deliveries.message(subscription, message),
        ({ subscription, message }) => `${subscription} ${message}`,
      );
      const view = async (delivery: Delivery, subscription: Subscription, now: Instant) =>
        deliveryView(delivery, subscription, now, delivery.state === 'dead' ? (await messageOf(delivery))?.because : undefined);
      const views = items.map(async (delivery) => {
        const subscription = await subscriptionOf(delivery.subscription);
        if (subscription === undefined || !isSeen(caller, 'ReadDeliveries', subscription.scope)) return [];
        return [await view(delivery, subscription, at)];
      });
      return { items: (await Promise.all(views)).flat(), ...next };
    },
  };
}
