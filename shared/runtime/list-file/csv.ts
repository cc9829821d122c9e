/** Comma-separated values (RFC 4180) as offices save them: UTF-8 with or without BOM, or GB 18030; CRLF, LF or CR. */
import type { Cell } from '../../domain/import-columns.ts';
import type { RawSheet } from '../../domain/import-rows.ts';
import { unguarded } from './csv-cell.ts';
import { type FileLimits, tooManyColumns, tooManyRows, UnreadableFile } from './unreadable.ts';

/** UTF-8 if it is UTF-8 throughout, else GB 18030, else nothing: a file is never read with replaced characters. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded('utf-16le', bytes) ?? refuse();
  return decoded('utf-8', bytes) ?? decoded('gb18030', bytes) ?? refuse();
}

const refuse = (): never => {
  throw new UnreadableFile(
    'unknown-encoding',
    '文件的文字编码不是 UTF-8 或 GB 18030，请用 Excel 或 WPS 另存为“CSV UTF-8”后再上传',
  );
};

function decoded(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Excel in China may save with semicolons or tabs: what parts the first line outside quotes parts all. */
function separatorOf(text: string): string {
  const counts = new Map([
    [',', 0],
    ['\t', 0],
    [';', 0],
  ]);
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      if ([...counts.values()].some((count) => count > 0)) break;
    } else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ',';
}

export function readCsv(bytes: Buffer, limits: FileLimits): RawSheet[] {
  const text = decodeText(bytes);
  const name = 'CSV';
  const separator = separatorOf(text);
  const rows: { row: number; cells: Cell[] }[] = [];
  let cells: Cell[] = [];
  let row = 1;
  let at = 0;

  const endField = (field: string): void => {
    if (cells.length >= limits.columns && field !== '') throw tooManyColumns(limits, name);
    cells.push(field === '' ? null : unguarded(field.slice(0, limits.cellCharacters * 2)));
  };
  const endRow = (): void => {
    if (cells.some((cell) => cell !== null)) {
      if (rows.length >= limits.rows) throw tooManyRows(limits);
      rows.push({ row, cells });
    }
    cells = [];
    row += 1;
  };

  while (at < text.length) {
    if (text[at] === '"') {
      let field = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) {
          throw new UnreadableFile('open-quote', `第 ${row} 行有一个双引号没有成对，请补上或删除；内容中的双引号要写成两个`);
        }
        field += text.slice(from, quote);
        from = quote + 2;
        if (text[quote + 1] !== '"') {
          at = quote + 1;
          break;
        }
        field += '"';
      }
      const rest = fieldEnd(text, at, separator);
      endField(field + text.slice(at, rest));
      at = rest;
    } else {
      const end = fieldEnd(text, at, separator);
      endField(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) endField('');
      continue;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    endRow();
  }
  if (cells.length > 0) endRow();
  return [{ name, rows }];
}

function fieldEnd(text: string, from: number, separator: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === separator || character === '\n' || character === '\r') return at;
  }
  return text.length;
}
