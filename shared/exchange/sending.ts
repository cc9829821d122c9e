/**
 * In which order the rows of bundles are sent, and what is left to be sent again: parents before children, what is deleted children first. A row
 * that was refused comes again with the next sending, until it is taken or another version of it takes its place.
 */
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../domain/exchange.ts';
import { isDeleted, TABLES } from './tables.ts';

export interface Sendable {
  readonly table: ExchangeTable;
  readonly row: ExchangeRow;
}

/** A row that was not taken, and why. */
export interface Unsent extends Sendable {
  readonly errors: readonly { readonly column: string; readonly code: string; readonly says: string }[];
}

export interface SendingState {
  /**
   * Bundles that were sent whole. Each holds what changed in its stretch of the log, whatever its rows say of their times: by these alone what came
   * late would be passed over.
   */
  readonly bundles: readonly string[];
  readonly retry: readonly Unsent[];
}

export const NOTHING_SENT: SendingState = { bundles: [], retry: [] };

const nameOf = ({ table, row }: Sendable): string => `${table}#${row.creditCode}#${row.id}`;
const place = (table: ExchangeTable): number => EXCHANGE_TABLES.indexOf(table);
const byDate = (a: Sendable, b: Sendable): number =>
  a.row.updateDate === b.row.updateDate
    ? nameOf(a) < nameOf(b)
      ? -1
      : 1
    : String(a.row.updateDate) < String(b.row.updateDate)
      ? -1
      : 1;

/** What others hang on. */
const PARENTS: ReadonlySet<ExchangeTable> = new Set(
  EXCHANGE_TABLES.flatMap((table) => TABLES[table].columns.flatMap(({ parent }) => parent?.table ?? [])),
);

/**
 * The rows of bundles that were not sent, and what was refused before, in the order of sending. Of a row only the last version; but what others hang
 * on and is deleted since is told as it stood too, or what happened there would have no parent.
 */
export function toSend(rows: Iterable<Sendable>, { retry }: SendingState): readonly Sendable[] {
  const lives = new Map<string, Sendable>();
  const deaths = new Map<string, Sendable>();
  for (const { table, row } of [...retry, ...rows]) {
    const last = isDeleted(row) ? deaths : lives;
    const before = last.get(nameOf({ table, row }));
    if (before === undefined || String(before.row.updateDate) <= String(row.updateDate))
      last.set(nameOf({ table, row }), { table, row });
  }
  /** Of one time, it ended: nothing comes back within the second. */
  const hasEnded = (name: string): boolean =>
    String(deaths.get(name)?.row.updateDate ?? '') >= String(lives.get(name)?.row.updateDate ?? '');
  const living = [...lives].flatMap(([name, each]) => (PARENTS.has(each.table) || !hasEnded(name) ? [each] : []));
  const deleted = [...deaths].flatMap(([name, each]) => (hasEnded(name) ? [each] : []));
  return [
    ...living.sort((a, b) => place(a.table) - place(b.table) || byDate(a, b)),
    ...deleted.sort((a, b) => place(b.table) - place(a.table) || byDate(a, b)),
  ];
}

const MOST_ROWS = 20;

/** In batches of one table each, and of either what lives or what is deleted: no row is in a batch twice. */
export function* batchesOf(
  rows: readonly Sendable[],
): Generator<{ readonly table: ExchangeTable; readonly rows: readonly ExchangeRow[] }> {
  for (let from = 0; from < rows.length; ) {
    const first = rows[from];
    if (first === undefined) return;
    const { table } = first;
    const isAlike = (each: Sendable | undefined): boolean =>
      each?.table === table && isDeleted(each.row) === isDeleted(first.row);
    let until = from;
    while (until - from < MOST_ROWS && isAlike(rows[until])) until++;
    yield { table, rows: rows.slice(from, until).map(({ row }) => row) };
    from = until;
  }
}

/** After a batch: what was answered of each of its rows, in their order; `undefined` for one that got no answer. */
export function afterBatch(
  state: SendingState,
  batch: { readonly table: ExchangeTable; readonly rows: readonly ExchangeRow[] },
  answers: readonly ({ readonly outcome: string; readonly errors: Unsent['errors'] } | undefined)[],
): SendingState {
  const { table, rows } = batch;
  const refused = rows.flatMap((row, index): Unsent[] => {
    const answer = answers[index];
    if (answer !== undefined && answer.outcome !== 'refused') return [];
    const none = [{ column: '', code: 'no-answer', says: '没有得到答复，下次重报' }];
    return [{ table, row, errors: answer?.errors ?? none }];
  });
  const sent = new Map(rows.map((row) => [nameOf({ table, row }), isDeleted(row)]));
  const left = new Set(refused.map(nameOf));
  /** How it stood goes again with its deletion until one of them is taken. */
  const isAgain = (each: Unsent): boolean => {
    const isDeletion = sent.get(nameOf(each));
    return isDeletion === undefined || (isDeletion && left.has(nameOf(each)) && !isDeleted(each.row) && PARENTS.has(each.table));
  };
  return { ...state, retry: [...state.retry.filter(isAgain), ...refused] };
}
