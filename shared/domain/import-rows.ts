/**
 * From the cells of a list to rows that the register understands, or to errors: each with its sheet, row and column, what stands
 * there and what to write instead. Reading goes on after an error, so that one look shows all of them. Nothing here throws.
 */
import { isGraver } from './colour.ts';
import type { CreditCode } from './credit-code.ts';
import { type Assessment, type Grade, type GradingRules, gradeRisk, type TableMethod } from './grading.ts';
import type { RiskNo, TownshipCode } from './ids.ts';
import {
  type Cell,
  type Column,
  type Columns,
  cellText,
  Fault,
  isEmpty,
  type Participants,
  type Vocabulary,
} from './import-columns.ts';
import {
  type AreaCells,
  COUNTING_HEADINGS,
  type EnterpriseCells,
  EXAMPLE_MARK,
  INSTRUCTION_SHEET,
  type RiskCells,
  SHEET_IDS,
  SHEETS,
  type SheetForm,
  type SheetId,
} from './import-sheets.ts';
import { columnLetter, comparable, oneLine } from './import-text.ts';
import type { Owner } from './owner.ts';
import { INSTALLATION_LEVELS, type MajorInstallation } from './register-risk.ts';

/** A sheet as the file has it: rows that hold something, by their number from 1. */
export interface RawSheet {
  readonly name: string;
  readonly rows: readonly { readonly row: number; readonly cells: readonly Cell[] }[];
}

/** What is wrong, where, and what to write instead. `code` is stable. */
export interface RowError {
  readonly sheet: string;
  /** From 1, as spreadsheets count; 0 where the whole sheet or file is meant. */
  readonly row: number;
  /** The letter of the column, and its heading. */
  readonly column?: string;
  readonly heading?: string;
  /** What stands there, cut short. */
  readonly found: string;
  readonly code: string;
  readonly message: string;
}

/** Where a row stands in its file. */
export interface Place {
  readonly sheet: string;
  readonly row: number;
  /** The letters of the sheet's columns, by key: what is found wrong later is still told by its cell. Rows read by an earlier version lack them. */
  readonly columns?: Readonly<Record<string, string>>;
}

export interface Coordinates {
  readonly longitude: string;
  readonly latitude: string;
}

export interface ImportedControl {
  readonly kind: 'isolation' | 'technical' | 'protection' | 'monitoring';
  /** Absent: the level that the policy gives the grade. */
  readonly level?: string;
  readonly text: string;
}

export interface EnterpriseRow {
  readonly place: Place;
  readonly uscc: CreditCode;
  readonly name: string;
  readonly township: TownshipCode;
  readonly industry: string;
  readonly supervisor?: string;
  readonly address?: string;
  /** Who is to be reached, by post. */
  readonly contacts: readonly { readonly post: 'head' | 'safety-manager'; readonly name: string; readonly phone?: string }[];
}

/** What the notice card and the register ask of any risk. */
export interface RiskContent {
  readonly no: RiskNo;
  readonly name: string;
  readonly location: string;
  readonly coordinates?: Coordinates;
  readonly identifiedOn?: string;
  readonly dimensions: readonly string[];
  readonly participants: readonly Participants[];
  readonly mainRisk: string;
  readonly accidents: readonly string[];
  readonly possibleHazards: string;
  readonly consequences: string;
  /** Absent where the row says nothing of it, and in rows read by an earlier version. */
  readonly majorInstallation?: MajorInstallation | 'none';
  readonly inherent: Assessment;
  readonly residual: Assessment;
  /** As graded on reading, by the table in force. */
  readonly grades: { readonly inherent: Grade; readonly residual: Grade };
  readonly controls: readonly ImportedControl[];
  readonly emergency: string;
  readonly reporting: string;
  readonly responsible: string;
}

export interface RiskRow extends RiskContent {
  readonly place: Place;
  readonly uscc: CreditCode;
  readonly workshop?: string;
  readonly team?: string;
  readonly post?: string;
}

export interface AreaRow extends RiskContent {
  readonly place: Place;
  readonly township: TownshipCode;
  readonly owner: Owner;
}

export interface ReadList {
  readonly enterprises: readonly EnterpriseRow[];
  readonly risks: readonly RiskRow[];
  readonly areas: readonly AreaRow[];
  /** Rows that hold data, whether readable or not. */
  readonly total: number;
  /** Rows that could not be read. */
  readonly refused: number;
  readonly errors: readonly RowError[];
}

export interface ListRules {
  readonly words: Vocabulary;
  readonly grading: GradingRules;
}

const SHOWN = 60;
const shown = (cell: Cell | undefined): string => {
  const text = oneLine(cellText(cell ?? null));
  return [...text].length > SHOWN ? `${[...text].slice(0, SHOWN).join('')}…` : text;
};

/** Titles and remarks may stand above the header, but not more than this many rows. */
const HEADER_WITHIN = 20;

const isExplanation = (name: string): boolean =>
  comparable(name).includes(comparable(INSTRUCTION_SHEET)) || /说明|字典/.test(name);

type Form = SheetForm;

/** Heading → key of the column. */
function headingsOf({ columns }: Form): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(columns).flatMap(([key, { heading, also }]) =>
      [heading, ...also].map((name) => [comparable(name), key] as const),
    ),
  );
}

const FORMS: readonly { readonly form: Form; readonly headings: ReadonlyMap<string, string> }[] = SHEET_IDS.map((id) => {
  const form: Form = SHEETS[id];
  return { form, headings: headingsOf(form) };
});

/** The row that holds the most headings of a form: titles, units and remarks above it hold none or few. */
function findHeader(sheet: RawSheet, headings: ReadonlyMap<string, string>) {
  let best = { index: -1, known: 0 };
  for (const [index, { cells }] of sheet.rows.slice(0, HEADER_WITHIN).entries()) {
    const known = new Set(cells.flatMap((cell) => headings.get(comparable(cellText(cell))) ?? [])).size;
    if (known > best.known) best = { index, known };
  }
  return best;
}

/** A header with fewer than this many known headings is none. */
const LEAST_HEADINGS = 2;

function recognise(sheet: RawSheet): { form: Form; headings: ReadonlyMap<string, string>; header: number } | undefined {
  const named = FORMS.find(({ form }) => [form.name, ...form.also].some((name) => comparable(name) === comparable(sheet.name)));
  const candidates = (named === undefined ? FORMS : [named])
    .map((candidate) => ({ ...candidate, ...findHeader(sheet, candidate.headings) }))
    .filter(({ known }) => known >= LEAST_HEADINGS)
    .sort((a, b) => b.known / b.headings.size - a.known / a.headings.size || b.known - a.known);
  const best = candidates.sort((a, b) => b.known - a.known)[0];
  return best && { form: best.form, headings: best.headings, header: best.index };
}

/** Which cell holds which column. */
interface Layout {
  readonly sheet: string;
  readonly at: ReadonlyMap<string, number>;
  readonly letters: NonNullable<Place['columns']>;
  readonly counting: number | undefined;
}

function layoutOf(sheet: RawSheet, { form, headings, header }: NonNullable<ReturnType<typeof recognise>>) {
  const errors: RowError[] = [];
  const at = new Map<string, number>();
  let counting: number | undefined;
  const line = sheet.rows[header];
  const cells = line?.cells ?? [];
  const row = line?.row ?? 0;
  const width = Math.max(...sheet.rows.slice(header).map((each) => each.cells.length));
  for (let index = 0; index < width; index++) {
    const found = shown(cells[index]);
    const place = { sheet: sheet.name, row, column: columnLetter(index), heading: found, found };
    const name = comparable(cellText(cells[index] ?? null));
    const key = headings.get(name);
    if (key !== undefined && at.has(key)) {
      const before = columnLetter(at.get(key) ?? 0);
      errors.push({ ...place, code: 'duplicate-column', message: `与 ${before} 列重复，请只保留一列` });
    } else if (key !== undefined) at.set(key, index);
    else if (COUNTING_HEADINGS.some((heading) => comparable(heading) === name)) counting ??= index;
    else if (name !== '') {
      const known = Object.values(form.columns).map(({ heading }) => heading);
      errors.push({ ...place, code: 'unknown-column', message: `不认识的列，请删除，或改成模板中的列名：${known.join('、')}` });
    } else if (sheet.rows.slice(header + 1).some((each) => !isEmpty(each.cells[index]))) {
      errors.push({ ...place, code: 'column-without-heading', message: '这一列有内容但没有列名，请补上列名或清空整列' });
    }
  }
  for (const [key, { heading, required }] of Object.entries(form.columns)) {
    if (required && !at.has(key)) {
      errors.push({
        sheet: sheet.name,
        row,
        heading,
        found: '',
        code: 'missing-column',
        message: `缺少必填的列“${heading}”，请按模板补上`,
      });
    }
  }
  const letters = Object.fromEntries([...at].map(([key, index]) => [key, columnLetter(index)]));
  const layout: Layout = { sheet: sheet.name, at, letters, counting };
  return { layout, errors, body: sheet.rows.slice(header + 1) };
}

/** Gathers what is wrong with one row. */
class RowReading {
  readonly errors: RowError[] = [];
  private readonly layout: Layout;
  private readonly columns: Columns;
  private readonly raw: RawSheet['rows'][number];
  constructor(layout: Layout, columns: Columns, raw: RawSheet['rows'][number]) {
    this.layout = layout;
    this.columns = columns;
    this.raw = raw;
  }

  get place(): Place {
    return { sheet: this.layout.sheet, row: this.raw.row, columns: this.layout.letters };
  }

  refuse(key: string, { code, says }: Fault): void {
    const index = this.layout.at.get(key);
    this.errors.push({
      sheet: this.layout.sheet,
      row: this.raw.row,
      ...(index !== undefined && { column: columnLetter(index) }),
      heading: this.columns[key]?.heading ?? key,
      found: index === undefined ? '' : shown(this.raw.cells[index]),
      code,
      message: says,
    });
  }

  cell(key: string): Cell {
    const index = this.layout.at.get(key);
    return index === undefined ? null : (this.raw.cells[index] ?? null);
  }
}

/** The values of all columns that could be read; the rest is in the reading's errors. */
function readCells(columns: Columns, reading: RowReading, words: Vocabulary): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, column] of Object.entries(columns) as [string, Column<unknown>][]) {
    const cell = reading.cell(key);
    if (isEmpty(cell)) {
      if (column.required) {
        reading.refuse(key, new Fault('missing', `必填${column.example === '' ? '' : `，例：${oneLine(column.example)}`}`));
      }
      continue;
    }
    const value = column.read(cell, words);
    if (value instanceof Fault) reading.refuse(key, value);
    else values[key] = value;
  }
  return values;
}

const FACTORS = ['L', 'E', 'C', 'M', 'S'] as const;
const SIDES = { inherent: '固有', residual: '现有' } as const;
type Side = keyof typeof SIDES;

/** What both sheets of risks have in common, as read. */
type Assessed = Omit<RiskCells, 'uscc' | 'workshop' | 'team' | 'post'>;

function readGrade(
  cells: Assessed,
  side: Side,
  reading: RowReading,
  rules: GradingRules,
): { assessment: Assessment; grade: Grade } | undefined {
  const chosen: Record<string, string> = {};
  for (const id of FACTORS) {
    const value = cells[`${side}${id}`];
    if (value !== undefined) chosen[id] = value;
  }
  const stated = cells[`${side}Grade`];
  if (cells.method === 'EXPERTS') {
    for (const id of Object.keys(chosen)) {
      reading.refuse(`${side}${id}`, new Fault('unknown-factor', '专家直接确定等级的不填因素分值，请清空，或改用 LEC、LS、MES'));
    }
    if (stated === undefined) {
      reading.refuse(
        `${side}Grade`,
        new Fault('missing', '专家直接确定等级的，必须填写等级：重大风险、较大风险、一般风险或低风险'),
      );
      return undefined;
    }
    const assessment: Assessment = {
      method: 'EXPERTS',
      colour: stated,
      experts: cells.experts ?? [],
      reason: cells.gradeReason ?? '',
    };
    const outcome = gradeRisk(assessment, rules);
    if (outcome.kind === 'graded') return { assessment, grade: outcome.grade };
    if (side === 'inherent')
      reading.refuse(outcome.reason === 'no-reason' ? 'gradeReason' : 'experts', new Fault(outcome.reason, outcome.says));
    return undefined;
  }
  const method: TableMethod = cells.method;
  const wanted = new Set(rules.tables[method].factors.map(({ id }) => id));
  let whole = true;
  for (const id of FACTORS) {
    if (chosen[id] === undefined || wanted.has(id)) continue;
    whole = false;
    reading.refuse(`${side}${id}`, new Fault('unknown-factor', `${method} 没有因素 ${id}，请清空这一格`));
  }
  for (const { id, name, values } of rules.tables[method].factors) {
    const allowed = values.map(({ value }) => value);
    const value = chosen[id];
    if (value !== undefined && allowed.includes(value)) continue;
    whole = false;
    if (value === undefined && !isEmpty(reading.cell(`${side}${id}`))) continue; // refused as a cell already
    reading.refuse(
      `${side}${id}`,
      new Fault(
        value === undefined ? 'missing-factor' : 'unlisted-value',
        `${method} 的 ${id}（${name}）只能取 ${allowed.join('、')}`,
      ),
    );
  }
  if (!whole) return undefined;
  const assessment: Assessment = { method, factors: chosen };
  const outcome = gradeRisk(assessment, rules);
  if (outcome.kind === 'refused') {
    reading.refuse(outcome.factor === undefined ? 'method' : `${side}${outcome.factor}`, new Fault(outcome.reason, outcome.says));
    return undefined;
  }
  if (stated !== undefined && stated !== outcome.grade.colour) {
    const { name, colour } = rules.grades[outcome.grade.colour];
    reading.refuse(
      `${side}Grade`,
      new Fault(
        'grade-disagrees',
        `按分值应为${name}（${colour}）：${outcome.grade.explanation}。请改等级或核对分值，也可留空由系统确定`,
      ),
    );
    return undefined;
  }
  return { assessment, grade: outcome.grade };
}

const KINDS = ['isolation', 'technical', 'protection', 'monitoring'] as const;

function readContent(cells: Assessed, reading: RowReading, rules: ListRules): RiskContent | undefined {
  if (cells.longitude === undefined ? cells.latitude !== undefined : cells.latitude === undefined) {
    const key = cells.longitude === undefined ? 'longitude' : 'latitude';
    if (isEmpty(reading.cell(key))) reading.refuse(key, new Fault('half-coordinates', '经度和纬度要么都填，要么都不填'));
  }
  const controls = KINDS.flatMap((kind) => (cells[kind] ?? []).map((measure): ImportedControl => ({ kind, ...measure })));
  if (controls.length === 0 && KINDS.every((kind) => isEmpty(reading.cell(kind)))) {
    reading.refuse('isolation', new Fault('no-measure', '四类管控措施至少填一类'));
  }
  const majorInstallation = readInstallation(cells, reading);
  const inherent = cells.method === undefined ? undefined : readGrade(cells, 'inherent', reading, rules.grading);
  const residual = cells.method === undefined ? undefined : readGrade(cells, 'residual', reading, rules.grading);
  if (inherent !== undefined && residual !== undefined && isGraver(residual.grade.colour, inherent.grade.colour)) {
    reading.refuse(
      'residualGrade',
      new Fault('residual-above-inherent', '现有风险等级不得高于固有风险等级，请核对采取措施前后的分值'),
    );
  }
  if (reading.errors.length > 0 || inherent === undefined || residual === undefined) return undefined;
  const {
    no,
    name,
    place,
    longitude,
    latitude,
    identifiedOn,
    mainRisk,
    possibleHazards,
    consequences,
    emergency,
    reporting,
    responsible,
  } = cells;
  return {
    no,
    name,
    location: place,
    ...(longitude !== undefined && latitude !== undefined && { coordinates: { longitude, latitude } }),
    ...(identifiedOn !== undefined && { identifiedOn }),
    dimensions: cells.dimensions,
    participants: cells.participants,
    mainRisk,
    accidents: cells.accidents,
    possibleHazards,
    consequences,
    ...(majorInstallation !== undefined && { majorInstallation }),
    inherent: inherent.assessment,
    residual: residual.assessment,
    grades: { inherent: inherent.grade, residual: residual.grade },
    controls,
    emergency,
    reporting,
    responsible,
  };
}

/** Whether it is a major installation, as two columns say together. */
function readInstallation(
  { majorInstallation: of, installationNo }: Assessed,
  reading: RowReading,
): RiskContent['majorInstallation'] {
  const isNone = of === 'no' || isEmpty(reading.cell('majorInstallation'));
  if (installationNo !== undefined && isNone) {
    reading.refuse('majorInstallation', new Fault('registration-of-none', '填了备案编号，请在“重大危险源”一列填“是”或级别'));
  }
  if (of === undefined) return undefined;
  if (of === 'no') return 'none';
  const level = INSTALLATION_LEVELS.find((each) => String(each) === of);
  return { ...(level !== undefined && { level }), ...(installationNo !== undefined && { registration: installationNo }) };
}

function enterpriseRow(cells: EnterpriseCells, reading: RowReading): EnterpriseRow | undefined {
  if (cells.managerPhone !== undefined && cells.manager === undefined && isEmpty(reading.cell('manager'))) {
    reading.refuse('manager', new Fault('missing', '填了安全管理人员电话，请同时填写姓名'));
  }
  if (reading.errors.length > 0) return undefined;
  const { uscc, name, township, industry, supervisor, address, head, headPhone, manager, managerPhone } = cells;
  return {
    place: reading.place,
    uscc,
    name,
    township,
    industry,
    ...(supervisor !== undefined && { supervisor }),
    ...(address !== undefined && { address }),
    contacts: [
      { post: 'head', name: head, phone: headPhone },
      ...(manager === undefined
        ? []
        : [{ post: 'safety-manager' as const, name: manager, ...(managerPhone !== undefined && { phone: managerPhone }) }]),
    ],
  };
}

function riskRow(cells: RiskCells, reading: RowReading, rules: ListRules): RiskRow | undefined {
  const content = readContent(cells, reading, rules);
  if (content === undefined) return undefined;
  const { uscc, workshop, team, post } = cells;
  return {
    place: reading.place,
    uscc,
    ...content,
    ...(workshop !== undefined && { workshop }),
    ...(team !== undefined && { team }),
    ...(post !== undefined && { post }),
  };
}

function areaRow(cells: AreaCells, reading: RowReading, rules: ListRules): AreaRow | undefined {
  const content = readContent(cells, reading, rules);
  if (content === undefined) return undefined;
  const owner: Owner = cells.owner === undefined ? `TOWN:${cells.township}` : `DEPT:${cells.owner}`;
  return { place: reading.place, township: cells.township, owner, ...content };
}

const sheetError = (sheet: string, code: string, message: string): RowError => ({ sheet, row: 0, found: '', code, message });

/** Reads all sheets of a file. A sheet whose header is wrong is refused as a whole: its columns cannot be trusted. */
export function readList(sheets: readonly RawSheet[], rules: ListRules): ReadList {
  const enterprises: EnterpriseRow[] = [];
  const risks: RiskRow[] = [];
  const areas: AreaRow[] = [];
  const errors: RowError[] = [];
  const seen = new Map<string, Place>();
  let total = 0;
  let refused = 0;

  const readRow = (id: SheetId, values: Record<string, unknown>, reading: RowReading): boolean => {
    // The values are what the columns of this very sheet read; a required one that is missing is among the errors, and then no row is made.
    switch (id) {
      case 'enterprises': {
        const row = enterpriseRow(values as unknown as EnterpriseCells, reading);
        if (row !== undefined) enterprises.push(row);
        return row !== undefined;
      }
      case 'risks': {
        const row = riskRow(values as unknown as RiskCells, reading, rules);
        if (row !== undefined) risks.push(row);
        return row !== undefined;
      }
      case 'areas': {
        const row = areaRow(values as unknown as AreaCells, reading, rules);
        if (row !== undefined) areas.push(row);
        return row !== undefined;
      }
    }
  };

  for (const sheet of sheets) {
    if (sheet.rows.length === 0 || isExplanation(sheet.name)) continue;
    const recognised = recognise(sheet);
    if (recognised === undefined) {
      const known = SHEET_IDS.map((id) => SHEETS[id].name).join('、');
      errors.push(
        sheetError(
          sheet.name,
          'unknown-sheet',
          `没有找到表头，请把列名照模板写在前 ${HEADER_WITHIN} 行内；工作表应为${known}，不需导入的请删除`,
        ),
      );
      continue;
    }
    const { form } = recognised;
    const { layout, errors: wrong, body } = layoutOf(sheet, recognised);
    const data = body.filter(({ cells }) => !isExample(cells, layout) && holdsData(cells, layout));
    total += data.length;
    if (wrong.length > 0) {
      errors.push(...wrong);
      refused += data.length;
      continue;
    }
    for (const raw of data) {
      const reading = new RowReading(layout, form.columns, raw);
      const values = readCells(form.columns, reading, rules.words);
      const named = form.key.map((key) => values[key]);
      const key = named.every((part) => part !== undefined) ? [form.id, ...named].join('\n') : undefined;
      const before = key === undefined ? undefined : seen.get(key);
      if (key !== undefined && before === undefined) seen.set(key, reading.place);
      if (before !== undefined) {
        const where = before.sheet === sheet.name ? `第 ${before.row} 行` : `工作表“${before.sheet}”第 ${before.row} 行`;
        reading.refuse(form.key.at(-1) ?? '', new Fault('duplicate-row', `与${where}重复，请删除一行或改正编号`));
      }
      if (!readRow(form.id, values, reading)) refused += 1;
      errors.push(...reading.errors);
    }
  }
  if (sheets.every(({ name, rows }) => rows.length === 0 || isExplanation(name))) {
    errors.push(sheetError('', 'empty-file', '文件中没有可导入的内容，请按模板填写后再上传'));
  }
  return { enterprises, risks, areas, total, refused, errors };
}

/** The template's example, which people forget to delete. */
const isExample = (cells: readonly Cell[], { counting }: Layout): boolean =>
  counting !== undefined && comparable(cellText(cells[counting] ?? null)).startsWith(EXAMPLE_MARK);

/** A row with nothing but its number is empty. */
const holdsData = (cells: readonly Cell[], { counting }: Layout): boolean =>
  cells.some((cell, index) => index !== counting && !isEmpty(cell));
