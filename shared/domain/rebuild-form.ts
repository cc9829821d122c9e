/**
 * What a case counts in the monthly form, from its events: cumulative, so a plan that came back, a listing that ended and a cure that was opened
 * again take nothing away of what had been. What stands in the record by mistake does: a case that was withdrawn was none.
 */
import type { Instant } from './calendar.ts';
import type { Grade, HazardEvent } from './hazard.ts';
import type { Owner } from './owner.ts';

export interface FormCase {
  readonly owner: Owner;
  readonly reportedAt: Instant;
  /** Absent while nobody has graded it. */
  readonly level?: Grade['level'];
  readonly isClosed: boolean;
  readonly isWithdrawn?: true;
  /** A plan was filed; `isWhole`: the last one with all of 五到位. */
  readonly plan?: { readonly isWhole: boolean };
  readonly listing?: { readonly isProvincial: boolean };
  /** The highest that a plan provided, and all that was spent. */
  readonly plannedFen: number;
  readonly spentFen: number;
}

type Filed = Extract<HazardEvent, { type: 'PlanFiled' }>['data']['plan'];

/** 五到位: a named person, measures, funds, a date and an emergency plan. */
const isWhole = ({ responsible, measures, fundsFen, timeLimit, emergencyPlan }: Filed): boolean =>
  responsible !== '' && measures !== '' && fundsFen > 0 && timeLimit !== '' && emergencyPlan !== '';

/** Applies a recorded fact of a case, as far as the form counts it. */
export function formCaseAfter(before: FormCase | undefined, event: HazardEvent): FormCase | undefined {
  if (event.type === 'HazardReported') {
    return { owner: event.data.owner, reportedAt: event.at, isClosed: false, plannedFen: 0, spentFen: 0 };
  }
  if (before === undefined) return undefined;
  switch (event.type) {
    case 'HazardGraded':
      return { ...before, level: event.data.level };
    case 'HazardFixedOnTheSpot':
      return { ...before, level: before.level ?? 'general' };
    case 'HazardUpgraded':
      return { ...before, level: 'major' };
    case 'RectificationSubmitted':
      return { ...before, spentFen: before.spentFen + (event.data.spentFen ?? 0) };
    case 'PlanFiled': {
      const { plan } = event.data;
      return { ...before, plan: { isWhole: isWhole(plan) }, plannedFen: Math.max(before.plannedFen, plan.fundsFen) };
    }
    case 'HazardListed':
      return { ...before, listing: { isProvincial: before.listing?.isProvincial === true || event.data.level === 'province' } };
    case 'HazardClosed':
      return { ...before, isClosed: true };
    case 'HazardReopened':
      return { ...before, isClosed: false };
    case 'HazardWithdrawn':
      return { ...before, isWithdrawn: true };
    default:
      return before;
  }
}
