import { isEvidenceOf } from '../../shared/domain/evidence.ts';
import type { PersonCommand } from '../../shared/domain/hazard-offers.ts';
import type { EvidenceKey, ObjectId } from '../../shared/domain/ids.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Evidence } from './evidence-bucket.ts';

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
export async function refuseMissing({ arrived }: Evidence, command: PersonCommand): Promise<void> {
  if (command.type !== 'SubmitRectification' && command.type !== 'FixOnTheSpot') return;
  const keys = [...new Set(evidenceIn(command))];
  const there = await arrived(keys);
  const missing = keys.filter((key) => !there.includes(key));
  if (missing.length > 0) throw new Problem(409, 'evidence-not-arrived', '有证据尚未上传完成，请上传后再提交。', { missing });
}

/** Evidence is of the enterprise or area itself, and not more than the policy wants. */
export function refuseEvidence({ evidence }: Policy, object: ObjectId, keys: readonly EvidenceKey[]): void {
  if (keys.length > evidence.perItem) {
    throw new Problem(422, 'too-much-evidence', `一次最多附 ${evidence.perItem} 件证据。`, { why: evidence.why });
  }
  if (!keys.every((key) => isEvidenceOf(object, key))) {
    throw new Problem(422, 'evidence-of-another', '证据编号不属于该企业或区域，请先上传证据再引用。');
  }
}
