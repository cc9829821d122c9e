import type { RegisterRules } from '../domain/register-rules.ts';
import { townshipsOf } from './divisions.ts';
import { gradingRulesOf, type Policy } from './load.ts';

const known = new WeakMap<Policy, RegisterRules>();

/** What the register needs of a policy; made once per policy. */
export function registerRulesOf(policy: Policy): RegisterRules {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const { industries, departments, accidents, controls, signing, overall, suspension, publicAreas } = policy;
  const rules: RegisterRules = {
    townships: new Set(townshipsOf(policy.county).keys()),
    industries: industries.values,
    departments: departments.values,
    accidents: accidents.editions,
    accidentEdition: accidents.inUse.edition,
    grading: gradingRulesOf(policy),
    defaultLevel: controls.defaultLevel.byColour,
    signers: { ENT: signing.ENT.roles, TOWN: signing.TOWN.roles, DEPT: signing.DEPT.roles },
    overall: { by: overall.grade.by, directions: overall.adjustment.directions },
    shortestSuspension: suspension.shortest.limit,
    longestSuspension: suspension.longest.limit,
    blockDuty: publicAreas.blockDuty,
  };
  known.set(policy, rules);
  return rules;
}
