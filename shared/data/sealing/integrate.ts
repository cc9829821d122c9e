/** Batches become entries and tiles: a function of the batches alone, so whoever does it, and how often, the bytes are the same. */
import { entryOf } from '../../archive/entry.ts';
import { type Hash, leafHash } from '../../archive/merkle.ts';
import { largePath, logFolder, TILE } from '../../archive/paths.ts';
import { decodeEntries, encodeEntries, growTiles, pathOfEntries } from '../../archive/tiles.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { SignedHead } from '../../domain/sealing.ts';
import { LogForked } from '../archive-files.ts';
import type { Batch } from '../log-store.ts';
import { idOf, type Sealing } from './sealing.ts';

/** The log after some batches more. */
export interface Integrated {
  readonly size: number;
  readonly root: Hash;
  /** When the oldest and the newest of what is in it now were recorded. */
  readonly oldest: Instant;
  readonly newest: Instant;
}

interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** So many events are read of the ledger at a time; of the largest there are, 40 MB. */
const AT_ONCE = 100;

/** The files of a log that grows from what was signed on. Nothing of it can be seen before the size that they make is signed. */
export async function integrate(
  { county, ledger, archive }: Pick<Sealing, 'county' | 'ledger' | 'archive'>,
  signed: Pick<SignedHead, 'size' | 'root'> | undefined,
  batches: readonly Batch[],
): Promise<Integrated> {
  const pathOf = (path: string): string => `${logFolder(county)}/${path}`;
  const read = async (path: string): Promise<Uint8Array> => {
    const bytes = await archive.read(pathOf(path));
    if (bytes === undefined) throw new LogForked(`${pathOf(path)} was signed and is not there`);
    return bytes;
  };
  const from = signed?.size ?? 0;
  const tiles = await growTiles(from, read);
  if (signed !== undefined && Buffer.from(tiles.root()).toString('hex') !== signed.root) {
    throw new LogForked(`the tiles of ${county} at ${from} do not have the root that was signed`);
  }
  let open = from % TILE === 0 ? [] : await openEntries(read, from);
  let records: LogFile[] = [];
  let hashes: LogFile[] = [];
  /** All that was made lies there; a tile's worth at a time is held and put. No hash lies where its entry does not: it could not be told what it is of. */
  const settle = async (): Promise<void> => {
    const all = [records, hashes];
    [records, hashes] = [[], []];
    for (const some of all) await Promise.all(some.map(({ path, bytes }) => archive.putOnce(pathOf(path), bytes)));
  };

  const times: Instant[] = [];
  const grow = async (event: LedgerEvent): Promise<void> => {
    const { bytes, large } = entryOf(event, tiles.size);
    times.push(event.at);
    if (large !== undefined) records.push({ path: largePath(large.sha256), bytes: large.bytes });
    open.push(bytes);
    hashes.push(...tiles.add(leafHash(bytes)));
    if (open.length < TILE) return;
    records.push({ path: pathOfEntries({ n: tiles.size / TILE - 1, width: TILE }), bytes: encodeEntries(open) });
    open = [];
    await settle();
  };

  for (const { first, places } of batches) {
    if (first !== tiles.size) throw new RangeError(`the batch at ${first} does not follow ${tiles.size} events`);
    for (let at = 0; at < places.length; at += AT_ONCE) {
      const some = places.slice(at, at + AT_ONCE);
      const events = await ledger.atAll(some);
      for (const [index, event] of events.entries()) {
        const place = some[index];
        if (event === undefined) throw new Error(`${place && idOf(place)} has its place in the log and is not in the ledger`);
        await grow(event);
      }
    }
  }
  // Above the leaves an edge mostly stays as it was, and lies there.
  const heightened = (level: number): boolean => Math.floor(tiles.size / TILE ** level) > Math.floor(from / TILE ** level);
  hashes.push(...tiles.edge().filter(({ level }) => heightened(level)));
  if (open.length > 0) {
    records.push({ path: pathOfEntries({ n: Math.floor(tiles.size / TILE), width: open.length }), bytes: encodeEntries(open) });
  }
  await settle();
  times.sort();
  const [oldest, newest] = [times[0], times.at(-1)];
  if (oldest === undefined || newest === undefined) throw new RangeError('there is nothing to integrate');
  return { size: tiles.size, root: tiles.root(), oldest, newest };
}

/** The entries of the last bundle of that size, which is not full. */
async function openEntries(read: (path: string) => Promise<Uint8Array>, size: number): Promise<Uint8Array[]> {
  const width = size % TILE;
  const path = pathOfEntries({ n: Math.floor(size / TILE), width });
  const entries = decodeEntries(await read(path), width);
  if (entries === undefined) throw new LogForked(`${path} does not hold the ${width} entries that were signed`);
  return [...entries];
}
