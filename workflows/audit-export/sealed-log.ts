/** The county's log as it lies in the archive. What is read is held against the tiles, and these against those above them. */
import type { LargeData, LoggedEvent } from '../../shared/archive/entry.ts';
import { type Hash, isSameHash, leafHash, rootOf } from '../../shared/archive/merkle.ts';
import { largePath, TILE } from '../../shared/archive/paths.ts';
import { decodeEntries, decodeTile, pathOfEntries, pathOfTile, tileAt } from '../../shared/archive/tiles.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { ahead } from './ahead.ts';

/** The archive does not hold what was signed. A person has to find out why; trying again cannot help. */
export class ArchiveDiffers extends Error {
  override readonly name = 'ArchiveDiffers';
}

/** The files of the log, by the names that C2SP tlog-tiles gives them. */
export type LogFiles = Pick<ArchiveFiles, 'read'>;

export interface SealedEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** A tile of leaves with the entries below it that were asked for. */
export interface SealedTile {
  readonly n: number;
  readonly width: number;
  /** As the tile lies. */
  readonly bytes: Uint8Array;
  readonly entries: readonly SealedEntry[];
}

/** Tiles that are read side by side: some megabytes, and the network's time is shared. */
const AHEAD = 16;

export async function readLog(log: LogFiles, path: string): Promise<Uint8Array> {
  const bytes = await log.read(path);
  if (bytes === undefined) throw new ArchiveDiffers(`${path} is not there`);
  return bytes;
}

/** Ascending indexes by the tile that they are in. */
function* byTile(indexes: Iterable<number>): Generator<readonly number[]> {
  let some: number[] = [];
  for (const index of indexes) {
    const [first] = some;
    if (first !== undefined && Math.floor(first / TILE) !== Math.floor(index / TILE)) {
      yield some;
      some = [];
    }
    some.push(index);
  }
  if (some.length > 0) yield some;
}

export function* stretch(first: number, end: number): Generator<number> {
  for (let index = first; index < end; index++) yield index;
}

/** Of a log of that size, the entries at ascending indexes, tile by tile. */
export function sealedTiles(log: LogFiles, size: number, indexes: Iterable<number>): AsyncGenerator<SealedTile> {
  return ahead(byTile(indexes), AHEAD, async (some) => {
    const n = Math.floor((some[0] ?? 0) / TILE);
    const tile = tileAt(0, n, size);
    if (tile === undefined) throw new RangeError(`a log of ${size} has no entry ${some[0]}`);
    const [bytes, bundle] = await Promise.all([readLog(log, pathOfTile(tile)), readLog(log, pathOfEntries(tile))]);
    const hashes = decodeTile(bytes, tile.width);
    const all = decodeEntries(bundle, tile.width);
    const entries = some.map((index): SealedEntry => {
      const [hash, entry] = [hashes?.[index % TILE], all?.[index % TILE]];
      if (hash !== undefined && entry !== undefined && isSameHash(leafHash(entry), hash)) return { index, bytes: entry };
      throw new ArchiveDiffers(`entry ${index} is not what its tile says`);
    });
    return { n, width: tile.width, bytes, entries };
  });
}

/** Whether a full tile of leaves is what the tile above it says. The last one above is kept: neighbours have it in common. */
export function tileCheck(log: LogFiles, size: number): (tile: Pick<SealedTile, 'n' | 'bytes'>) => Promise<void> {
  let above: { readonly n: number; readonly hashes: readonly Hash[] } | undefined;
  return async ({ n, bytes }) => {
    const place = Math.floor(n / TILE);
    if (above?.n !== place) {
      const tile = tileAt(1, place, size);
      if (tile === undefined) throw new RangeError(`a tree of ${size} has nothing above tile ${n}`);
      above = { n: place, hashes: decodeTile(await readLog(log, pathOfTile(tile)), tile.width) ?? [] };
    }
    const [said, own] = [above.hashes[n % TILE], decodeTile(bytes, TILE)];
    if (said !== undefined && own !== undefined && isSameHash(rootOf(own), said)) return;
    throw new ArchiveDiffers(`tile ${n} is not what the one above it says`);
  };
}

/** An event of the ledger with its place in the log. */
export type SealedEvent = RecordedEvent & Pick<LoggedEvent, 'index'>;

/** An entry that was held against its tile is an event that was recorded, as `entryOf` wrote it. */
export const eventOf = ({ bytes }: SealedEntry): SealedEvent => JSON.parse(Buffer.from(bytes).toString());

/** An event with the whole of its data. */
export const withLarge = (event: SealedEvent, data: Uint8Array | undefined): SealedEvent =>
  data === undefined ? event : { ...event, data: JSON.parse(Buffer.from(data).toString()) };

/** An event as it was recorded: data that is too long for its entry is read from beside the log. */
export async function wholeOf(log: LogFiles, event: SealedEvent): Promise<SealedEvent> {
  const large = largeOf(event);
  return large === undefined ? event : withLarge(event, await readLarge(log, large));
}

/** Whether it is worth while to read an entry for what is too long for it. */
export const mayBeLarge = ({ bytes }: SealedEntry): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('"data":{"large":{');

/** What stands in the place of data that is too long for an entry; `undefined` where the data itself does. */
export function largeOf({ data }: Pick<LoggedEvent, 'data'>): LargeData['large'] | undefined {
  if (typeof data !== 'object' || data === null || !('large' in data) || Object.keys(data).length !== 1) return undefined;
  const { large } = data as LargeData;
  return typeof large === 'object' && large !== null && /^[0-9a-f]{64}$/.test(large.sha256) ? large : undefined;
}

/** Such data, which has to have its hash. */
export async function readLarge(log: LogFiles, large: LargeData['large']): Promise<Uint8Array> {
  const path = largePath(large.sha256);
  const bytes = await readLog(log, path);
  if (sha256(bytes) !== large.sha256) throw new ArchiveDiffers(`${path} is another's`);
  return bytes;
}
