/** Writes comma-separated values (RFC 4180) that a spreadsheet opens as what they are: UTF-8 with BOM, CRLF, no cell taken for a formula, no text for a number. */
import { timeText } from '../../domain/calendar.ts';
import type { View, ViewColumn } from '../../domain/view.ts';
import { guarded } from './csv-cell.ts';
import { fitted } from './view-cell.ts';

/** Since Excel takes it for GB 18030 otherwise. */
const BOM = '\uFEFF';

const quoted = (cell: string): string => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const lineOf = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
const textCell = (cell: string): string => quoted(guarded(cell));

/** Texts are kept as they are; a number is a number. */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): Buffer =>
  Buffer.from(
    `${BOM}${rows.map((row) => lineOf(row.map((cell) => (typeof cell === 'number' ? String(cell) : textCell(cell))))).join('')}`,
  );

/** A number is written as a number: a negative one is no formula. */
function cellOf<Row>(column: ViewColumn<Row>, row: Row, whole: () => string): string {
  switch (column.kind) {
    case 'integer': {
      const value = column.of(row);
      return value === undefined ? '' : String(value);
    }
    case 'instant': {
      const value = column.of(row);
      return value === undefined ? '' : timeText(value);
    }
    case 'day':
      return column.of(row) ?? '';
    case 'text':
    case 'json': {
      const value = column.of(row);
      return value === undefined ? '' : quoted(fitted(guarded(value), whole)); // guarded first: what is put in front counts too
    }
  }
}

/** So many characters are turned into bytes at a time. */
const AT_A_TIME = 1 << 20;

/** A view as CSV. Rows are taken one by one. */
export function csvView<Row>({ columns, whole }: View<Row>, rows: Iterable<Row>): Buffer {
  const parts: Buffer[] = [];
  let text = `${BOM}${lineOf(columns.map(({ heading }) => textCell(heading)))}`;
  for (const row of rows) {
    text += lineOf(columns.map((column) => cellOf(column, row, () => whole(row))));
    if (text.length < AT_A_TIME) continue;
    parts.push(Buffer.from(text));
    text = '';
  }
  return Buffer.concat([...parts, Buffer.from(text)]);
}
