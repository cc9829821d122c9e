/** What is wrong with a row, column by column, in sentences that say what to do. */
import { creditCode } from '../domain/credit-code.ts';
import type { ExchangeRow, ExchangeTable } from '../domain/exchange.ts';
import { columnOf, type ExchangeColumn, requiredOf, TABLES } from './tables.ts';

/** `code` never changes its meaning. */
export interface RowFault {
  readonly column: string;
  readonly heading: string;
  readonly code: string;
  readonly says: string;
}

const ID = /^[0-9A-Za-z][0-9A-Za-z-]{31}(?:[0-9A-Za-z-]{4})?$/;
const TIME = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TELEPHONE = /^\+?[0-9-]{7,20}$/;

/** A day that there is: not 30 February. */
const isDay = (text: string): boolean => {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};
export const isTime = (text: string): boolean => isDay(TIME.exec(text)?.[1] ?? '');

type Wrong = readonly [code: string, says: string];

function wrongText(text: string, { kind, codes = {}, most }: ExchangeColumn): Wrong | undefined {
  switch (kind) {
    case 'id':
      return ID.test(text) ? undefined : ['not-an-id', '应为 32 或 36 位编号'];
    case 'credit-code':
      return creditCode.is(text) ? undefined : ['not-a-credit-code', '统一社会信用代码不对，请对照营业执照核对'];
    case 'code':
      if (Object.hasOwn(codes, text)) return undefined;
      return [
        'not-a-code',
        `只能填 ${Object.entries(codes)
          .map(([one, name]) => (one === name ? one : `${one}（${name}）`))
          .join('、')}`,
      ];
    case 'time':
      return isTime(text) ? undefined : ['not-a-time', '应为时间，例：2026-03-01 08:05:30'];
    case 'day':
      return isDay(text) ? undefined : ['not-a-day', '应为日期，例：2026-03-01'];
    case 'telephone':
      return TELEPHONE.test(text) ? undefined : ['not-a-telephone', '应为电话号码'];
    default:
      if (/[^\P{Cc}\n\t]|\p{Surrogate}/u.test(text)) return ['control-character', '含有看不见的控制字符，请删除后重填'];
      return most !== undefined && [...text].length > most
        ? ['too-long', `最多 ${most} 个字，现有 ${[...text].length} 个字，请精简`]
        : undefined;
  }
}

function wrongIn(value: unknown, column: ExchangeColumn): Wrong | undefined {
  if (column.kind !== 'integer') {
    return typeof value === 'string' ? wrongText(value, column) : ['not-a-text', '应为文本'];
  }
  const [least, greatest] = column.range ?? [0, Number.MAX_SAFE_INTEGER];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return ['not-a-whole-number', '应为整数'];
  return least <= value && value <= greatest ? undefined : ['out-of-range', `应在 ${least} 至 ${greatest} 之间`];
}

/** A row as somebody sent it: members of any kind. */
export type RawRow = Readonly<Record<string, unknown>>;

export const isBlank = (value: unknown): boolean => value === undefined || (typeof value === 'string' && value.trim() === '');

/** A name of a column as ours are; anything else is not said again. */
const shown = (name: string): string => (/^[A-Za-z0-9]{1,40}$/.test(name) ? name : '（名称不像字段名）');

export const unknownColumn = (table: ExchangeTable, name: string): RowFault => ({
  ...{ column: shown(name), heading: '', code: 'unknown-column' },
  says: `${TABLES[table].title}没有“${shown(name)}”这一列，请删除或改为表中的列名`,
});

/** A row whose columns are all as they should be, as the tables have it. */
export type CheckedRow = { readonly row: ExchangeRow; readonly faults: readonly [] } | { readonly faults: readonly RowFault[] };

/** Of a row that is deleted only what it has is looked at: it may be nothing but its id. */
export function checkRow(table: ExchangeTable, raw: RawRow): CheckedRow {
  const faults: RowFault[] = [];
  const row: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(raw)) {
    const column = columnOf(table, name);
    if (column === undefined) {
      faults.push(unknownColumn(table, name));
    } else if (isBlank(value)) {
      if (value !== undefined) faults.push(faultOf(column, ['blank', '不能是空白：没有内容就不要这一列']));
    } else {
      const wrong = wrongIn(value, column);
      if (wrong !== undefined) faults.push(faultOf(column, wrong));
      else if (typeof value === 'string' || typeof value === 'number') row[name] = value;
    }
  }
  const given = new Set(Object.keys(raw));
  for (const column of requiredOf(table, row)) {
    if (!given.has(column.name)) faults.push(faultOf(column, ['missing', '必填']));
  }
  if (faults.length > 0) return { faults };
  if (String(row.updateDate) < String(row.createDate)) {
    return { faults: [faultAt(table, 'updateDate', ['before-created', '最后修改时间不能早于创建时间'])] };
  }
  return { row, faults: [] };
}

const faultOf = ({ name, heading }: ExchangeColumn, [code, says]: Wrong): RowFault => ({
  column: name,
  heading,
  code,
  says: `“${heading}”${says}`,
});

/** A fault of a column by its name. */
export function faultAt(table: ExchangeTable, name: string, wrong: Wrong): RowFault {
  const column = columnOf(table, name);
  if (column === undefined) throw new RangeError(`${table} has no column ${name}`);
  return faultOf(column, wrong);
}
