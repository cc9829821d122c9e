/** The register from the ledger alone: owners with their stops, what was sealed of duty pages, and the months' lists of hazards. */
import type { Instant } from './calendar.ts';
import { amend, type PeriodSealed, type SealAmended } from './check-round.ts';
import { readSealSubject } from './duty-name.ts';
import type { Exceptions } from './duty-page.ts';
import { HistoryBroken } from './hazard-evolve.ts';
import type { HazardId, PersonId } from './ids.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { HazardListSubmitted } from './ledger-fact.ts';
import { isOwner, type Owner } from './owner.ts';
import { evolveOwner, newOwner, type OwnerFact, type RegisterOwner } from './register-owner.ts';
import { endedSuspension, type Suspension } from './register-suspension.ts';

/** An owner's record and, of an enterprise, its stops by their ids. */
export interface RebuiltOwner {
  readonly record: RegisterOwner;
  readonly stops: readonly Suspension[];
}

/** `ENT#<credit code>`, `GOV#<owner>` */
function ownerOfSubject(subject: string): Owner {
  const owner = subject.startsWith('GOV#') ? subject.slice('GOV#'.length) : subject.replace('#', ':');
  if (!isOwner(owner)) throw new HistoryBroken(`${subject} is no owner`);
  return owner;
}

function stopsAfter(stops: readonly Suspension[], fact: OwnerFact): readonly Suspension[] {
  switch (fact.type) {
    case 'SuspensionApproved': {
      const { pages: _, ...stop } = fact.data;
      return [...stops, stop].sort((a, b) => (a.id < b.id ? -1 : 1));
    }
    case 'SuspensionLifted':
      return stops.map((stop) => (stop.id === fact.data.id ? endedSuspension(stop, fact.data) : stop));
    default:
      return stops;
  }
}

export const rebuiltOwner = (before: RebuiltOwner | undefined, subject: string, fact: OwnerFact): RebuiltOwner => ({
  record: evolveOwner(before?.record ?? newOwner(ownerOfSubject(subject)), fact),
  stops: stopsAfter(before?.stops ?? [], fact),
});

/** What was sealed of a page for a period, as far as it was amended. */
export type RebuiltSeal = ReturnType<typeof readSealSubject> & Exceptions & { readonly sealedAt: Instant };

export function rebuiltSeal(
  before: RebuiltSeal | undefined,
  fact: (PeriodSealed | SealAmended) & Pick<LedgerEvent, 'at' | 'subject'>,
): RebuiltSeal {
  const { subject, at } = fact;
  if (fact.type === 'PeriodSealed') {
    const { missed, madeUpLate, suspended } = fact.data;
    return { ...readSealSubject(subject), missed, madeUpLate, suspended, sealedAt: at };
  }
  if (before === undefined) throw new HistoryBroken(`${subject} was amended before it was sealed`);
  return { ...before, ...amend(before, fact.data.madeUpLate, fact.data.onTime) };
}

/** A month's list as it was last submitted. */
export interface RebuiltList {
  readonly hazards: readonly { readonly id: HazardId; readonly listedAt: Instant }[];
  readonly submittedAt: Instant;
  readonly submittedBy: PersonId;
  readonly firstAt: Instant;
}

/** When a hazard came into the list, and when that was first submitted, stays. */
export function rebuiltList(
  before: RebuiltList | undefined,
  { at, actor, data }: LedgerEvent<'HazardListSubmitted', HazardListSubmitted['data']>,
): RebuiltList {
  const listed = new Map(before?.hazards.map(({ id, listedAt }) => [id, listedAt]));
  return {
    hazards: data.hazards.map((id) => ({ id, listedAt: listed.get(id) ?? at })),
    submittedAt: at,
    submittedBy: actor.id,
    firstAt: before?.firstAt ?? at,
  };
}

/** When an enterprise first checked itself in each year; the form of a month counts those that did by its end. */
export interface OwnChecks {
  readonly first: Readonly<Record<string, Instant>>;
}

export function checkedAt(before: OwnChecks | undefined, year: string, at: Instant): OwnChecks {
  const known = before?.first[year];
  return { first: { ...before?.first, [year]: known === undefined || at < known ? at : known } };
}
