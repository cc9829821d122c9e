/** What is drawn and how often (三(四)): every colour at its own frequency, the department's monthly inspection, the government's quarterly one. */
import { type Cadence, type Period, periodName } from './calendar.ts';
import { COLOURS, type Colour, type Standing } from './colour.ts';
import { type Department, type DrawPeriod, drawPeriod, GOVERNMENT } from './ids.ts';

export const DRAW_KINDS = [
  'RANDOM.RED',
  'RANDOM.ORANGE',
  'RANDOM.YELLOW',
  'RANDOM.BLUE',
  'SPECIAL',
  'EXPERT',
  'COMPREHENSIVE',
] as const;
export type DrawKind = (typeof DRAW_KINDS)[number];

/** What people call them. */
export const DRAW_KIND_NAMES: Readonly<Record<DrawKind, string>> = {
  'RANDOM.RED': '重大风险对象随机抽查',
  'RANDOM.ORANGE': '较大风险对象随机抽查',
  'RANDOM.YELLOW': '一般风险对象随机抽查',
  'RANDOM.BLUE': '低风险对象随机抽查',
  SPECIAL: '部门专项检查',
  EXPERT: '部门专家检查',
  COMPREHENSIVE: '政府综合督查',
};

/** Kinds as the policy's quotas speak of them. */
export type DrawFamily = 'RANDOM' | 'SPECIAL' | 'EXPERT' | 'COMPREHENSIVE';

export const familyOf = (kind: DrawKind): DrawFamily =>
  kind === 'SPECIAL' || kind === 'EXPERT' || kind === 'COMPREHENSIVE' ? kind : 'RANDOM';

/** The colour of the objects of a random draw; `undefined` for the kinds that draw from all colours. */
export const colourOfKind = (kind: DrawKind): Colour | undefined => COLOURS.find((colour) => kind === `RANDOM.${colour}`);

/** The partition that a draw's record stands in. */
export const standingOfKind = (kind: DrawKind): Standing => colourOfKind(kind) ?? 'NONE';

/**
 * Who draws it: the government its comprehensive supervision, the departments their monthly inspections. By chance everybody draws: for
 * what no department answers for, the policy's frequencies are the government's to keep.
 */
export const isDrawnBy = (kind: DrawKind, authority: Department): boolean =>
  familyOf(kind) === 'RANDOM' || (kind === 'COMPREHENSIVE') === (authority === GOVERNMENT);

/** A department's monthly inspection: what is planned makes it a special one or one with experts, and never both. */
export const isMonthly = (kind: DrawKind): kind is 'SPECIAL' | 'EXPERT' => kind === 'SPECIAL' || kind === 'EXPERT';

/** The frequencies of a policy. */
export interface DrawCadences {
  readonly randomChecks: Readonly<Record<Colour, { readonly every: Cadence }>>;
  readonly supervision: {
    readonly government: { readonly every: Cadence };
    readonly department: { readonly every: Cadence };
  };
}

/** How often a kind is drawn. */
export function cadenceOfKind(kind: DrawKind, { randomChecks, supervision }: DrawCadences): Cadence {
  const colour = colourOfKind(kind);
  if (colour !== undefined) return randomChecks[colour].every;
  return kind === 'COMPREHENSIVE' ? supervision.government.every : supervision.department.every;
}

/** The name of a period as an announcement writes it: a slash is no part of an id. */
export const drawPeriodName = (cadence: Cadence, period: Period): DrawPeriod =>
  drawPeriod(periodName(cadence, period).replace('/', '_'));
