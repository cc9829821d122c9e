/**
 * Reads the cells of a workbook (XLSX, ECMA-376) as people filled it in: formulas by the result that was saved with them, dates as
 * days, a merged column of cells as if each held the value. Only cells that hold something cost anything, wherever they stand.
 */
import { Parser } from 'saxen';
import { type Cell, dayOfSerial } from '../../domain/import-columns.ts';
import type { RawSheet } from '../../domain/import-rows.ts';
import { type FileLimits, tooManyColumns, tooManyRows, UnreadableFile } from './unreadable.ts';
import { type Archive, openArchive } from './zip.ts';

const damaged = (part: string) =>
  new UnreadableFile('not-a-workbook', `工作簿内容已损坏（${part}），请用 Excel 或 WPS 另存为“.xlsx”后再上传`);

type Attributes = Readonly<Record<string, string>>;

interface Visitor {
  readonly open?: (name: string, attributes: () => Attributes) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: () => string) => void;
}

/** Walks the XML of a part; names come without their prefix. */
function walk(archive: Archive, path: string, { open, close, text }: Visitor): boolean {
  const bytes = archive.read(path);
  if (bytes === undefined) return false;
  const parser = new Parser();
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  if (open) parser.on('openTag', (name: string, attributes: () => Attributes) => open(local(name), attributes));
  if (close) parser.on('closeTag', (name: string) => close(local(name)));
  if (text) {
    parser.on('text', (value: string, decode: (text: string) => string) => text(() => decode(value)));
    parser.on('cdata', (value: string) => text(() => value));
  }
  parser.on('error', (error: Error) => {
    throw error instanceof UnreadableFile ? error : damaged(path);
  });
  parser.on('warn', () => undefined);
  parser.parse(bytes.toString('utf8'));
  return true;
}

export function readWorkbook(file: Buffer, limits: FileLimits): RawSheet[] {
  const archive = openArchive(file, limits.fileBytes);
  const { sheets, since1904 } = readSheetList(archive, limits);
  const texts = readSharedTexts(archive);
  const dateStyles = readDateStyles(archive);
  let rows = 0;
  return sheets.map(({ name, path }) => {
    const sheet = readSheet(archive, path, name, { texts, dateStyles, since1904, limits, rowsLeft: limits.rows - rows });
    rows += sheet.rows.length;
    return sheet;
  });
}

const ROOT = 'xl/';
const resolve = (target: string): string => (target.startsWith('/') ? target.slice(1) : `${ROOT}${target.replace(/^\.\//, '')}`);

function readSheetList(archive: Archive, limits: FileLimits) {
  const targets = new Map<string, string>();
  walk(archive, `${ROOT}_rels/workbook.xml.rels`, {
    open: (name, attributes) => {
      const { Id, Target } = name === 'Relationship' ? attributes() : {};
      if (Id !== undefined && Target !== undefined) targets.set(Id, Target);
    },
  });
  const sheets: { name: string; path: string }[] = [];
  let since1904 = false;
  const found = walk(archive, `${ROOT}workbook.xml`, {
    open: (name, attributes) => {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attributes().date1904 ?? '');
      if (name !== 'sheet') return;
      const given = attributes();
      const target = targets.get(given['r:id'] ?? Object.entries(given).find(([key]) => key.endsWith(':id'))?.[1] ?? '');
      if (target !== undefined && given.name !== undefined) sheets.push({ name: given.name, path: resolve(target) });
    },
  });
  if (!found) throw damaged('workbook.xml');
  if (sheets.length > limits.sheets) {
    throw new UnreadableFile('too-many-sheets', `工作簿超过 ${limits.sheets} 个工作表，请只保留要导入的工作表`);
  }
  return { sheets, since1904 };
}

/** The texts that cells refer to by number; the readings above Chinese or Japanese texts (rPh) are left out. */
function readSharedTexts(archive: Archive): string[] {
  const texts: string[] = [];
  let current: string | undefined;
  let inText = false;
  let inReading = false;
  walk(archive, `${ROOT}sharedStrings.xml`, {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 't') inText = true;
      else if (name === 'rPh') inReading = true;
    },
    text: (text) => {
      if (inText && !inReading && current !== undefined) current += text();
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') inReading = false;
      else if (name === 'si' && current !== undefined) {
        texts.push(unescaped(current));
        current = undefined;
      }
    },
  });
  return texts;
}

/** `_x000D_` stands for a character that XML cannot hold. */
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

/** Formats of dates that need no entry of their own: 14–22, and those of the Chinese editions. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
/** A format that shows a year or a day, once quoted texts, escapes and [colours] are out of the way. */
const isDateFormat = (format: string): boolean => /[yde年日]/i.test(format.replace(/"[^"]*"|\\.|_.|\[[^\]]*\]|General/gi, ''));

function readDateStyles(archive: Archive): ReadonlySet<number> {
  const custom = new Map<number, boolean>();
  const dates = new Set<number>();
  let inStyles = false;
  let style = 0;
  walk(archive, `${ROOT}styles.xml`, {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(Number(attributes().numFmtId), isDateFormat(attributes().formatCode ?? ''));
      else if (name === 'cellXfs') inStyles = true;
      else if (name === 'xf' && inStyles) {
        const format = Number(attributes().numFmtId ?? 0);
        if (custom.get(format) ?? isBuiltInDate(format)) dates.add(style);
        style += 1;
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inStyles = false;
    },
  });
  return dates;
}

interface SheetContext {
  readonly texts: readonly string[];
  readonly dateStyles: ReadonlySet<number>;
  readonly since1904: boolean;
  readonly limits: FileLimits;
  readonly rowsLeft: number;
}

const DAYS_1904 = 1462;

/** `AB12` → column 27, row 12. */
function addressOf(reference: string): { column: number; row: number } | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (match === null) return undefined;
  let column = 0;
  for (const letter of match[1] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(match[2]) };
}

function readSheet(archive: Archive, path: string, name: string, context: SheetContext): RawSheet {
  const { texts, dateStyles, since1904, limits } = context;
  const rows: { row: number; cells: Cell[] }[] = [];
  const merged: { column: number; from: number; to: number }[] = [];
  let row = 0;
  let column = -1;
  let cells: Cell[] | undefined;
  let type = 'n';
  let style = 0;
  let value: string | undefined;
  let inline: string | undefined;
  let hasFormula = false;
  let into: 'value' | 'inline' | undefined;
  let inCell = false;
  let inReading = false;

  const put = (cell: Cell): void => {
    if (cell === null || cell === '') return;
    if (typeof cell === 'string' && cell.length > limits.cellCharacters * 2) {
      cell = cell.slice(0, limits.cellCharacters * 2); // the column says that it is too long
    }
    if (column >= limits.columns) throw tooManyColumns(limits, name);
    if (cells === undefined) {
      cells = [];
      if (rows.length >= context.rowsLeft) throw tooManyRows(limits);
      rows.push({ row, cells });
    }
    while (cells.length < column) cells.push(null);
    cells[column] = cell;
  };

  const cellValue = (): Cell => {
    if (type === 'inlineStr') return unescaped(inline ?? '');
    if (value === undefined || value === '') {
      return hasFormula && value === undefined ? { broken: '公式未计算' } : null;
    }
    switch (type) {
      case 's':
        return texts[Number(value)] ?? { broken: '文字丢失' };
      case 'str':
        return unescaped(value);
      case 'b':
        return value === '1' || value === 'true';
      case 'e':
        return { broken: value };
      case 'd':
        return /^\d{4}-\d\d-\d\d/.test(value) ? { date: value.slice(0, 10) } : value;
      default: {
        const number = Number(value);
        if (!Number.isFinite(number)) return value;
        const serial = number + (since1904 ? DAYS_1904 : 0);
        if (dateStyles.has(style) && serial >= 61 && serial < 2_958_466) return { date: dayOfSerial(serial) };
        return number;
      }
    }
  };

  const found = walk(archive, path, {
    open: (tag, attributes) => {
      switch (tag) {
        case 'row': {
          const given = Number(attributes().r);
          row = Number.isInteger(given) && given > 0 ? given : row + 1;
          column = -1;
          cells = undefined;
          return;
        }
        case 'c': {
          const given = attributes();
          const address = addressOf(given.r ?? '');
          column = address?.column ?? column + 1;
          type = given.t ?? 'n';
          style = Number(given.s ?? 0);
          value = undefined;
          inline = undefined;
          hasFormula = false;
          inCell = true;
          return;
        }
        case 'f':
          hasFormula = inCell;
          return;
        case 'v':
          if (inCell) into = 'value';
          value ??= '';
          return;
        case 't':
          if (inCell && !inReading) into = 'inline';
          return;
        case 'rPh':
          inReading = true;
          return;
        case 'mergeCell': {
          const [first, last] = (attributes().ref ?? '').split(':').map(addressOf);
          if (first && last && first.column === last.column && last.row > first.row) {
            merged.push({ column: first.column, from: first.row, to: last.row });
          }
        }
      }
    },
    text: (text) => {
      if (into === 'value') value = (value ?? '') + text();
      else if (into === 'inline') inline = (inline ?? '') + text();
    },
    close: (tag) => {
      if (tag === 'v' || tag === 't') into = undefined;
      else if (tag === 'rPh') inReading = false;
      else if (tag === 'c') {
        inCell = false;
        put(cellValue());
      }
    },
  });
  if (!found) throw damaged(path);
  fillMerged(rows, merged);
  return { name, rows };
}

/** A value merged over several rows of one column stands for each of them. Rows without any cell of their own are left alone. */
function fillMerged(
  rows: readonly { row: number; cells: Cell[] }[],
  merged: readonly { column: number; from: number; to: number }[],
): void {
  if (merged.length === 0) return;
  const byRow = new Map(rows.map((each) => [each.row, each.cells]));
  const last = rows.at(-1)?.row ?? 0;
  for (const { column, from, to } of merged) {
    const value = byRow.get(from)?.[column];
    if (value === undefined || value === null) continue;
    for (let row = from + 1; row <= Math.min(to, last); row++) {
      const cells = byRow.get(row);
      if (cells === undefined) continue;
      while (cells.length < column) cells.push(null);
      cells[column] ??= value;
    }
  }
}
