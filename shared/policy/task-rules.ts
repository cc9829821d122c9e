import { colourOfKind, type DrawKind } from '../domain/draw-kind.ts';
import type { TaskRules } from '../domain/task-decide.ts';
import type { Policy } from './load.ts';

/** What a policy says of the tasks of a kind of draw. */
export function taskRulesOf({ drawing, randomChecks, supervision }: Policy, kind: DrawKind): TaskRules {
  const colour = colourOfKind(kind);
  const frequency =
    colour !== undefined ? randomChecks[colour] : kind === 'COMPREHENSIVE' ? supervision.government : supervision.department;
  const { inspectors, confirmation, followUp, publication, reveal, escalation } = drawing;
  return {
    visit: frequency.why,
    ...{ inspectors, confirmation, followUp, publication, escalation },
    reveal: { limit: reveal.within, why: reveal.why },
  };
}
