import type { EvidenceKey } from './ids.ts';
import { enterpriseOf, type Owner } from './owner.ts';

/** Whether a key names evidence that was uploaded for this owner: nobody shows what is another's as his own. Only enterprises have a folder. */
export function isEvidenceOf(owner: Owner, key: EvidenceKey): boolean {
  const uscc = enterpriseOf(owner);
  return uscc !== undefined && key.startsWith(`evidence/${uscc}/`);
}
