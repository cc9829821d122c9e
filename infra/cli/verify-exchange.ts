/**
 * The provincial exchange tables of a bundle (`views/exchange/…`) as its events lead to them: of a day what changed, of a month all, and what of it
 * is missing. Rows are made and hashed one after the other, as functions/close-export writes them.
 */
import { createHash } from 'node:crypto';
import type { SealedEvent } from '../../shared/archive/bundle-events.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../../shared/domain/exchange.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { isCarried, type Snapshot } from '../../shared/domain/rebuild.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import type { View } from '../../shared/domain/view.ts';
import { canonicalText } from '../../shared/draw/canonical-json.ts';
import { type ExchangeBefore, exchangedRows, gapsOfRows, rowsOfCheck } from '../../shared/exchange/bundle-rows.ts';
import { countsOf } from '../../shared/exchange/gaps.ts';
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

export interface ExchangeSource {
  /** At the end of the bundle. */
  readonly snapshot: Snapshot;
  readonly before: ExchangeBefore;
  /** Events that the bundle before left to this one. */
  readonly carried: readonly RecordedEvent[];
  readonly rules: RebuildRules;
  readonly events: () => AsyncIterable<SealedEvent>;
}

/** The rows of a table; those of checks, of which there are most, come from the events themselves. */
async function* rowsOf(
  table: ExchangeTable,
  { snapshot, before, carried, rules, events }: ExchangeSource,
): AsyncGenerator<ExchangeRow> {
  for (const each of exchangedRows(snapshot, before, rules)) if (each.table === table) yield each.row;
  if (table !== 'record') return;
  for (const event of carried) for (const { row } of rowsOfCheck(snapshot, event)) yield row;
  for await (const { index, event } of events())
    if (event.type === 'RoundSubmitted' && !isCarried(snapshot, index))
      for (const { row } of rowsOfCheck(snapshot, event)) yield row;
}

/** So many rows are turned into bytes at a time. */
const AT_A_TIME = 2_000;

/** The hash of a file of rows; of no rows there is no file. */
async function hashOf<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  textOf: (rows: readonly Row[], isFirst: boolean) => Uint8Array,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  let isFirst = true;
  let held: Row[] = [];
  const put = (): void => {
    hash.update(textOf(held, isFirst));
    isFirst = false;
    held = [];
  };
  for await (const row of rows) if (held.push(row) === AT_A_TIME) put();
  if (held.length > 0) put();
  return isFirst ? undefined : hash.digest('hex');
}

const lines = (rows: readonly ExchangeRow[]): Uint8Array => Buffer.from(rows.map((row) => `${canonicalText(row)}\n`).join(''));

/** The headings once, before the first row. */
const cells = <Row>(view: View<Row>): ((rows: readonly Row[], isFirst: boolean) => Uint8Array) => {
  const headings = csvView(view, []);
  return (rows, isFirst) => csvView(view, rows).subarray(isFirst ? 0 : headings.length);
};

/** The files, and the hash that each has to have. */
export async function* exchangeHashes(source: ExchangeSource): AsyncGenerator<readonly [path: string, sha256: string]> {
  const { snapshot, before, rules } = source;
  const there = new Set<ExchangeTable>();
  for (const table of EXCHANGE_TABLES) {
    const rows = await hashOf(rowsOf(table, source), lines);
    const csv = await hashOf(rowsOf(table, source), cells(exchangeView(table)));
    if (rows === undefined || csv === undefined) continue;
    there.add(table);
    yield [rowsPath(table), rows];
    yield [csvPath(table), csv];
  }
  const gaps = () => gapsOfRows(snapshot, exchangedRows(snapshot, before, rules));
  for (const [path, hash] of [
    [GAPS_PATH, await hashOf(gaps(), cells(GAPS_VIEW))],
    [GAP_COUNTS_PATH, await hashOf(countsOf(gaps()), cells(GAP_COUNTS_VIEW))],
    [LOSSES_PATH, await hashOf(lossesOf(there), cells(LOSSES_VIEW))],
  ] as const)
    if (hash !== undefined) yield [path, hash];
}
