/** How a subscription stands: what was told, what failed, what waits, and how much may be sent there at once. */
import type * as z from 'zod';
import { momentZh } from '../../shared/channels/words-zh.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Outbox } from '../../shared/domain/outbox.ts';
import type { RateLimit, Receiver } from '../../shared/domain/receiver.ts';
import { receiverOf, type Subscription } from '../../shared/domain/subscription.ts';
import type { insightOut } from './channels-out.ts';
import { channelOfKind, type Keeping } from './keeping.ts';

type InsightView = z.input<typeof insightOut>;
type ReceiverView = NonNullable<InsightView['receiver']>;

/** So many that wait are counted. */
const MOST_COUNTED = 200;

const budgetOf = ({ most, ms }: RateLimit, { grants }: Pick<Receiver, 'grants'>, at: Instant): ReceiverView['budget'][number] => {
  const used = grants.filter((grant) => grant > plusMs(at, -ms)).length;
  return { most, seconds: ms / 1000, used, free: Math.max(0, most - used) };
};

const isBlocked = ({ blockedUntil }: Pick<Receiver, 'blockedUntil'>, at: Instant): boolean =>
  blockedUntil !== undefined && blockedUntil > at;

function receiverView(receiver: Receiver, limits: readonly RateLimit[], at: Instant): ReceiverView {
  const { failures, failingSince, lastFailure, lastDelivered, blockedUntil } = receiver;
  return {
    failures,
    ...(failingSince !== undefined && { failingSince }),
    ...(lastFailure !== undefined && { lastFailure }),
    ...(lastDelivered !== undefined && { lastDelivered }),
    ...(isBlocked(receiver, at) && { blockedUntil }),
    budget: limits.map((limit) => budgetOf(limit, receiver, at)),
  };
}

/** When a message of this subscription is tried next; `undefined`: none has been tried, or all attempts were made. */
function nextTry({ underway, resting = [] }: Receiver, id: SubscriptionId): Instant | undefined {
  const tried = [...(underway === undefined ? [] : [underway]), ...resting].filter(({ subscription }) => subscription === id);
  return tried.map((one) => ('phase' in one ? one.at : one.due)).sort()[0];
}

/** In a sentence. */
function saysOf(
  { id, state, disabled, channel }: Subscription,
  { last, lastTold, readThrough = 0, dead }: Outbox,
  receiver: Receiver,
  waiting: string,
  at: Instant,
): string {
  const when = (instant: Instant): string => momentZh(instant, at);
  if (state === 'ended') return '已结束，不再发送。';
  if (disabled !== undefined) return `${when(disabled.at)} 起停用：${disabled.because}。处理后请重新启用。`;
  const rest = `${waiting}${dead === 0 ? '' : `，${dead} 条没有送达、可重新投递`}`;
  if (channelOfKind(channel).isPulled) {
    return last === 0
      ? `由对方来取，还没有消息${rest}。`
      : `由对方来取：共 ${last} 条消息，对方已确认到第 ${readThrough} 条${rest}。`;
  }
  const { failures, failingSince, lastFailure, blockedUntil } = receiver;
  if (failures > 0 && failingSince !== undefined) {
    const says = lastFailure === undefined ? '' : `（${lastFailure.says}）`;
    const next = nextTry(receiver, id);
    const tried = next === undefined ? '，没有正在重试的消息' : next > at ? `，将于 ${when(next)} 重试` : '，正在发送';
    return `${when(failingSince)} 起连续失败 ${failures} 次${says}${tried}${rest}。`;
  }
  if (blockedUntil !== undefined && isBlocked(receiver, at)) return `平台限流，${when(blockedUntil)} 以后再发${rest}。`;
  if (lastTold === undefined) return `还没有发过消息，可发一条测试消息${rest}。`;
  return `正常，最近一次于 ${when(lastTold)} 送达${rest}。`;
}

export async function insightOf(
  { deliveries, receivers }: Pick<Keeping, 'deliveries' | 'receivers'>,
  subscription: Subscription,
  at: Instant,
): Promise<InsightView> {
  const id = receiverOf(subscription);
  const [{ outbox }, stored, waiting] = await Promise.all([
    deliveries.outbox(subscription.id),
    receivers.load(id),
    deliveries.countWaiting(id, subscription.id, MOST_COUNTED),
  ]);
  const isMoreWaiting = waiting === MOST_COUNTED;
  const { channel } = subscription;
  const { isPulled, limits } = channelOfKind(channel);
  const receiver = stored?.receiver ?? { id, channel, grants: [], failures: 0 };
  const waits = waiting === 0 ? '' : `，等待发送 ${waiting} 条${isMoreWaiting ? '以上' : ''}`;
  const { last, lastTold, readThrough, told, dropped, dead } = outbox;
  return {
    at,
    says: saysOf(subscription, outbox, receiver, waits, at),
    ...(lastTold !== undefined && { lastTold }),
    lastMessage: last,
    ...(readThrough !== undefined && { readThrough }),
    waiting,
    isMoreWaiting,
    ...{ told, dropped, dead },
    ...(!isPulled && { receiver: receiverView(receiver, limits, at) }),
  };
}
