/** Writes comma-separated values (RFC 4180) that a spreadsheet opens as what they are: UTF-8 with BOM, CRLF, no cell taken for a formula. */
import { timeText } from '../../domain/calendar.ts';
import type { View, ViewColumn } from '../../domain/view.ts';
import { fitted } from './view-cell.ts';

/** Since Excel takes it for GB 18030 otherwise. */
const BOM = '\uFEFF';

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe, which reading takes off again (ASVS 1.2.10). So does one that begins
 * with apostrophes before such a sign, or reading would take off one of its own.
 */
const guarded = (cell: string): string => (/^'*[=+\-@\t\r\n＝＋－＠\0]/.test(cell) ? `'${cell}` : cell);
const quoted = (cell: string): string => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const lineOf = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
const textCell = (cell: string): string => quoted(guarded(cell));

export const csvOf = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(`${BOM}${rows.map((row) => lineOf(row.map(textCell))).join('')}`);

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
      return value === undefined ? '' : quoted(fitted(guarded(value), whole)); // guarded first: the apostrophe counts too
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
