/** Codes of the API as people say them, and texts of what it answers. */
import { dayOf, epochMs, type Instant, instantAt } from '../../../shared/domain/calendar.ts';
import type { ObligationKind } from '../../../shared/domain/hazard-deadlines.ts';
import type { OwedKind } from '../../../shared/domain/task.ts';

export const OBLIGATIONS: Readonly<Record<ObligationKind, string>> = {
  verify: '核实定级',
  report: '向监管部门报备',
  plan: '报送整改方案',
  'plan-review': '审查整改方案',
  rectify: '完成整改',
  accept: '验收',
  resume: '审查恢复生产',
  extension: '答复延期申请',
  withdrawal: '复核撤销申请',
  evacuation: '答复疏散请求',
  progress: '报告整改进展',
};
export const OWED: Readonly<Record<OwedKind, string>> = {
  assign: '派员',
  visit: '到场检查',
  'hand-in': '提交检查记录',
  confirm: '复核检查记录',
  'follow-up': '后续处理',
  publish: '公示（由系统进行）',
};
export const COLOURS: Readonly<Record<string, string>> = { RED: '红', ORANGE: '橙', YELLOW: '黄', BLUE: '蓝', NONE: '未定' };
export const LEVELS: Readonly<Record<string, string>> = { general: '一般隐患', major: '重大隐患' };
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
export const GAPS: Readonly<Record<string, string>> = {
  'no-township': '没有所属乡镇',
  'no-cell': '乡镇没有设网格',
  'no-person-in-cell': '网格没有责任人',
  'no-department': '没有监管部门',
  'no-line': '部门没有设条线',
  'no-person-in-line': '条线没有责任人',
};

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

const ZONE_MS = 8 * 3_600_000;
const isInstant = (text: string): text is Instant => !Number.isNaN(Date.parse(text));

/** In the county's time: 2026年3月2日 08:05. */
export function whenOf(text: string): string {
  if (!isInstant(text)) return text;
  const [year, month, day] = dayOf(text).split('-').map(Number);
  return `${year}年${month}月${day}日 ${instantAt(epochMs(text) + ZONE_MS).slice(11, 16)}`;
}

/** By which rule: 二(五)，《…》：….  */
export function whyOf(why: unknown): string {
  const [clause, edition, says] = ['clause', 'edition', 'says'].map((name) => textOf(why, name));
  return says === '' ? '' : `${says}（${edition} ${clause}）`;
}
