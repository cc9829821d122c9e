/** What goes out, to whom, when and once, by the door of composing: over the real stores, with a sender and receivers beside it. */
import { instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Outcome } from '../../shared/domain/receiver.ts';
import { PATIENCE_MS, SCHEDULE_MS } from '../../shared/domain/receiver.ts';
import { Messaging, MORNING, minutes, robot, sub } from '../support/messaging.ts';

const names = (count: number, prefix = 'r'): string[] => Array.from({ length: count }, (_, no) => `${prefix}${no + 1}`);
const idsIn = (body: string): readonly string[] =>
  JSON.parse(body).data.items.flatMap(({ reminders }: { reminders: readonly { id: string }[] }) => reminders.map(({ id }) => id));
const BROKEN: Outcome = { is: 'failed', says: '503' };
const types = async (world: Messaging, no = 1): Promise<string[]> => (await world.ledger(no)).map(({ type }) => type);
const LATER = minutes(60 * 24 * 9);

test('all that is due of a subscription goes in one message, and is told once', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, names(5));
  expect(await world.compose(MORNING)).toMatchObject({ released: 1, told: 0, next: minutes(2) });
  await world.send(plusMs(MORNING, 3_000));
  const settled = await world.compose(plusMs(MORNING, 4_000), [robot(1)]);
  expect(settled).toMatchObject({ told: 5, dropped: 0, dead: 0, released: 0 });
  expect(settled.measured.get('wecom')).toEqual({ Delivered: [5], SecondsFromDue: [3, 3, 3, 3, 3] });
  expect(world.arrivals).toMatchObject([{ id: `msg_${sub(1)}_1` }]);
  expect(Object.values(await world.became(1))).toEqual(names(5).map(() => 'told 1'));
  expect(await world.ledger(1)).toMatchObject([{ type: 'MessageDelivered', data: { message: 1, attempts: 1 } }]);
  expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ last: 1, told: 5, dropped: 0, dead: 0 });
});

test('what finds nothing due asks once, and says when something will be', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['later'], minutes(7));
  const asked: string[] = [];
  const { due } = world.deliveries;
  world.deliveries.due = (...of) => {
    asked.push('due');
    return due(...of);
  };
  const writes = world.tables.writes();
  expect(await world.compose(MORNING)).toMatchObject({ told: 0, released: 0, next: minutes(7), failed: [] });
  expect(asked).toEqual(['due']);
  expect(world.tables.writes()).toBe(writes);
  await world.settle(minutes(7));
  expect((await world.compose(minutes(8))).next).toBeUndefined();
});

test('more than one message takes goes in the next, urgent ones first', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, names(82), minutes(-3));
  await world.remind(1, ['fire'], MORNING, true);
  await world.settle(MORNING);
  const messages = await world.messages(1);
  // What is urgent goes alone: nothing that fails for another's sake, or has to wait for the morning, holds it.
  expect(messages.map(({ reminders }) => reminders.length)).toEqual([1, 80, 2]);
  expect(messages[0]?.reminders).toEqual(['LIST#fire']);
  expect(world.arrivals.map(({ id }) => id)).toEqual([1, 2, 3].map((no) => `msg_${sub(1)}_${no}`));
});

test.each(['webhook', 'feed'])(
  'what %s has no room for goes in the next message, also where one has to be sent again',
  async (channel) => {
    const world = new Messaging();
    await world.subscribe(1, { channel });
    await world.remind(1, names(80));
    await world.remind(1, ['fire'], MORNING, true);
    let failures = 0;
    world.answers(1, () => (failures++ % 2 === 0 ? BROKEN : { is: 'delivered' }));
    await world.live(MORNING, minutes(30));
    const messages = await world.messages(1);
    const shown = messages.map(({ body }) => ({ ids: idsIn(body), bytes: Buffer.byteLength(body) }));
    expect(shown[0]?.ids).toContain('LIST#fire');
    expect(shown.flatMap(({ ids }) => ids).sort()).toEqual(['fire', ...names(80)].map((name) => `LIST#${name}`).sort());
    expect(messages.map(({ reminders }) => [...reminders].sort())).toEqual(shown.map(({ ids }) => [...ids].sort()));
    for (const { bytes } of shown) expect(bytes).toBeLessThanOrEqual(channel === 'webhook' ? 20_000 : 200_000);
    expect(Object.values(await world.became(1)).filter((end) => !end.startsWith('told'))).toEqual([]);
  },
);

test('subscriptions of one robot share its lane and its budget; nothing is lost for want of room', async () => {
  const world = new Messaging();
  for (const no of names(22).keys()) {
    await world.subscribe(no + 1, { receiver: robot(1) });
    await world.remind(no + 1, [`of ${no + 1}`]);
  }
  await world.settle(MORNING);
  expect(world.arrivals).toHaveLength(20);
  const { next, released } = await world.compose(MORNING);
  expect({ released, next }).toEqual({ released: 0, next: plusMs(MORNING, 60_001) });
  await world.live(MORNING, minutes(5));
  expect(world.arrivals).toHaveLength(22);
  expect(new Set(world.arrivals.map(({ id }) => id)).size).toBe(22);
});

test('a receiver that hangs, one that is blocked and one that throws cost the others nothing', async () => {
  const world = new Messaging();
  for (const no of [1, 2, 3, 4]) {
    await world.subscribe(no);
    await world.remind(no, ['a']);
  }
  world.answers(1, 'lost');
  world.answers(2, { is: 'throttled', says: '45009', forMs: 600_000 });
  const { load } = world.receivers;
  world.receivers.load = (id) => (id === robot(3) ? Promise.reject(new Error('the table is too busy')) : load(id));
  await world.compose(MORNING);
  await world.send(MORNING);
  const came = await world.compose(MORNING);
  expect(came).toMatchObject({ told: 1, failed: [robot(3)], next: minutes(2) });
  expect(world.failed.map(String)).toEqual(Array(2).fill('Error: the table is too busy'));
  expect(await world.became(4)).toEqual({ a: 'told 1' });
  world.receivers.load = load;
  await world.settle(minutes(1));
  expect(await world.became(3)).toEqual({ a: 'told 1' });
  expect(await world.became(2)).toEqual({ a: 'waiting' });
});

test('nobody is reminded of what is done, of what he does not want any more, or after the end of a subscription', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.subscribe(2);
  await world.subscribe(3);
  await world.remind(1, names(90));
  await world.remind(2, ['unwanted']);
  await world.remind(3, ['ended']);
  for (const name of names(89)) world.done.add(name);
  const { subscription } = (await world.subscriptions.load(sub(2))) ?? {};
  if (subscription === undefined) throw new Error('no such subscription');
  const { name, scope, language, mentions } = subscription;
  await world.change(2, { type: 'SubscriptionChanged', data: { name, scope, language, mentions, kinds: ['hazard-major'] } });
  await world.change(3, { type: 'SubscriptionEnded', data: {} });
  expect(await world.compose(MORNING)).toMatchObject({ released: 1, dropped: 91 });
  expect((await world.messages(1)).map(({ reminders }) => reminders)).toEqual([['LIST#r90']]);
  expect([await world.became(2), await world.became(3)]).toEqual([{ unwanted: 'dropped unwanted' }, { ended: 'dropped ended' }]);
  expect(await types(world)).toEqual(['RemindersDropped', 'RemindersDropped']);
  expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ last: 0, dropped: 89 });
});

test('a failed message is tried again under its id, in words of now, less what is done meanwhile; what waits is merged behind it', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a', 'b']);
  world.answers(1, BROKEN);
  await world.settle(MORNING);
  await world.remind(1, ['c'], MORNING);
  world.done.add('a');
  world.answers(1, { is: 'delivered' });
  const { next = MORNING } = await world.compose(MORNING);
  expect(Date.parse(next) - Date.parse(MORNING)).toBeGreaterThanOrEqual(5_000);
  expect(Date.parse(next) - Date.parse(MORNING)).toBeLessThanOrEqual(5_500);
  await world.settle(next);
  expect(world.arrivals.map(({ id }) => id)).toEqual([`msg_${sub(1)}_1`, `msg_${sub(1)}_2`]);
  expect(world.arrivals[0]?.body).not.toContain('a月');
  expect(await world.became(1)).toEqual({ a: 'dropped done', b: 'told 1', c: 'told 2' });
  expect(await types(world)).toEqual(['RemindersDropped', 'MessageDelivered', 'MessageDelivered']);
});

test('where all of it is done before a further attempt, the message ends, keeps its number, and the next one follows', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a']);
  world.answers(1, BROKEN);
  await world.settle(MORNING);
  world.done.add('a');
  world.answers(1, { is: 'delivered' });
  await world.live(MORNING, minutes(10));
  expect(world.arrivals).toEqual([]);
  await world.remind(1, ['b'], minutes(11));
  await world.live(minutes(11), minutes(12));
  expect((await world.messages(1)).map(({ number, state, because }) => [number, state, because])).toEqual([
    [1, 'dropped', '其中的提醒均已办结或不再需要'],
    [2, 'delivered', undefined],
  ]);
  expect(await types(world)).toEqual(['RemindersDropped', 'MessageDelivered']);
});

test('quiet hours are asked again: what failed by day rests until the morning, what is urgent does not', async () => {
  const world = new Messaging();
  const evening = instant('2026-06-03T21:58:00+08:00');
  const morning = instant('2026-06-04T07:01:00+08:00');
  for (const no of [1, 2]) {
    await world.subscribe(no);
    await world.remind(no, ['a'], evening, no === 2);
    world.answers(no, ({ attempt }) => (attempt === 1 ? BROKEN : { is: 'delivered' }));
  }
  world.answers(1, BROKEN);
  await world.live(evening, minutes(6, evening));
  expect((await world.compose(minutes(6, evening))).next).toBe(morning);
  world.answers(1, { is: 'delivered' });
  await world.live(minutes(6, evening), morning);
  expect(world.arrivals.map(({ receiver, at }) => [receiver, at > instant('2026-06-04T07:00:00+08:00')])).toEqual([
    [robot(2), false],
    [robot(1), true],
  ]);
});

test('what was due before quiet hours and comes to its turn within them waits for their end', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a'], instant('2026-06-03T21:59:00+08:00'));
  const night = instant('2026-06-03T22:05:00+08:00');
  const came = await world.compose(night);
  expect(came).toMatchObject({ released: 0, next: instant('2026-06-04T07:01:00+08:00') });
  expect(came.measured.get('wecom')?.OldestWaitingSeconds).toBeUndefined();
});

test('after the whole schedule it is dead, somebody is told that it fails, and redriven it is told once', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, names(2), MORNING, true);
  world.answers(1, BROKEN);
  await world.live(MORNING, LATER);
  const facts = await world.ledger(1);
  expect(facts.map(({ type }) => type)).toEqual(['ReceiverFailing', 'MessageDead']);
  expect(facts[1]?.data).toMatchObject({ message: 1, attempts: SCHEDULE_MS.length, because: '503' });
  const whole = SCHEDULE_MS.reduce((sum, ms) => sum + ms, 0);
  const took = Date.parse(facts[1]?.at ?? MORNING) - Date.parse(MORNING);
  expect(took).toBeGreaterThanOrEqual(whole);
  expect(took).toBeLessThan(whole * 1.1 + 60_000);
  expect(await world.became(1)).toEqual({ r1: 'dead 1', r2: 'dead 1' });

  world.done.add('r1');
  world.answers(1, { is: 'delivered' });
  expect([await world.redrive(1, LATER), await world.redrive('all', LATER)]).toEqual([2, 0]);
  await world.live(LATER, minutes(1, LATER));
  expect(await world.became(1)).toEqual({ r1: 'dropped done', r2: 'told 2' });
  expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ last: 2, told: 1, dropped: 1, dead: 0 });
});

test('a receiver that is no more is told nothing more: what waits is dead without an attempt, and may be redriven once it is enabled', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a']);
  world.answers(1, { is: 'gone', says: '410' });
  await world.settle(MORNING);
  expect((await world.subscriptions.load(sub(1)))?.subscription).toMatchObject({
    state: 'disabled',
    disabled: { because: '410' },
  });
  expect(await types(world)).toEqual(['MessageDead', 'SubscriptionDisabled']);
  await world.remind(1, ['b'], minutes(1));
  expect(await world.compose(minutes(1))).toMatchObject({ dead: 1, released: 0 });
  expect((await world.messages(1)).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['dead', 1],
    ['dead', 0],
  ]);
  expect(await world.redrive(1, minutes(2))).toBe(0);
  await world.change(1, { type: 'SubscriptionEnabled', data: {} });
  world.answers(1, { is: 'delivered' });
  expect(await world.redrive('all', minutes(3))).toBe(2);
  await world.settle(minutes(3));
  expect(await world.became(1)).toEqual({ a: 'told 3', b: 'told 3' });
});

test('the others of a robot go on where one subscription is refused for good', async () => {
  const world = new Messaging();
  await world.subscribe(1, { receiver: robot(1) });
  await world.subscribe(2, { receiver: robot(1) });
  await world.remind(1, ['a'], minutes(-1));
  await world.remind(2, ['b']);
  world.answers(1, ({ subscription }) => (subscription === sub(1) ? { is: 'refused', says: '310000' } : { is: 'delivered' }));
  await world.settle(MORNING);
  expect([await world.became(1), await world.became(2)]).toEqual([{ a: 'dead 1' }, { b: 'told 1' }]);
});

test('a feed has its messages at once, in the order of their numbers, and nothing is sent', async () => {
  const world = new Messaging();
  await world.subscribe(1, { channel: 'feed' });
  await world.remind(1, names(82));
  world.done.add('r5');
  expect(await world.compose(MORNING)).toMatchObject({ told: 81, dropped: 1, released: 0 });
  expect((await world.messages(1)).map(({ number, state, reminders }) => [number, state, reminders.length])).toEqual([
    [1, 'delivered', 80],
    [2, 'delivered', 1],
  ]);
  expect(await types(world)).toEqual(['RemindersDropped', 'MessageOffered', 'MessageOffered']);
  expect(world.shipments).toEqual([]);
});

test('a shipment that nobody began is handed over again without counting; one whose outcome is not known counts', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a']);
  await world.compose(MORNING);
  const [first] = world.shipments.splice(0);
  expect(await world.compose(minutes(1))).toMatchObject({ released: 0, next: minutes(2) });
  expect(await world.compose(minutes(2))).toMatchObject({ released: 1 });
  world.answers(1, 'lost');
  if (first !== undefined) world.shipments.unshift(first); // it comes after all, and too late
  await world.send(minutes(2));
  expect(world.arrivals).toHaveLength(1);
  world.answers(1, { is: 'delivered' });
  await world.live(minutes(2), minutes(6));
  expect(await world.ledger(1)).toMatchObject([{ type: 'MessageDelivered', data: { attempts: 2 } }]);
  expect(new Set(world.arrivals.map(({ id }) => id)).size).toBe(1);
});

test('what no sender takes for days counts as failing after all, and somebody is told', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a'], MORNING, true);
  for (let at = MORNING; at <= plusMs(MORNING, PATIENCE_MS + 3 * 86_400_000); at = plusMs(at, 12 * 3_600_000)) {
    await world.compose(at);
    world.shipments.length = 0;
  }
  expect(await types(world)).toEqual(['ReceiverFailing']);
});

test('what is replayed goes once more under its id, behind what is new, and counts for nobody', async () => {
  const world = new Messaging();
  await world.subscribe(1, { channel: 'webhook' });
  await world.remind(1, ['a']);
  await world.settle(MORNING);
  const [told] = await world.messages(1);
  if (told === undefined) throw new Error('nothing was told');
  world.done.add('a');
  await world.remind(1, ['b'], minutes(1));
  await world.replay(told, minutes(1));
  await world.settle(minutes(1));
  expect(world.arrivals.map(({ id }) => id)).toEqual([`msg_${sub(1)}_1`, `msg_${sub(1)}_2`, `msg_${sub(1)}_1`]);
  expect(world.arrivals[2]?.body).toBe(world.arrivals[0]?.body);
  expect(await world.became(1)).toEqual({ a: 'told 1', b: 'told 2' });
  expect((await world.messages(1))[0]).toMatchObject({ state: 'delivered', again: 1 });
  expect((await world.deliveries.outbox(sub(1))).outbox).toMatchObject({ told: 2, last: 2 });
  expect((await world.compose(minutes(2))).next).toBeUndefined();
});

test('what is replayed goes to the address of now, also where nothing was ever sent before', async () => {
  const world = new Messaging();
  await world.subscribe(1, { channel: 'webhook' });
  await world.remind(1, ['a']);
  await world.settle(MORNING);
  const [told] = await world.messages(1);
  if (told === undefined) throw new Error('nothing was told');
  await world.change(1, { type: 'AddressReplaced', data: { receiver: robot(7), host: 'hooks.example.cn' } });
  await world.replay({ ...told, receiver: robot(7) }, minutes(1));
  await world.settle(minutes(1));
  expect(world.arrivals.map(({ id, receiver }) => [id, receiver])).toEqual([
    [`msg_${sub(1)}_1`, robot(1)],
    [`msg_${sub(1)}_1`, robot(7)],
  ]);
});

test('what waits follows a new address at once, what was under way at the old one too', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, ['a']);
  world.answers(1, BROKEN);
  await world.live(MORNING, minutes(6));
  await world.remind(1, ['b'], minutes(6));
  await world.remind(1, ['tomorrow'], minutes(600));
  await world.change(1, { type: 'AddressReplaced', data: { receiver: robot(7), host: 'qyapi.weixin.qq.com' } });
  await world.compose(minutes(7), [robot(1)]);
  await world.settle(minutes(7));
  expect(await world.became(1)).toEqual({ a: 'told 2', b: 'told 2', tomorrow: 'waiting' });
  expect(world.arrivals.map(({ receiver }) => receiver)).toEqual([robot(7)]);
  expect((await world.messages(1)).map(({ state }) => state)).toEqual(['dropped', 'delivered']);
  expect((await world.receivers.load(robot(1)))?.receiver.underway).toBeUndefined();
  await world.settle(minutes(600));
  expect((await world.became(1)).tomorrow).toBe('told 3');
});

test('a message that the platform finds too long goes shorter at once', async () => {
  const world = new Messaging();
  await world.subscribe(1);
  await world.remind(1, names(70, 'a-long-name-'));
  const lengths: number[] = [];
  world.answers(1, ({ body }) => {
    lengths.push(body.length);
    return lengths.length === 1 ? { is: 'too-long', says: '40058' } : { is: 'delivered' };
  });
  await world.settle(MORNING);
  expect(lengths).toHaveLength(2);
  expect(lengths[1]).toBeLessThan(lengths[0] ?? 0);
  expect(Object.values(await world.became(1)).every((one) => one === 'told 1')).toBe(true);
});
