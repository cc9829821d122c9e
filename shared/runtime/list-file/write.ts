/** Writes list files as `readSheets` reads them: templates to fill in, and whole lists. */
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { type Column, type Columns, choicesOf, type Vocabulary } from '../../domain/import-columns.ts';
import {
  AREA_COLUMNS,
  type AreaCells,
  ENTERPRISE_COLUMNS,
  type EnterpriseCells,
  EXAMPLE_MARK,
  INSTRUCTION_SHEET,
  RISK_COLUMNS,
  type RiskCells,
  SHEET_IDS,
  SHEETS,
  type SheetForm,
  type SheetId,
} from '../../domain/import-sheets.ts';
import { csvOf } from './write-csv.ts';

const COUNTING = '序号';
const HEADER = { fontWeight: 'bold', backgroundColor: '#DDEBF7', borderStyle: 'thin', wrap: true, align: 'center' } as const;
const TITLE = { fontWeight: 'bold', fontSize: 16, align: 'center', height: 30 } as const;
const text = (value: string) => ({ value, type: String, format: '@', wrap: true, alignVertical: 'top' }) as const;

const entries = (columns: Columns): [string, Column<unknown>][] => Object.entries(columns);
const headingOf = ({ heading, required }: Column<unknown>): string => (required ? `*${heading}` : heading);

/** What a template shows as an example: the column's own, else the first word it takes. */
function exampleOf(column: Column<unknown>, words: Vocabulary): string {
  if (column.example !== '' || !column.required) return column.example;
  const [first] = Object.values(column.choices?.(words) ?? {});
  return first?.[0] ?? '';
}

/** The factors of the example, so that it could be imported if it were not marked. */
const EXAMPLE_FACTORS: Readonly<Record<string, string>> = {
  inherentL: '3',
  inherentE: '6',
  inherentC: '15',
  residualL: '1',
  residualE: '6',
  residualC: '15',
};

const exampleRow = (form: SheetForm, words: Vocabulary): string[] =>
  entries(form.columns).map(([key, column]) => EXAMPLE_FACTORS[key] ?? exampleOf(column, words));

function sheetOf(form: SheetForm, title: string, rows: readonly (readonly string[])[], marks: (index: number) => string) {
  const columns = entries(form.columns);
  const data: SheetData = [
    [{ value: title, columnSpan: columns.length + 1, ...TITLE }, ...columns.map(() => null)],
    [{ value: COUNTING, ...HEADER }, ...columns.map(([, column]) => ({ value: headingOf(column), ...HEADER }))],
    ...rows.map((cells, index) => [text(marks(index)), ...cells.map((cell) => (cell === '' ? null : text(cell)))]),
  ];
  return {
    sheet: form.name,
    data,
    columns: [{ width: 6 }, ...columns.map(([, { example }]) => ({ width: Math.min(40, Math.max(14, example.length * 2)) }))],
    stickyRowsCount: 2,
  };
}

function instructions(words: Vocabulary) {
  const general = [
    '每个工作表一行一条；带 * 的列必填；列的顺序可以调换，不要添加模板没有的列。',
    '序号为“示例”的行不会导入。再次导入同一文件，没有改动的行不会重复。',
    '编号、信用代码、电话请用“文本”格式填写。填错的行会逐格说明原因，其余的行照常导入（也可选择有错则全部不导入）。',
  ];
  const rows = SHEET_IDS.flatMap((id) =>
    entries(SHEETS[id].columns).map(([, column]) => {
      const choices = column.choices === undefined ? '' : choicesOf(column.choices(words));
      return [
        SHEETS[id].name,
        column.heading,
        column.required ? '必填' : '选填',
        [column.note, choices].filter((part) => part !== '').join('。可填：'),
      ];
    }),
  );
  const data: SheetData = [
    [{ value: '填写说明', columnSpan: 4, ...TITLE }, null, null, null],
    ...general.map((line) => [{ ...text(line), columnSpan: 4 }, null, null, null]),
    ['工作表', '列', '必填', '怎么填'].map((value) => ({ value, ...HEADER })),
    ...rows.map((cells) => cells.map(text)),
  ];
  return { sheet: INSTRUCTION_SHEET, data, columns: [{ width: 12 }, { width: 20 }, { width: 8 }, { width: 90 }] };
}

const FONT = { fontFamily: 'SimSun', fontSize: 11 } as const;

/** The workbook to fill in: how to, and per sheet the headings and an example that is not imported. */
export const writeTemplate = (words: Vocabulary): Promise<Buffer> =>
  writeXlsxFile(
    [
      instructions(words),
      ...SHEET_IDS.map((id) =>
        sheetOf(SHEETS[id], `${SHEETS[id].name}导入表`, [exampleRow(SHEETS[id], words)], () => EXAMPLE_MARK),
      ),
    ],
    FONT,
  ).toBuffer();

/** A CSV holds one sheet. UTF-8 with BOM, since Excel takes it for GB 18030 otherwise. */
export function writeCsvTemplate(id: SheetId, words: Vocabulary): Buffer {
  const form: SheetForm = SHEETS[id];
  const rows = [
    [COUNTING, ...entries(form.columns).map(([, column]) => headingOf(column))],
    [EXAMPLE_MARK, ...exampleRow(form, words)],
  ];
  return csvOf(rows);
}

/** A list as its columns hold it. */
export interface ListRows {
  readonly enterprises?: readonly Partial<EnterpriseCells>[];
  readonly risks?: readonly Partial<RiskCells>[];
  readonly areas?: readonly Partial<AreaCells>[];
}

const cellsOf =
  (columns: Columns, words: Vocabulary) =>
  (row: Readonly<Record<string, unknown>>): string[] =>
    entries(columns).map(([key, column]) => (row[key] === undefined ? '' : column.write(row[key], words)));

/** A whole list as an office would send it: a merged title above the headings of each sheet. */
export async function writeRiskListFile(rows: ListRows, words: Vocabulary, title = '安全风险分级管控清单'): Promise<Buffer> {
  const number = (index: number) => String(index + 1);
  const sheets = [
    ...(rows.enterprises
      ? [sheetOf(SHEETS.enterprises, title, rows.enterprises.map(cellsOf(ENTERPRISE_COLUMNS, words)), number)]
      : []),
    ...(rows.risks ? [sheetOf(SHEETS.risks, title, rows.risks.map(cellsOf(RISK_COLUMNS, words)), number)] : []),
    ...(rows.areas ? [sheetOf(SHEETS.areas, title, rows.areas.map(cellsOf(AREA_COLUMNS, words)), number)] : []),
  ];
  return writeXlsxFile(sheets, FONT).toBuffer();
}

/** One sheet of it as CSV. */
export const writeCsvList = (id: SheetId, rows: readonly Readonly<Record<string, unknown>>[], words: Vocabulary): Buffer =>
  csvOf([entries(SHEETS[id].columns).map(([, column]) => headingOf(column)), ...rows.map(cellsOf(SHEETS[id].columns, words))]);
