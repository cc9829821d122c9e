import type * as z from 'zod';
import { momentZh } from '../../shared/channels/words-zh.ts';
import type { StoredSubscription } from '../../shared/data/subscription-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { type Delivery, type DropReason, toldTo } from '../../shared/domain/delivery.ts';
import { REMINDER_NAMES } from '../../shared/domain/reminder.ts';
import { ROLES_OF_SCOPE, type Subscription } from '../../shared/domain/subscription.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { deliveryOut, subscriptionOut } from './channels-out.ts';
import { channelOfKind } from './keeping.ts';

export type SubscriptionView = z.input<typeof subscriptionOut>;
type DeliveryView = z.input<typeof deliveryOut>;

const rolesOf = ({ roles, scope }: Pick<Subscription, 'roles' | 'scope'>) => [...(roles ?? ROLES_OF_SCOPE[scope.of])];

export function subscriptionView({ subscription, version }: StoredSubscription, policy: Policy): SubscriptionView {
  const { id, name, channel, scope, kinds, quiet, language, mentions, host, state, disabled, madeBy, madeAt, rotated } =
    subscription;
  const { from, until } = quiet ?? policy.reminders.quiet;
  return {
    id,
    name,
    channel,
    channelName: channelOfKind(channel).name,
    scope,
    roles: rolesOf(subscription),
    ...(kinds !== undefined && { kinds: [...kinds] }),
    quiet: { from, until, isOfPolicy: quiet === undefined },
    language,
    mentions: { users: [...mentions.users], everybody: mentions.everybody },
    ...(host !== undefined && { host }),
    state,
    ...(disabled !== undefined && { disabled }),
    madeBy,
    madeAt,
    ...(rotated !== undefined && { rotated }),
    why: policy.reminders.quiet.why,
    version,
  };
}

const DROPPED: Readonly<Record<DropReason, string>> = {
  done: '发送前已办结，不再提醒',
  over: '发送前时限已过，不再提醒',
  superseded: '同一事项已有新的提醒或新的期限，这一条不再发送',
  void: '发送前事项已取消，或已改由他人办理，不再提醒',
  ended: '订阅已结束，没有发送',
  unwanted: '这个订阅不要这种提醒，没有发送',
};

function saysOf(delivery: Delivery, { channel, disabled }: Subscription, at: Instant, because: string | undefined): string {
  const when = (instant: Instant): string => momentZh(instant, at);
  switch (delivery.state) {
    case 'waiting':
      if (disabled !== undefined) return `渠道已停用（${disabled.because}），还没有发送`;
      return delivery.due > at ? `等到 ${when(delivery.due)} 发送` : '正在发送，或与其他提醒合并等候';
    case 'told':
      return channelOfKind(channel).isPulled
        ? `${when(delivery.endedAt)} 放入第 ${delivery.message} 条消息，由对方来取`
        : `${when(delivery.endedAt)} 送达，在第 ${delivery.message} 条消息中`;
    case 'dropped':
      return `${when(delivery.endedAt)} ${DROPPED[delivery.because]}`;
    case 'dead':
      return `没有送达${because === undefined ? '' : `：${because}`}；处理后可重新投递`;
  }
}

/** `because`: of a dead one, why its message ended. */
export function deliveryView(delivery: Delivery, subscription: Subscription, at: Instant, because?: string): DeliveryView {
  const { reminder, due, state, to = toldTo(subscription) } = delivery;
  return {
    subscription: subscription.id,
    subscriptionName: to.name,
    channel: to.channel,
    channelName: channelOfKind(to.channel).name,
    scope: to.scope,
    roles: rolesOf(to),
    reminder: reminder.id,
    kind: reminder.kind,
    kindName: REMINDER_NAMES[reminder.kind],
    isUrgent: reminder.isUrgent,
    about: reminder.about,
    cameAbout: reminder.at,
    due,
    state,
    ...(delivery.state !== 'waiting' && { endedAt: delivery.endedAt }),
    ...('message' in delivery && { message: delivery.message }),
    says: saysOf(delivery, subscription, at, because),
    ...(reminder.why !== undefined && { why: reminder.why }),
  };
}
