import type { ExportStore, Proving, StoredExport } from '../../shared/data/export-store.ts';
import { type ExportId, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';

/** Whom the ledger names for bundles that the calendar asks for, and for closing any. */
export const SYSTEM: Actor = { id: personId('audit-export'), role: 'system' };

/** An export that is not in the table. Trying again cannot help. */
export class ExportUnknown extends Error {
  override readonly name = 'ExportUnknown';
}

export async function loadExport(store: Pick<ExportStore, 'load'>, id: ExportId): Promise<StoredExport> {
  const stored = await store.load(id);
  if (stored === undefined) throw new ExportUnknown(id);
  return stored;
}

/** What proves a bundle, of the log's head as it is signed now. */
export const provingOf = ({ note, keys }: SignedHead): Proving => ({ note, vkeys: keys.map(({ vkey }) => vkey).sort() });
