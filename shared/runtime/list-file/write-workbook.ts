/**
 * Writes a workbook (XLSX, ECMA-376) of one sheet, row by row: memory holds what is packed and one stretch of the sheet. The same rows are the
 * same bytes, whoever writes them when. Texts are typed as texts: nothing is taken for a formula, and a code keeps its zeros.
 */
import { Zip, ZipDeflate } from 'fflate';
import { STYLES_XML, type Style, styleNumber } from './workbook-styles.ts';

export interface SheetCell {
  readonly value?: string | number | undefined;
  readonly style: Style;
}
export interface SheetRow {
  readonly cells: readonly (SheetCell | undefined)[];
  /** In points. */
  readonly height?: number;
}
/** Of rows and columns from 0, both ends included. */
export interface Merged {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}
export interface Sheet {
  readonly name: string;
  /** In characters. */
  readonly widths: readonly number[];
  readonly rows: Iterable<SheetRow>;
  /** Rows that stay in sight, and stand on every printed page. */
  readonly headings?: number;
  /** The last of the headings can be filtered by. */
  readonly isFiltered?: true;
  readonly merged?: readonly Merged[];
  /** Printed on one page of A4, across. */
  readonly isOnePage?: true;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MEDIA = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const SHEET_PATH = 'xl/worksheets/sheet1.xml';

const hex = (character: string): string => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Characters that XML cannot hold, or would change, are written `_x000D_`; what is written like that already is kept from being read so. */
const UNHOLDABLE = /(?![\t\n])[\p{Cc}\uFFFE\uFFFF]/gu;
const escaped = (text: string): string =>
  text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(UNHOLDABLE, hex)
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** 0 → A, 26 → AA */
function columnName(column: number): string {
  let [name, left] = ['', column + 1];
  for (; left > 0; left = Math.floor((left - 1) / 26)) name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  return name;
}

function cellXml({ value, style }: SheetCell, at: string): string {
  const head = `<c r="${at}" s="${styleNumber(style)}"`;
  if (value === undefined || value === '') return `${head}/>`;
  if (typeof value === 'number') return `${head}><v>${value}</v></c>`;
  return `${head} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

function rowXml({ cells, height }: SheetRow, row: number, columns: readonly string[]): string {
  const texts = cells.map((cell, column) => (cell === undefined ? '' : cellXml(cell, `${columns[column]}${row}`)));
  return `<row r="${row}"${height === undefined ? '' : ` ht="${height}" customHeight="1"`}>${texts.join('')}</row>`;
}

function headXml({ widths, headings = 0, isOnePage }: Sheet): string {
  const pane = `<pane ySplit="${headings}" topLeftCell="A${headings + 1}" activePane="bottomLeft" state="frozen"/>`;
  const columns = widths.map(
    (width, column) => `<col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"/>`,
  );
  return [
    `${HEAD}<worksheet ${MAIN}>`,
    isOnePage ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : '',
    `<sheetViews><sheetView workbookViewId="0">${headings === 0 ? '' : pane}</sheetView></sheetViews>`,
    `<sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`,
  ].join('');
}

function footXml({ widths, headings = 0, isFiltered, merged = [], isOnePage }: Sheet, rows: number): string {
  const last = columnName(widths.length - 1);
  const merges = merged.map(
    ({ fromRow, toRow, fromColumn, toColumn }) =>
      `<mergeCell ref="${columnName(fromColumn)}${fromRow + 1}:${columnName(toColumn)}${toRow + 1}"/>`,
  );
  return [
    '</sheetData>',
    isFiltered ? `<autoFilter ref="A${headings}:${last}${Math.max(rows, headings)}"/>` : '',
    merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`,
    isOnePage ? '<printOptions horizontalCentered="1"/>' : '',
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    isOnePage ? '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="1"/>' : '',
    '</worksheet>',
  ].join('');
}

/** The other parts. */
function partsOf({ name, headings = 0 }: Sheet): readonly (readonly [string, string])[] {
  const titles =
    headings === 0
      ? ''
      : `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'${escaped(name)}'!$1:$${headings}</definedName></definedNames>`;
  const related = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relationships = (...all: readonly string[]) =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
  const typed = (part: string, type: string) => `<Override PartName="/${part}" ContentType="${MEDIA}.${type}+xml"/>`;
  return [
    [
      '[Content_Types].xml',
      [
        `${HEAD}<Types xmlns="${PACKAGE}/content-types">`,
        `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
        `<Default Extension="xml" ContentType="application/xml"/>`,
        typed('xl/workbook.xml', 'sheet.main'),
        typed(SHEET_PATH, 'worksheet'),
        typed('xl/styles.xml', 'styles'),
        '</Types>',
      ].join(''),
    ],
    ['_rels/.rels', relationships(related('rId1', 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook ${MAIN} xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews><sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets>${titles}</workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relationships(related('rId1', 'worksheet', 'worksheets/sheet1.xml'), related('rId2', 'styles', 'styles.xml')),
    ],
    ['xl/styles.xml', `${HEAD}<styleSheet ${MAIN}>${STYLES_XML}</styleSheet>`],
  ];
}

/** Every part has the first instant that a ZIP can name. */
const LONG_AGO = new Date(1980, 0, 1);
/** So many characters are packed at a time. */
const AT_A_TIME = 1 << 18;

function* textsOf(sheet: Sheet): Generator<string> {
  const columns = sheet.widths.map((_, column) => columnName(column));
  let text = headXml(sheet);
  let row = 0;
  for (const each of sheet.rows) {
    row += 1;
    text += rowXml(each, row, columns);
    if (text.length < AT_A_TIME) continue;
    yield text;
    text = '';
  }
  yield text + footXml(sheet, row);
}

/** The file. */
export function writeWorkbook(sheet: Sheet): Buffer {
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    packed.push(chunk);
  });
  const put = (path: string, texts: Iterable<string>): void => {
    const part = new ZipDeflate(path, { level: 6 });
    part.mtime = LONG_AGO;
    zip.add(part);
    for (const text of texts) part.push(Buffer.from(text));
    part.push(new Uint8Array(0), true);
  };
  for (const [path, text] of partsOf(sheet)) put(path, [text]);
  put(SHEET_PATH, textsOf(sheet));
  zip.end();
  return Buffer.concat(packed);
}
