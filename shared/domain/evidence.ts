import { creditCode } from './credit-code.ts';
import { type EvidenceKey, evidenceKey, type ObjectId, objectId } from './ids.ts';
import { partsOfObject } from './object.ts';

/** The folder of an object's evidence: an enterprise's, or that of one risk of a public area. */
export function evidenceFolder(object: ObjectId): string {
  const parts = partsOfObject(object);
  return parts.of === 'enterprise' ? `evidence/${parts.uscc}/` : `evidence/AREA-${parts.township}-${parts.no}/`;
}

/** Where a file of an object lies: its content names it, so the same photo uploaded twice is one, and none replaces another. */
export const evidenceKeyIn = (object: ObjectId, file: string): EvidenceKey => evidenceKey(`${evidenceFolder(object)}${file}`);

/** Whether a key names evidence that was uploaded for this object: nobody shows what is another's as his own. */
export const isEvidenceOf = (object: ObjectId, key: EvidenceKey): boolean => key.startsWith(evidenceFolder(object));

/** Whose evidence a key names; `undefined` where its folder is of no enterprise that could be. */
export function objectOfEvidence(key: EvidenceKey): ObjectId | undefined {
  const folder = key.split('/')[1] ?? '';
  const name = folder.replace(/^AREA-(\d{9})-/, 'AREA:$1:');
  const object = name === folder ? `ENT:${folder}` : name;
  return objectId.is(object) && (name !== folder || creditCode.is(folder)) ? object : undefined;
}
