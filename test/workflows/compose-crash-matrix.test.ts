/** Whatever process dies at whatever place between a reminder and its receiver: everything ends as it would have, once. */
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Message } from '../../shared/domain/message.ts';
import { Messaging, MORNING, minutes, robot, sub } from '../support/messaging.ts';
import { Cut, Scissors } from '../support/scissors.ts';

/** What changes nothing: a process that dies behind such a call has done the same as one that dies before it. */
const READS = new Set([
  ...['deliveries.load', 'deliveries.due', 'deliveries.waitingFor', 'deliveries.againFor', 'deliveries.ofSubscription'],
  ...['deliveries.message', 'deliveries.messages', 'deliveries.outbox'],
  ...['receivers.load', 'subscriptions.load', 'subscriptions.page'],
]);
const SUBSCRIPTIONS = [1, 2, 3, 4, 5, 6, 7];

/** Whoever was not answered asks again, as the queue and people do. */
const insistently = async (call: () => Promise<unknown>): Promise<void> => {
  await call().catch((error: unknown) => {
    if (!(error instanceof Cut)) throw error;
    return call();
  });
};

/** Merged, dropped, failed, lost, shared, offered, disabled, redriven, replayed, moved. */
async function live(scissors: Scissors): Promise<Messaging> {
  const world = new Messaging({ scissors });
  await world.subscribe(1);
  await world.subscribe(2, { channel: 'webhook' });
  await world.subscribe(3, { channel: 'feed' });
  await world.subscribe(4, { receiver: robot(1) });
  for (const no of [5, 6, 7]) await world.subscribe(no);
  // Once, so that with the answer that a cut loses they are two: the third in a row would be told of.
  world.answers(1, ({ attempt, message, subscription }) =>
    attempt === 1 && message === 1 && subscription === sub(1) ? { is: 'failed', says: '502' } : { is: 'delivered' },
  );
  world.answers(2, (_shipment, times) => (times === 0 ? 'lost' : { is: 'delivered' }));
  world.answers(5, { is: 'gone', says: '410' });
  for (const no of [6, 7]) world.answers(no, { is: 'throttled', says: '130101', forMs: 600_000 });
  for (const no of SUBSCRIPTIONS) await world.remind(no, ['a', `b${no}`], minutes(no === 4 ? 1 : 0));
  world.done.add('a');
  await world.live(MORNING, minutes(9));
  world.done.add('b6');
  await world.remind(7, ['c'], minutes(9));
  await world.change(7, { type: 'AddressReplaced', data: { receiver: robot(8), host: 'qyapi.weixin.qq.com' } });
  await insistently(() => world.compose(minutes(9), [robot(7)]));
  await world.live(minutes(9), minutes(20));

  const [told] = await world.messages(2);
  if (told?.state === 'delivered') await world.replay(told, minutes(20));
  await world.change(5, { type: 'SubscriptionEnabled', data: {} });
  world.answers(5, { is: 'delivered' });
  await insistently(() => world.redrive(5, minutes(20)));
  for (const no of [1, 2, 3]) await world.remind(no, ['c'], minutes(20), no === 1);
  await world.live(minutes(20), minutes(30));
  return world;
}

const bare = (one: Delivery) => [one.reminder.id, one.state, one.receiver, 'because' in one ? one.because : ''];
const ended = ({ number, state, reminders, receiver, again }: Message) => ({ number, state, reminders, receiver, again });

/** One that nobody takes, by its whole schedule, until it is dead; and what came of it. */
async function die(scissors: Scissors): Promise<Messaging> {
  const world = new Messaging({ scissors });
  await world.subscribe(1);
  world.answers(1, { is: 'failed', says: '503' });
  await world.remind(1, ['a'], MORNING, true);
  await world.live(MORNING, minutes(60 * 24 * 5));
  world.answers(1, { is: 'delivered' });
  await insistently(() => world.redrive(1, minutes(60 * 24 * 5)));
  await world.live(minutes(60 * 24 * 5), minutes(60 * 24 * 6));
  return world;
}

/** What it comes to, without when, how often it was tried, whether it may have arrived, and what was said at the last: a lost answer counts as an attempt too. */
async function whole(world: Messaging) {
  const of = async (no: number) => ({
    deliveries: (await world.deliveriesOf(no)).map(bare),
    messages: (await world.messages(no)).map(ended),
    state: (await world.subscriptions.load(sub(no)))?.subscription.state,
    // Messages may pass each other while one rests, so a cut may change which of two comes first.
    facts: (await world.ledger(no))
      .map(({ type, data }) => {
        const {
          attempts: _,
          sha256: __,
          since: ___,
          says: ____,
          because: _____,
          perhapsArrived: ______,
          ...said
        } = data as Record<string, unknown>;
        return JSON.stringify([type, said]);
      })
      .sort(),
  });
  const all = await Promise.all(SUBSCRIPTIONS.map(of));
  return {
    subscriptions: all.filter(({ state }) => state !== undefined),
    arrived: [...new Set(world.arrivals.map(({ id }) => id))].sort(),
  };
}

/** Each cut by itself: a second run over the same story must come to the same. */
async function heldAgainst(expected: unknown, counting: Scissors, places: readonly number[], story: typeof live): Promise<void> {
  for (const at of places) {
    try {
      const world = await story(new Scissors(at));
      expect(await whole(world)).toEqual(expected);
      expect(world.failed.filter((error) => !(error instanceof Cut))).toEqual([]);
    } catch (error) {
      throw new Error(`cut ${counting.places[at]} (place ${at})`, { cause: error });
    }
  }
}

test('a cut at any place of any process leads to the same end', async () => {
  const counting = new Scissors(undefined, READS);
  const uncut = await live(counting);
  const expected = await whole(uncut);
  expect(expected.subscriptions.flatMap(({ deliveries }) => deliveries.map(([, state]) => state))).not.toContain('waiting');
  expect(uncut.arrivals).toHaveLength(expected.arrived.length + 3); // of two the answer was lost, one was replayed
  expect(counting.places.length).toBeGreaterThan(400);
  expect(counting.differing.length).toBeGreaterThan(80);
  await heldAgainst(expected, counting, counting.differing, live);
}, 300_000);

test('a cut at any place of the first and of the last attempts leads to the same death, told once, and the same life after it', async () => {
  const counting = new Scissors(undefined, READS);
  const expected = await whole(await die(counting));
  expect(expected.subscriptions[0]?.facts.map((fact) => JSON.parse(fact)[0])).toEqual([
    'MessageDead',
    'MessageDelivered',
    'ReceiverFailing',
    'RedriveAsked',
  ]);
  const AT_BOTH_ENDS = 30; // the attempts between are like them
  const places = counting.differing.filter((_, index, { length }) => index < AT_BOTH_ENDS || index >= length - AT_BOTH_ENDS);
  await heldAgainst(expected, counting, places, die);
}, 300_000);

/** Small and fast, and the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('composers and senders that run at once, however their calls are mixed, tell each reminder in one message', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const next = chance(seed);
    const turns = async (): Promise<void> => {
      for (let wait = Math.floor(next() * 12); wait > 0; wait--) await Promise.resolve();
    };
    const world = new Messaging({ turns });
    for (const no of [1, 2, 3]) await world.subscribe(no, no === 3 ? { channel: 'feed' } : { receiver: robot(1) });
    for (const no of [1, 2, 3]) await world.remind(no, ['a', 'b', 'c'], minutes(no === 2 ? 1 : 0));
    world.answers(1, ({ attempt }) => (attempt === 1 ? { is: 'failed', says: '502' } : { is: 'delivered' }));
    world.done.add('b');
    for (let minute = 0; minute < 8; minute++) {
      const at = minutes(minute);
      const woken = [robot(1)];
      for (let turn = 0; turn < 3; turn++) {
        await Promise.all([world.compose(at), world.compose(at, woken), world.send(at), world.compose(at), world.send(at)]);
      }
    }
    const { subscriptions, arrived } = await whole(world);
    expect(subscriptions.map(({ deliveries }) => deliveries.map(([id, state]) => `${id} ${state}`))).toEqual(
      Array(3).fill(['LIST#a told', 'LIST#b dropped', 'LIST#c told']),
    );
    for (const { facts, messages } of subscriptions) {
      expect(facts.filter((fact) => fact.includes('MessageDelivered') || fact.includes('MessageOffered'))).toHaveLength(
        messages.length,
      );
      expect(messages.flatMap(({ reminders }) => reminders)).toHaveLength(2);
    }
    expect(arrived).toHaveLength(2);
    expect(world.arrivals).toHaveLength(2);
    expect(world.failed).toEqual([]);
  }
}, 60_000);
