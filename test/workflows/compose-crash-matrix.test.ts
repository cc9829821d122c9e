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
  world.answers(1, ({ attempt, message }) =>
    attempt === 1 && message === 1 ? { is: 'failed', says: '502' } : { is: 'delivered' },
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
const ended = ({ number, state, reminders, receiver, again }: Message) => [number, state, reminders, receiver, again];

/** What it comes to, without when, and how often it was tried. */
async function whole(world: Messaging) {
  const of = async (no: number) => ({
    deliveries: (await world.deliveriesOf(no)).map(bare),
    messages: (await world.messages(no)).map(ended),
    state: (await world.subscriptions.load(sub(no)))?.subscription.state,
    facts: (await world.ledger(no)).map(({ type, data }) => {
      const { attempts: _, sha256: __, ...said } = data as Record<string, unknown>;
      return JSON.stringify([type, said]);
    }),
  });
  return {
    subscriptions: await Promise.all(SUBSCRIPTIONS.map(of)),
    arrived: [...new Set(world.arrivals.map(({ id }) => id))].sort(),
  };
}

test('a cut at any place of any process leads to the same end', async () => {
  const counting = new Scissors(undefined, READS);
  const uncut = await live(counting);
  const expected = await whole(uncut);
  expect(expected.subscriptions.flatMap(({ deliveries }) => deliveries.map(([, state]) => state))).not.toContain('waiting');
  expect(uncut.arrivals).toHaveLength(expected.arrived.length + 3); // of two the answer was lost, one was replayed
  expect(counting.places.length).toBeGreaterThan(400);
  expect(counting.differing.length).toBeGreaterThan(80);
  for (const at of counting.differing) {
    const place = counting.places[at];
    try {
      const world = await live(new Scissors(at));
      expect(await whole(world)).toEqual(expected);
      expect(world.failed.filter((error) => !(error instanceof Cut))).toEqual([]);
    } catch (error) {
      throw new Error(`cut ${place} (place ${at})`, { cause: error });
    }
  }
}, 300_000);
