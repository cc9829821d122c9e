/** Whatever runner dies at whatever place between an event and its checkpoint: the next one comes to the same bytes, and to one root a size. */
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { MemoryArchive } from '../support/memory-archive.ts';
import { Cut, Scissors } from '../support/scissors.ts';
import { SealingCounty, signerOf } from '../support/sealing-county.ts';

/** What changes nothing: a runner that dies behind such a call has done the same as one that dies before it. */
const READS = new Set([
  ...['log.head', 'log.batches', 'log.lastPages', 'ledger.atAll', 'ledger.lastOf', 'archive.read', 'keys.signers'],
]);

const many = (count: number, of = (index: number): string => `AUDIT#${index % 7}`) =>
  Array.from({ length: count }, (_, at) => of(at));

/** A log of 250 events, from where each run begins. */
const before = new SealingCounty();
const first = await before.record(many(250));
await before.run(first);
await before.run(before.streamed());
const snapshot = before.tables.snapshot();

async function live(scissors: Scissors): Promise<SealingCounty> {
  const world = new SealingCounty(before.archive.copy());
  world.tables.restore(snapshot);
  scissors.writes = () => world.tables.writes() + world.archive.puts;
  world.streamed();
  world.continues(before);
  /** The stream brings a batch until it was taken. */
  const deliver = async (events: readonly LedgerEvent[]): Promise<void> => {
    const call = () => scissors.process({ ...world.outside() }, (outside) => world.run(events, outside));
    await call().catch((error: unknown) => {
      if (!(error instanceof Cut)) throw error;
      return call();
    });
  };
  await deliver(await world.record(['AUDIT#0', 'AUDIT#1', 'AUDIT#0', 'AUDIT#8']));
  world.signers = [signerOf(1), signerOf(2)];
  await world.record(many(8)); // the stream loses them, and brings what comes after
  await deliver([...(await world.record(many(8))), ...(await world.record(['BIG'], () => ({ text: 'x'.repeat(70_000) })))]);
  world.signers = [signerOf(2)];
  world.streamed();
  await deliver([...world.ledger().values()].slice(-30));
  await deliver([...world.ledger().values()].filter(({ subject }) => subject === 'LOG'));
  return world;
}

const bytesOf = ({ archive }: { readonly archive: MemoryArchive }) =>
  [...archive.all()].map(([path, bytes]) => `${path} ${bytes.toString('base64')}`);

test('a cut at any place of any runner leads to the same bytes', async () => {
  const counting = new Scissors(undefined, READS);
  const uncut = await live(counting);
  await uncut.expectWhole();
  const expected = bytesOf(uncut);
  expect(counting.places.length).toBeGreaterThan(100);
  expect(counting.differing.length).toBeGreaterThan(25);
  expect([...uncut.ledger().values()].filter(({ subject }) => subject === 'LOG').map(({ type }) => type)).toEqual([
    ...['SealingKeyAdopted', 'SealingKeyAdopted', 'SealingKeyRetired'],
  ]);
  for (const at of counting.differing) {
    try {
      const world = await live(new Scissors(at, READS));
      await world.expectWhole();
      expect(bytesOf(world)).toEqual(expected);
    } catch (error) {
      throw new Error(`cut ${counting.places[at]} (place ${at})`, { cause: error });
    }
  }
}, 120_000);
