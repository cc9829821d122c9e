/**
 * The sample county as an office would send it: a workbook with merged titles, codes typed in full width, stray spaces, dates in every
 * spelling, cells that compute and cells that are merged downwards; and the list of one township as a CSV in GB 18030.
 */
import writeXlsxFile, { type Cell, type Row, type SheetData } from 'write-excel-file/node';
import { COLOURS } from '../../../shared/domain/colour.ts';
import type { Column, Columns, Vocabulary } from '../../../shared/domain/import-columns.ts';
import { SHEETS, type SheetId } from '../../../shared/domain/import-sheets.ts';
import { importWords } from '../../../shared/policy/import-words.ts';
import type { Policy } from '../../../shared/policy/load.ts';
import { csvOf } from '../../../shared/runtime/list-file/write-csv.ts';
import type { SampleCounty, SampleRisk } from './county.ts';
import { gb18030 } from './gb18030.ts';
import type { Random } from './random.ts';

export interface SampleFile {
  readonly name: string;
  readonly format: 'xlsx' | 'csv';
  readonly bytes: Buffer;
}

/** The township whose office still sends CSV. */
const CSV_TOWNSHIP = '畹町镇';
/** Title, remark, headings: the first row of data is the fourth. */
const ROWS_ABOVE = 3;
const FACTOR = /^(?:inherent|residual)[LECMS]$/;
const CODES = ['uscc', 'headPhone', 'managerPhone'];

const fullWidth = (text: string): string =>
  text.replace(/[0-9A-Z]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** Formula → the result that a spreadsheet saves with it. */
type Results = Map<string, { readonly value: string; readonly isText: boolean }>;

/** The library writes formulas without their results; a file that came out of a spreadsheet has them. */
const savedResults = (results: Results) => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (xml: string) =>
          xml.replace(/<c ([^>]*)><f>([^<]*)<\/f>/g, (_, attributes: string, formula: string) => {
            const result = results.get(formula.replaceAll('&quot;', '"'));
            if (result === undefined) throw new Error(`the formula ${formula} has no result`);
            return `<c ${attributes}${result.isText ? ' t="str"' : ''}><f>${formula}</f><v>${result.value}</v>`;
          }),
      },
    },
  },
});

/** Somebody in an office, typing. */
class Clerk {
  readonly results: Results = new Map();
  private readonly random: Random;
  private readonly words: Vocabulary;
  constructor(random: Random, words: Vocabulary) {
    this.random = random;
    this.words = words;
  }

  private computed(formula: string, value: string, isText: boolean): Cell {
    this.results.set(formula, { value, isText });
    return { value: formula, type: 'Formula' };
  }

  /** The first row is numbered by hand, each other counts on from the one above it. */
  counting(index: number): Cell {
    return index === 0 ? 1 : this.computed(`A${index + ROWS_ABOVE}+1`, String(index + 1), false);
  }

  cell(key: string, column: Column<unknown>, value: unknown): Cell {
    const text = column.write(value, this.words);
    // As it was given out, so that the clerk's other ways do not depend on how many there are.
    if (key === 'majorInstallation' || key === 'installationNo') return text;
    if (FACTOR.test(key)) return this.number(text);
    if (key === 'identifiedOn') return this.day(text);
    if (key.endsWith('Grade'))
      return this.random.pick(this.words.grades[COLOURS.find((colour) => colour === value) ?? ''] ?? [text]);
    if (CODES.includes(key)) return this.random.percent(15) ? fullWidth(text) : this.spaced(text);
    if (key === 'township' && this.random.percent(20)) return this.computed(`T("${text}")`, text, true);
    return this.spaced(text);
  }

  private spaced(text: string): string {
    if (this.random.percent(90)) return text;
    return this.random.pick([`　${text}`, `${text} `, ` ${text}\u00a0`, `${text}\n`]);
  }

  private number(text: string): Cell {
    const way = this.random.below(20);
    if (way < 14) return Number(text);
    if (way < 16) return fullWidth(text);
    return way === 16 ? this.computed(`VALUE("${text}")`, text, false) : text;
  }

  private day(text: string): Cell {
    const [year, month, date] = text.split('-').map(Number);
    const way = this.random.below(4);
    if (way < 2) return { value: new Date(`${text}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
    return way === 2 ? `${year}年${month}月${date}日` : text;
  }
}

type Cells = Readonly<Record<string, unknown>>;
const TITLE = { fontWeight: 'bold', fontSize: 16, align: 'center', height: 32 } as const;
const HEADING = { fontWeight: 'bold', borderStyle: 'thin', align: 'center', wrap: true } as const;

/** Cells of a column that stand in one merged cell, as offices like it for all points of an enterprise. */
function mergedDown(rows: Row[], place: number, from: number, count: number): void {
  for (let index = from; index < from + count; index++) {
    const row = rows[index];
    if (row === undefined) continue;
    const cell = row[place];
    row[place] = index > from ? null : { value: typeof cell === 'string' ? cell : '', rowSpan: count, alignVertical: 'center' };
  }
}

function sheetOf(id: SheetId, title: string, list: readonly Cells[], clerk: Clerk) {
  const form: { name: string; also: readonly string[]; columns: Columns } = SHEETS[id];
  const columns = Object.entries(form.columns);
  const rest = columns.map(() => null);
  const rows = list.map(
    (cells, index): Row => [
      clerk.counting(index),
      ...columns.map(([key, column]) => (cells[key] === undefined ? null : clerk.cell(key, column, cells[key]))),
    ],
  );
  const data: SheetData = [
    [{ value: title, columnSpan: columns.length + 1, ...TITLE }, ...rest],
    [{ value: '填报单位：瑞丽市安委办（样例数据，均为虚构）', columnSpan: columns.length + 1 }, ...rest],
    [
      { value: '序 号', ...HEADING },
      ...columns.map(([, { heading, required }]) => ({ value: required ? `${heading}（必填）` : heading, ...HEADING })),
    ],
    ...rows,
  ];
  return { sheet: form.also[0] ?? form.name, data, rows, columns: [{ width: 6 }, ...columns.map(() => ({ width: 18 }))] };
}

/** Every third enterprise's points have its credit code once, in a cell merged over all of them. */
function mergeCodes(rows: Row[], risks: readonly SampleRisk[]): void {
  let from = 0;
  let enterprise = 0;
  while (from < risks.length) {
    const uscc = risks[from]?.uscc;
    const count = risks.slice(from).findIndex((risk) => risk.uscc !== uscc);
    const length = count < 0 ? risks.length - from : count;
    if (enterprise % 3 === 0 && length > 1) mergedDown(rows, 1, from, length);
    from += length;
    enterprise += 1;
  }
}

/** The files by which the sample comes in: first the workbook, which has all enterprises, then the CSV. */
export async function sampleFiles(sample: SampleCounty, policy: Policy, random: Random): Promise<SampleFile[]> {
  const words = importWords(policy);
  const clerk = new Clerk(random, words);
  const byCsv = new Set(
    sample.enterprises.filter(({ township }) => words.townships[township]?.includes(CSV_TOWNSHIP)).map(({ uscc }) => uscc),
  );
  const risks = sample.risks.filter(({ uscc }) => !byCsv.has(uscc));
  const enterprises = sheetOf('enterprises', '瑞丽市企业名录（样例）', sample.enterprises.map(columnsOnly('enterprises')), clerk);
  const points = sheetOf('risks', '瑞丽市企业安全风险分级管控清单（样例）', risks.map(columnsOnly('risks')), clerk);
  const areas = sheetOf('areas', '瑞丽市公共区域安全风险清单（样例）', sample.areas.map(columnsOnly('areas')), clerk);
  mergeCodes(points.rows, risks);
  const workbook = await writeXlsxFile(
    [enterprises, points, areas].map(({ sheet, data, columns }) => ({ sheet, data, columns })),
    { fontFamily: 'SimSun', fontSize: 11, features: [savedResults(clerk.results)] },
  ).toBuffer();
  const columns: [string, Column<unknown>][] = Object.entries(SHEETS.risks.columns);
  const table = sample.risks
    .filter(({ uscc }) => byCsv.has(uscc))
    .map(columnsOnly('risks'))
    .map((cells) => columns.map(([key, column]) => (cells[key] === undefined ? '' : column.write(cells[key], words))));
  const csv = csvOf([columns.map(([, { heading }]) => heading), ...table]);
  return [
    { name: '瑞丽市安全风险清单（样例）.xlsx', format: 'xlsx', bytes: workbook },
    {
      name: `${CSV_TOWNSHIP}企业安全风险清单（样例）.csv`,
      format: 'csv',
      bytes: gb18030(csv.toString('utf8').replace(/^\uFEFF/, '')),
    },
  ];
}

/** What of a sample's record the sheet has columns for. */
const columnsOnly =
  (id: SheetId) =>
  (record: object): Cells =>
    Object.fromEntries(Object.entries(record).filter(([key]) => Object.hasOwn(SHEETS[id].columns, key)));
