/** Comparing ledger and log: what the stream lost is found and sealed, once, day by day; what the ledger lost is told. */
import { compareLog } from '../../functions/reconcile-ledger/compare-log.ts';
import { reconcileLedger } from '../../functions/reconcile-ledger/reconcile-ledger.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import { type Day, type Instant, instant } from '../../shared/domain/calendar.ts';
import { COUNTY, ORIGIN, SealingCounty, START } from '../support/sealing-county.ts';

const since = '2026-02-27' as Day;
const NIGHT = instant('2026-03-02T01:10:00+08:00');

const reconciling = (world: SealingCounty, more: Partial<Sealing> = {}) =>
  reconcileLedger({
    ...world.outside(),
    ...{ county: COUNTY, origin: ORIGIN, now: (meant) => meant, rest: async () => undefined, outOfTime: () => false, ...more },
    ledger: dynamoLedgerStore,
    since,
  });

test('what the stream lost is sealed; a second look finds nothing, and the next day goes on where it ended', async () => {
  const world = new SealingCounty();
  const events = await world.record(Array.from({ length: 260 }, (_, index) => `AUDIT#${index % 40}`));
  await world.run(events.slice(0, 50));
  world.streamed();
  const reconcile = reconciling(world);
  expect(await reconcile(NIGHT)).toEqual({
    sealed: 211,
    looked: 261,
    compared: 261,
    cursor: '2026-03-02',
    lost: [],
    unsealable: [],
  });
  await world.expectWhole();
  expect(await reconcile(NIGHT)).toEqual({ sealed: 0, looked: 0, compared: 261, cursor: '2026-03-02', lost: [], unsealable: [] });
  await world.keep(world.event('AUDIT#0', 8, instant('2026-03-02T12:00:00+08:00'), {}));
  await world.keep(world.event('AUDIT#0', 9, instant('2026-03-03T00:30:00+08:00'), {}));
  expect(await reconcile(instant('2026-03-03T01:10:00+08:00'))).toMatchObject({ sealed: 1, looked: 1, cursor: '2026-03-03' });
});

test('of a subject that it comes upon it compares all: also what bears a day that was looked at', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['A', 'B']));
  await world.run(world.streamed());
  const reconcile = reconciling(world);
  await reconcile(NIGHT);
  await world.keep(world.event('A', 2, START, {})); // recorded late, under a day that is over
  await world.keep(world.event('A', 3, instant('2026-03-02T12:00:00+08:00'), {}));
  expect(await reconcile(instant('2026-03-03T01:10:00+08:00'))).toMatchObject({ sealed: 2, looked: 1, lost: [] });
});

test('a long hole of one subject is filled to its end', async () => {
  const world = new SealingCounty();
  await world.record(Array.from({ length: 260 }, () => 'DUTY'));
  expect(await reconciling(world)(NIGHT)).toMatchObject({ sealed: 260, looked: 260 });
});

test('what is recorded today is on its way, and is left to the stream', async () => {
  const world = new SealingCounty();
  await world.record(['A']);
  expect(await reconciling(world)(instant('2026-03-01T23:00:00+08:00'))).toMatchObject({
    sealed: 0,
    looked: 0,
    cursor: '2026-03-01',
  });
});

/** The ledger without some items, or with others in their place. */
function damage(world: SealingCounty, item: (key: string, held: object) => object | undefined): void {
  const snapshot = JSON.parse(world.tables.snapshot()) as [string, [string, object][]][];
  const damaged = snapshot.map(([name, items]) => [
    name,
    items.flatMap(([key, held]) => {
      const left = name === 'LEDGER_TABLE' ? item(key, held) : held;
      return left === undefined ? [] : [[key, left]];
    }),
  ]);
  world.tables.restore(JSON.stringify(damaged));
}

test.each([
  ['the last event of a subject is gone', (key: string, held: object) => (key.includes('"A","0000000003"') ? undefined : held)],
  ['one in the middle is gone', (key: string, held: object) => (key.includes('"A","0000000002"') ? undefined : held)],
  ['all of a subject is gone', (key: string, held: object) => (key.includes('"A",') ? undefined : held)],
  [
    'what one says was changed',
    (key: string, held: object) =>
      key.includes('"A","0000000001"') ? JSON.parse(JSON.stringify(held).replaceAll('期满', '另有原因')) : held,
  ],
])('what was sealed and is not in the ledger as it was is told by its subject, night by night: %s', async (_, item) => {
  const world = new SealingCounty();
  await world.run(await world.record(['A', 'B', 'A', 'A']));
  await world.run(world.streamed());
  expect(await reconciling(world)(NIGHT)).toMatchObject({ lost: [] });
  damage(world, item);
  expect(await reconciling(world)(NIGHT)).toMatchObject({ lost: ['A'] });
  expect(await reconciling(world)(NIGHT)).toMatchObject({ lost: ['A'] });
});

test('the log is compared in rounds: what is not of the newest comes in its turn, and then from the beginning again', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(Array.from({ length: 600 }, (_, index) => `AUDIT#${index % 7}`)));
  await world.run(world.streamed());
  const { log, ledger, archive } = world.outside();
  const of = { log, ledger, archive, county: COUNTY, origin: ORIGIN, keys: world.outside().keys } as const;
  const few = { ...of, now: (meant: Instant) => meant, rest: async () => undefined };
  let looks = 0;
  const cut = await compareLog({ ...few, outOfTime: () => looks++ >= 2 }, 0);
  expect(cut).toEqual({ next: 2, entries: 512, differing: [] });
  expect(await compareLog({ ...few, outOfTime: () => false }, cut.next)).toEqual({ next: 0, entries: 601, differing: [] });
});

test('an event that cannot be sealed is told night by night, and does not hold up the others', async () => {
  const world = new SealingCounty();
  await world.record(['A', 'POISON', 'B'], (subject) => (subject === 'POISON' ? { share: 0.5 } : {}));
  const unsealable = [{ place: { subject: 'POISON', sequence: 1 }, because: expect.stringContaining('0.5') }];
  expect(await reconciling(world)(NIGHT)).toMatchObject({ sealed: 2, unsealable });
  await world.keep(world.event('A', 2, instant('2026-03-02T12:00:00+08:00'), {}));
  const next = await reconciling(world)(instant('2026-03-03T01:10:00+08:00'));
  expect(next).toMatchObject({ sealed: 2, unsealable, cursor: '2026-03-01' }); // with the fact of the key
});

test('with too little time it keeps where it is, and the next call goes on', async () => {
  const world = new SealingCounty();
  const events = await world.record(Array.from({ length: 450 }, (_, index) => `AUDIT#${index % 9}`));
  await world.run(events);
  await world.run(world.streamed());
  let looks = 0;
  const few = reconciling(world, { outOfTime: () => looks++ > 30 });
  const { looked, cursor } = await few(NIGHT);
  expect(cursor).toBe('2026-03-01');
  expect(looked).toBeGreaterThan(0);
  expect(looked + (await reconciling(world)(NIGHT)).looked).toBe(451);
});
