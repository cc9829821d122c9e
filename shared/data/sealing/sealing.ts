/** What sealing stands on, and what it may find wrong. */

import { isSubjectTooLong } from '../../archive/entry.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { CountyCode } from '../../domain/ids.ts';
import type { EventPlace, Finding } from '../../domain/sealing.ts';
import type { ArchiveFiles } from '../archive-files.ts';
import type { LedgerStore, PlacedEvents } from '../ledger-store.ts';
import type { LogStore } from '../log-store.ts';
import type { SealingKeys } from '../sealing-keys.ts';

export interface Sealing {
  readonly county: CountyCode;
  /** `<log host>/<county>` */
  readonly origin: string;
  readonly log: LogStore;
  readonly ledger: Pick<LedgerStore & PlacedEvents, 'atAll' | 'lastOf'>;
  readonly archive: Pick<ArchiveFiles, 'read' | 'putOnce' | 'putAnew'>;
  readonly keys: SealingKeys;
  /** When something is done that was meant for then. */
  readonly now: (meant: Instant) => Instant;
  /** Rests where another runner was first, the longer the more often that was so. */
  readonly rest: (attempt: number) => Promise<void>;
  readonly outOfTime: () => boolean;
}

/** An event that cannot be sealed, and why. `commit` lets none in: somebody has to look. */
export interface Unsealable {
  readonly place: EventPlace;
  readonly because: string;
}

export const findingOf = ({ place: { subject, sequence }, because }: Unsealable, since: Instant): Finding => ({
  ...{ what: 'unsealable', subject, sequence, because, since },
});

/** Why whatever lies there can have no place in the log, or nothing. */
export function misplacedFor({ subject, sequence }: EventPlace): string | undefined {
  if (isSubjectTooLong(subject)) return 'its subject is too long for a key';
  return sequence >= 1 ? undefined : 'its key says no sequence';
}

/** Where an event stands, as it is named. */
export const idOf = ({ subject, sequence }: EventPlace): string => `${subject}:${sequence}`;

/** So often another runner may be first before this one leaves it to the next call. */
const MOST_STALE = 12;

/** Tries again, after a rest, while another runner was first. */
export async function insist<T>({ rest }: Pick<Sealing, 'rest'>, isStale: (error: unknown) => boolean, work: () => Promise<T>) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isStale(error) || attempt >= MOST_STALE) throw error;
      await rest(attempt);
    }
  }
}
