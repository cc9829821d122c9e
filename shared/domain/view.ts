/**
 * A view (视图): rows as people and tools read them, made of the record and never the record itself. One table of columns says what a CSV,
 * a workbook, a Parquet file and the tables of a lake hold, so that they cannot say different things.
 */
import type { Day, Instant } from './calendar.ts';

/** What a column holds. A code is a text: its zeros in front stay. `json`: canonical JSON, to be read by tools. */
export interface ViewKinds {
  readonly text: string;
  readonly json: string;
  readonly integer: number;
  readonly instant: Instant;
  readonly day: Day;
}
export type ViewKind = keyof ViewKinds;

interface ColumnOf<Row, Kind extends ViewKind> {
  /** For tools: the name in Parquet and in the lake. */
  readonly name: string;
  /** For people: above the column. */
  readonly heading: string;
  readonly kind: Kind;
  /** In characters, where it is shown. */
  readonly width: number;
  readonly of: (row: Row) => ViewKinds[Kind] | undefined;
}
export type ViewColumn<Row> = { readonly [Kind in ViewKind]: ColumnOf<Row, Kind> }[ViewKind];

export interface View<Row> {
  /** For people: the name of the sheet. */
  readonly title: string;
  readonly columns: readonly ViewColumn<Row>[];
  /** Where the whole of a text stands that is too long for a cell of a spreadsheet. */
  readonly whole: (row: Row) => string;
}
