/**
 * Reminders on their way through the code that is deployed, in a simulated time: composers and senders that die and stop anywhere, queues
 * that deliver twice, late and in another order, tables that are busy, robots that break, hang, throttle and answer too late.
 */
import { composeMessages } from '../../functions/compose-messages/compose-messages.ts';
import type { ComposeDependencies } from '../../functions/compose-messages/lane.ts';
import { type Sending, sendMessage } from '../../functions/send-message/send-message.ts';
import { channelOf } from '../../shared/channels/all.ts';
import type { Address, HttpRequest } from '../../shared/channels/channel.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import type { Reply } from '../../shared/data/outbound.ts';
import { dynamoReceiverStore, type ReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { epochMs, type Instant, instant, instantAt, plusMs } from '../../shared/domain/calendar.ts';
import {
  countyCode,
  department,
  drawPeriod,
  personId,
  type ReceiverId,
  receiverId,
  subscriptionId,
} from '../../shared/domain/ids.ts';
import { messageId, type Shipment } from '../../shared/domain/message.ts';
import { SEND_TIMEOUT_MS } from '../../shared/domain/receiver.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import type { StandingSources } from '../../shared/domain/still-stands.ts';
import { receiverOf, type Subscription } from '../../shared/domain/subscription.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { memoryTables } from './memory-tables.ts';
import { dingtalkRobot } from './receivers/dingtalk.ts';
import type { Robot } from './receivers/platform.ts';
import { webhookEndpoint } from './receivers/standard-webhooks.ts';
import { wecomRobot } from './receivers/wecom.ts';
import { type Ended, simulatedTime } from './simulated-time.ts';

export const county = countyCode('533102');
export const START = instant('2026-06-01T09:01:00+08:00');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SECRET = `whsec_${'c2VjcmV0'.repeat(4)}`;
/** As the queues have it: what was not done is delivered again after so long, so many times in all. */
const VISIBILITY_MS = 3 * MINUTE_MS;
const TRIES = 3;
/** The schedule calls each minute. After these, minutes are left out for which a call said that nothing is due before. */
const LEAST_CALLS = 5;

/** A robot or endpoint, with what goes wrong there. */
interface Place {
  readonly channel: string;
  readonly url: string;
  readonly robot: Robot;
  readonly receiver: ReceiverId;
  /** Until then nothing works; absent: it never did not. */
  readonly brokenUntil?: Instant;
  /** From then on it is no more. */
  readonly goneFrom?: Instant;
}

/** What a robot was sent. */
export interface Arrival {
  readonly message: string;
  readonly at: Instant;
  readonly isTaken: boolean;
  /** The platform found that it was too many. */
  readonly isOver: boolean;
}

export interface Simulated {
  readonly reminders: readonly { readonly subscription: Subscription; readonly reminder: Reminder }[];
  readonly arrivals: readonly Arrival[];
  /** When it was written down that a message was delivered. */
  readonly known: ReadonlyMap<string, readonly Instant[]>;
  /** How often an attempt was begun. */
  readonly begun: ReadonlyMap<string, number>;
  readonly ended: Instant;
  readonly seen: Readonly<Record<Ended | 'twice' | 'late' | 'again', number>>;
}

const numbered = (kind: string, no: number, width: number): string => `${kind}${String(no).padStart(width - kind.length, '0')}`;

const reminderOf = (no: number, at: Instant, isUrgent: boolean): Reminder => ({
  ...{ id: `DRAW#YJJ#${no}:1`, kind: 'draw-trouble', county, at, about: `DRAW#YJJ#${no}`, isUrgent },
  audience: { roles: ['committee-officer'] },
  content: {
    ...{ of: 'draw', authority: department('YJJ'), authorityName: '市应急管理局', kind: 'RANDOM.RED' },
    ...{ period: drawPeriod('2026-07'), trouble: { type: 'RoundMissing', says: '未能取得随机数' } },
  },
});

/** Nothing here is ever done before it is told. */
const unasked = (): Promise<never> => Promise.reject(new Error('nobody asks that here'));
const sources: StandingSources = {
  ...{ page: unasked, exceptions: unasked, isListHandedIn: unasked, hazard: unasked, task: unasked, draw: unasked },
  ...{ drawOf: unasked, gridTarget: unasked, subscription: unasked, receiver: unasked },
};

function placesOf(chance: () => number): readonly Place[] {
  const receiver = (no: number): ReceiverId => receiverId(numbered('a', no, 32));
  const webhook = (no: number) => ({
    channel: 'webhook',
    url: `https://app${no}.example.cn/`,
    robot: webhookEndpoint([SECRET]),
    receiver: receiver(no),
  });
  const broken = [0, HOUR_MS, 9 * HOUR_MS, 1_000 * HOUR_MS][Math.floor(chance() * 4)] ?? 0;
  return [
    {
      channel: 'wecom',
      url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1',
      robot: wecomRobot(),
      receiver: receiver(1),
    },
    {
      ...{ channel: 'dingtalk', url: 'https://oapi.dingtalk.com/robot/send?access_token=1', robot: dingtalkRobot({}) },
      receiver: receiver(2),
    },
    { ...webhook(3), brokenUntil: plusMs(START, broken) },
    { ...webhook(4), goneFrom: plusMs(START, MINUTE_MS) },
  ];
}

/** So many subscriptions of each place: more than its robot takes in a minute, of the first. */
const SUBSCRIPTIONS = [22, 2, 2, 1];

export async function simulateDelivery(seed: number): Promise<Simulated> {
  memoryTables();
  const time = simulatedTime(START, seed);
  const { chance } = time;
  const often = (share: number): boolean => chance() < share;
  const seen = { done: 0, failed: 0, died: 0, twice: 0, late: 0, again: 0 };
  const places = placesOf(chance);
  const arrivals: Arrival[] = [];
  const known = new Map<string, Instant[]>();
  const begun = new Map<string, number>();

  const deliveries = dynamoDeliveryStore(county);
  const subscriptions = dynamoSubscriptionStore(county);
  const made: Subscription[] = [];
  const addresses = new Map<string, Address>();
  for (const [index, place] of [...places, undefined].entries()) {
    for (let no = 0; no < (SUBSCRIPTIONS[index] ?? 1); no++) {
      const id = subscriptionId(numbered(String(index), no, 20));
      const data = {
        ...{ id, name: `群${index}-${no}`, channel: place?.channel ?? 'feed', scope: { of: 'county' } as const },
        ...{ kinds: ['draw-trouble'] as const, language: 'zh-CN' as const, mentions: { users: [], everybody: false } },
        ...(place && { receiver: place.receiver, host: 'example' }),
      };
      const after: Subscription = { ...data, county, state: 'active', madeBy: personId('li'), madeAt: START };
      await subscriptions.save({
        ...{ after, facts: [{ type: 'SubscriptionMade', data }], ifVersion: 0, address: 'sealed' },
        occasion: { at: START, county, actor: { id: personId('li'), role: 'committee-officer' } },
      });
      made.push(after);
      if (place) addresses.set(id, { url: place.url, secrets: place.channel === 'webhook' ? [{ secret: SECRET }] : [] });
    }
  }

  // From here on whatever is asked of the tables takes its time, and now and then they are busy: before it was done, or after.
  const send: (command: never) => unknown = documentClient.send;
  const latency = (): number => (often(0.003) ? chance() * 4 * MINUTE_MS : chance() * 20);
  Object.assign(documentClient, {
    send: async (command: never) => {
      await time.wait(latency());
      if (often(0.003)) throw new Error('the tables are busy');
      const answer = await send(command);
      await time.wait(latency());
      if (often(0.003)) throw new Error('no answer came');
      return answer;
    },
  });

  const lives = (): number => (often(0.12) ? Math.floor(chance() * 40) : Number.POSITIVE_INFINITY);
  /** A queue: sooner or later, now and then twice, and again where it was not done. */
  const queued = (work: () => Promise<unknown>): void => {
    const deliver = (tries: number): void => {
      const late = often(0.05) ? chance() * 5 * MINUTE_MS : chance() * 1_500;
      if (late > 1_500) seen.late += 1;
      time.at(plusMs(time.now(), Math.floor(late)), () =>
        time.run(work, lives(), VISIBILITY_MS, (how) => {
          seen[how] += 1;
          if (how === 'done') return;
          callAt(time.now());
          if (tries < TRIES) deliver(tries + 1);
        }),
      );
    };
    deliver(1);
    if (often(0.15)) deliver(TRIES);
  };

  const compose = composeMessages({
    ...{ county, deliveries, subscriptions, receivers: dynamoReceiverStore(county), channelOf, appUrl: 'https://app.example.cn' },
    ...{ sources: () => sources, policyAt: (at) => policyFor(county, at), failed: () => undefined },
    shipments: {
      async send(shipment) {
        await time.wait(latency());
        if (shipment.attempt > 1) seen.again += 1;
        queued(() => sender(shipment));
      },
    },
  } satisfies ComposeDependencies);
  /** As its handler: who asks again asks for all of it. */
  const call = async (at: Instant, woken?: readonly ReceiverId[]): Promise<Instant | undefined> => {
    const outOfTime = (): boolean => time.sinceStart() > 50_000;
    const { failed, next } = await compose({ at, outOfTime, ...(woken && { woken }) });
    if (failed.length > 0) throw new Error('not all could be served');
    return next;
  };

  let calls = 0;
  const ticks = new Set<number>();
  /** The schedule's call of the first full minute from then on. */
  const callAt = (when: Instant): void => {
    const minute = Math.max(Math.ceil(epochMs(when) / MINUTE_MS), Math.floor(epochMs(time.now()) / MINUTE_MS) + 1);
    if (ticks.has(minute)) return;
    ticks.add(minute);
    const at = instantAt(minute * MINUTE_MS);
    const once = (): void => {
      calls += 1;
      let next: Instant | undefined;
      const work = async () => {
        next = await call(at);
      };
      time.run(work, lives(), MINUTE_MS, (how) => {
        seen[how] += 1;
        if (how !== 'done' || calls < LEAST_CALLS) callAt(time.now());
        if (next !== undefined) callAt(next);
      });
    };
    time.at(at, once);
    if (often(0.3)) {
      seen.twice += 1;
      time.at(plusMs(at, Math.floor(chance() * 3_000)), once);
    }
  };

  const stored = dynamoReceiverStore(county);
  /** The sender's own view: what it writes of its shipment is looked at. */
  const receiversFor = ({ subscription, message, attempt }: Shipment): ReceiverStore => ({
    ...stored,
    async put(receiver, ifRev) {
      const answer = await stored.put(receiver, ifRev);
      const { underway, resting = [] } = receiver;
      const own = [...(underway === undefined ? [] : [underway]), ...resting].find(
        (one) => one.subscription === subscription && one.message === message && one.attempt === attempt,
      );
      const name = messageId({ subscription, number: message });
      if (own !== undefined && own === underway && underway.phase === 'sending') {
        begun.set(`${name}/${attempt}`, (begun.get(`${name}/${attempt}`) ?? 0) + 1);
      }
      if (own?.outcome?.is === 'delivered') known.set(name, [...(known.get(name) ?? []), time.now()]);
      return answer;
    },
  });
  const unanswered: Reply = { is: 'unanswered', says: '接收端在规定时间内没有应答' };
  const post = async ({ url, headers, body }: HttpRequest, message: string): Promise<Reply> => {
    const place = places.find((one) => url.startsWith(one.url));
    const leftMs = (): number => SEND_TIMEOUT_MS - time.sinceStart();
    if (leftMs() <= 0 || place === undefined) return unanswered;
    const way = often(0.1) ? chance() * 20_000 : chance() * 800;
    if (way >= leftMs()) {
      await time.wait(leftMs());
      return unanswered;
    }
    await time.wait(Math.floor(way));
    const at = time.now();
    if (at < (place.brokenUntil ?? at)) return often(0.5) ? unanswered : { is: 'answered', answer: { status: 503, body: '' } };
    if (at >= (place.goneFrom ?? plusMs(at, 1))) return { is: 'answered', answer: { status: 410, body: '' } };
    if (often(0.05)) return { is: 'answered', answer: { status: 500, body: '' } };
    const arrival = { method: 'POST', url: new URL(url), headers, body: Buffer.from(body), at: epochMs(at) };
    const { status, code, answer, isTaken } = place.robot.judge(arrival);
    arrivals.push({ message, at, isTaken, isOver: code === 45009 || code === 130101 });
    const back = often(0.1) ? SEND_TIMEOUT_MS : chance() * 500;
    await time.wait(Math.floor(Math.min(back, Math.max(0, leftMs()))));
    return leftMs() <= 0 ? unanswered : { is: 'answered', answer: { status, body: answer } };
  };
  const sender = (shipment: Shipment): Promise<unknown> => {
    const name = messageId({ subscription: shipment.subscription, number: shipment.message });
    const sending: Sending = {
      ...{ receivers: receiversFor(shipment), channelOf, timeOf: time.now, patienceMs: SEND_TIMEOUT_MS, failed: () => undefined },
      async openAddress(_, subscription) {
        await time.wait(latency());
        return addresses.get(subscription) ?? { url: '', secrets: [] };
      },
      post: (request) => post(request, name),
      async wake({ receiver, at }) {
        await time.wait(latency());
        queued(() => call(at, [receiver]).then((next) => next && callAt(next)));
      },
    };
    return sendMessage(sending)(shipment);
  };

  const reminders: { subscription: Subscription; reminder: Reminder }[] = [];
  for (const subscription of made) {
    for (let no = 0; no < 1 + Math.floor(chance() * 2.4); no++) {
      const at = plusMs(START, Math.floor(often(0.5) ? 0 : chance() * 5 * MINUTE_MS));
      const reminder = reminderOf(reminders.length + 1, at, often(0.3));
      reminders.push({ subscription, reminder });
      const delivery = {
        subscription: subscription.id,
        reminder,
        receiver: receiverOf(subscription),
        due: at,
        state: 'waiting',
      } as const;
      // The bus tells it at least once, and its queue again until it was taken.
      const add = (): void =>
        time.run(
          () => deliveries.add(delivery),
          lives(),
          MINUTE_MS,
          (how) => {
            if (how !== 'done') add();
          },
        );
      time.at(at, add);
      if (often(0.2)) time.at(plusMs(at, 500), add);
    }
  }
  callAt(START);
  await time.toItsEnd();
  Object.assign(documentClient, { send });
  return { reminders, arrivals, known, begun, ended: time.now(), seen };
}
