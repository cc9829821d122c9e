/** What the log says of itself: its keys, its exports and who read them, audits, and personal data that was taken away. */
import type { Audit, AuditFact } from './audit.ts';
import type { Instant } from './calendar.ts';
import type { PersonalFact } from './commitment.ts';
import type { ClosedExport, ExportFact } from './export.ts';
import { HistoryBroken } from './hazard-evolve.ts';
import { auditId, type ExportId, exportId } from './ids.ts';
import type { Actor, LedgerEvent } from './ledger-event.ts';
import type { SealingFact } from './sealing.ts';

type FactOf<F extends { readonly type: string; readonly data: unknown }> = F & LedgerEvent<F['type'], F['data']>;

/** The keys that sign, each from a size of the log on, and up to which size where it signs no more. */
export interface RebuiltKeys {
  readonly keys: readonly { readonly vkey: string; readonly since: number; readonly until?: number }[];
}

export function rebuiltKeys(before: RebuiltKeys = { keys: [] }, fact: SealingFact): RebuiltKeys {
  if (fact.type === 'SealingKeyAdopted') return { keys: [...before.keys, fact.data] };
  const { vkey, until } = fact.data;
  return { keys: before.keys.map((key) => (key.vkey === vkey ? { ...key, until } : key)) };
}

export type RebuiltExport = Extract<ExportFact, { type: 'ExportBegun' }>['data'] & {
  readonly id: ExportId;
  readonly startedAt: Instant;
  readonly by: Actor;
  readonly closed?: ClosedExport;
  /** How often addresses of its files were given out, and its salts. */
  readonly reads: number;
  readonly saltReads: number;
};

export function rebuiltExport(before: RebuiltExport | undefined, event: FactOf<ExportFact>): RebuiltExport {
  const { at, actor, subject } = event;
  if (event.type === 'ExportBegun') {
    const id = exportId(subject.slice('EXPORT#'.length));
    return { ...event.data, id, startedAt: at, by: actor, reads: 0, saltReads: 0 };
  }
  if (before === undefined) throw new HistoryBroken(`${event.type} of ${subject}, which was not begun`);
  switch (event.type) {
    case 'ExportClosed': {
      const { kind: _, ...closed } = event.data;
      return { ...before, closed: { ...closed, at } };
    }
    case 'ExportRead':
      return { ...before, reads: before.reads + 1 };
    case 'SaltsRead':
      return { ...before, saltReads: before.saltReads + 1 };
  }
}

export function rebuiltAudit(before: Audit | undefined, event: FactOf<AuditFact>): Audit {
  const { at, county, subject, sequence: version } = event;
  if (event.type === 'AuditOpened') {
    return { ...event.data, id: auditId(subject.slice('AUDIT#'.length)), county, openedAt: at, version };
  }
  if (before === undefined) throw new HistoryBroken(`${subject} was ended and not opened`);
  return { ...before, ended: { at, because: event.data.because }, version };
}

/** How much of a subject's personal data was taken away, in all. */
export interface RebuiltRemoval {
  readonly of: string;
  readonly values: number;
  readonly events: number;
}

export const rebuiltRemoval = (before: RebuiltRemoval | undefined, { data }: PersonalFact): RebuiltRemoval => ({
  of: data.of,
  values: (before?.values ?? 0) + data.values,
  events: Math.max(before?.events ?? 0, data.events),
});
