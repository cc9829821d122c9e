/** The tables, and what they lack, as files that people open. */
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../domain/exchange.ts';
import type { View, ViewColumn } from '../domain/view.ts';
import type { Gap, GapCount } from './gaps.ts';
import { LOSSES, type Loss } from './losses.ts';
import { type ExchangeColumn, TABLES } from './tables.ts';

/** Within a bundle. */
export const EXCHANGE_FOLDER = 'views/exchange/';
const nameOf = (table: ExchangeTable): string => `${EXCHANGE_FOLDER}${EXCHANGE_TABLES.indexOf(table) + 1}-${table}`;
/** The rows as they are sent: one in each line, parents' tables first. */
export const rowsPath = (table: ExchangeTable): string => `${nameOf(table)}.jsonl`;
/** The same for people. */
export const csvPath = (table: ExchangeTable): string => `${nameOf(table)}.csv`;
export const GAPS_PATH = `${EXCHANGE_FOLDER}gaps.csv`;
/** Of each enterprise how many rows lack what. */
export const GAP_COUNTS_PATH = `${EXCHANGE_FOLDER}gaps-by-enterprise.csv`;
/** What of the records the tables have no place for. */
export const LOSSES_PATH = `${EXCHANGE_FOLDER}losses.csv`;

const WIDTHS: Partial<Readonly<Record<ExchangeColumn['kind'], number>>> = { text: 40, id: 34 };
const column = ({ name, heading, kind }: ExchangeColumn): ViewColumn<ExchangeRow> => {
  const of = { name, heading, width: WIDTHS[kind] ?? 20 };
  const value = (row: ExchangeRow) => row[name];
  return kind === 'integer'
    ? { ...of, kind: 'integer', of: (row) => (typeof value(row) === 'number' ? Number(value(row)) : undefined) }
    : { ...of, kind: 'text', of: (row) => (value(row) === undefined ? undefined : String(value(row))) };
};

export const exchangeView = (table: ExchangeTable): View<ExchangeRow> => ({
  title: TABLES[table].title,
  columns: TABLES[table].columns.map(column),
  whole: ({ id }) => `${rowsPath(table)} 中 id ${id}`,
});

const text = (name: keyof Gap, heading: string, width: number): ViewColumn<Gap> => ({
  ...{ name, heading, kind: 'text', width },
  of: (gap) => gap[name],
});
export const GAPS_VIEW: View<Gap> = {
  title: '缺项',
  columns: [
    text('enterprise', '统一社会信用代码', 21),
    text('title', '表', 10),
    text('id', '编号', 34),
    text('what', '哪一条', 40),
    text('heading', '列', 16),
    text('says', '怎么办', 70),
    text('table', '表代码', 10),
    text('column', '列代码', 20),
    text('code', '缺项代码', 18),
  ],
  whole: ({ table, id }) => `${table} ${id}`,
};

const counted = (name: Exclude<keyof GapCount, 'count'>, heading: string, width: number): ViewColumn<GapCount> => ({
  ...{ name, heading, kind: 'text', width },
  of: (gap) => gap[name],
});
export const GAP_COUNTS_VIEW: View<GapCount> = {
  title: '缺项汇总',
  columns: [
    counted('enterprise', '统一社会信用代码', 21),
    counted('title', '表', 10),
    counted('heading', '列', 16),
    { name: 'count', heading: '条数', kind: 'integer', width: 8, of: ({ count }) => count },
    counted('says', '怎么办（以第一条为例）', 70),
    counted('table', '表代码', 10),
    counted('column', '列代码', 20),
    counted('code', '缺项代码', 18),
  ],
  whole: ({ enterprise }) => `${GAPS_PATH} 中 ${enterprise}`,
};

/** The losses of the tables that are there. */
export const lossesOf = (tables: ReadonlySet<ExchangeTable>): readonly Loss[] => LOSSES.filter(({ table }) => tables.has(table));

export const LOSSES_VIEW: View<Loss> = {
  title: '交换表装不下的内容',
  columns: [
    { name: 'title', heading: '表', kind: 'text', width: 10, of: ({ table }) => TABLES[table].title },
    { name: 'name', heading: '本系统的内容', kind: 'text', width: 24, of: ({ name }) => name },
    { name: 'why', heading: '怎样处理', kind: 'text', width: 70, of: ({ why }) => why },
    { name: 'of', heading: '代码', kind: 'text', width: 30, of: ({ of }) => of },
  ],
  whole: ({ of }) => of,
};
