/**
 * The columns of a list that is imported, said once: templates are written from them, files are read by them. A column reads a cell
 * to a value or to a fault that says what to write instead, and writes a value as it would read it.
 */
import { type CreditCode, creditCode } from './credit-code.ts';
import { type Naming, type RiskNo, riskNo } from './ids.ts';
import { codeText, comparable, oneLine, partsOf, plainText, wordsOf } from './import-text.ts';

/** What stands in a cell. `date` is a day; `broken` is a formula that failed (`#REF!`) or was never calculated. */
export type Cell = string | number | boolean | null | { readonly date: string } | { readonly broken: string };

/** What cannot be read, with a stable code and the sentence that says what to write instead. */
export class Fault {
  readonly code: string;
  readonly says: string;
  constructor(code: string, says: string) {
    this.code = code;
    this.says = says;
  }
}

/** Codes of a list, each with the words that people use for it; the first is the one that is written. */
export type Words = Readonly<Record<string, readonly string[]>>;

/** The words of the county's policy and places: none is written here. */
export interface Vocabulary {
  readonly townships: Words;
  readonly departments: Words;
  readonly industries: Words;
  readonly dimensions: Words;
  readonly participants: Words;
  readonly accidents: Words;
  readonly majorInstallations: Words;
  readonly controlLevels: Words;
  readonly grades: Words;
  readonly methods: Words;
}

export interface Column<T, Required extends boolean = boolean> {
  readonly heading: string;
  /** Other headings that mean this column. */
  readonly also: readonly string[];
  readonly required: Required;
  /** What to write, for the instruction sheet. */
  readonly note: string;
  readonly example: string;
  /** Of a cell that is not empty. */
  read(cell: Exclude<Cell, null>, words: Vocabulary): T | Fault;
  write(value: T, words: Vocabulary): string;
  /** The words it takes, where it takes only these. */
  readonly choices?: (words: Vocabulary) => Words;
}

/** The columns of a sheet, in the order in which a template shows them. */
export type Columns = Readonly<Record<string, Column<unknown>>>;
type ValueOf<C> = C extends Column<infer T, infer Required> ? (Required extends true ? T : T | undefined) : never;
/** A row as its columns read it. */
export type Row<C> = { readonly [K in keyof C]: ValueOf<C[K]> };

interface Labels<Required extends boolean> {
  readonly also?: readonly string[];
  readonly required: Required;
  readonly note: string;
  readonly example: string;
}

/** What a person would call the text of a cell. A number is written without an exponent as long as it is whole. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  if (typeof cell === 'number') return Number.isInteger(cell) && Math.abs(cell) < 1e21 ? BigInt(cell).toString() : String(cell);
  return 'date' in cell ? cell.date : cell.broken;
}

export const isEmpty = (cell: Cell | undefined): cell is null | undefined =>
  cell === null || cell === undefined || (typeof cell === 'string' && plainText(cell) === '');

const make =
  <T>(
    read: (text: string, cell: Exclude<Cell, null>, words: Vocabulary) => T | Fault,
    write: (value: T, words: Vocabulary) => string = String,
    choices?: (words: Vocabulary) => Words,
  ) =>
  <const Required extends boolean>(heading: string, { also = [], ...labels }: Labels<Required>): Column<T, Required> => ({
    heading,
    also,
    ...labels,
    read: (cell, words) => {
      if (typeof cell === 'object' && 'broken' in cell) {
        return new Fault('broken-formula', `单元格的公式没有结果（${cell.broken}），请改成公式算出的内容本身`);
      }
      return read(cellText(cell), cell, words);
    },
    write,
    ...(choices && { choices }),
  });

const CONTROL = /[^\P{Cc}\n]/u;
const tooLong = (most: number, length: number) => new Fault('too-long', `最多 ${most} 个字，现有 ${length} 个字，请精简`);
const controls = () => new Fault('control-character', '含有看不见的控制字符，请删除后重新输入');

function checkedText(text: string, most: number): string | Fault {
  if (CONTROL.test(text)) return controls();
  return [...text].length > most ? tooLong(most, [...text].length) : text;
}

/** One line. */
export const line = (most: number) => make<string>((text) => checkedText(oneLine(text), most));
/** Several lines. */
export const prose = (most: number) => make<string>((text) => checkedText(plainText(text), most));

const LARGEST_EXACT = 2 ** 53;
const digitsLost = () =>
  new Fault('digits-lost', '单元格是数字格式，长编号的末几位已丢失，请把单元格设为“文本”格式后重新填写完整编号');

const code = <Name extends string>(
  naming: Pick<Naming<Name>, 'is'>,
  fault: (text: string) => Fault,
  shape = (text: string) => text,
) =>
  make<Name>((raw, cell) => {
    if (typeof cell === 'number' && Math.abs(cell) >= LARGEST_EXACT) return digitsLost();
    const text = shape(codeText(raw));
    return naming.is(text) ? text : fault(text);
  });

export const credit = code<CreditCode>(
  creditCode,
  (text) =>
    creditCode.pattern.test(text)
      ? new Fault('credit-code-check', '统一社会信用代码的校验位不对，请对照营业执照逐位核对')
      : new Fault(
          'not-a-credit-code',
          `统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z），现为 ${[...text].length} 位`,
        ),
  (text) => text.toUpperCase(),
);
export const number = code<RiskNo>(
  riskNo,
  () => new Fault('not-a-number-of-a-point', '编号应为 1 至 32 位字母、数字或 . _ -，以字母或数字开头，例：R-001'),
);

/** A telephone number: digits, with or without area code. */
export const telephone = make<string>((raw) => {
  const text = codeText(raw);
  return /^\+?\d{2,4}-?\d{3,11}(?:-\d{1,6})?$/.test(text)
    ? text
    : new Fault('not-a-telephone', '电话应为手机号码，或带区号的固定电话，例：0692-4141234');
});

/** A decimal within bounds, kept as text without superfluous zeros. */
export const decimal = (least: number, greatest: number, places: number) =>
  make<string>((raw) => {
    const text = codeText(raw).replace(/(?<=\d),(?=\d{3}\b)/g, '');
    const match = /^(\d{1,6})(?:\.(\d{1,17}))?$/.exec(text);
    if (match === null) return new Fault('not-a-number', `应为数字，例：${least === 0 ? '3' : (least + greatest) / 2}`);
    const whole = (match[1] ?? '').replace(/^0+(?=\d)/, '');
    const fraction = (match[2] ?? '').replace(/0+$/, '');
    if (fraction.length > places) return new Fault('too-precise', `最多 ${places} 位小数`);
    const value = Number(`${whole}.${fraction || 0}`);
    if (value < least || value > greatest) return new Fault('out-of-range', `应在 ${least} 至 ${greatest} 之间`);
    return fraction === '' ? whole : `${whole}.${fraction}`;
  });

const DAY_MS = 86_400_000;
/** Day 0 of spreadsheets' counting of days (which takes 1900 for a leap year; nothing before March 1900 is read). */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);
const EARLIEST_SERIAL = 20_000;
const LATEST_SERIAL = 80_000;

/** The day of a spreadsheet's serial number. */
export const dayOfSerial = (serial: number): string =>
  new Date(SERIAL_ZERO + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10);

/** A calendar day, `2026-03-01`. */
export const date = make<string>((raw, cell) => {
  if (typeof cell === 'object' && 'date' in cell) return cell.date;
  if (typeof cell === 'number' && cell >= EARLIEST_SERIAL && cell < LATEST_SERIAL) return dayOfSerial(cell);
  const text = codeText(raw).replace(/T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$/, '');
  const match = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/.exec(text);
  const fault = new Fault('not-a-date', '应为日期，例：2026-03-01 或 2026年3月1日');
  if (match === null) return fault;
  const [, year = '', , m1, d1, m2, d2, m3, d3] = match;
  const iso = `${year}-${(m1 ?? m2 ?? m3 ?? '').padStart(2, '0')}-${(d1 ?? d2 ?? d3 ?? '').padStart(2, '0')}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso
    ? new Fault('not-a-date', '没有这一天，请核对年月日')
    : iso;
});

const lookups = new WeakMap<Words, ReadonlyMap<string, string>>();
/** Words → code, blind to spaces, width and case. */
function codesBy(words: Words): ReadonlyMap<string, string> {
  const known = lookups.get(words);
  if (known !== undefined) return known;
  const codes = new Map<string, string>();
  for (const [of, names] of Object.entries(words)) for (const name of [of, ...names]) codes.set(comparable(name), of);
  lookups.set(words, codes);
  return codes;
}

const SHOWN_CHOICES = 30;
export const choicesOf = (words: Words): string => {
  const names = Object.entries(words).map(([of, [name]]) => name ?? of);
  return names.length <= SHOWN_CHOICES ? names.join('、') : `${names.slice(0, SHOWN_CHOICES).join('、')} 等`;
};
const notAChoice = (words: Words, found: string) =>
  new Fault('not-a-choice', `没有“${shortened(found)}”，只能填：${choicesOf(words)}`);
const shortened = (text: string): string => ([...text].length > 20 ? `${[...text].slice(0, 20).join('')}…` : text);
const nameOf = (words: Words, of: string): string => words[of]?.[0] ?? of;

/** One of a list, by its word or its code. */
export const choice = <Code extends string = string>(of: (words: Vocabulary) => Words) =>
  make<Code>(
    (raw, _, words) => (codesBy(of(words)).get(comparable(raw)) as Code | undefined) ?? notAChoice(of(words), oneLine(raw)),
    (value, words) => nameOf(of(words), value),
    of,
  );

/** Some of a list, parted by 、. */
export const choices = (of: (words: Vocabulary) => Words) =>
  make<readonly string[]>(
    (raw, _, words) => {
      const whole = codesBy(of(words)).get(comparable(raw));
      if (whole !== undefined) return [whole];
      const found: string[] = [];
      for (const word of wordsOf(raw)) {
        const known = codesBy(of(words)).get(comparable(word));
        if (known === undefined) return notAChoice(of(words), word);
        if (!found.includes(known)) found.push(known);
      }
      return found.length > 0 ? found : notAChoice(of(words), oneLine(raw));
    },
    (value, words) => value.map((each) => nameOf(of(words), each)).join('、'),
    of,
  );

/** Names of people, parted by 、. */
export const names = make<readonly string[]>(
  (raw) => {
    const found = wordsOf(raw).map(oneLine);
    if (found.length === 0) return new Fault('no-name', '请填写姓名，几个人之间用顿号隔开，例：张三、李四');
    const faulty = found.map((name) => checkedText(name, 40)).find((name) => name instanceof Fault);
    return faulty instanceof Fault ? faulty : [...new Set(found)];
  },
  (value) => value.join('、'),
);

/** Who took part in the identification, by role: `岗位人员：张三；专家：李四、王五`. */
export interface Participants {
  readonly as: string;
  readonly names: readonly string[];
}

export const participants = make<readonly Participants[]>(
  (raw, _, words) => {
    const roles = codesBy(words.participants);
    const found = new Map<string, Set<string>>();
    const add = (role: string, people: readonly string[]) => {
      const named = found.get(role) ?? new Set();
      for (const person of people) named.add(person);
      found.set(role, named);
    };
    for (const part of partsOf(raw)) {
      const match = /^([^:：]*)[:：](.*)$/su.exec(part);
      const listed = match === null ? wordsOf(part) : [match[1] ?? ''];
      for (const word of listed) {
        const role = roles.get(comparable(word));
        if (role === undefined) {
          return new Fault(
            'not-a-participant',
            `“${shortened(oneLine(word))}”不是参与辨识的人员类别，请写成“类别：姓名”，类别只能是：${choicesOf(words.participants)}，几类之间用分号隔开`,
          );
        }
        add(role, match === null ? [] : wordsOf(match[2] ?? '').map(oneLine));
      }
    }
    const faulty = [...found.values()].flatMap((people) => [...people]).map((name) => checkedText(name, 40));
    const fault = faulty.find((name) => name instanceof Fault);
    if (fault instanceof Fault) return fault;
    return found.size === 0
      ? new Fault('not-a-participant', `请写成“类别：姓名”，类别只能是：${choicesOf(words.participants)}`)
      : [...found].map(([as, people]) => ({ as, names: [...people] }));
  },
  (value, words) =>
    value
      .map(({ as, names: people }) => `${nameOf(words.participants, as)}${people.length > 0 ? `：${people.join('、')}` : ''}`)
      .join('；'),
);

/** A control measure of one kind: its level of responsibility stands before it, `车间：…`; without it the grade's own level holds. */
export interface Measure {
  readonly level?: string;
  readonly text: string;
}

const NUMBERING = /^(?:[（(]\d{1,2}[)）]|\d{1,2}(?:、|[.．](?!\d))|[①-⑳])\s*/u;

export const measures = (most: number) =>
  make<readonly Measure[]>(
    (raw, _, words) => {
      const levels = codesBy(words.controlLevels);
      const found: Measure[] = [];
      for (const part of partsOf(raw)) {
        const numbered = part.replace(NUMBERING, '');
        const match = /^(?:【([^】]{1,8})】|([^:：]{1,8})[:：])\s*(.*)$/su.exec(numbered);
        const level = match === null ? undefined : levels.get(comparable(match[1] ?? match[2] ?? ''));
        const text = checkedText(oneLine(level === undefined ? numbered : (match?.[3] ?? '')), most);
        if (text instanceof Fault) return text;
        if (text !== '') found.push(level === undefined ? { text } : { level, text });
      }
      return found.length > 0 ? found : new Fault('no-measure', '请写明管控措施，没有这一类措施的留空');
    },
    (value, words) =>
      value.map(({ level, text }) => (level === undefined ? text : `${nameOf(words.controlLevels, level)}：${text}`)).join('\n'),
  );
