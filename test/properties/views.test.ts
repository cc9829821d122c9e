/** Whatever people write comes out of a view as they wrote it, and nothing of it is a formula. */
import fc from 'fast-check';
import type { View } from '../../shared/domain/view.ts';
import { readSheets } from '../../shared/runtime/list-file/read.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { xlsxView } from '../../shared/runtime/list-file/write-view.ts';

const LIMITS = { fileBytes: 5_000_000, rows: 1_000, columns: 5, cellCharacters: 10_000, sheets: 2 };
const PIECES = [
  '=',
  '+',
  '-',
  '@',
  '＝',
  '＋',
  '－',
  '＠',
  "'",
  '"',
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '_x000D_',
  '&lt;',
  ']]>',
  '瑞丽',
  '𠮷',
  '1',
];
/** Letters of every kind, and pieces that mean something to somebody. A text of nothing is no cell. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((all) => all !== '');
const rows = fc.array(fc.record({ text, number: fc.maxSafeInteger() }), { minLength: 1, maxLength: 8 });

type Row = { readonly text: string; readonly number: number };
const VIEW: View<Row> = {
  title: '表',
  columns: [
    { name: 'number', heading: '数', kind: 'integer', width: 10, of: ({ number }) => number },
    { name: 'text', heading: '文', kind: 'text', width: 10, of: ({ text }) => text },
  ],
  whole: () => '',
};
const read = (file: Buffer) => readSheets(file, LIMITS).flatMap((sheet) => sheet.rows.slice(1).map(({ cells }) => cells));

test('a workbook holds what it was given', () => {
  fc.assert(
    fc.property(rows, (given) => {
      expect(read(xlsxView(VIEW, given))).toEqual(given.map((row) => [row.number, row.text]));
    }),
    { numRuns: 60 },
  );
});

test('a CSV holds what it was given', () => {
  fc.assert(
    fc.property(rows, (given) => {
      expect(read(csvView(VIEW, given))).toEqual(given.map((row) => [String(row.number), row.text]));
    }),
    { numRuns: 150 },
  );
});

test('no text of a CSV begins as a formula does, quoted or not', () => {
  fc.assert(
    fc.property(text, (one) => {
      const [, line = ''] = csvView(VIEW, [{ text: one, number: 1 }])
        .toString()
        .split('\r\n1,');
      expect(line).not.toMatch(/^"?[=+\-@\t\r\n＝＋－＠\0]/);
    }),
    { numRuns: 300 },
  );
});
