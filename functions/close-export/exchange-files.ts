/**
 * The provincial exchange tables of a bundle (`views/exchange/…`): of a day what changed, of a month all, and what of it is missing. Rows are made
 * and put one after the other; checks, of which there are most, are read off the log once more.
 */
import type { BundleFile } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../../shared/domain/exchange.ts';
import type { Export } from '../../shared/domain/export.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { isCarried, type Snapshot } from '../../shared/domain/rebuild.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import type { View } from '../../shared/domain/view.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
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
import { eventOf, type LogFiles, sealedTiles, stretch, wholeOf } from '../../workflows/audit-export/sealed-log.ts';

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

async function* checksOf({ log, of: { first, end, treeSize }, snapshot, carried }: ExchangeSource): AsyncGenerator<OwnRow> {
  for (const event of carried) if (event.type === 'RoundSubmitted') yield* rowsOfCheck(snapshot, event);
  for await (const { entries } of sealedTiles(log, treeSize, stretch(first, end))) {
    for (const entry of entries) {
      const event = eventOf(entry);
      if (event.type !== 'RoundSubmitted' || isCarried(snapshot, event.index)) continue;
      yield* rowsOfCheck(snapshot, await wholeOf(log, event));
    }
  }
}

/** So many are turned into bytes at a time. */
const AT_A_TIME = 2_000;
const LINE_FEED = Buffer.from('\n');

async function* batches<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<readonly Row[]> {
  let held: Row[] = [];
  for await (const row of rows) {
    if (held.push(row) < AT_A_TIME) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
}

async function* linesOf(rows: AsyncIterable<ExchangeRow>): AsyncGenerator<Uint8Array> {
  for await (const batch of batches(rows)) yield Buffer.concat(batch.flatMap((row) => [canonical(row), LINE_FEED]));
}

/** The headings once, before the first row. */
async function* csvOf<Row>(view: View<Row>, rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Uint8Array> {
  const headings = csvView(view, []);
  let isFirst = true;
  for await (const batch of batches(rows)) {
    const text = csvView(view, batch);
    yield isFirst ? text : text.subarray(headings.length);
    isFirst = false;
  }
}

export async function writeExchange(files: ArchiveFiles, source: ExchangeSource): Promise<BundleFile[]> {
  // Held once: as many as the register has, which the snapshot holds too. Checks, which are many more, come as they are read.
  const changed = [...exchangedRows(source.snapshot, source.before, source.rules)];
  const rowsOf = async function* (table: ExchangeTable): AsyncGenerator<ExchangeRow> {
    for (const each of changed) if (each.table === table) yield each.row;
    if (table === 'record') for await (const { row } of checksOf(source)) yield row;
  };
  const written: BundleFile[] = [];
  const there = new Set<ExchangeTable>();
  for (const table of EXCHANGE_TABLES) {
    const rows = await putSome(files, rowsPath(table), linesOf(rowsOf(table)));
    if (rows.length > 0) there.add(table);
    written.push(...rows);
    written.push(...(await putSome(files, csvPath(table), csvOf(exchangeView(table), rowsOf(table)))));
  }
  const gaps = () => gapsOfRows(source.snapshot, changed);
  return [
    ...written,
    ...(await putSome(files, GAPS_PATH, csvOf(GAPS_VIEW, gaps()))),
    ...(await putSome(files, GAP_COUNTS_PATH, csvOf(GAP_COUNTS_VIEW, countsOf(gaps())))),
    ...(await putSome(files, LOSSES_PATH, csvOf(LOSSES_VIEW, lossesOf(there)))),
  ];
}
