/** What a department or the government means to look at in a period (抽查计划): published before the draw, taken by its announcement. */
import type { DrawKind } from './draw-kind.ts';
import type { Department, DrawPeriod, TownshipCode } from './ids.ts';

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
