import type { PlannedKind, PlanRules } from '../domain/inspection-plan.ts';
import { townshipsOf } from './divisions.ts';
import type { Policy } from './load.ts';

const KINDS: Readonly<Record<'comprehensive' | 'special' | 'expert', PlannedKind>> = {
  comprehensive: 'COMPREHENSIVE',
  special: 'SPECIAL',
  expert: 'EXPERT',
};

/** What the directories and the plans need of a policy. */
export function directoryRulesOf(policy: Policy): PlanRules {
  const { industries, departments, drawing, randomChecks, supervision, county } = policy;
  return {
    industries: new Set(Object.keys(industries.values)),
    departments: new Set(Object.keys(departments.values)),
    interests: new Set(Object.keys(drawing.interests.values)),
    townships: new Set(townshipsOf(county).keys()),
    cadences: { randomChecks, supervision },
    kinds: new Set([...supervision.government.kinds, ...supervision.department.kinds].map((kind) => KINDS[kind])),
  };
}
