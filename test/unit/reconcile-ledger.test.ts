/** Comparing ledger and log: what the stream lost is found and sealed, once, day by day; what the ledger lost is told. */
import { compareLog } from '../../functions/reconcile-ledger/compare-log.ts';
import { reconcileLedger } from '../../functions/reconcile-ledger/reconcile-ledger.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import { type Day, type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
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

const nothing = { sealed: 0, looked: 0, next: 0, found: [], open: [] };

test('what the stream lost is sealed; a second look finds nothing, and the next hour goes on where it ended', async () => {
  const world = new SealingCounty();
  const events = await world.record(Array.from({ length: 260 }, (_, index) => `AUDIT#${index % 40}`));
  await world.run(events.slice(0, 50));
  world.streamed();
  const reconcile = reconciling(world);
  const through = instant('2026-03-02T01:00:00+08:00');
  expect(await reconcile(NIGHT)).toEqual({ ...nothing, sealed: 211, looked: 261, compared: 261, through });
  await world.expectWhole();
  expect(await reconcile(NIGHT)).toEqual({ ...nothing, compared: 261, through });
  await world.keep(world.event('AUDIT#0', 8, instant('2026-03-02T01:30:00+08:00'), {}));
  await world.keep(world.event('AUDIT#0', 9, instant('2026-03-02T02:05:00+08:00'), {})); // on its way
  const hour = instant('2026-03-02T02:10:00+08:00');
  expect(await reconcile(hour)).toMatchObject({ sealed: 1, looked: 1, through: instant('2026-03-02T02:00:00+08:00') });
});

test('of a subject that it comes upon it compares all: also what bears a day that was looked at', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['A', 'B']));
  await world.run(world.streamed());
  const reconcile = reconciling(world);
  await reconcile(NIGHT);
  await world.keep(world.event('A', 2, START, {})); // recorded late, under a day that is over
  await world.keep(world.event('A', 3, instant('2026-03-02T12:00:00+08:00'), {}));
  expect(await reconcile(instant('2026-03-03T01:10:00+08:00'))).toMatchObject({ sealed: 2, looked: 1, open: [] });
});

test('after days without a stream all of a day comes before the next: no bundle ends before its day does', async () => {
  const world = new SealingCounty();
  const days = ['2026-03-01', '2026-03-02', '2026-03-03'];
  for (const [at, day] of days.entries()) {
    for (const subject of ['A', 'B', 'C', 'D'].slice(at % 2))
      await world.keep(world.event(subject, subject === 'A' ? at / 2 + 1 : at + 1, instant(`${day}T12:00:00+08:00`), {}));
  }
  expect(await reconciling(world)(instant('2026-03-04T01:10:00+08:00'))).toMatchObject({ sealed: 11, open: [] });
  const sealed = world.entries().map((entry) => String(JSON.parse(entry.toString()).at).slice(0, 10));
  expect(sealed.slice(0, 11)).toEqual([...sealed.slice(0, 11)].sort());
});

test('what was recorded under a day that was walked long ago, by an import that was taken up again, is found within a day', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['A', 'B']));
  const reconcile = reconciling(world);
  await reconcile(instant('2026-03-05T01:10:00+08:00'));
  for (const subject of ['X', 'Y']) await world.keep(world.event(subject, 1, instant('2026-03-01T10:00:00+08:00'), {}));
  let sealed = 0;
  for (let hour = 2; hour < 26; hour++)
    sealed += (await reconcile(plusMs(instant('2026-03-05T00:10:00+08:00'), hour * 3_600_000))).sealed;
  expect(sealed).toBe(2);
  await world.run(world.streamed());
  await world.expectWhole();
});

test('a key that says no sequence is told, and open as long as it lies there', async () => {
  const world = new SealingCounty();
  await world.record(['A']);
  await world.keep({ ...world.event('B', 1, START, {}), sequence: 0 });
  expect(await reconciling(world)(NIGHT)).toMatchObject({ sealed: 1, open: [{ subject: 'B', sequence: 0 }] });
  damage(world, (key, held) => (key.includes('"B"') ? undefined : held));
  expect(await reconciling(world)(NIGHT)).toMatchObject({ found: [], open: [] });
});

test('a long hole of one subject is filled to its end', async () => {
  const world = new SealingCounty();
  await world.record(Array.from({ length: 260 }, () => 'DUTY'));
  expect(await reconciling(world)(NIGHT)).toMatchObject({ sealed: 260, looked: 260 });
});

test('what was recorded within ten minutes is on its way, and is left to the stream; what is older is sealed on the same day', async () => {
  const world = new SealingCounty();
  await world.record(['A']);
  await world.keep(world.event('A', 2, instant('2026-03-01T00:00:01+08:00'), {}));
  expect(await reconciling(world)(instant('2026-03-01T00:10:00+08:00'))).toMatchObject({ sealed: 0, looked: 0 });
  const next = await reconciling(world)(instant('2026-03-01T00:10:01+08:00'));
  expect(next).toMatchObject({ sealed: 1, looked: 1, through: instant('2026-03-01T00:00:01+08:00') });
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

/** The ledger as it was; all other tables as they are. */
function setRight(world: SealingCounty, earlier: string): void {
  const [was, now] = [earlier, world.tables.snapshot()].map((text) => new Map<string, unknown>(JSON.parse(text)));
  world.tables.restore(JSON.stringify([...(now ?? []), ['LEDGER_TABLE', was?.get('LEDGER_TABLE')]]));
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
  [
    'what one says has no canonical form any more',
    (key: string, held: object) =>
      key.includes('"A","0000000001"') ? JSON.parse(JSON.stringify(held).replaceAll('"schema":1', '"schema":0.5')) : held,
  ],
])('what was sealed and is not in the ledger as it was is told once, and open until it is set right: %s', async (_, item) => {
  const world = new SealingCounty();
  await world.run(await world.record(['A', 'B', 'A', 'A']));
  await world.run(world.streamed());
  expect(await reconciling(world)(NIGHT)).toMatchObject({ open: [] });
  const whole = world.tables.snapshot();
  damage(world, item);
  const told = await reconciling(world)(NIGHT);
  expect(told.found.map(({ what, subject }) => `${what} ${subject}`)).toEqual(told.found.map(() => 'lost A'));
  expect(told.found.length).toBeGreaterThan(0);
  expect(told.open.map(({ sequence }) => sequence).sort()).toEqual(told.found.map(({ sequence }) => sequence).sort());
  const again = await reconciling(world)(NIGHT);
  expect(again).toMatchObject({ found: [], through: told.through });
  expect(again.open).toHaveLength(told.open.length);
  setRight(world, whole);
  expect(await reconciling(world)(NIGHT)).toMatchObject({ found: [], open: [] });
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
  expect(cut).toMatchObject({ next: 2, entries: 512, differing: [] });
  expect(await compareLog({ ...few, outOfTime: () => false }, cut.next)).toMatchObject({ next: 0, entries: 345, differing: [] });
  looks = 0;
  const found = await compareLog({ ...few, outOfTime: () => looks++ >= 1 }, 0, [2]); // where something was found comes first
  expect([found.next, ...found.bundles]).toEqual([0, 2]);
});

const poison = (subject: string) => (subject === 'POISON' ? { share: 0.5 } : {});

test('an event that cannot be sealed is told once, holds up neither the others nor the walk, and its subject goes on once it is set right', async () => {
  const world = new SealingCounty();
  const [, event] = await world.record(['A', 'POISON', 'B', 'POISON'], poison);
  const finding = { what: 'unsealable', subject: 'POISON', sequence: 1, because: expect.stringContaining('0.5'), since: NIGHT };
  const first = await reconciling(world)(NIGHT);
  expect(first).toMatchObject({ sealed: 2, found: [finding], open: [finding] });
  await world.keep(world.event('A', 2, instant('2026-03-02T12:00:00+08:00'), {}));
  const later = instant('2026-03-03T01:10:00+08:00');
  const next = await reconciling(world)(later);
  const through = instant('2026-03-03T01:00:00+08:00');
  expect(next).toMatchObject({ sealed: 2, looked: 1, found: [], open: [finding], through }); // A, and the fact of the key
  if (event !== undefined) await world.keep({ ...event, data: { share: '0.5' } });
  const mended = world.event('POISON', 2, START, { share: '0.5' });
  await world.keep(mended);
  expect(await reconciling(world)(later)).toMatchObject({ sealed: 2, found: [], open: [] });
  await world.run(world.streamed());
  await world.expectWhole();
});

test('what cannot be sealed and was taken away again, with nothing behind it, is gone', async () => {
  const world = new SealingCounty();
  await world.record(['A', 'POISON', 'x'.repeat(701)], poison);
  expect((await reconciling(world)(NIGHT)).open).toHaveLength(2);
  damage(world, (key, held) => (key.includes('"A"') || key.includes('"LOG"') ? held : undefined));
  expect(await reconciling(world)(NIGHT)).toMatchObject({ found: [], open: [] });
});

test('with too little time it keeps where it is, and the next call goes on', async () => {
  const world = new SealingCounty();
  const events = await world.record(Array.from({ length: 450 }, (_, index) => `AUDIT#${index % 9}`));
  await world.run(events);
  await world.run(world.streamed());
  let looks = 0;
  const few = reconciling(world, { outOfTime: () => looks++ > 30 });
  const { looked, through } = await few(NIGHT);
  expect(through < instant('2026-03-01T12:00:00+08:00')).toBe(true);
  expect(looked).toBeGreaterThan(0);
  expect(looked + (await reconciling(world)(NIGHT)).looked).toBe(451);
});
