/**
 * The provincial exchange tables of a bundle (`views/exchange/…`): of a day what changed, of a month all, and what of it is missing. Rows are made
 * and put one after the other; checks, of which there are most, are read off the log once more.
 */
import { PassThrough, Readable } from 'node:stream';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../../shared/domain/exchange.ts';
import type { Export } from '../../shared/domain/export.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { isCarried, type Snapshot } from '../../shared/domain/rebuild.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import type { View } from '../../shared/domain/view.ts';
import { canonicalText } from '../../shared/draw/canonical-json.ts';
import { type ExchangeBefore, exchangedRows, gapsOfRows, rowsOfCheck } from '../../shared/exchange/bundle-rows.ts';
import { countsOf } from '../../shared/exchange/gaps.ts';
import type { OwnRow } from '../../shared/exchange/own-rows.ts';
import {
  csvPath,
  exchangeView,
  GAP_COUNTS_PATH,
  GAP_COUNTS_VIEW,
  GAPS_PATH,
  GAPS_VIEW,
  LOSSES_PATH,
  LOSSES_VIEW,
  lossesOf,
  rowsPath,
} from '../../shared/exchange/views.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { putSome } from '../../workflows/audit-export/bundle-folder.ts';
import {
  eventOf,
  type LogFiles,
  type SealedEntry,
  sealedTiles,
  stretch,
  wholeOf,
} from '../../workflows/audit-export/sealed-log.ts';

export interface ExchangeSource {
  readonly log: LogFiles;
  readonly of: Pick<Export, 'first' | 'end' | 'treeSize'>;
  /** At the end of the bundle. */
  readonly snapshot: Snapshot;
  readonly before: ExchangeBefore;
  /** Events that the bundle before left to this one. */
  readonly carried: readonly RecordedEvent[];
  readonly rules: RebuildRules;
}

/** The rows of checks, some at a time. */
async function* checksOf({
  log,
  of: { first, end, treeSize },
  snapshot,
  carried,
}: ExchangeSource): AsyncGenerator<readonly OwnRow[]> {
  for (const event of carried) yield rowsOfCheck(snapshot, event);
  for await (const { entries } of sealedTiles(log, treeSize, stretch(first, end))) {
    for (const entry of entries) {
      if (!mayBeRound(entry)) continue;
      const event = eventOf(entry);
      if (event.type !== 'RoundSubmitted' || isCarried(snapshot, event.index)) continue;
      yield rowsOfCheck(snapshot, await wholeOf(log, event));
    }
  }
}

/** Most entries are no rounds, and need not be read for that. */
const mayBeRound = ({ bytes }: SealedEntry): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('"RoundSubmitted"');

/** So many are turned into bytes at a time. */
const AT_A_TIME = 2_000;
const LINE_FEED = '\n';

async function* batches<Row>(pieces: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  let held: Row[] = [];
  for await (const piece of pieces) {
    for (const row of piece) held.push(row);
    if (held.length < AT_A_TIME) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
}

/** Rows at hand, some at a time. */
function* some<Row>(rows: Iterable<Row>): Generator<readonly Row[]> {
  let held: Row[] = [];
  for (const row of rows) {
    if (held.push(row) < AT_A_TIME) continue;
    yield held;
    held = [];
  }
  yield held;
}

/** Two readers of the same pieces: each piece is made once, and whoever is ahead waits for the other. */
function forked<Piece>(pieces: AsyncIterable<Piece>): readonly [AsyncIterable<Piece>, AsyncIterable<Piece>] {
  const source = Readable.from(pieces, { highWaterMark: 1 });
  const reader = (): PassThrough => source.pipe(new PassThrough({ objectMode: true, highWaterMark: 1 }));
  const readers = [reader(), reader()] as const;
  source.once('error', (error) => {
    for (const each of readers) each.destroy(error);
  });
  return readers;
}

async function* linesOf(batches: AsyncIterable<readonly ExchangeRow[]>): AsyncGenerator<Uint8Array> {
  for await (const batch of batches) yield Buffer.from(batch.map((row) => canonicalText(row) + LINE_FEED).join(''));
}

/** The headings once, before the first row. */
async function* csvOf<Row>(view: View<Row>, batches: AsyncIterable<readonly Row[]>): AsyncGenerator<Uint8Array> {
  const headings = csvView(view, []);
  let isFirst = true;
  for await (const batch of batches) {
    const text = csvView(view, batch);
    yield isFirst ? text : text.subarray(headings.length);
    isFirst = false;
  }
}

export async function writeExchange(files: ArchiveFiles, source: ExchangeSource): Promise<BundleFile[]> {
  // Made anew for each table: a county has ten times as many rows as risks, and memory holds the snapshot already.
  const changed = (): Generator<OwnRow> => exchangedRows(source.snapshot, source.before, source.rules);
  const rowsOf = async function* (table: ExchangeTable): AsyncGenerator<readonly ExchangeRow[]> {
    for (const piece of some(changed())) yield piece.flatMap((each) => (each.table === table ? [each.row] : []));
    if (table === 'record') for await (const piece of checksOf(source)) yield piece.map(({ row }) => row);
  };
  const putCsv = <Row>(path: string, view: View<Row>, rows: Iterable<Row>): Promise<BundleFile[]> =>
    putSome(files, path, csvOf(view, batches(some(rows))));
  const written: BundleFile[] = [];
  const there = new Set<ExchangeTable>();
  for (const table of EXCHANGE_TABLES) {
    const [lines, cells] = forked(batches(rowsOf(table)));
    const [rows = [], csv = []] = await Promise.all([
      putSome(files, rowsPath(table), linesOf(lines)),
      putSome(files, csvPath(table), csvOf(exchangeView(table), cells)),
    ]);
    if (rows.length > 0) there.add(table);
    written.push(...rows, ...csv);
  }
  const gaps = () => gapsOfRows(source.snapshot, changed());
  return [
    ...written,
    ...(await putCsv(GAPS_PATH, GAPS_VIEW, gaps())),
    ...(await putCsv(GAP_COUNTS_PATH, GAP_COUNTS_VIEW, countsOf(gaps()))),
    ...(await putCsv(LOSSES_PATH, LOSSES_VIEW, lossesOf(there))),
  ];
}
