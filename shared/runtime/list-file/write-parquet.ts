/** A view as Parquet, for Athena, DuckDB and whatever else asks questions of many files: every column has its type, and no text is cut. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { epochMs } from '../../domain/calendar.ts';
import type { View, ViewColumn, ViewKind } from '../../domain/view.ts';

type SchemaElement = ParquetWriter['schema'][number];

const TYPES: Readonly<Record<ViewKind, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  day: { type: 'INT32', converted_type: 'DATE' },
};

const schemaOf = <Row>({ columns }: View<Row>): SchemaElement[] => [
  { name: 'events', num_children: columns.length },
  ...columns.map(({ name, kind }): SchemaElement => ({ name, ...TYPES[kind], repetition_type: 'OPTIONAL' })),
];

type Value = string | bigint | Date | undefined;

function valueIn<Row>(column: ViewColumn<Row>, row: Row): Value {
  switch (column.kind) {
    case 'integer': {
      const value = column.of(row);
      return value === undefined ? undefined : BigInt(value);
    }
    case 'instant': {
      const at = column.of(row);
      return at && new Date(epochMs(at));
    }
    case 'day': {
      const day = column.of(row);
      return day && new Date(`${day}T00:00:00Z`);
    }
    case 'text':
    case 'json':
      return column.of(row);
  }
}

/** So many characters at most stand in memory before they are written: a group of rows is what a reader takes at a time. */
const GROUP_CHARACTERS = 8 << 20;

/** The file. Rows are taken one by one, and written group by group. */
export function parquetView<Row>(view: View<Row>, rows: Iterable<Row>): Buffer {
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema: schemaOf(view), createdBy: 'dual-prevention' });
  let group: Value[][] = view.columns.map(() => []);
  let [held, characters] = [0, 0];
  const write = (): void => {
    if (held === 0) return;
    file.write({
      columnData: view.columns.map(({ name }, place) => ({ name, data: group[place] ?? [] })),
      rowGroupSize: held,
    });
    group = view.columns.map(() => []);
    [held, characters] = [0, 0];
  };
  for (const row of rows) {
    for (const [place, column] of view.columns.entries()) {
      const value = valueIn(column, row);
      group[place]?.push(value);
      if (typeof value === 'string') characters += value.length;
    }
    held += 1;
    if (characters >= GROUP_CHARACTERS) write();
  }
  write();
  file.finish();
  return Buffer.from(writer.getBytes());
}
