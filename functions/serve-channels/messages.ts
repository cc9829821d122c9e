/** Having something sent: a test, what was told once more, what nobody took once more; and what lies ready for those who come for it. */
import { momentZh } from '../../shared/channels/words-zh.ts';
import { commandRecord, nameOfCommand, occasionOf } from '../../shared/data/asked.ts';
import { type DeliveryChange, MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import type { StoredSubscription } from '../../shared/data/subscription-store.ts';
import type { Operation } from '../../shared/domain/access.ts';
import { epochMs, type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { type Delivery, toldTo } from '../../shared/domain/delivery.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import { type Message, messageId } from '../../shared/domain/message.ts';
import type { Outbox, OutboxFact } from '../../shared/domain/outbox.ts';
import { hasPlace, type Receiver, roomAt } from '../../shared/domain/receiver.ts';
import { receiverOf, type Subscription, subscriptionSubject } from '../../shared/domain/subscription.ts';
import * as decide from '../../shared/domain/subscription-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type { confirmRead, enableSubscription, readFeed, redriveDeliveries, replayMessages, testSubscription } from './api.ts';
import { channelOfKind, factsOf, found, type Keeping, refuseFault, rulesOf } from './keeping.ts';
import { deliveredIn } from './replayed.ts';
import { subscriptionView } from './views.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What is replayed at once. */
const REPLAYED_DAYS = 7;
const PER_REQUEST = 200;
/** Whoever has all that there is comes again after so long. */
const POLL_SECONDS = 30;
/** From about here on a query of the table breaks off. */
const FULL_BYTES = 900_000;

const lookAt = (id: SubscriptionId): string => `/v1/deliveries?subscription=${id}`;

/** A test for this subscription alone; the same command is the same test. */
function testOf(
  subscription: Subscription,
  { caller, commandId, at }: Pick<Request<Route>, 'caller' | 'commandId' | 'at'>,
): Delivery {
  const { id, county, name } = subscription;
  const digest = nameOfCommand({ caller, commandId });
  return {
    subscription: id,
    to: toldTo(subscription),
    reminder: {
      id: `test:${id}:${digest}`,
      kind: 'test',
      county,
      at,
      audience: { roles: [] },
      about: subscriptionSubject(id),
      isUrgent: true,
      content: { of: 'test', name },
    },
    receiver: receiverOf(subscription),
    due: at,
    state: 'waiting',
  };
}

export function serveMessages(deps: Keeping) {
  const { county, deliveries } = deps;

  /** What is asked of an outbox, with its command; what it sets going is looked at before the next minute. */
  const ask = async <Answer>(
    request: Request<Route>,
    { subscription }: StoredSubscription,
    facts: readonly OutboxFact[],
    answer: Answer,
    change: Pick<DeliveryChange, 'deliveries' | 'messages' | 'state'>,
  ): Promise<Answer> => {
    const before = await deliveries.outbox(subscription.id);
    await deliveries.save({
      occasion: occasionOf(request),
      keptDays: policyFor(county, request.at).reminders.records.kept.days,
      command: commandRecord(request, answer),
      ...(facts.length > 0 && { outbox: { before, facts } }),
      ...change,
    });
    if (change.deliveries !== undefined || change.messages !== undefined) {
      await deps.wake(receiverOf(subscription), request.at);
    }
    return answer;
  };

  const standing = (request: Request<Route>, operation: Operation, id: SubscriptionId): Promise<StoredSubscription> =>
    found(deps, request.caller, operation, id);

  /** A number that no message has yet: whoever waited behind it would wait in silence. */
  const refuseFar = async (id: SubscriptionId, number: number, field: 'after' | 'message'): Promise<Outbox> => {
    const { outbox } = await deliveries.outbox(id);
    if (number <= outbox.last) return outbox;
    throw new Problem(
      422,
      'not-that-far',
      `还没有第 ${number} 条消息，最近一条是第 ${outbox.last} 条；${field} 请填已收到的编号。`,
      { field, last: outbox.last },
    );
  };

  /** Dead ones of a subscription, as many as one transaction takes and one more. */
  const deadOf = async (id: SubscriptionId): Promise<readonly Delivery[]> => {
    const dead: Delivery[] = [];
    let cursor: string | undefined;
    do {
      const page = await deliveries.ofSubscription(id, PER_REQUEST, cursor, 'dead');
      dead.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined && dead.length <= MOST_DELIVERIES);
    return dead;
  };

  return {
    async testSubscription(request: Request<typeof testSubscription>) {
      const stored = await standing(request, 'TestSubscription', request.params.id);
      refuseFault(decide.testFault(stored.subscription));
      const stood = await deps.receivers.load(receiverOf(stored.subscription));
      const answer = {
        says: expectationOf(stored.subscription, stood?.receiver, request.at),
        look: lookAt(request.params.id),
        reminders: 1,
      };
      const test = testOf(stored.subscription, request);
      return ask(request, stored, [{ type: 'TestAsked', data: {} }], answer, { deliveries: [{ after: test }] });
    },

    async enableSubscription(request: Request<typeof enableSubscription>) {
      const stored = await standing(request, 'KeepSubscription', request.params.id);
      refuseStale(stored.version, request.body.version);
      const facts = factsOf(decide.enableSubscription(stored.subscription));
      const after = decide.subscriptionAfter(stored.subscription, facts, occasionOf(request));
      const version = stored.version + facts.length;
      const view = subscriptionView({ subscription: after, version }, policyFor(county, request.at));
      return ask(
        request,
        stored,
        [{ type: 'TestAsked', data: {} }],
        { ...view, look: lookAt(after.id) },
        { deliveries: [{ after: testOf(after, request) }], state: { after, facts, ifVersion: stored.version } },
      );
    },

    async replayMessages(request: Request<typeof replayMessages>) {
      const { from, until, after } = request.body;
      const stored = await standing(request, 'ReplayMessages', request.params.id);
      const { subscription } = stored;
      refuseFault(decide.replayFault(subscription, rulesOf(policyFor(county, request.at))));
      refusePeriod(from, until);
      const { messages: delivered, isMore } = await deliveredIn(deliveries, subscription.id, { from, until, after });
      if (delivered.length === 0) {
        const says =
          after > 0 ? '其后没有已送达的消息，这段时间的已全部提交重发。' : '这段时间没有已送达的消息，请核对起止时间。';
        throw new Problem(422, 'nothing-to-replay', says, { field: after > 0 ? 'after' : 'from' });
      }
      const messages = delivered.map((before) => ({
        before,
        after: { ...before, state: 'again' as const, receiver: receiverOf(subscription) },
      }));
      const through = delivered.at(-1)?.number ?? after;
      const answer = {
        says: `${messages.length} 条消息将以原编号按顺序再发一次。${isMore ? `这段时间还有：请再提交一次，after 填 ${through}。` : ''}`,
        look: lookAt(subscription.id),
        messages: messages.length,
        isMore,
        after: through,
      };
      const asked: OutboxFact = { type: 'ReplayAsked', data: { from, until, messages: messages.length } };
      return ask(request, stored, [asked], answer, { messages });
    },

    async redriveDeliveries(request: Request<typeof redriveDeliveries>) {
      const stored = await standing(request, 'ReplayMessages', request.params.id);
      const { subscription } = stored;
      refuseFault(decide.testFault(subscription));
      const dead = await deadOf(subscription.id);
      if (dead.length === 0) throw new Problem(409, 'nothing-dead', '没有未能送达的提醒，无需重新投递。');
      const steps = dead.slice(0, MOST_DELIVERIES).map((before) => ({ before, after: again(before, subscription, request.at) }));
      const answer = {
        says: `${steps.length} 条提醒将重新投递，其间已办结的不再发送。`,
        look: lookAt(subscription.id),
        reminders: steps.length,
        isMore: dead.length > MOST_DELIVERIES,
      };
      const asked: OutboxFact = { type: 'RedriveAsked', data: { reminders: steps.length } };
      return ask(request, stored, [asked], answer, { deliveries: steps });
    },

    async readFeed({ params: { id }, query: { after, limit }, caller }: Request<typeof readFeed>) {
      const { subscription } = await found(deps, caller, 'ReadFeed', id);
      refuseSent(subscription);
      const read = await deliveries.messages(id, limit + 1, after);
      if (read.length === 0 && after > 0) await refuseFar(id, after, 'after');
      const messages = untilUnready(read).slice(0, limit);
      const bytes = read.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
      const isMore = read.length > limit || bytes > FULL_BYTES;
      return {
        messages: messages.map((message) => ({ number: message.number, id: messageId(message), body: JSON.parse(message.body) })),
        after: messages.at(-1)?.number ?? after,
        isMore,
        pollAfterSeconds: isMore ? 0 : POLL_SECONDS,
      };
    },

    async confirmRead(request: Request<typeof confirmRead>) {
      const { message } = request.body;
      const stored = await standing(request, 'ReadFeed', request.params.id);
      refuseSent(stored.subscription);
      const { last, readThrough = 0 } = await refuseFar(request.params.id, message, 'message');
      const answer = { readThrough: Math.max(readThrough, message), lastMessage: last };
      const isNews = message > readThrough;
      return ask(request, stored, isNews ? [{ type: 'FeedRead', data: { through: message } }] : [], answer, {});
    },
  };
}

/** When a test should arrive, and what may hold it up. A test goes past whatever rests, unless too much does. */
function expectationOf({ channel }: Subscription, receiver: Receiver | undefined, at: Instant): string {
  const { isPulled, limits } = channelOfKind(channel);
  if (isPulled) return '测试消息一分钟内放入，由对方来取。';
  if (receiver === undefined) return '测试消息已交付发送，一分钟内应当收到。';
  const { failures, failingSince, lastFailure, underway, resting = [] } = receiver;
  const says = lastFailure === undefined ? '' : `（${lastFailure.says}）`;
  const fails =
    failures === 0 || failingSince === undefined ? '' : `${momentZh(failingSince, at)} 起连续失败 ${failures} 次${says}`;
  if (!hasPlace(receiver, 'urgent')) {
    return `测试消息暂不发送：有 ${resting.length} 条消息正在等待重试${fails && `，${fails}`}；其中有送达或结束的以后再发。`;
  }
  const free = roomAt(receiver, limits, at);
  if (free >= plusMs(at, MINUTE_MS))
    return `测试消息要等到 ${momentZh(free, at)} 以后发送：平台限流，或发送次数已达上限${fails && `；${fails}`}。`;
  if (fails) return `测试消息将立即试发一次，但可能收不到：${fails}。请查看结果。`;
  return `测试消息已交付发送，${underway === undefined ? '' : '排在正在发送的一条之后，'}一分钟内应当收到。`;
}

/** Waits anew, for wherever the subscription goes now. */
const again = ({ reminder, due: _, ...delivery }: Delivery, subscription: Subscription, at: Instant): Delivery => ({
  subscription: delivery.subscription,
  to: toldTo(subscription),
  reminder,
  receiver: receiverOf(subscription),
  due: at,
  state: 'waiting',
});

/** None is shown before those before it. */
const untilUnready = (messages: readonly Message[]): readonly Message[] => {
  const first = messages.findIndex(({ state }) => state === 'ready');
  return first < 0 ? messages : messages.slice(0, first);
};

function refuseSent({ channel, id }: Subscription): void {
  if (channelOfKind(channel).isPulled) return;
  throw new Problem(409, 'not-a-feed', `这个渠道的消息由系统发送，不用来取；投递情况见 GET ${lookAt(id)}。`);
}

function refusePeriod(from: Instant, until: Instant): void {
  if (from >= until) throw new Problem(422, 'period-backwards', '结束时间应晚于开始时间。', { field: 'until' });
  if (epochMs(until) - epochMs(from) > REPLAYED_DAYS * DAY_MS) {
    throw new Problem(422, 'period-too-long', `一次最多重发 ${REPLAYED_DAYS} 天的消息，请缩短时段、分次重发。`, {
      field: 'from',
    });
  }
}
