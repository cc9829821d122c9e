/** "I was never told": who was told what and when, and what not and why, by subscription or by the thing. */
import { momentZh } from '../../shared/channels/words-zh.ts';
import type { DeliveryPage } from '../../shared/data/delivery-store.ts';
import { once } from '../../shared/data/once.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import { REMINDER_NAMES } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listDeliveries } from './api.ts';
import { found, isSeen, type Keeping } from './keeping.ts';
import { deliveryView } from './views.ts';

const FURTHER = '这一页没有您可以查看的，请以 cursor 继续查询。';

type Query = Request<typeof listDeliveries>['query'];

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

  /** What it means that there is none: an empty list alone would leave open whether it failed or was never meant to come. */
  const nothingOf = async ({ subscription: id, about }: Query, at: Instant): Promise<string> => {
    const stored = id && (await subscriptions.load(id));
    if (!stored) {
      return `没有关于 ${about} 的提醒发给您可以查看的订阅：编号不对，或尚未产生提醒，或当时没有订阅与它有关、要这种提醒。各订阅的范围、岗位和提醒种类见 GET /v1/subscriptions。`;
    }
    const { madeAt, kinds } = stored.subscription;
    const only = kinds === undefined ? '' : `，只要这些种类：${kinds.map((kind) => REMINDER_NAMES[kind]).join('、')}`;
    return `${momentZh(madeAt, at)} 接入以来，没有提醒要发给这个订阅（留存期限以前的除外）${only}。它的范围、岗位见 GET /v1/subscriptions/${id}。`;
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
        if (subscription === undefined) return [];
        const { scope = subscription.scope } = delivery.to ?? {};
        // By whose it was and by whose it is: what was told to one is not opened to another by changing the scope.
        if (![scope, subscription.scope].every((one) => isSeen(caller, 'ReadDeliveries', one))) return [];
        return [await view(delivery, subscription, at)];
      });
      const seen = (await Promise.all(views)).flat();
      if (seen.length > 0) return { items: seen, ...next };
      const says = next.cursor === undefined ? await nothingOf(query, at) : FURTHER;
      return { items: seen, says, ...next };
    },
  };
}
