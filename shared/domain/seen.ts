/**
 * That somebody looked at exports, or was refused: what he takes away with him is told by `ExportRead` and `SaltsRead`, each time. Once for each
 * day, person and thing, however often he comes: each stands under a subject of its own, so that nobody who asks over and over fills the ledger,
 * and none holds up another.
 */
import { dayOf } from './calendar.ts';
import type { AuditId, ExportId } from './ids.ts';
import type { Occasion } from './ledger-event.ts';

/** Why somebody may not read an export: he has no audit that is open, or none of its days, or none that shows personal data; or it is no export of his own. */
export const READ_REFUSALS = ['no-audit', 'other-days', 'no-personal-data', 'not-own'] as const;
export type ReadRefusal = (typeof READ_REFUSALS)[number];

export type SeenFact =
  /** What it is, which files it has, who read it; without `export` the list of those that the audit, or his office, lets him read. */
  | {
      readonly type: 'ExportSeen';
      readonly data: { readonly export?: ExportId | undefined; readonly audit?: AuditId | undefined };
    }
  /** Without `export` he asked for one that there is not yet, or for the list. */
  | {
      readonly type: 'ReadRefused';
      readonly data: { readonly export?: ExportId | undefined; readonly code: ReadRefusal };
    };

/** The subject of a fact of a day. */
export function seenSubject({ type, data }: SeenFact, { at, actor }: Occasion): string {
  const what =
    type === 'ReadRefused'
      ? ['REFUSED', data.export ?? 'ASKED', data.code]
      : ['SEEN', data.export ?? 'LIST', data.audit ?? 'OFFICE'];
  return [...what, dayOf(at), actor.id].join('#');
}
