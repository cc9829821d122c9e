/** What is sent once more, and what was on its way to an address that was replaced: nothing goes where nobody wants it any more. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { type Outcome, SCHEDULE_MS } from '../../shared/domain/receiver.ts';
import type { SubscriptionFact } from '../../shared/domain/subscription.ts';
import { Messaging, MORNING, minutes, robot, sub } from '../support/messaging.ts';

const BROKEN: Outcome = { is: 'failed', says: '503' };
const LATER = minutes(60 * 24 * 9);
const types = async (world: Messaging): Promise<string[]> => (await world.ledger(1)).map(({ type }) => type);

/** Told, and asked for once more; the address is another's by now, or it is no more. */
async function replayed(count: number): Promise<Messaging> {
  const world = new Messaging();
  await world.subscribe(1, { channel: 'webhook' });
  for (let no = 1; no <= count; no++) {
    await world.remind(1, [`r${no}`], minutes(no));
    await world.settle(minutes(no));
  }
  for (const message of [...(await world.messages(1))].reverse()) await world.replay(message, minutes(60));
  world.arrivals.length = 0;
  return world;
}

const CHANGES: readonly (readonly [string, SubscriptionFact])[] = [
  ['disabled', { type: 'SubscriptionDisabled', data: { because: '403' } }],
  ['ended', { type: 'SubscriptionEnded', data: {} }],
  ['moved', { type: 'AddressReplaced', data: { receiver: robot(7), host: 'hooks.example.cn' } }],
];

test.each(CHANGES)(
  'nothing is replayed to one that was %s meanwhile, before its first attempt or between two',
  async (_, fact) => {
    for (const isTried of [false, true]) {
      const world = await replayed(3);
      const requests: number[] = [];
      world.answers(1, ({ message }) => {
        requests.push(message);
        return BROKEN;
      });
      if (isTried) await world.settle(minutes(60));
      expect(requests).toHaveLength(isTried ? 1 : 0);
      await world.change(1, fact);
      await world.live(minutes(61), LATER);
      expect(requests).toHaveLength(isTried ? 1 : 0);
      expect(world.arrivals).toEqual([]);
      expect(await world.messages(1)).toMatchObject(
        Array.from({ length: 3 }, () => ({ state: 'delivered', because: expect.stringContaining('再次发送已取消') })),
      );
      expect((await types(world)).filter((type) => type === 'MessageDead' || type === 'ReceiverFailing')).toEqual([]);
      expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ told: 3, dead: 0 });
      expect((await world.receivers.load(robot(1)))?.receiver.underway).toBeUndefined();
    }
  },
);

test('a replay to an endpoint that is no more ends with the first request, and none of what was told is dead for it', async () => {
  const world = await replayed(20);
  let requests = 0;
  world.answers(1, () => {
    requests += 1;
    return { is: 'gone', says: '410' };
  });
  await world.live(minutes(60), LATER);
  expect(requests).toBe(1);
  expect((await types(world)).filter((type) => type !== 'MessageDelivered' && type !== 'ReplayAsked')).toEqual([
    'SubscriptionDisabled',
  ]);
  expect((await world.messages(1)).every(({ state }) => state === 'delivered')).toBe(true);
  expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ told: 20, dead: 0 });
});

test('a replay that nobody takes in all its attempts ends, with those behind it', async () => {
  const world = await replayed(4);
  const requests: number[] = [];
  world.answers(1, ({ message }) => {
    requests.push(message);
    return BROKEN;
  });
  await world.live(minutes(60), LATER);
  expect(requests).toEqual(Array(SCHEDULE_MS.length).fill(1));
  expect(await world.messages(1)).toMatchObject([
    { state: 'delivered', again: 1, because: '503' },
    ...Array.from({ length: 3 }, () => ({ state: 'delivered', because: expect.stringContaining('再次发送已取消') })),
  ]);
  expect((await types(world)).filter((type) => type === 'MessageDead')).toEqual([]);
});

test('messages are replayed in the order of their numbers', async () => {
  const world = await replayed(12);
  await world.settle(minutes(60));
  expect(world.arrivals.map(({ id }) => Number(id.split('_').at(-1)))).toEqual(Array.from({ length: 12 }, (_, no) => no + 1));
});

test.each([
  ['refused', { is: 'refused', says: '93000' }],
  ['gone', { is: 'gone', says: '410' }],
] as const)(
  'an address that was replaced is %s too late: nothing is disabled, and what was under way goes to the new one',
  async (_, outcome) => {
    for (const isReplay of [false, true]) {
      const world = new Messaging();
      await world.subscribe(1, { channel: 'webhook' });
      await world.remind(1, ['a']);
      if (isReplay) {
        await world.settle(MORNING);
        const [told] = await world.messages(1);
        if (told !== undefined) await world.replay(told, MORNING);
        world.arrivals.length = 0;
      }
      world.answers(1, outcome);
      await world.compose(MORNING);
      await world.send(MORNING);
      await world.change(1, { type: 'AddressReplaced', data: { receiver: robot(7), host: 'hooks.example.cn' } });
      await world.settle(minutes(1));
      expect((await world.subscriptions.load(sub(1)))?.subscription.state).toBe('active');
      expect(
        (await types(world)).filter((type) => !['MessageDelivered', 'ReplayAsked', 'AddressReplaced'].includes(type)),
      ).toEqual([]);
      expect(await world.became(1)).toEqual({ a: isReplay ? 'told 1' : 'told 2' });
      expect(world.arrivals.map(({ receiver }) => receiver)).toEqual(isReplay ? [] : [robot(7)]);
      expect((await world.messages(1)).map(({ state }) => state)).toEqual(isReplay ? ['delivered'] : ['dropped', 'delivered']);
    }
  },
);

test('a message that has had all its attempts at an address that was replaced goes to the new one, and is not dead', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a'], MORNING, true);
  let attempts = 0;
  world.answers(1, () => {
    attempts += 1;
    return BROKEN;
  });
  let at: Instant = MORNING;
  for (;;) {
    const { next } = await world.compose(at);
    await world.send(at);
    if (attempts === SCHEDULE_MS.length) break;
    at = (await world.compose(at)).next ?? next ?? LATER;
  }
  await world.change(1, { type: 'AddressReplaced', data: { receiver: robot(7), host: 'qyapi.weixin.qq.com' } });
  await world.settle(at);
  expect(await world.became(1)).toEqual({ a: 'told 2' });
  expect(await types(world)).not.toContain('MessageDead');
});
