/** What people type into spreadsheets, made plain: the same text, code or number however it was typed. Nothing here throws. */

/** Among them what is half of a character, which a broken file may have. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060\uFEFF\p{Cs}]/gu;
const SPACES = /[\u00A0\u2000-\u200A\u202F\u205F\u3000\t]/g;

/** The text without marks that nobody sees; every kind of space is a space, every line break a line break, ends are trimmed. */
export const plainText = (text: string): string =>
  text
    .replace(/\r\n?|_x000D_\n?/g, '\n')
    .replace(INVISIBLE, '')
    .replace(SPACES, ' ')
    .replace(/ *\n */g, '\n')
    .trim();

/** On one line: a break within a cell is only there for the look of it. */
export const oneLine = (text: string): string => plainText(text).replace(/\s+/g, ' ');

/** Full-width digits and letters as plain ones, without any space: for codes and numbers. */
export const codeText = (text: string): string => plainText(text).normalize('NFKC').replace(/\s+/g, '');

/** A heading or a word of a list, for comparing only: blind to spaces, width, case, stars and "（必填）". */
export const comparable = (text: string): string =>
  codeText(text)
    .toUpperCase()
    .replace(/[*＊★:]/g, '')
    .replace(/\((?:必填|选填|可不填|必填项|选填项)\)/g, '');

/** Several things in one cell: each on its line, or parted by a semicolon. */
export const partsOf = (text: string): string[] =>
  plainText(text)
    .split(/[\n;；]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Several words in one cell: parted by 、 as well. */
export const wordsOf = (text: string): string[] =>
  partsOf(text)
    .flatMap((part) => part.split(/[、,，/|]+/))
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** The letter of a column as spreadsheets show it: 0 → A, 26 → AA. */
export function columnLetter(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return letters;
}
