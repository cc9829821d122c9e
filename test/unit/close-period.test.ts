import { ClosingIncomplete, closePeriods } from '../../functions/close-period/close-period.ts';
import type { DutyChange, DutyStore } from '../../shared/data/duty-store.ts';
import { instant, periodAt } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { type Cadences, emptyPoint } from '../../shared/domain/duty-page.ts';
import { countyCode, personId, riskNo } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { ownerNumber } from '../bench/county.ts';
import { type FakeDuties, fakeDuties } from '../support/duties.ts';

const county = countyCode('533102');
const at = instant('2026-03-20T00:05:00+08:00');
/** Two colours of one cadence, so that one closing has both to do. */
const cadences: Cadences = { ...cadencesOf(county, at), ORANGE: 'day' };
const yesterday = periodAt('day', at) - 1;

/** A page of points with long names that nobody has checked for so many days. */
async function withPage(store: FakeDuties, owner: number, colour: Colour, days: number, points = 1): Promise<void> {
  const nos = Array.from({ length: points }, (_, index) => riskNo(`R${String(index).padStart(31, '0')}`));
  const point = { ...emptyPoint, spans: [{ from: yesterday - days + 1 }] };
  const page = { owner: ownerNumber(owner), colour, points: Object.fromEntries(nos.map((no) => [no, point])) };
  await store.save({ pages: [{ page, ifVersion: 0 }], exceptions: [], events: [] });
}

const closing = (store: DutyStore) =>
  closePeriods({ store, county, cadences, actor: { id: personId('close-period'), role: 'system' }, outOfTime: () => false })(
    'day',
    at,
  );

const sealedOf = (store: FakeDuties) =>
  store
    .allExceptions()
    .map(({ owner, colour, period }) => `${colour} ${owner} ${period - yesterday}`)
    .sort();

test('a page that cannot be sealed holds up no other page and no other colour; how many failed is told, and the cursor waits for them', async () => {
  const store = fakeDuties();
  for (const owner of [1, 2, 3]) await withPage(store, owner, 'RED', owner);
  await withPage(store, 4, 'ORANGE', 1);
  const bad = ownerNumber(2);
  const broken: DutyStore = {
    ...store,
    save: async (change) => {
      if (change.pages.some(({ page }) => page.owner === bad)) throw new Error('no room');
      return store.save(change);
    },
  };
  const failure = await closing(broken).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ClosingIncomplete);
  expect(String(failure)).toContain(`1 page cannot be sealed: DUTY#RED#${bad}: Error: no room`);
  expect(sealedOf(store)).toEqual(
    [`RED ${ownerNumber(1)} 0`, ...[-2, -1, 0].map((day) => `RED ${ownerNumber(3)} ${day}`), `ORANGE ${ownerNumber(4)} 0`].sort(),
  );
  expect([await store.cursor('RED'), await store.cursor('ORANGE')]).toEqual([undefined, yesterday]);

  await closing(store);
  expect(await store.cursor('RED')).toBe(yesterday);
  expect(sealedOf(store)).toHaveLength(7);
});

test('what was sealed side by side is counted whole', async () => {
  const store = fakeDuties();
  for (const owner of [1, 2, 3]) await withPage(store, owner, 'RED', owner);
  const closed = await closing(store);
  expect(closed.map(({ colour, pages, sealedPeriods }) => [colour, pages, sealedPeriods])).toEqual([
    ['RED', 3, 6],
    ['ORANGE', 0, 0],
  ]);
});

test('pages of a colour that cannot be read hold up no other colour', async () => {
  const store = fakeDuties();
  await withPage(store, 1, 'ORANGE', 1);
  const broken: DutyStore = {
    ...store,
    eachPage: (colour) => {
      if (colour === 'RED') throw new Error('not to be read');
      return store.eachPage(colour);
    },
  };
  await expect(closing(broken)).rejects.toThrow('1 page cannot be sealed: RED: Error: not to be read');
  expect([await store.cursor('RED'), await store.cursor('ORANGE')]).toEqual([undefined, yesterday]);
});

test('what is sealed at once fits a transaction, however many points and periods there are', async () => {
  const store = fakeDuties();
  await withPage(store, 1, 'RED', 40, 2000);
  const sizes: number[] = [];
  const measured: DutyStore = {
    ...store,
    save: async (change: DutyChange) => {
      sizes.push(Buffer.byteLength(JSON.stringify([change.exceptions, change.events])));
      return store.save(change);
    },
  };
  await closing(measured);
  expect(Math.max(...sizes)).toBeLessThan(4_000_000);
  expect(store.allExceptions()).toHaveLength(40);
});
