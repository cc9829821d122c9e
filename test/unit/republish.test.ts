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
