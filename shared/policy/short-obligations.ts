/** What a case owes so soon that every lead of its level would begin before it is owed. */
import type { ObligationKind } from '../domain/hazard-deadlines.ts';
import { type Limit, limitMs } from '../domain/limit.ts';
import type { Policy } from './load.ts';

type Level = 'general' | 'major';

/** The time that the policy gives for it. Until when is cured and how often is reported, people set for themselves. */
const givenFor = ({ hazards: { general, major, withdrawal } }: Policy, level: Level): Partial<Record<ObligationKind, Limit>> => {
  const { verify, accept, extension } = { general, major }[level];
  return {
    ...{ verify: verify.limit, accept: accept.limit, extension: extension.answeredWithin, withdrawal: withdrawal.limit },
    ...{ report: major.report.limit, plan: major.plan.limit, 'plan-review': major.planReview.limit },
    ...{ resume: major.resume.limit, evacuation: major.evacuation.limit },
  };
};

/** When what is owed is told to be near (`reminders.deadlines`): what is short, once, shortly before its end. */
export function leadsFor(
  policy: Policy,
  level: Level,
  kind: ObligationKind,
): { readonly leads: readonly Limit[]; readonly isShort: boolean } {
  const { short, [level]: leads } = policy.reminders.deadlines;
  const given = givenFor(policy, level)[kind];
  const isShort = given !== undefined && leads.every((lead) => limitMs(given) < limitMs(lead));
  return { leads: isShort ? [short] : leads, isShort };
}
