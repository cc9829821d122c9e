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
/** What figures, days and times are made of. */
const FIGURES = [
  ...'0123456789',
  '00',
  '.',
  ',',
  '/',
  ':',
  '%',
  '¥',
  '(',
  ')',
  'E',
  'e',
  '年',
  '月',
  '日',
  ' ',
  '１',
  'TRUE',
  'MAR',
  'pm',
  '下午',
];
/** Letters of every kind, and pieces that mean something to somebody. A text of nothing is no cell. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((all) => all !== '');
const figures = fc.array(fc.constantFrom(...FIGURES, '-'), { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
const UNSEEN = ['\u00A0', '\uFEFF', '\u200B', '\v', '\f', '\u2028', '\u0085', '\u3000', '\u00AD', '\u2060', '\u115F', ' ', "'"];
const hidden = fc
  .tuple(fc.array(fc.constantFrom(...UNSEEN), { maxLength: 3 }), fc.constantFrom(...'=+-@＝＋－＠﹦﹢﹣﹫'), text)
  .map(([before, sign, after]) => `${before.join('')}${sign}${after}`);
const written = fc.oneof(text, figures, hidden);
const rows = fc.array(fc.record({ text: written, number: fc.maxSafeInteger() }), { minLength: 1, maxLength: 8 });

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
      expect(read(csvView(VIEW, given))).toEqual(given.map((row) => [String(row.number), pictured(row.text)]));
    }),
    { numRuns: 150 },
  );
});

/** Controls as their pictures, which is all that a CSV changes. */
const pictured = (all: string): string =>
  [...all]
    .map((one) =>
      one === '\x7F' ? '␡' : one < ' ' && !'\t\r\n'.includes(one) ? String.fromCharCode(0x2400 + one.charCodeAt(0)) : one,
    )
    .join('');

const isUnseen = (one: string): boolean => one.trim() === '' || /[\p{Cc}\p{Cf}\p{Z}\p{DI}]/u.test(one);
/** Slowly, what Excel and WPS make of a cell: worse than they are where it is not known. */
function madeOf(cell: string): string {
  if (/^['\t]/.test(cell)) return 'text';
  const seen = [...cell];
  while (seen[0] !== undefined && isUnseen(seen[0])) seen.shift();
  const plain = seen.join('').normalize('NFKC').trim();
  if ('=+-@'.includes(plain.charAt(0)) && plain !== '') return 'formula';
  if (/^(true|false)$/i.test(plain)) return 'truth';
  const figure = plain.replace(/[\s,%¥$()]/g, '');
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(figure)) {
    const isShownAlike = String(Number(figure)) === cell && figure.length <= 11;
    return isShownAlike ? 'text' : 'number';
  }
  if (/^\d+:\d+(:\d+)?( ?[ap]m?)?$/i.test(plain) || /^\d{1,2} ?[ap]m?$/i.test(plain)) return 'time';
  if (!/\d/.test(plain)) return 'text';
  if (
    /^(\d+|[a-z]{3,9})[-/. 年]+(\d+|[a-z]{3,9})([-/. 月]+\d+日?)?月?( .*)?$/i.test(plain) &&
    /^(?:\d|[-/. 年月日:]|MAR|[ap]m)+$/i.test(plain)
  )
    return 'day';
  if (/^\d+月\d+日?$/.test(plain) || /^\d+ \d+\/\d+$/.test(plain)) return 'day';
  return 'text';
}

test('no text of a CSV is run by a spreadsheet or turned into something else', () => {
  fc.assert(
    fc.property(written, (one) => {
      const file = csvView(VIEW, [{ text: one, number: 1 }]).toString();
      const field = file.slice(file.indexOf('\r\n1,') + '\r\n1,'.length, -'\r\n'.length);
      const cell = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
      expect(madeOf(cell)).toBe('text');
      // What is shown: an apostrophe before what would be run, a tab that nobody sees, and nothing else.
      expect([pictured(one), `'${pictured(one)}`, `\t${pictured(one)}`]).toContain(cell);
    }),
    { numRuns: 600 },
  );
});
