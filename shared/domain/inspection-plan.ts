/** What a department or the government means to look at in a period (抽查计划): published before the draw, taken by its announcement. */
import { type Cadence, type Instant, instant, periodAt, type Window, windowOf } from './calendar.ts';
import { type DirectoryRuling, notAllowed } from './directory-denials.ts';
import { cadenceOfKind, type DrawCadences, type DrawKind, drawPeriodName, isDrawnBy } from './draw-kind.ts';
import { type Department, type DrawPeriod, GOVERNMENT, type TownshipCode } from './ids.ts';
import { type DirectoryRules, isAuthority } from './inspector-decide.ts';
import { AREA_INDUSTRY } from './object.ts';
import { isSame } from './same.ts';

/** The draws whose theme is a choice. */
export const PLANNED_KINDS = ['SPECIAL', 'EXPERT', 'COMPREHENSIVE'] as const satisfies readonly DrawKind[];
export type PlannedKind = (typeof PLANNED_KINDS)[number];

export interface InspectionPlan {
  readonly authority: Department;
  readonly period: DrawPeriod;
  /** A department's month has a special or an expert inspection, not both. Without a plan it is a special one of everything. */
  readonly kind: PlannedKind;
  readonly theme: string;
  /** Only these industries (`area` for public areas) and townships; empty: all. */
  readonly industries: readonly string[];
  readonly townships: readonly TownshipCode[];
}

export type InspectionPlanFact = { readonly type: 'InspectionPlanned'; readonly data: InspectionPlan };

/** A department has one plan a month, whichever of its two kinds; the government one a quarter. */
export const planSubject = ({ authority, period }: Pick<InspectionPlan, 'authority' | 'period'>): string =>
  `PLAN#${authority}#${period}`;

/** The kinds among which an authority plans. */
export const plannedKindsOf = (authority: Department): readonly PlannedKind[] =>
  authority === GOVERNMENT ? ['COMPREHENSIVE'] : ['SPECIAL', 'EXPERT'];

/** The window that a period's name stands for; `undefined` where that cadence has no period of the name. */
export function windowOfDrawPeriod(cadence: Cadence, period: DrawPeriod): Window | undefined {
  const [, year = '', month, quarter] = /^(\d{4})(?:-(\d\d)(?:_\d\d)?|-Q([1-4]))?$/.exec(period) ?? [];
  const first = month ?? String(quarter === undefined ? 1 : Number(quarter) * 3 - 2).padStart(2, '0');
  const number = periodAt(cadence, instant(`${year}-${first}-01T00:00:00+08:00`));
  return drawPeriodName(cadence, number) === period ? windowOf(cadence, number) : undefined;
}

/** How often anything is drawn. */
const DRAWN_EVERY = ['month', 'two-month', 'quarter', 'year'] as const satisfies readonly Cadence[];

/** When a period is over, by its name alone; `undefined` where no cadence has a period of the name. */
export const endOfDrawPeriod = (period: DrawPeriod): Instant | undefined =>
  DRAWN_EVERY.map((cadence) => windowOfDrawPeriod(cadence, period)).find((window) => window !== undefined)?.until;

/** What planning needs beside the directories' rules. */
export interface PlanRules extends DirectoryRules {
  readonly townships: ReadonlySet<TownshipCode>;
  readonly cadences: DrawCadences;
  /** What the policy lets departments and the government organise. */
  readonly kinds: ReadonlySet<PlannedKind>;
}

/** A plan stands once its period is announced: `isAnnounced` says whether a draw that is not void holds it. */
export function planInspection(
  before: InspectionPlan | undefined,
  plan: InspectionPlan,
  rules: PlanRules,
  isAnnounced: boolean,
  at: Instant,
): DirectoryRuling<InspectionPlanFact> {
  const { authority, period, kind, industries, townships } = plan;
  if (!isAuthority(authority, rules)) return notAllowed('unknown-authority', { field: 'authority' });
  if (!isDrawnBy(kind, authority) || !rules.kinds.has(kind)) return notAllowed('kind-of-another', { field: 'kind' });
  const window = windowOfDrawPeriod(cadenceOfKind(kind, rules.cadences), period);
  if (window === undefined) return notAllowed('period-of-another', { field: 'period' });
  if (window.until <= at) return notAllowed('period-over', { field: 'period' });
  if (!industries.every((industry) => industry === AREA_INDUSTRY || rules.industries.has(industry))) {
    return notAllowed('unknown-skill', { field: 'industries' });
  }
  if (!townships.every((township) => rules.townships.has(township))) {
    return notAllowed('unknown-township', { field: 'townships' });
  }
  if (isSame(before, plan)) return { kind: 'decided', events: [] };
  return isAnnounced ? notAllowed('already-announced') : { kind: 'decided', events: [{ type: 'InspectionPlanned', data: plan }] };
}
