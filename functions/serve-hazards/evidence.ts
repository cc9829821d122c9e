import { type Evidence, refuseNotArrived } from '../../shared/data/evidence-files.ts';
import type { PersonCommand } from '../../shared/domain/hazard-offers.ts';
import type { EvidenceKey } from '../../shared/domain/ids.ts';

/** All evidence that a command hands in. */
export function evidenceIn(command: PersonCommand): readonly EvidenceKey[] {
  switch (command.type) {
    case 'FixOnTheSpot':
      return [...command.before, ...command.after];
    case 'SubmitRectification':
    case 'ReopenHazard':
      return command.evidence;
    case 'FilePlan':
      return command.plan.emergencyPlan === undefined ? [] : [command.plan.emergencyPlan];
    case 'ApplyToResume':
      return [command.assessment];
    default:
      return [];
  }
}

/** The files that show a cure have to be there when it is handed in: whoever accepts it looks at them. */
export async function refuseMissing(evidence: Evidence, command: PersonCommand): Promise<void> {
  if (command.type === 'SubmitRectification' || command.type === 'FixOnTheSpot') {
    await refuseNotArrived(evidence, evidenceIn(command));
  }
}
