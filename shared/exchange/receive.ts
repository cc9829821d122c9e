/** What becomes of a row that somebody sent: by what is held of it, of its parents and of its children. */
import { type Instant, plusMs, timeText } from '../domain/calendar.ts';
import { isCommitment } from '../domain/commitment.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../domain/exchange.ts';
import { isSame } from '../domain/same.ts';
import { faultAt, type RowFault } from './check-row.ts';
import { isDeleted, TABLES } from './tables.ts';

export const OUTCOMES = ['received', 'unchanged', 'stale', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Received =
  | { readonly outcome: Exclude<Outcome, 'refused'>; readonly faults: readonly [] }
  | { readonly outcome: 'refused'; readonly faults: readonly RowFault[] };

/** What the county holds that is about a row. */
export interface Surroundings {
  /** The row itself, as it was received last. */
  readonly held: ExchangeRow | undefined;
  /** The row as the register of this county makes it, where it does. */
  readonly own: ExchangeRow | undefined;
  /** Its columns that name a parent which is not there, or is deleted. */
  readonly orphaned: readonly string[];
  /** Rows that are not deleted and hang on it, by table. */
  readonly children: Partial<Readonly<Record<ExchangeTable, number>>>;
}

const refused = (...faults: readonly RowFault[]): Received => ({ outcome: 'refused', faults });

/**
 * The same but for what is of a person, which `held` has as commitments: it was restored without salts, and is whole again when it is sent again.
 */
const isWhole = (row: ExchangeRow, held: ExchangeRow): boolean => {
  const isHidden = (value: string | number | undefined): boolean => typeof value === 'string' && isCommitment(value);
  return isSame(
    Object.fromEntries(Object.entries(held).map(([name, value]) => [name, isHidden(value) ? row[name] : value])),
    row,
  );
};

/** What the register of this county says, nobody says in its place. */
export const ownRowFault = (table: ExchangeTable, column: string): RowFault =>
  faultAt(table, column, ['own-row', '是本县登记台账中的数据：请在台账中修改，会自动进入下一个导出包']);

/** Clocks differ, but not by more. */
const AHEAD_MS = 86_400_000;
/** Whether it changed when that has not come yet: no true change would ever be later. */
export const isTooLate = ({ updateDate }: ExchangeRow, at: Instant): boolean =>
  String(updateDate) > timeText(plusMs(at, AHEAD_MS));
export const tooLateFault = (table: ExchangeTable): RowFault =>
  faultAt(table, 'updateDate', ['in-the-future', '晚于现在一天以上：请核对填报设备的时间，改为实际修改的时间后重新上报']);

/** Who wrote a row and when: of its own rows each county says its own. */
const WRITTEN: readonly string[] = ['createDate', 'createBy', 'updateDate', 'updateBy'];
const said = (row: ExchangeRow): ExchangeRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !WRITTEN.includes(name)));

export function receive(table: ExchangeTable, row: ExchangeRow, { held, own, orphaned, children }: Surroundings): Received {
  if (own !== undefined) {
    if (isSame(said(row), said(own))) return { outcome: 'unchanged', faults: [] };
    return refused(ownRowFault(table, 'id'));
  }
  if (held !== undefined) {
    const [now, before] = [String(row.updateDate), String(held.updateDate)];
    if (now < before) return { outcome: 'stale', faults: [] };
    if (now === before) {
      if (isSame(row, held)) return { outcome: 'unchanged', faults: [] };
      if (isWhole(row, held)) return { outcome: 'received', faults: [] };
      const says = '没有变，但内容有改动：请改为改动的时间后重新上报';
      return refused(faultAt(table, 'updateDate', ['update-date-not-moved', says]));
    }
  }
  if (isDeleted(row)) {
    const left = EXCHANGE_TABLES.filter((each) => (children[each] ?? 0) > 0);
    if (left.length === 0) return { outcome: 'received', faults: [] };
    const says = `下还有未删除的${left.map((each) => `${TABLES[each].title} ${children[each]} 条`).join('、')}：请先上报它们的删除，再上报这一条`;
    return refused(faultAt(table, 'id', ['children-left', says]));
  }
  return orphaned.length === 0
    ? { outcome: 'received', faults: [] }
    : refused(
        ...orphaned.map((column) =>
          faultAt(table, column, ['parent-missing', '所指的上级还没有，或已删除：请先上报上级，再上报这一条']),
        ),
      );
}
