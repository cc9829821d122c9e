/** What rests holds nobody up: an urgent reminder is told in its time whatever fails, is throttled or waits for the morning before it. */
import { epochMs, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Outcome } from '../../shared/domain/receiver.ts';
import { Messaging, MORNING, minutes, robot, sub } from '../support/messaging.ts';

const BROKEN: Outcome = { is: 'failed', says: '503' };
const WELL: Outcome = { is: 'delivered' };
const told = async (world: Messaging, no: number, name: string) => (await world.became(no))[name];

test('an order goes past a digest that rests for hours, of the same subscription or of another on the same robot', async () => {
  const world = new Messaging();
  for (const no of [1, 2]) await world.subscribe(no, { receiver: robot(1), channel: 'webhook' });
  await world.remind(1, ['poison']);
  world.answers(1, ({ body }) => (body.includes('poison') ? BROKEN : WELL));
  await world.live(MORNING, minutes(60));
  for (const no of [1, 2]) await world.remind(no, ['order'], minutes(61), true);
  await world.remind(2, ['plain'], minutes(61));
  await world.remind(1, ['behind'], minutes(61));
  await world.live(minutes(61), minutes(62));
  expect([await told(world, 1, 'order'), await told(world, 2, 'order'), await told(world, 2, 'plain')]).toEqual([
    'told 2',
    'told 1',
    'told 2',
  ]);
  // Nothing of the same subscription passes its own digest but what is urgent.
  expect(await told(world, 1, 'behind')).toBe('waiting');
  expect((await world.receivers.load(robot(1)))?.receiver).toMatchObject({
    failures: 0,
    resting: [{ message: 1, turn: 'other' }],
  });
});

test('an order goes in quiet hours while what was throttled before them waits for the morning, with what is replayed', async () => {
  const evening = instant('2026-06-03T21:57:30+08:00');
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['told'], minutes(-5, evening));
  await world.live(minutes(-5, evening), minutes(-4, evening));
  await world.remind(1, ['digest', 'order?'], evening);
  world.answers(1, { is: 'throttled', says: '45009', forMs: 180_000 });
  await world.compose(evening);
  await world.send(evening);
  world.answers(1, WELL);
  await world.live(evening, minutes(10, evening));
  const [first] = await world.messages(1);
  if (first !== undefined) await world.replay(first, minutes(11, evening));
  await world.remind(1, ['order'], minutes(30, evening), true);
  await world.live(minutes(11, evening), minutes(31, evening));
  expect(await world.became(1)).toMatchObject({ told: 'told 1', digest: 'waiting', order: 'told 3' });
  expect(world.arrivals.filter(({ at }) => at > minutes(3, evening))).toHaveLength(1);
  await world.live(minutes(31, evening), instant('2026-06-04T07:05:00+08:00'));
  expect(await told(world, 1, 'digest')).toBe('told 2');
  expect((await world.messages(1))[0]).toMatchObject({ state: 'delivered', again: 1 });
});

test('a receiver that has no room and says that it has some again at once is asked once a minute, and after an hour somebody is told', async () => {
  const world = new Messaging();
  await world.subscribe(1, { channel: 'webhook' });
  await world.remind(1, ['a'], MORNING, true);
  let asked = 0;
  world.answers(1, () => {
    asked += 1;
    return { is: 'throttled', says: '429', forMs: 0 };
  });
  await world.live(MORNING, minutes(90));
  expect(asked).toBeLessThanOrEqual(91);
  expect((await world.ledger(1)).map(({ type }) => type)).toEqual(['ReceiverFailing']);
});

test('what may have arrived and is done before it is tried again is dropped with a trace of that', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a']);
  world.answers(1, 'lost');
  await world.live(MORNING, minutes(1));
  world.done.add('a');
  world.answers(1, WELL);
  await world.live(minutes(1), minutes(5));
  expect(await world.ledger(1)).toMatchObject([
    { type: 'RemindersDropped', data: { message: 1, attempts: 1, perhapsArrived: true, reminders: [{ id: 'LIST#a' }] } },
  ]);
});

test('what quiet hours hold hides nothing that they do not, however much it is', async () => {
  const night = instant('2026-06-03T22:30:00+08:00');
  const world = new Messaging();
  await world.subscribe(1, { receiver: robot(1) });
  await world.subscribe(2, { receiver: robot(1), quiet: { from: '03:00', until: '03:01' } });
  await world.remind(
    1,
    Array.from({ length: 290 }, (_, no) => `held ${no}`),
    minutes(-60, night),
  );
  await world.remind(2, ['free'], minutes(-1, night));
  await world.live(night, minutes(2, night));
  expect(await told(world, 2, 'free')).toBe('told 1');
  expect((await world.compose(minutes(3, night))).next).toBe(instant('2026-06-04T07:01:00+08:00'));
});

test('one that cannot be asked about is told as it was, and holds up no other', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a', 'b', 'done']);
  world.done.add('done');
  const { has } = world.done;
  world.done.has = (name) => {
    if (name === 'a') throw new Error('the table is too busy');
    return has.call(world.done, name);
  };
  await world.settle(MORNING);
  expect(await world.became(1)).toEqual({ a: 'told 1', b: 'told 1', done: 'dropped done' });
  expect(world.failed.map(String)).toEqual([expect.stringContaining('told as it was')]);
});

test('two who redrive at once redrive each reminder once', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a', 'b'], MORNING, true);
  world.answers(1, { is: 'gone', says: '410' });
  await world.settle(MORNING);
  await world.change(1, { type: 'SubscriptionEnabled', data: {} });
  const counts = await Promise.all([world.redrive(1, minutes(1)), world.redrive('all', minutes(1))]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect((await world.deliveries.outbox(sub(1))).outbox.dead).toBe(0);
});

test('what waits without a message is late also at a receiver that fails', async () => {
  const world = new Messaging();
  for (let no = 1; no <= 21; no++) {
    await world.subscribe(no, { receiver: robot(1), channel: 'webhook' });
    await world.remind(no, ['a']);
  }
  world.answers(1, BROKEN);
  await world.settle(MORNING);
  const at = plusMs(MORNING, 4_000);
  expect((await world.receivers.load(robot(1)))?.receiver.resting).toHaveLength(20);
  const { measured } = await world.compose(at);
  expect(measured.get('webhook')?.OldestWaitingSeconds).toEqual([(epochMs(at) - epochMs(MORNING)) / 1000]);
});
