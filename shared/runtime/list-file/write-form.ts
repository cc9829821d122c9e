/** The monthly form (月报表) as files: a workbook to print, sign and send to the next level, and the same as CSV. */
import { type FormColumns, type FormRow, type MonthlyForm, TO_BE_NAMED } from '../../domain/monthly-form.ts';
import { csvOf } from './write-csv.ts';
import { type Merged, type SheetCell, type SheetRow, writeWorkbook } from './write-workbook.ts';

const TITLE = '煤矿、金属非金属矿山等工矿企业安全生产事故隐患排查治理情况月报表';
const TOTAL = '合计';
const NAME = '行业';

interface FormColumn {
  readonly heading: string;
  readonly unit: string;
  /** What it stands under, together with its neighbours. */
  readonly under: string;
}

const of = (under: string, ...columns: readonly (readonly [heading: string, unit: string])[]): FormColumn[] =>
  columns.map(([heading, unit]) => ({ heading, unit, under }));

/** Columns 1 to 12. */
const COLUMNS: readonly FormColumn[] = [
  ...of('企业', ['开展隐患排查治理的企业数', '家']),
  ...of('一般隐患', ['排查出的隐患数', '项'], ['其中：已整改数', '项'], ['整改率', '%']),
  ...of('重大隐患', ['排查出的隐患数', '项'], ['其中：已整改销号数', '项'], ['整改率', '%']),
  ...of('列入治理计划的重大隐患', ['隐患数', '项'], ['其中：落实“五到位”数', '项']),
  ...of('挂牌督办的重大隐患', ['隐患数', '项'], ['其中：省级挂牌督办数', '项']),
  ...of('资金', ['累计落实隐患治理资金', '万元']),
];

const WIDTHS = [24, ...COLUMNS.map(() => 11)];
const LAST = WIDTHS.length - 1;

const monthOf = (month: string): { readonly year: string; readonly month: number } => ({
  year: month.slice(0, 4),
  month: Number(month.slice('yyyy-'.length)),
});

/** `2026年1月—6月` */
export function periodText({ from, to }: MonthlyForm['period']): string {
  const [first, last] = [monthOf(from), monthOf(to)];
  if (from === to) return `${first.year}年${first.month}月`;
  return `${first.year}年${first.month}月—${first.year === last.year ? '' : `${last.year}年`}${last.month}月`;
}

/** How deep a row lies within others. */
function depthOf(row: FormRow, rows: readonly FormRow[]): number {
  const above = row.within === undefined ? undefined : rows.find(({ code }) => code === row.within);
  return above === undefined ? 0 : 1 + depthOf(above, rows);
}

/** `5 危险化学品`, and a part of it `（1）经营`. */
function labelOf(row: FormRow, rows: readonly FormRow[]): string {
  if (row.within === undefined) return `${row.code} ${row.name}`;
  const place = rows.filter(({ within }) => within === row.within).indexOf(row) + 1;
  return `${'　'.repeat(depthOf(row, rows))}（${place}）${row.name}`;
}

/** What is blank stays blank; what is a number is one, so that it can be summed. */
const numbered = (text: string): string | number => (text === '' || text === TO_BE_NAMED ? text : Number(text));
const figure = (text: string): SheetCell => ({
  value: numbered(text),
  style: 'figure',
});
const line = (label: string, columns: FormColumns): SheetRow => ({
  cells: [{ value: label, style: 'label' }, ...columns.map(figure)],
  height: 22,
});
const whole = (value: string, style: 'title' | 'under'): SheetCell[] => [
  { value, style },
  ...COLUMNS.map((): SheetCell => ({ style })),
];

/** The first row of headings has each group once, above its columns. */
const groups = COLUMNS.map(({ under }, place) => (COLUMNS[place - 1]?.under === under ? undefined : under));

function mergedOf(rows: number): Merged[] {
  const starts = groups.flatMap((under, place) => (under === undefined ? [] : [place]));
  const spans = starts.map((from, place) => ({ from: from + 1, to: starts[place + 1] ?? COLUMNS.length }));
  const across = (row: number): Merged => ({ fromRow: row, toRow: row, fromColumn: 0, toColumn: LAST });
  return [
    ...[0, 1].map(across),
    { fromRow: 2, toRow: 3, fromColumn: 0, toColumn: 0 },
    ...spans
      .filter(({ from, to }) => to > from)
      .map(({ from, to }) => ({ fromRow: 2, toRow: 2, fromColumn: from, toColumn: to })),
    ...[0, 4, 7, 10].map((fromColumn, place, all) => ({
      fromRow: rows - 1,
      toRow: rows - 1,
      fromColumn,
      toColumn: (all[place + 1] ?? LAST + 1) - 1,
    })),
  ];
}

/** Who signs: blank, to be filled in by hand. */
function footCells(): SheetCell[] {
  const texts: Readonly<Record<number, string>> = {
    0: '审核人：',
    4: '填表人：',
    7: '联系电话：',
    10: '填报日期：　　　年　　月　　日',
  };
  return WIDTHS.map((_, column) => ({ value: texts[column], style: 'line' }));
}

/** The workbook. `unit` is whoever sends it. */
export function xlsxForm(form: MonthlyForm, unit: string): Buffer {
  const rows: SheetRow[] = [
    { cells: whole(TITLE, 'title'), height: 32 },
    {
      cells: whole(`填报单位：${unit}（盖章）　　　　报告期：${periodText(form.period)}　　　　填报截止：${form.due}`, 'under'),
      height: 22,
    },
    {
      cells: [{ value: NAME, style: 'heading' }, ...groups.map((under): SheetCell => ({ value: under, style: 'heading' }))],
      height: 22,
    },
    {
      cells: [
        { style: 'heading' },
        ...COLUMNS.map(({ heading, unit: of }): SheetCell => ({ value: `${heading}（${of}）`, style: 'heading' })),
      ],
      height: 62,
    },
    {
      cells: [
        { value: '甲', style: 'centred' },
        ...COLUMNS.map((_, place): SheetCell => ({ value: String(place + 1), style: 'centred' })),
      ],
    },
    ...form.rows.map((row) => line(labelOf(row, form.rows), row.columns)),
    line(TOTAL, form.total.columns),
    { cells: footCells(), height: 30 },
  ];
  return writeWorkbook({ name: '月报表', widths: WIDTHS, rows, merged: mergedOf(rows.length), isOnePage: true });
}

/** The same figures, a line a row. */
export const csvForm = ({ period, due, rows, total }: MonthlyForm): Buffer =>
  csvOf([
    [
      '报告期',
      '填报截止',
      '代码',
      '上级代码',
      NAME,
      ...COLUMNS.map(({ heading, unit, under }, place) => `${place + 1} ${under}：${heading}（${unit}）`),
    ],
    ...rows.map(({ code, within = '', name, columns }) => [
      periodText(period),
      due,
      code,
      within,
      name,
      ...columns.map(numbered),
    ]),
    [periodText(period), due, '', '', TOTAL, ...total.columns.map(numbered)],
  ]);
