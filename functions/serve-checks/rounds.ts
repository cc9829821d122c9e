import type * as z from 'zod';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import { outcomesOf, type RoundData } from '../../shared/domain/check-round.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { shownText } from '../../shared/domain/commitment.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import type { readRound } from './api.ts';

type Round = z.input<typeof readRound.output>;
type RoundEvent = LedgerEvent<'RoundSubmitted', RoundData>;

/** A day's events are read in slices of this size. */
const SLICE = 500;

const isRound = (event: LedgerEvent): event is RoundEvent => event.type === 'RoundSubmitted';

/** A round as it is shown: what was claimed and when it was received, point by point. */
export function roundOf(events: readonly LedgerEvent[]): (Round & { readonly owner: Owner }) | undefined {
  const recorded = events.filter(isRound);
  const [first] = recorded;
  const owner = first?.actor.owner;
  if (first === undefined || owner === undefined) return undefined;
  const of = (member: 'answers' | 'notApplicable' | 'claimed', no: string): string | undefined =>
    recorded.map(({ data }) => data[member]).find((values) => values && Object.hasOwn(values, no))?.[no];
  return {
    owner,
    round: first.subject.slice('ROUND#'.length),
    enterprise: enterpriseOf(owner) ?? owner,
    by: first.actor.id,
    ...(first.data.device !== undefined && { device: shownText(first.data.device) }),
    receivedAt: first.at,
    checkedAt: first.data.checkedAt,
    items: outcomesOf(recorded.map(({ data }) => data)).map(({ riskNo, outcome, hazards }) => {
      const answers = of('answers', riskNo);
      const notApplicable = of('notApplicable', riskNo);
      return {
        riskNo,
        outcome,
        hazards: [...hazards],
        claimedAt: of('claimed', riskNo) ?? first.data.checkedAt,
        ...(answers !== undefined && { answers }),
        ...(notApplicable !== undefined && { notApplicable: shownText(notApplicable) }),
      };
    }),
  };
}

/** The rounds of an owner that were received on a day, in no order. */
export async function roundsOfDay(ledger: LedgerStore, county: CountyCode, owner: Owner, day: Day): Promise<Round[]> {
  const bySubject = new Map<string, RoundEvent[]>();
  for (const colour of COLOURS) {
    let cursor: string | undefined;
    do {
      const slice = await ledger.ofDay(county, colour, day, SLICE, cursor);
      for (const event of slice.events) {
        if (!isRound(event) || event.actor.owner !== owner) continue;
        bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event]);
      }
      cursor = slice.cursor;
    } while (cursor !== undefined);
  }
  return [...bySubject.values()]
    .map((events) => roundOf(events.sort((a, b) => a.sequence - b.sequence)))
    .filter((round) => round !== undefined)
    .map(({ owner: _, ...round }) => round);
}
