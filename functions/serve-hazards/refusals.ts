/** A refusal of the domain as the API answers it, with the rule behind it and what would have been right. */
import type { Hazard } from '../../shared/domain/hazard.ts';
import { levelOf } from '../../shared/domain/hazard.ts';
import { missingOfPlan } from '../../shared/domain/hazard-decide.ts';
import { HAZARD_DENIALS, type HazardDenial } from '../../shared/domain/hazard-denials.ts';
import type { PersonCommand } from '../../shared/domain/hazard-offers.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';

const STATUS = { case: 409, person: 403, content: 422 } as const;

/** The rule of the policy that a refusal rests on, where it rests on one. */
function ruleOf(reason: HazardDenial, hazard: Hazard, { hazards: rules }: Policy): Why | undefined {
  const level = rules[levelOf(hazard) ?? 'general'];
  switch (reason) {
    case 'not-the-same-day':
      return rules.onTheSpot.why;
    case 'deadline-too-long':
      return level.rectify.why;
    case 'extensions-used-up':
    case 'asked-too-late':
    case 'extension-too-long':
    case 'decided-too-late':
      return level.extension.why;
    case 'reopened-too-late':
      return rules.reopening.why;
    case 'fixer-may-not-accept':
      return rules.acceptance.why;
    case 'department-accepts-major':
      return rules.major.accept.why;
    case 'not-reported':
      return rules.major.report.why;
    case 'unknown-criterion':
    case 'basis-missing':
      return rules.major.criteria.why;
    case 'plan-incomplete':
      return rules.fiveItems.why;
    case 'consent-needed':
      return rules.major.resume.why;
    default:
      return undefined;
  }
}

/** What the items of a plan are called, by its fields. */
const itemNames = ({ fiveItems: { values: five }, sixParts: { values: six } }: Policy['hazards']) => ({
  responsible: five.responsibility,
  measures: five.measures,
  fundsFen: five.funds,
  timeLimit: five.timeLimit,
  emergencyPlan: five.emergencyPlan,
  ...six,
});

export function refusalOf(reason: HazardDenial, hazard: Hazard, command: PersonCommand, policy: Policy): Problem {
  const { about, says } = HAZARD_DENIALS[reason];
  const why = ruleOf(reason, hazard, policy);
  const members = why && { why };
  if (reason === 'plan-incomplete' && command.type === 'FilePlan') {
    const names = itemNames(policy.hazards);
    const missing = missingOfPlan(command.plan, policy.hazards).map((item) => ({ item, name: names[item] }));
    return new Problem(STATUS[about], reason, `治理方案不完整，请补充：${missing.map(({ name }) => name).join('、')}。`, {
      ...members,
      missing,
    });
  }
  const allowed = reason === 'unknown-criterion' && { allowed: policy.hazards.major.criteria.values };
  return new Problem(STATUS[about], reason, says, { ...members, ...allowed });
}
