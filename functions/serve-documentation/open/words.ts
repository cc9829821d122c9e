/** Codes of the API as people say them, and texts of what it answers. */
import { endOf, momentOf } from '../../../shared/channels/moments.ts';
import { type Instant, instantAt } from '../../../shared/domain/calendar.ts';
import { COLOUR_NAMES, LEVEL_NAMES } from '../../../shared/domain/names.ts';

export const COLOURS: Readonly<Record<string, string>> = { ...COLOUR_NAMES, NONE: '未定等级' };
export const LEVELS: Readonly<Record<string, string>> = LEVEL_NAMES;
export const DUTY_STATES: Readonly<Record<string, string>> = {
  open: '待查',
  done: '已按时查',
  late: '已逾期补查',
  missed: '漏查',
  suspended: '停产检修免查',
};
export const LIST_STATES: Readonly<Record<string, string>> = {
  open: '待提交',
  submitted: '已按时提交',
  'submitted-late': '已提交（逾期）',
  overdue: '逾期未提交',
};
export const SUBSCRIPTION_STATES: Readonly<Record<string, string>> = { active: '启用', disabled: '已停用', ended: '已结束' };
/** The member at a place of what was answered: nothing is taken for granted of it. */
export const of = (data: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
    data,
  );
export const textOf = (data: unknown, ...path: readonly string[]): string => {
  const value = of(data, ...path);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
export const listOf = (data: unknown, ...path: readonly string[]): readonly unknown[] => {
  const value = of(data, ...path);
  return Array.isArray(value) ? value : [];
};
export const isTrue = (data: unknown, ...path: readonly string[]): boolean => of(data, ...path) === true;
export const worded = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;

const LONG_AGO = instantAt(0);
const isInstant = (text: string): text is Instant => !Number.isNaN(Date.parse(text));
const saidAs = (name: typeof momentOf, text: string): string => {
  if (!isInstant(text)) return text;
  const { year, month, day, time } = name(text, LONG_AGO);
  return `${year}年${month}月${day}日 ${time}`;
};

/** In the county's time: 2026年3月2日 08:05. */
export const whenOf = (text: string): string => saidAs(momentOf, text);
/** The end of a time: midnight is 24:00 of the day before. */
export const endsOf = (text: string): string => saidAs(endOf, text);

/** By which rule: 二(五)，《…》：….  */
export function whyOf(why: unknown): string {
  const [clause, edition, says] = ['clause', 'edition', 'says'].map((name) => textOf(why, name));
  return says === '' ? '' : `${says}（${edition} ${clause}）`;
}
