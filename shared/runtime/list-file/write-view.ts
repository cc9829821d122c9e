/** A view as a workbook: headings that stay in sight and can be filtered by, times and days as a spreadsheet reckons with them. */
import type { View, ViewColumn, ViewKind } from '../../domain/view.ts';
import { fitted, serialOf, serialOfDay } from './view-cell.ts';
import type { Style } from './workbook-styles.ts';
import { type SheetCell, type SheetRow, writeWorkbook } from './write-workbook.ts';

const STYLES: Readonly<Record<ViewKind, Style>> = {
  text: 'text',
  json: 'text',
  integer: 'integer',
  instant: 'instant',
  day: 'day',
};

function valueIn<Row>(column: ViewColumn<Row>, row: Row, whole: () => string): string | number | undefined {
  switch (column.kind) {
    case 'integer':
      return column.of(row);
    case 'instant': {
      const at = column.of(row);
      return at && serialOf(at);
    }
    case 'day': {
      const day = column.of(row);
      return day && serialOfDay(day);
    }
    case 'text':
    case 'json': {
      const text = column.of(row);
      return text && fitted(text, whole);
    }
  }
}

function cellOf<Row>(column: ViewColumn<Row>, row: Row, whole: () => string): SheetCell | undefined {
  const value = valueIn(column, row, whole);
  return value === undefined ? undefined : { value, style: STYLES[column.kind] };
}

function* rowsOf<Row>({ columns, whole }: View<Row>, rows: Iterable<Row>): Generator<SheetRow> {
  yield { cells: columns.map(({ heading }) => ({ value: heading, style: 'heading' })), height: 30 };
  for (const row of rows) yield { cells: columns.map((column) => cellOf(column, row, () => whole(row))) };
}

/** The file. Rows are taken one by one. */
export const xlsxView = <Row>(view: View<Row>, rows: Iterable<Row>): Buffer =>
  writeWorkbook({
    name: view.title,
    widths: view.columns.map(({ width }) => width),
    rows: rowsOf(view, rows),
    headings: 1,
    isFiltered: true,
  });
