/** What lies in the Channels table, by the doors of its stores: what is written at once, and who loses a race. */
import { CommandRepeated, StaleVersion } from '../../shared/data/commit.ts';
import { type DeliveryChange, dynamoDeliveryStore, MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoOpeningCursors, dynamoReminderCursor } from '../../shared/data/reminder-cursor.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { epochMs, type Instant, instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { commandId, countyCode, personId, receiverId, subscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { Receiver } from '../../shared/domain/receiver.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import type { Subscription, SubscriptionScope } from '../../shared/domain/subscription.ts';
import { memoryTables } from '../support/memory-tables.ts';

const COUNTY = countyCode('533102');
const NOON = instant('2026-06-03T04:00:00.000Z');
const USCC = creditCode('91350100M000100Y43');
const SUB = subscriptionId('0123456789abcdef0123');
const OTHER = subscriptionId('fedcba98765432100123');
const ROBOT = receiverId('0123456789abcdef0123456789abcdef');
const occasion = { at: NOON, county: COUNTY, actor: { id: personId('system'), role: 'system' } } as const;
const minutes = (count: number): Instant => plusMs(NOON, count * 60_000);

const subscriptions = dynamoSubscriptionStore(COUNTY);
const receivers = dynamoReceiverStore(COUNTY);
const deliveries = dynamoDeliveryStore(COUNTY);
let tables = memoryTables();
beforeEach(() => {
  tables = memoryTables();
});

const subscription = (scope: SubscriptionScope, id = SUB): Subscription => ({
  id,
  county: COUNTY,
  name: '一车间班组群',
  channel: 'wecom',
  scope,
  kinds: ['checks-due'],
  language: 'zh-CN',
  mentions: { users: [], everybody: false },
  receiver: ROBOT,
  host: 'qyapi.weixin.qq.com',
  state: 'active',
  madeBy: personId('wang'),
  madeAt: NOON,
});
const ENTERPRISE = subscription({ of: 'enterprise', uscc: USCC });
const made = (after: Subscription, address?: string) => {
  const { county: _, madeBy: __, madeAt: ___, state: ____, ...data } = after;
  const fact = { type: 'SubscriptionMade', data } as const;
  return { after, facts: [fact], ifVersion: 0, occasion, ...(address !== undefined && { address }) };
};

const reminder = (no: number, isUrgent = false): Reminder => ({
  id: `HAZ#O${String(no).padStart(13, '0')}:1`,
  kind: isUrgent ? 'hazard-major' : 'hazard-reported',
  county: COUNTY,
  at: NOON,
  audience: { roles: ['safety-manager'], owner: enterpriseOwner(USCC) },
  about: `HAZ#O${String(no).padStart(13, '0')}`,
  isUrgent,
  content: { of: 'test', name: '一车间班组群' },
});
type Waiting = Delivery & { readonly state: 'waiting' };
const waiting = (no: number, due = NOON, isUrgent = false): Waiting => ({
  subscription: SUB,
  reminder: reminder(no, isUrgent),
  receiver: ROBOT,
  due,
  state: 'waiting',
});
const told = ({ subscription: of, receiver, due, reminder: what }: Delivery, message: number): Delivery => ({
  ...{ subscription: of, receiver, due, reminder: what },
  ...{ state: 'told', message, endedAt: NOON },
});
const message = (number: number, about: readonly Delivery[]): Message => ({
  subscription: SUB,
  number,
  receiver: ROBOT,
  reminders: about.map((each) => each.reminder.id),
  madeAt: minutes(number),
  state: 'ready',
  attempts: 0,
  body: '{"msgtype":"text"}',
});
const robot: Receiver = { id: ROBOT, channel: 'wecom', grants: [], failures: 0 };
const underway = (due: Instant): Receiver => ({
  ...robot,
  underway: {
    ...{ subscription: SUB, message: 1, turn: 'other', attempt: 1, counted: 0, since: NOON },
    phase: 'released',
    at: NOON,
    due,
  },
});
const delivered = (number: number, about: readonly Delivery[]): OutboxFact => ({
  type: 'MessageDelivered',
  data: {
    message: number,
    attempts: 1,
    reminders: about.map(({ reminder: { id, kind, about: what } }) => ({ id, kind, about: what })),
    sha256: '0'.repeat(64),
  },
});

/** Message 1 with these reminders was taken by its receiver. */
async function settling(about: readonly Delivery[], ifRev: number): Promise<DeliveryChange> {
  const before = message(1, about);
  return {
    ...{ occasion, keptDays: 400 },
    deliveries: about.map((each) => ({ before: each, after: told(each, 1) })),
    messages: [{ before, after: { ...before, state: 'delivered', attempts: 1, endedAt: NOON } }],
    outbox: { before: await deliveries.outbox(SUB), facts: [delivered(1, about)] },
    receiver: { after: { ...robot, lastDelivered: NOON }, ifRev },
  };
}

async function released(about: readonly Waiting[]): Promise<number> {
  for (const each of about) await deliveries.add(each);
  await deliveries.save({
    ...{ occasion, keptDays: 400 },
    messages: [{ after: message(1, about) }],
    receiver: { after: underway(minutes(2)), ifRev: 0 },
  });
  return 1;
}

/** What goes by itself, and when. */
function expiring(): unknown[] {
  const all = JSON.parse(tables.snapshot()) as [string, [string, Record<string, unknown>][]][];
  const items = all.flatMap(([, each]) => each.map(([, item]) => item));
  return items.flatMap(({ sk, expires }) => (expires === undefined ? [] : [[sk, expires]])).sort();
}

describe('subscriptions', () => {
  test('are found by their scopes until they end; an address stands beside and goes with the end', async () => {
    const county = subscription({ of: 'county' }, OTHER);
    await subscriptions.save(made(ENTERPRISE, 'c2VhbGVk'));
    await subscriptions.save(made(county));
    expect(await subscriptions.load(SUB)).toEqual({ subscription: ENTERPRISE, version: 1 });
    expect(await receivers.sealedAddress(SUB)).toBe('c2VhbGVk');
    expect(await receivers.sealedAddress(OTHER)).toBeUndefined();
    const found = await subscriptions.ofScopes([enterpriseOwner(USCC), 'COUNTY', 'PERSON:zhao']);
    expect(found.map((each) => each.subscription.id)).toEqual([SUB, OTHER]);

    const ended = { ...ENTERPRISE, state: 'ended' } as const;
    await subscriptions.save({ after: ended, facts: [{ type: 'SubscriptionEnded', data: {} }], ifVersion: 1, occasion });
    expect(await subscriptions.ofScopes([enterpriseOwner(USCC)])).toEqual([]);
    expect(await receivers.sealedAddress(SUB)).toBeUndefined();
    const first = await subscriptions.page(1);
    expect(first.items).toEqual([{ subscription: ended, version: 2 }]);
    expect((await subscriptions.page(1, first.cursor)).items).toEqual([{ subscription: county, version: 1 }]);
    expect((await dynamoLedgerStore.ofSubject(`SUB#${SUB}`, 10)).events.map(({ type }) => type)).toEqual([
      'SubscriptionMade',
      'SubscriptionEnded',
    ]);
  });

  test('of two who change the same version one has to look again, and the address is that of the other', async () => {
    const rotated = (address: string) =>
      subscriptions.save({
        ...{ after: ENTERPRISE, ifVersion: 1, occasion, address },
        facts: [{ type: 'SecretRotated', data: { until: minutes(60) } }],
      });
    await subscriptions.save(made(ENTERPRISE, 'first'));
    await rotated('second');
    await expect(rotated('third')).rejects.toThrow(StaleVersion);
    expect(await receivers.sealedAddress(SUB)).toBe('second');
  });

  test('the same command again is known, and writes nothing', async () => {
    const command = {
      by: personId('wang'),
      id: commandId('make-one-0001'),
      requestHash: 'a',
      answer: {},
      keptUntil: instant('2099-01-01T00:00:00+08:00'),
    };
    await subscriptions.save({ ...made(ENTERPRISE), command });
    await expect(subscriptions.save({ ...made(ENTERPRISE), command })).rejects.toThrow(CommandRepeated);
  });
});

test('of two who write a receiver at the same revision one wins, also the first time', async () => {
  const outcomes = await Promise.allSettled([receivers.put(robot, 0), receivers.put({ ...robot, failures: 1 }, 0)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await receivers.load(ROBOT)).toEqual({ receiver: robot, rev: 1 });
  expect(await receivers.put({ ...robot, failures: 2 }, 1)).toEqual({ receiver: { ...robot, failures: 2 }, rev: 2 });
  await expect(receivers.put(robot, 1)).rejects.toThrow(StaleVersion);
});

test('the cursor of deadlines only goes on', async () => {
  const cursor = dynamoReminderCursor(COUNTY);
  expect(await cursor.load()).toBeUndefined();
  for (const at of [minutes(5), minutes(10), minutes(5)]) await cursor.advance(at);
  expect(await cursor.load()).toBe(minutes(10));
  // Each cadence has its own.
  const opened = dynamoOpeningCursors(COUNTY);
  await opened('day').advance(minutes(15));
  expect([await opened('day').load(), await opened('week').load(), await cursor.load()]).toEqual([
    minutes(15),
    undefined,
    minutes(10),
  ]);
});

describe('deliveries', () => {
  test('the same reminder to the same subscription is one, also after it was told', async () => {
    expect(await deliveries.add(waiting(1))).toBe(true);
    expect(await deliveries.add(waiting(1, minutes(9)))).toBe(false);
    const rev = await released([waiting(1)]);
    await deliveries.save(await settling([waiting(1)], rev));
    expect(await deliveries.add(waiting(1))).toBe(false);
    expect((await deliveries.load(SUB, [reminder(2).id, reminder(1).id])).map(({ state }) => state)).toEqual(['told']);
  });

  test('who has to be looked at up to an instant: for whom something waits, or is under way, or is to be sent again', async () => {
    await deliveries.add(waiting(1, minutes(1)));
    await deliveries.add(waiting(2, minutes(3)));
    await receivers.put(underway(minutes(2)), 0);
    const page = await deliveries.due(minutes(2), 1);
    expect(page.items).toEqual([{ receiver: ROBOT, due: minutes(1) }]);
    expect(await deliveries.due(minutes(2), 9, page.cursor)).toEqual({ items: [{ receiver: ROBOT, due: minutes(2) }] });
    expect(await deliveries.nextDue(minutes(2))).toBe(minutes(3));
    expect(await deliveries.nextDue(minutes(3))).toBeUndefined();
  });

  test('for a receiver urgent ones come first, then what waits longest; nothing that is not due', async () => {
    for (const [no, due] of [2, 0, 1, 9].entries()) await deliveries.add(waiting(no, minutes(due)));
    await deliveries.add(waiting(7, minutes(2), true));
    const numbers = (await deliveries.waitingFor(ROBOT, minutes(2), 9)).map((each) => each.reminder.id);
    expect(numbers).toEqual([7, 1, 2, 0].map((no) => reminder(no).id));
    expect(await deliveries.waitingFor(ROBOT, minutes(2), 2)).toHaveLength(2);
  });

  test('what an index still shows when it has ended is not answered', async () => {
    await deliveries.add(waiting(1));
    const stale = tables.snapshot();
    const rev = await released([waiting(2)]);
    await deliveries.save(await settling([waiting(1), waiting(2)], rev));
    // The index as it was a moment ago: its keys, with what the table holds now.
    const now = JSON.parse(tables.snapshot()) as [string, [string, Record<string, unknown>][]][];
    const then = JSON.parse(stale) as typeof now;
    const keys = new Map(then.flatMap(([, items]) => items));
    const lagging = now.map(([name, items]) => [
      name,
      items.map(([key, item]) => {
        const { waiting: partition, turn } = keys.get(key) ?? {};
        return [key, { ...item, ...(partition !== undefined && { waiting: partition, turn }) }];
      }),
    ]);
    tables.restore(JSON.stringify(lagging));
    expect(await deliveries.waitingFor(ROBOT, minutes(2), 9)).toEqual([]);
  });

  test('are listed by subscription, by state, and by what they are about', async () => {
    const rev = await released([waiting(1), waiting(2)]);
    await deliveries.add({ ...waiting(1), subscription: OTHER });
    await deliveries.save(await settling([waiting(1)], rev));
    const first = await deliveries.ofSubscription(SUB, 1);
    expect(first.items).toEqual([told(waiting(1), 1)]);
    expect((await deliveries.ofSubscription(SUB, 9, first.cursor)).items).toEqual([waiting(2)]);
    expect((await deliveries.ofSubscription(SUB, 9, undefined, 'waiting')).items).toEqual([waiting(2)]);
    const about = await deliveries.about(reminder(1).about, 9);
    expect(about.items.map((each) => [each.subscription, each.state])).toEqual([
      [SUB, 'told'],
      [OTHER, 'waiting'],
    ]);
  });
});

describe('what happens at once', () => {
  test('eighty reminders are told by one message in one transaction, which also disables the subscription', async () => {
    const all = Array.from({ length: MOST_DELIVERIES }, (_, no) => waiting(no));
    await subscriptions.save(made(ENTERPRISE));
    const rev = await released(all);
    const disabled = { ...ENTERPRISE, state: 'disabled', disabled: { because: '410', at: NOON } } as const;
    await deliveries.save({
      ...(await settling(all, rev)),
      state: { after: disabled, facts: [{ type: 'SubscriptionDisabled', data: { because: '410' } }], ifVersion: 1 },
    });
    const { outbox, version } = await deliveries.outbox(SUB);
    expect([outbox.told, version]).toEqual([MOST_DELIVERIES, 1]);
    expect((await subscriptions.load(SUB))?.subscription.state).toBe('disabled');
    expect((await receivers.load(ROBOT))?.receiver.underway).toBeUndefined();
    expect((await dynamoLedgerStore.ofSubject(`SENT#${SUB}`, 9)).events).toMatchObject([
      { type: 'MessageDelivered', sequence: 1 },
    ]);
    expect((await deliveries.message(SUB, 1))?.state).toBe('delivered');
  });

  test('of two who settle the same answer one does, and nothing is counted twice', async () => {
    const rev = await released([waiting(1)]);
    const change = await settling([waiting(1)], rev);
    const outcomes = await Promise.allSettled([deliveries.save(change), deliveries.save(change)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await deliveries.outbox(SUB)).outbox.told).toBe(1);
  });

  test('a sender who wrote the receiver meanwhile is not overtaken: nothing of the change is written', async () => {
    const rev = await released([waiting(1)]);
    const change = await settling([waiting(1)], rev);
    await receivers.put({ ...underway(minutes(2)), failures: 1 }, rev);
    await expect(deliveries.save(change)).rejects.toThrow(StaleVersion);
    expect(await deliveries.load(SUB, [reminder(1).id])).toEqual([waiting(1)]);
    expect((await deliveries.message(SUB, 1))?.state).toBe('ready');
  });

  test('what the facts of an outbox say is counted with them, once', async () => {
    const { id, kind, about } = reminder(1);
    const dropped: OutboxFact = { type: 'RemindersDropped', data: { reminders: [{ id, kind, about, because: 'done' }] } };
    const before = await deliveries.outbox(SUB);
    const dropping: DeliveryChange = { occasion, keptDays: 400, outbox: { before, facts: [dropped] } };
    await deliveries.save(dropping);
    await expect(deliveries.save(dropping)).rejects.toThrow(StaleVersion);
    expect(await deliveries.outbox(SUB)).toMatchObject({ version: 1, outbox: { dropped: 1 } });
  });

  test('a message that is sent again waits at its receiver until it has its end; what ended goes after its days, what waits does not', async () => {
    const rev = await released([waiting(1), waiting(2)]);
    await deliveries.save(await settling([waiting(1)], rev));
    const ended = await deliveries.message(SUB, 1);
    if (ended === undefined) throw new Error('the message is lost');
    const until = epochMs(plusDays(NOON, 400)) / 1000;
    expect(expiring()).toEqual([
      ['MSG#0000000001', until],
      [`SENT#${reminder(1).id}`, until],
    ]);
    const again: Message = { ...ended, state: 'again', again: 1 };
    await deliveries.save({
      ...{ occasion: { ...occasion, at: minutes(5) }, keptDays: 400 },
      messages: [{ before: ended, after: again }],
    });
    expect(expiring()).toEqual([[`SENT#${reminder(1).id}`, until]]);
    expect(await deliveries.againFor(ROBOT, minutes(4), 9)).toEqual([]);
    expect(await deliveries.againFor(ROBOT, minutes(5), 9)).toEqual([again]);
    await expect(
      deliveries.save({
        ...{ occasion, keptDays: 400 },
        messages: [{ before: ended, after: again }],
      }),
    ).rejects.toThrow(StaleVersion);
  });

  test('messages are read on from a number', async () => {
    await deliveries.save({
      ...{ occasion, keptDays: 400 },
      messages: [1, 2, 3, 10].map((number) => ({ after: message(number, []) })),
    });
    const numbers = (found: readonly Message[]) => found.map(({ number }) => number);
    expect(numbers(await deliveries.messages(SUB, 2))).toEqual([1, 2]);
    expect(numbers(await deliveries.messages(SUB, 9, 2))).toEqual([3, 10]);
  });
});
