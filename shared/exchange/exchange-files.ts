/**
 * The provincial exchange tables of a bundle (`views/exchange/…`): of a day what changed, of a month all, and what of it is missing. Whoever writes
 * a bundle and whoever computes it again come to the same bytes, some rows at a time.
 */
import { PassThrough, Readable } from 'node:stream';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../domain/exchange.ts';
import type { RecordedEvent } from '../domain/ledger-fact.ts';
import type { Snapshot } from '../domain/rebuild.ts';
import type { RebuildRules } from '../domain/rebuild-duties.ts';
import type { View } from '../domain/view.ts';
import { canonicalText } from '../draw/canonical-json.ts';
import { type ExchangeBefore, exchangedRows, gapsOfRows, rowsOfCheck } from './bundle-rows.ts';
import { countsOf } from './gaps.ts';
import type { OwnRow } from './own-rows.ts';
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
} from './views.ts';

export interface ExchangeSource {
  /** At the end of the bundle. */
  readonly snapshot: Snapshot;
  readonly before: ExchangeBefore;
  /** Events that the bundle before left to this one. */
  readonly carried: readonly RecordedEvent[];
  readonly rules: RebuildRules;
  /** The rounds of the bundle that its snapshot does not leave to the next one. Checks, of which there are most, are read off them once more. */
  readonly rounds: () => AsyncIterable<RecordedEvent>;
  /** How a view is written as CSV: with its headings. */
  readonly csv: <Row>(view: View<Row>, rows: readonly Row[]) => Uint8Array;
}

/** Takes a file's pieces. Answers whether there were any: of no rows there is no file. */
export type TakeFile = (path: string, pieces: AsyncGenerator<Uint8Array>) => Promise<boolean>;

/** So many are turned into bytes at a time. */
const AT_A_TIME = 2_000;
const LINE_FEED = '\n';

/** The rows of checks, some at a time. */
async function* checksOf({ snapshot, carried, rounds }: ExchangeSource): AsyncGenerator<readonly OwnRow[]> {
  for (const event of carried) yield rowsOfCheck(snapshot, event);
  for await (const event of rounds()) yield rowsOfCheck(snapshot, event);
}

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
async function* csvOf<Row>(
  csv: ExchangeSource['csv'],
  view: View<Row>,
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  const headings = csv(view, []);
  let isFirst = true;
  for await (const batch of batches) {
    const text = csv(view, batch);
    yield isFirst ? text : text.subarray(headings.length);
    isFirst = false;
  }
}

/** Every file of the tables, one after the other but for the two of a table, whose rows are made once. */
export async function exchangeFiles(source: ExchangeSource, take: TakeFile): Promise<void> {
  // Made anew for each table: a county has ten times as many rows as risks, and memory holds the snapshot already.
  const changed = (): Generator<OwnRow> => exchangedRows(source.snapshot, source.before, source.rules);
  const rowsOf = async function* (table: ExchangeTable): AsyncGenerator<readonly ExchangeRow[]> {
    for (const piece of some(changed())) yield piece.flatMap((each) => (each.table === table ? [each.row] : []));
    if (table === 'record') for await (const piece of checksOf(source)) yield piece.map(({ row }) => row);
  };
  const takeCsv = <Row>(path: string, view: View<Row>, rows: Iterable<Row>): Promise<boolean> =>
    take(path, csvOf(source.csv, view, batches(some(rows))));
  const there = new Set<ExchangeTable>();
  for (const table of EXCHANGE_TABLES) {
    const [lines, cells] = forked(batches(rowsOf(table)));
    const [isThere] = await Promise.all([
      take(rowsPath(table), linesOf(lines)),
      take(csvPath(table), csvOf(source.csv, exchangeView(table), cells)),
    ]);
    if (isThere) there.add(table);
  }
  const gaps = () => gapsOfRows(source.snapshot, changed());
  await takeCsv(GAPS_PATH, GAPS_VIEW, gaps());
  await takeCsv(GAP_COUNTS_PATH, GAP_COUNTS_VIEW, countsOf(gaps()));
  await takeCsv(LOSSES_PATH, LOSSES_VIEW, lossesOf(there));
}
