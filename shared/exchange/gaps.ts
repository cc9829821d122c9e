/** What is missing between our register and the tables, either way, each in a sentence that says what to do. */
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable, type ReceivedRow } from '../domain/exchange.ts';
import { RISK_COLUMNS } from '../domain/import-sheets.ts';
import { checkRow } from './check-row.ts';
import type { OwnRow } from './own-rows.ts';
import { columnOf, isDeleted, TABLES } from './tables.ts';

export interface Gap {
  readonly enterprise: string;
  readonly table: ExchangeTable;
  readonly title: string;
  readonly id: string;
  /** The row, as people call it. */
  readonly what: string;
  readonly column: string;
  readonly heading: string;
  /** Never changes its meaning. */
  readonly code: string;
  readonly says: string;
}

const NAMES = [
  'riskUnitName',
  'riskEventName',
  'riskMeasureDesc',
  'dangerName',
  'troubleshootContent',
  'stopReason',
  'hazardCode',
];
const MOST_SHOWN = 60;
function whatOf(row: ExchangeRow): string {
  const name = [...String(row[NAMES.find((each) => row[each] !== undefined) ?? 'id'] ?? '')];
  return name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN).join('')}…` : name.join('');
}

const gapOf = (table: ExchangeTable, row: ExchangeRow, of: Pick<Gap, 'column' | 'heading' | 'code' | 'says'>): Gap => ({
  ...{ enterprise: String(row.creditCode), table, title: TABLES[table].title, id: String(row.id), what: whatOf(row) },
  ...of,
});

/** What a row of ours lacks of what the tables require, and what it tells less of than it knows. */
export function gapsOfRow({ table, row, toFill }: OwnRow): readonly Gap[] {
  if (isDeleted(row)) return [];
  const filled = toFill.map((column): Gap => {
    const heading = columnOf(table, column)?.heading ?? column;
    const says =
      row[column] === undefined
        ? `“${heading}”不随表上报，请在平台上补填`
        : `“${heading}”以岗位、通用选项或不含个人信息的文字代替，或因过长被截短，请核对后在平台上补全`;
    return gapOf(table, row, { column, heading, code: 'to-fill', says });
  });
  return [...checkRow(table, row).faults.map((fault) => gapOf(table, row, fault)), ...filled];
}

/** How many rows of an enterprise lack the same; `says` is of the first of them. */
export type GapCount = Omit<Gap, 'id' | 'what'> & { readonly count: number };

/** By enterprise, table, column and code. */
export function countsOf(gaps: Iterable<Gap>): readonly GapCount[] {
  const counts = new Map<string, GapCount>();
  for (const { id: _, what: __, ...gap } of gaps) {
    const key = [gap.enterprise, EXCHANGE_TABLES.indexOf(gap.table), gap.column, gap.code].join('#');
    counts.set(key, { ...(counts.get(key) ?? gap), count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/** What a row that was received has, and a bundle of ours may not tell. */
export const gapsOfHidden = ({ table, row, toFill }: OwnRow): readonly Gap[] =>
  toFill.map((column): Gap => {
    const heading = columnOf(table, column)?.heading ?? column;
    const says = `“${heading}”涉及个人信息，不在导出包中：请用 GET /v1/exchange/${table} 读取原来的行`;
    return gapOf(table, row, { column, heading, code: 'not-in-bundle', says });
  });

/** Columns of our risk list that the tables tell, and those that only the enterprise can. */
const { uscc, name, mainRisk } = RISK_COLUMNS;
const KNOWN: readonly string[] = [uscc, name, mainRisk].map(({ heading }) => heading);
const MISSING: readonly string[] = Object.values(RISK_COLUMNS).flatMap(({ heading, required }) =>
  required && !KNOWN.includes(heading) ? [heading] : [],
);

/** What of an enterprise's register is compared with what was received of it. */
export interface Registered {
  readonly risks: ReadonlySet<string>;
  readonly measures: ReadonlySet<string>;
}

export const registeredOf = (
  risks: readonly { readonly name: string; readonly controls: readonly { readonly text: string }[] }[],
): Registered => ({
  risks: new Set(risks.map((risk) => risk.name.trim())),
  measures: new Set(risks.flatMap(({ controls }) => controls.map(({ text }) => text.trim()))),
});

/** What was received and does not stand in the register yet: nobody but the enterprise can say what the tables do not. */
export function gapsOfReceived({ table, row }: Pick<ReceivedRow, 'table' | 'row'>, registered: Registered): readonly Gap[] {
  if (isDeleted(row)) return [];
  const gap = (column: string, says: string): Gap =>
    gapOf(table, row, { column, heading: columnOf(table, column)?.heading ?? '', code: 'not-registered', says });
  switch (table) {
    case 'unit': {
      const unit = String(row.riskUnitName);
      if (registered.risks.has(unit.trim())) return [];
      return [
        gap(
          'riskUnitName',
          `风险单元“${unit}”还不在风险清单中：请在风险清单模板中新增一行，${KNOWN.join('、')}可照平台填写，${MISSING.join('、')}需由企业补填，再由主要负责人签署`,
        ),
      ];
    }
    case 'measure':
      return registered.measures.has(String(row.riskMeasureDesc).trim())
        ? []
        : [gap('riskMeasureDesc', '这条管控措施还不在风险清单中：请在对应风险点的“管控措施”列补上，写明类别、层级和责任人')];
    case 'hazard':
      return row.dangerState === '9'
        ? []
        : [gap('dangerName', '平台上的这项隐患还没有验收：请在本系统登记，写明所在位置、风险点和证据，再按流程整改')];
    case 'stop':
      return [gap('stopReason', '平台上的停用检修不免除本系统的排查：请由主要负责人在本系统批准停产检修停用')];
    default:
      return [];
  }
}
