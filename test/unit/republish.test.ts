import { type DeadLetter, timesOf } from '../../functions/reconcile-cases/dead-letters.ts';
import { makeUp } from '../../functions/reconcile-cases/make-up.ts';
import { republish } from '../../functions/reconcile-cases/republish.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { dayOf, type Instant, instant } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { BusRefused, type EventBus } from '../../shared/runtime/event-bus.ts';

const county = countyCode('533102');
const actor = { id: personId('wang'), role: 'head' } as const;

/** One event of every colour every six hours, from the evening of one day to that of the next but one. */
const events: LedgerEvent[] = Array.from({ length: 9 }, (_, index) =>
  instant(new Date(Date.UTC(2026, 2, 1, 10 + index * 6)).toISOString()),
).flatMap((at, index) =>
  STANDINGS.map((colour) => ({
    ...{ id: `${colour}:${index + 1}`, at, county, colour, subject: colour, sequence: index + 1 },
    ...{ type: 'Happened', data: {}, actor, schema: 1 },
  })),
);

/** The ledger's days in pages of two. */
const ledger: Pick<LedgerStore, 'ofDay'> = {
  async ofDay(_county, colour, day, _limit, cursor = '0') {
    const all = events.filter((event) => event.colour === colour && dayOf(event.at) === day);
    const from = Number(cursor);
    return { events: all.slice(from, from + 2), ...(from + 2 < all.length && { cursor: String(from + 2) }) };
  },
};

const between = (from: Instant, until: Instant) => events.filter(({ at }) => at >= from && at <= until);

test('what was recorded in a time is told again, all of it and nothing else, over days and colours', async () => {
  const told: LedgerEvent[] = [];
  const bus = {
    publish: async (batch: readonly LedgerEvent[]) => {
      told.push(...batch);
      return [];
    },
  };
  const [from, until] = [instant('2026-03-01T16:00:00Z'), instant('2026-03-02T22:00:00Z')];
  expect(await republish({ county, ledger, bus })(from, until)).toBe(between(from, until).length);
  expect(told.map(({ id }) => id).sort()).toEqual(
    between(from, until)
      .map(({ id }) => id)
      .sort(),
  );
});

test('a bus that does not take everything leaves the dead letter where it is', async () => {
  const bus: EventBus = { publish: async (batch) => batch };
  const again = republish({ county, ledger, bus })(instant('2026-03-01T00:00:00Z'), instant('2026-03-04T00:00:00Z'));
  await expect(again).rejects.toThrow(BusRefused);
});

describe('what the relay gave up', () => {
  const on = (clock: string): Instant => instant(`2026-03-02T${clock}:00Z`);

  /** A queue of messages about these times, and what was told and taken from it. */
  const queueOf = (...times: readonly (readonly [from: string, until: string])[]) => {
    const [told, settled, failures]: [string[], string[], string[]] = [[], [], []];
    async function* letters(): AsyncGenerator<DeadLetter> {
      for (const [from, until] of times) {
        yield { from: on(from), until: on(until), settle: async () => void settled.push(`${from}–${until}`) };
      }
    }
    const tellAgain = (refused: string) => async (from: Instant, until: Instant) => {
      if (from === on(refused)) throw new BusRefused('throttled');
      told.push(`${from.slice(11, 16)}–${until.slice(11, 16)}`);
      return 10;
    };
    const run = (refused = '00:00') =>
      makeUp({ letters: letters(), tellAgain: tellAgain(refused), failed: (from) => failures.push(from.slice(11, 16)) });
    return { run, told, settled, failures };
  };

  test('is told again and taken from the queue', async () => {
    const { run, told, settled } = queueOf(['09:00', '10:00'], ['12:00', '13:00']);
    expect(await run()).toEqual({ told: 20, left: 0 });
    expect(told).toEqual(['09:00–10:00', '12:00–13:00']);
    expect(settled).toEqual(['09:00–10:00', '12:00–13:00']);
  });

  test('is told once where messages are about the same time, however many they are', async () => {
    const { run, told, settled } = queueOf(['09:30', '10:30'], ['09:00', '10:00'], ['09:10', '09:20'], ['10:30', '11:00']);
    expect(await run()).toEqual({ told: 10, left: 0 });
    expect(told).toEqual(['09:00–11:00']);
    expect(settled).toHaveLength(4);
  });

  test('stays in the queue where it cannot be told, and what lies behind it is told', async () => {
    const { run, told, settled, failures } = queueOf(['09:00', '10:00'], ['12:00', '13:00']);
    expect(await run('09:00')).toEqual({ told: 10, left: 1 });
    expect([told, settled, failures]).toEqual([['12:00–13:00'], ['12:00–13:00'], ['09:00']]);
  });

  test('was asked for as long before it came to the stream as anything may take to be recorded', () => {
    const DDBStreamBatchInfo = {
      approximateArrivalOfFirstRecord: '2026-03-02T10:00:00Z',
      approximateArrivalOfLastRecord: '2026-03-02T10:05:00Z',
    };
    expect(timesOf(JSON.stringify({ DDBStreamBatchInfo }), 90 * 60_000)).toEqual({ from: on('08:29'), until: on('10:06') });
    expect(timesOf('{}', 0)).toBeUndefined();
    expect(timesOf('not of a stream', 0)).toBeUndefined();
  });
});
