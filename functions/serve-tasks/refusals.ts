/** A refusal of the domain as the API answers it, with the rule behind it. */
import type { TaskRules } from '../../shared/domain/task-decide.ts';
import { TASK_DENIALS, type TaskDenial } from '../../shared/domain/task-denials.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';

const STATUS = { case: 409, person: 403, content: 422 } as const;

function ruleOf(reason: TaskDenial, rules: TaskRules, { drawing }: Policy): Why | undefined {
  switch (reason) {
    case 'too-few-present':
      return rules.team.why;
    case 'items-not-all':
      return drawing.items.why;
    case 'finding-missing':
    case 'finding-contradicts':
    case 'list-not-said':
    case 'list-contradicts':
      return drawing.findings.why;
    case 'reporter-may-not-confirm':
    case 'was-not-there':
    case 'no-enforcer-signs':
    case 'confirmer-reported':
      return rules.confirmation.why;
    case 'register-missing':
      return rules.followUp.why;
    case 'day-outside-window':
    case 'visited-before-window':
    case 'other-day-unexplained':
      return rules.visit;
    case 'day-too-late':
      return rules.reveal.why;
    default:
      return undefined;
  }
}

export function refusalOf(reason: TaskDenial, rules: TaskRules, policy: Policy): Problem {
  const { about, says } = TASK_DENIALS[reason];
  const why = ruleOf(reason, rules, policy);
  return new Problem(STATUS[about], reason, says, why && { why });
}
