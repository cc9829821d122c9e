/** Reminders through the composer and the sender that are deployed, whatever dies, stops, repeats and breaks on their way. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { messageId } from '../../shared/domain/message.ts';
import { emptyOutbox, type OutboxFact, outboxAfter, outboxSubject } from '../../shared/domain/outbox.ts';
import { receiverOf } from '../../shared/domain/subscription.ts';
import { county, simulateDelivery } from '../support/simulated-delivery.ts';

/** In which everything happens that is counted: each outcome of a message, and whatever may go wrong on its way. */
const EVENTFUL = 28;

type Seen = Readonly<Record<'told' | 'dead' | 'merged' | 'again' | 'twice' | 'died' | 'failed' | 'late', number>>;

/** Whatever the seed: no reminder is lost, none ends twice, no robot is over its limit, and everything ends. */
async function holdsOf(seed: number): Promise<Seen> {
  const deliveries = dynamoDeliveryStore(county);
  const ended = { told: 0, dead: 0, merged: 0 };
  const run = await simulateDelivery(seed);
  expect(run.arrivals.filter(({ isOver }) => isOver)).toEqual([]);
  for (const count of run.begun.values()) expect(count).toBe(1);

  const taken = new Map<string, number>();
  for (const { message, at, isTaken } of run.arrivals) {
    if (isTaken) taken.set(message, (taken.get(message) ?? 0) + 1);
    // Once it is known that it was delivered, nothing is sent any more.
    expect((run.known.get(message) ?? []).filter((when) => when < at)).toEqual([]);
  }

  const subscriptions = new Set(run.reminders.map(({ subscription }) => subscription));
  for (const subscription of subscriptions) {
    const { id } = subscription;
    const { events } = await dynamoLedgerStore.ofSubject(outboxSubject(id), 1000);
    const facts = events.map(({ type, data, at }) => ({ fact: { type, data } as OutboxFact, at }));
    const folded = facts.reduce((outbox, { fact, at }) => outboxAfter(outbox, [fact], at), emptyOutbox(id));
    expect(await deliveries.outbox(id)).toEqual({ outbox: folded, version: facts.length });

    const of = run.reminders.filter((one) => one.subscription === subscription).map(({ reminder }) => reminder.id);
    const ends = facts.flatMap(({ fact }) =>
      fact.type === 'MessageDelivered' || fact.type === 'MessageOffered' || fact.type === 'MessageDead' ? [fact] : [],
    );
    expect(ends.flatMap(({ data }) => data.reminders.map((one) => one.id)).sort()).toEqual([...of].sort());
    const numbers = ends.map(({ data }) => data.message).sort((a, b) => a - b);
    expect(numbers).toEqual(ends.map((_, index) => index + 1));
    for (const { type, data } of ends) {
      const count = taken.get(messageId({ subscription: id, number: data.message })) ?? 0;
      if (type === 'MessageDelivered') expect(count).toBeGreaterThan(0);
      ended[type === 'MessageDead' ? 'dead' : 'told'] += 1;
      if (data.reminders.length > 1) ended.merged += 1;
    }
    for (const one of await deliveries.load(id, of)) expect(one.state).not.toBe('waiting');
    const { underway, resting } = (await dynamoReceiverStore(county).load(receiverOf(subscription)))?.receiver ?? {};
    expect([underway, resting ?? []]).toEqual([undefined, []]);
  }
  return { ...run.seen, ...ended };
}

test('whatever goes wrong on its way, every reminder ends once', async () => {
  const { told, dead, merged, again, twice, died, failed, late } = await holdsOf(EVENTFUL);
  for (const times of [told, dead, merged, again, twice, died, failed, late]) expect(times).toBeGreaterThan(0);
}, 30_000);

test('and wherever else it goes wrong: one more seed each time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => void (await holdsOf(seed))),
    // A seed that fails is told as it is: a smaller one is another run.
    { numRuns: 1, endOnFailure: true },
  );
}, 30_000);
