import { colourOfKind, type DrawKind, familyOf } from '../domain/draw-kind.ts';
import type { TaskRules } from '../domain/task-decide.ts';
import type { Policy } from './load.ts';

/** What a policy says of the tasks of a kind of draw. */
export function taskRulesOf({ drawing, randomChecks, supervision }: Policy, kind: DrawKind): TaskRules {
  const colour = colourOfKind(kind);
  const frequency =
    colour !== undefined ? randomChecks[colour] : kind === 'COMPREHENSIVE' ? supervision.government : supervision.department;
  const { inspectors, experts, handIn, confirmation, followUp, publication, reveal, escalation } = drawing;
  return {
    visit: frequency.why,
    team: {
      needs: { enforcer: inspectors.atLeast, expert: experts.kinds.includes(familyOf(kind)) ? experts.count : 0 },
      why: inspectors.why,
    },
    ...{ handIn, confirmation, followUp, publication, escalation },
    reveal: { limit: reveal.within, why: reveal.why },
  };
}
