/**
 * Reads the data of an event for people. A record may be of another version than this code, so nothing is taken for granted of it: what is
 * not there, or is not what it should be, is left out.
 */
import { dayOf, instant } from '../domain/calendar.ts';
import { COMMITMENT } from '../domain/commitment.ts';

/** The members of data of a type, whichever of its forms it is in. */
type MemberOf<Data> = Data extends unknown ? keyof Data & string : never;
type Path<Member extends string> = readonly [Member, ...string[]];
type Words = Readonly<Record<string, string>>;

/** Parts of a line; `undefined` where the data has none. A label stands before what it is of. */
export interface ReadingOf<Member extends string> {
  readonly text: (label: string, ...path: Path<Member>) => string | undefined;
  readonly named: (words: Words, ...path: Path<Member>) => string | undefined;
  /** Every word of a list. */
  readonly each: (words: Words, ...path: Path<Member>) => string | undefined;
  /** How many a list or a dictionary has; `undefined` for none. */
  readonly count: (label: string, unit: string, ...path: Path<Member>) => string | undefined;
  /** In the county's time. */
  readonly time: (label: string, ...path: Path<Member>) => string | undefined;
  readonly yuan: (label: string, ...path: Path<Member>) => string | undefined;
  readonly is: (...path: Path<Member>) => boolean;
}
export type Reading<Data> = ReadingOf<MemberOf<Data>>;

const memberAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
    data,
  );

const labelled = (label: string, value: string): string => (label === '' ? value : `${label} ${value}`);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const CHINA_HOURS = 8;

/** `2026-03-01 08:05` in the county's zone; anything but an instant stays as it is. */
export function localTime(text: string): string {
  if (!INSTANT.test(text) || Number.isNaN(Date.parse(text))) return text;
  const shifted = new Date(Date.parse(text) + CHINA_HOURS * 3_600_000).toISOString();
  return `${dayOf(instant(text))} ${shifted.slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm'.length)}`;
}

/** A line of people has no line of its own inside. */
const inLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function sayable(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value.startsWith(COMMITMENT) ? '（含个人信息，以承诺值存证）' : inLine(value);
}

const wordFor = (words: Words, code: string | undefined): string | undefined =>
  code !== undefined && Object.hasOwn(words, code) ? words[code] : code;

export function readingOf(data: unknown): ReadingOf<string> {
  const text: ReadingOf<string>['text'] = (label, ...path) => {
    const value = sayable(memberAt(data, path));
    return value === undefined ? undefined : labelled(label, value);
  };
  return {
    text,
    named: (words, ...path) => wordFor(words, sayable(memberAt(data, path))),
    each: (words, ...path) => {
      const value = memberAt(data, path);
      const said = Array.isArray(value) ? value.flatMap((one) => wordFor(words, sayable(one)) ?? []) : [];
      return said.length === 0 ? undefined : said.join('、');
    },
    count: (label, unit, ...path) => {
      const value = memberAt(data, path);
      const many = typeof value === 'object' && value !== null ? Object.keys(value).length : value;
      return typeof many === 'number' && many > 0 ? labelled(label, `${many} ${unit}`) : undefined;
    },
    time: (label, ...path) => {
      const value = memberAt(data, path);
      return typeof value === 'string' ? labelled(label, localTime(value)) : undefined;
    },
    yuan: (label, ...path) => {
      const value = memberAt(data, path);
      return typeof value === 'number' ? labelled(label, `${(value / 100).toFixed(2)} 元`) : undefined;
    },
    is: (...path) => memberAt(data, path) === true,
  };
}
