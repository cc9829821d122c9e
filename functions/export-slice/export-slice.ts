import { EVENT_VIEW, type EventRow, eventRow } from '../../shared/archive/event-view.ts';
import { type EvidenceLine, evidenceOf, evidenceText } from '../../shared/archive/evidence.ts';
import { LOG } from '../../shared/archive/layout.ts';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import { eventsPath, largePath, ofSlice, proofPath, TILE } from '../../shared/archive/paths.ts';
import { inclusionProof, proofFile } from '../../shared/archive/proof.ts';
import { pathOfTile } from '../../shared/archive/tiles.ts';
import { openTree } from '../../shared/archive/tree.ts';
import type { ExportStore, StoredExport } from '../../shared/data/export-store.ts';
import { dayOf } from '../../shared/domain/calendar.ts';
import type { Export } from '../../shared/domain/export.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { parquetView } from '../../shared/runtime/list-file/write-parquet.ts';
import { xlsxView } from '../../shared/runtime/list-file/write-view.ts';
import { ahead, allOf } from '../../workflows/audit-export/ahead.ts';
import {
  type BundleStores,
  filesOfBundle,
  putFile,
  workingEvidence,
  workingFiles,
} from '../../workflows/audit-export/bundle-folder.ts';
import type { SliceOfRun } from '../../workflows/audit-export/contract.ts';
import { gzipped } from '../../workflows/audit-export/gzip.ts';
import {
  eventOf,
  type LogFiles,
  largeOf,
  readLarge,
  readLog,
  type SealedEntry,
  type SealedEvent,
  type SealedTile,
  sealedTiles,
  stretch,
  tileCheck,
  withLarge,
} from '../../workflows/audit-export/sealed-log.ts';
import { loadExport } from '../../workflows/audit-export/standing.ts';

export interface SliceDependencies {
  readonly store: Pick<ExportStore, 'load' | 'planned' | 'putSlice'>;
  readonly log: LogFiles;
  readonly bundles: BundleStores;
  /** How large a piece of evidence is; `undefined` where it has not arrived. */
  readonly evidenceSize: (key: string) => Promise<number | undefined>;
}

/** Files that are put side by side. */
const ABREAST = 32;
const LINE_FEED = Buffer.from('\n');

/**
 * Writes one slice of a bundle: its events, views of them, and what proves them. A slice is 16,384 events and 32 MB at most, and all that memory
 * holds are these; so it grows neither with the bundle nor with its events. Done again it writes the same.
 */
export const exportSlice =
  (deps: SliceDependencies) =>
  async ({ id, slice }: SliceOfRun): Promise<{ readonly events: number }> => {
    const { store, bundles } = deps;
    const stored = await loadExport(store, id);
    const { export: of } = stored;
    if (of.stage === 'closed') return { events: 0 };
    const planned = await store.planned(id, slice);
    const held = await gather(deps, of, planned, slice);
    const files = filesOfBundle(bundles, of);
    const written: BundleFile[] = [];
    for await (const file of ahead(filesOf(deps, stored, held, slice), ABREAST, ([path, bytes]) => putFile(files, path, bytes))) {
      written.push(file);
    }
    await workingFiles(bundles, of).putAnew(workingEvidence(slice), Buffer.from(await evidenceOfSlice(deps, held)));
    const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
    await store.putSlice(id, { slice, events: held.entries.length, bytes }, written);
    return { events: held.entries.length };
  };

interface Entry extends SealedEntry {
  readonly event: SealedEvent;
  /** Data that is too long for its entry. */
  readonly large: { readonly sha256: string; readonly bytes: Uint8Array } | undefined;
}

interface Held {
  readonly entries: readonly Entry[];
  /** The tiles of leaves that this slice hands out: of those that two slices share, the first. */
  readonly tiles: readonly Omit<SealedTile, 'entries'>[];
  /** A stretch of the log. Of another bundle each event has a proof of its own. */
  readonly isComplete: boolean;
}

const whole = ({ event, large }: Entry): SealedEvent => withLarge(event, large?.bytes);

/** `planned`: which events the slice holds, where it is no stretch of the log. */
async function gather(
  { log }: SliceDependencies,
  { end, treeSize, starts = [] }: Export,
  planned: readonly number[] | undefined,
  slice: number,
): Promise<Held> {
  const [from = end, until = end] = starts.slice(slice, slice + 2);
  const isComplete = planned === undefined;
  const indexes = planned ?? stretch(from, Math.min(end, until));
  const entries: Entry[] = [];
  const tiles: Omit<SealedTile, 'entries'>[] = [];
  const check = tileCheck(log, treeSize);
  for await (const tile of sealedTiles(log, treeSize, indexes)) {
    for (const entry of tile.entries) {
      const event = eventOf(entry);
      const large = largeOf(event);
      entries.push({ ...entry, event, large: large && { sha256: large.sha256, bytes: await readLarge(log, large) } });
    }
    // A partial tile is what the checkpoint proves: it is handed out with that.
    if (tile.width < TILE) continue;
    await check(tile);
    const isOwn = tile.n * TILE >= from || slice === 0;
    if (isComplete && isOwn) tiles.push({ n: tile.n, width: tile.width, bytes: tile.bytes });
  }
  return { entries, tiles, isComplete };
}

/** The files of a slice, one after the other: only so many are packed at a time as are being put. */
async function* filesOf(
  { log }: SliceDependencies,
  { export: { county, treeSize }, proving }: StoredExport,
  { entries, tiles, isComplete }: Held,
  slice: number,
): AsyncGenerator<readonly [path: string, bytes: Uint8Array]> {
  for (const [path, of] of byFile(county, entries, slice)) {
    yield [path, gzipped(Buffer.concat(of.flatMap(({ bytes }) => [bytes, LINE_FEED])))];
  }
  for (const { large } of entries) if (large !== undefined) yield [largePath(large.sha256), large.bytes];
  for (const tile of tiles) yield [`${LOG}${pathOfTile({ level: 0, ...tile })}`, tile.bytes];
  if (!isComplete) {
    const tree = openTree(treeSize, (path) => readLog(log, path));
    for (const { index } of entries) {
      const path = await inclusionProof(tree, index);
      yield [proofPath(index), Buffer.from(proofFile({ index, path, checkpoint: proving.note }))];
    }
  }
  const rows: readonly EventRow[] = entries.map((entry) => eventRow(whole(entry)));
  yield [`views/${ofSlice('events.csv', slice)}`, csvView(EVENT_VIEW, rows)];
  yield [`views/${ofSlice('events.xlsx', slice)}`, xlsxView(EVENT_VIEW, rows)];
  yield [`views/parquet/${ofSlice('events.parquet', slice)}`, parquetView(EVENT_VIEW, rows)];
}

/** The entries by the file of the record that they stand in, each file's ascending. */
function byFile(county: CountyCode, entries: readonly Entry[], slice: number): ReadonlyMap<string, readonly Entry[]> {
  const files = new Map<string, Entry[]>();
  for (const entry of entries) {
    const path = eventsPath(county, entry.event.colour, dayOf(entry.event.at), slice);
    const of = files.get(path);
    if (of === undefined) files.set(path, [entry]);
    else of.push(entry);
  }
  return files;
}

/** The lines of the slice's evidence, each piece's size asked for once. */
async function evidenceOfSlice({ evidenceSize }: SliceDependencies, { entries }: Held): Promise<string> {
  const named = entries.flatMap((entry) => evidenceOf(whole(entry)));
  const sizes = new Map<string, number | undefined>();
  await allOf(new Set(named.map(({ key }) => key)), ABREAST, async (key) => sizes.set(key, await evidenceSize(key)));
  return named
    .map((line): EvidenceLine => {
      const size = sizes.get(line.key);
      return size === undefined ? line : { ...line, size };
    })
    .map(evidenceText)
    .join('');
}
