/**
 * Which events of the log belong to an enterprise or a hazard. Nothing that names it is missed, whatever kind of event it is: the whole log is
 * read, and every entry that has its number belongs to it. Some subjects are its own though not all of their events name it:
 *
 * | subject | is its own because |
 * |---|---|
 * | `HAZ#…`, `PERSONAL#HAZ#…` | its report names the owner; what is done about it later, and what of a person was removed from it, names nobody |
 * | `SUB#…`, `SENT#…` | a channel whose scope is the enterprise or a workshop of it, and what was sent there |
 * | `EXPORT#…` | its own people asked for it |
 * | `TASK#…` | the table says at whom it is: its events hold a hash only, so that nobody learns of a visit beforehand; only what was visited |
 *
 * What was sent to channels of others names it together with whoever else they were told of, and is not its own. Nor is who of the inspectors
 * has an interest in it (`INSP#…`), or who else asks after it and why (`EXPORT#…`, `AUDIT#…`): an enterprise reads its own exports.
 * Of these all events belong to it. The others name it in each: its record (`ENT#…`), risks, rounds, seals of its duties, monthly lists,
 * designations, its place in the grid.
 */
import type { LoggedEvent } from '../../shared/archive/entry.ts';
import { personalSubject } from '../../shared/domain/commitment.ts';
import type { ExportRequest } from '../../shared/domain/export.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import {
  eventOf,
  type LogFiles,
  largeOf,
  mayBeLarge,
  readLarge,
  sealedTiles,
  stretch,
  withLarge,
} from '../../workflows/audit-export/sealed-log.ts';

/** Of whom or what all is to be found. */
export type Named = Extract<ExportRequest, { kind: 'enterprise' | 'hazard' }>;

export const numberOf = (named: Named): string => (named.kind === 'enterprise' ? named.enterprise : named.hazard);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The subjects that an event which names the enterprise shows to be its own. */
export function ownSubjects(
  { subject, type, data, actor }: Pick<LoggedEvent, 'subject' | 'type' | 'data' | 'actor'>,
  named: Named,
): readonly string[] {
  if (!isRecord(data)) return [];
  if (named.kind === 'hazard') return subject === hazardSubject(named.hazard) ? [subject] : [];
  const owner = enterpriseOwner(named.enterprise);
  switch (type) {
    case 'HazardReported':
      return data.owner === owner ? [subject, personalSubject(subject)] : [];
    case 'SubscriptionMade':
    case 'SubscriptionChanged': {
      const { scope } = data;
      return isRecord(scope) && scope.uscc === named.enterprise ? [subject, subject.replace(/^SUB#/, 'SENT#')] : [];
    }
    case 'ExportBegun':
      return actor.owner === owner ? [subject] : [];
    default:
      return [];
  }
}

/** What the log says of it: the places of the events that name it, and the subjects that are its own. */
export interface Found {
  readonly indexes: ReadonlySet<number>;
  readonly subjects: ReadonlySet<string>;
}

/** What names it and is another's: it is there only where the subject is its own. */
const isOthers = ({ subject }: Pick<LoggedEvent, 'subject'>): boolean => /^(?:SENT|INSP|EXPORT|AUDIT)#/.test(subject);

/** Reads a log of that size from its first entry on. */
export async function findNamed(log: LogFiles, size: number, named: Named): Promise<Found> {
  const number = numberOf(named);
  const indexes = new Set<number>();
  const subjects = new Set<string>();
  for await (const { entries } of sealedTiles(log, size, stretch(0, size))) {
    for (const entry of entries) {
      const text = Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, entry.bytes.length);
      const isLong = mayBeLarge(entry);
      if (!isLong && !text.includes(number)) continue;
      const event = eventOf(entry);
      const large = isLong ? largeOf(event) : undefined;
      const data = large === undefined ? undefined : Buffer.from(await readLarge(log, large));
      if (!text.includes(number) && data?.includes(number) !== true) continue;
      if (!isOthers(event)) indexes.add(entry.index);
      for (const subject of ownSubjects(withLarge(event, data), named)) subjects.add(subject);
    }
  }
  return { indexes, subjects };
}
