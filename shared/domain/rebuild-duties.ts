/**
 * Duty pages from the ledger alone. A page is written by rounds, by closings and by its owner's list, each with a subject of its own, and
 * the log does not say in which order: the events do, by the versions that they wrote. What comes before its turn waits for it.
 */
import { type Cadence, type Instant, type Period, periodAt } from './calendar.ts';
import type { RoundData } from './check-round.ts';
import { type PageVersion, readPageKey } from './duty-name.ts';
import { type Cadences, clearSlot, type DutyPage, type DutyPoint, isSealed, pointOf, sealed } from './duty-page.ts';
import { HistoryBroken } from './hazard-evolve.ts';
import { type RiskNo, riskNo } from './ids.ts';
import type { LedgerEvent } from './ledger-event.ts';
import { eachMove, movePages, placeName } from './register-duties.ts';
import type { MovedDuties, OwnerFact } from './register-owner.ts';
import { resumePage, type Suspension, stopPage } from './register-suspension.ts';

/** What an event did to duty pages, with all that it takes to do it again. */
export type PageChange = { readonly pages: readonly PageVersion[] } & (
  | {
      readonly did: 'move';
      readonly moved: readonly MovedDuties[];
      readonly stops: readonly Suspension[];
      readonly at: Instant;
    }
  | { readonly did: 'stop'; readonly stop: Suspension; readonly at: Instant }
  | { readonly did: 'resume'; readonly stop: string; readonly at: Instant }
  | { readonly did: 'check'; readonly claims: readonly (readonly [RiskNo, Instant])[]; readonly at: Instant }
  | { readonly did: 'seal'; readonly cadence: Cadence; readonly through: Period }
);

export interface RebuiltPage {
  readonly version: number;
  readonly state: DutyPage;
}

/** How often each colour was checked at an instant, as the policy then in force says. */
export interface RebuildRules {
  readonly cadencesAt: (at: Instant) => Cadences;
}

/** What a round did to the page of one of its events: every check that cleared something, with the time that it claims. */
export const checksOf = ({ pages, checkedAt, claimed = {}, onTime = [], late = [] }: RoundData, at: Instant): PageChange => ({
  did: 'check',
  pages,
  // Numbers are people's own texts: one may be called `constructor`.
  claims: [...onTime, ...late].map((no) => [no, (Object.hasOwn(claimed, no) ? claimed[no] : undefined) ?? checkedAt] as const),
  at,
});

/** What a fact of an owner did to his pages. `stops`: those that he had before it. */
export function listChangeOf(
  { at, ...fact }: OwnerFact & Pick<LedgerEvent, 'at'>,
  stops: readonly Suspension[],
): PageChange | undefined {
  switch (fact.type) {
    case 'RiskListChanged':
    case 'RiskListSigned': {
      const { pages, moved = [] } = fact.data;
      return pages && { did: 'move', pages, moved, stops, at };
    }
    case 'SuspensionApproved': {
      const { pages, ...stop } = fact.data;
      return pages && { did: 'stop', pages, stop, at };
    }
    case 'SuspensionLifted':
      return fact.data.pages && { did: 'resume', pages: fact.data.pages, stop: fact.data.id, at };
    default:
      return undefined;
  }
}

const versionOf = (pages: ReadonlyMap<string, RebuiltPage>, key: string): number => pages.get(key)?.version ?? 0;

/** Whether all that it stands on is there. */
const isNext = (pages: ReadonlyMap<string, RebuiltPage>, change: PageChange): boolean =>
  change.pages.every(({ key, version }) => versionOf(pages, key) === version - 1);

/** The seals of several periods say the same of their page. */
const isPast = (pages: ReadonlyMap<string, RebuiltPage>, change: PageChange): boolean =>
  change.pages.every(({ key, version }) => versionOf(pages, key) >= version);

/**
 * Applies a change, and those that waited for it; puts it among those that wait (by the id of its event) if its turn has not come. The
 * maps are changed in place.
 */
export function applyToPages(
  pages: Map<string, RebuiltPage>,
  waiting: Map<string, { readonly version: number; readonly state: PageChange }>,
  id: string,
  change: PageChange,
  rules: RebuildRules,
): void {
  if (isPast(pages, change)) return;
  if (!isNext(pages, change)) return void waiting.set(id, { version: 0, state: change });
  for (const [key, state] of changed(pages, change, rules)) pages.set(key, { version: versionOf(pages, key) + 1, state });
  for (const [next, { state }] of waiting) {
    if (!isNext(pages, state) && !isPast(pages, state)) continue;
    waiting.delete(next);
    applyToPages(pages, waiting, next, state, rules);
  }
}

function changed(
  pages: ReadonlyMap<string, RebuiltPage>,
  change: PageChange,
  { cadencesAt }: RebuildRules,
): readonly (readonly [string, DutyPage])[] {
  const each = (to: (page: DutyPage) => DutyPage) =>
    change.pages.map(({ key }) => [key, grouped(to(pages.get(key)?.state ?? { ...readPageKey(key), points: {} }))] as const);
  switch (change.did) {
    case 'move': {
      const after = movedPages(pages, change, cadencesAt(change.at));
      return each((page) => after.get(placeName(page)) ?? page);
    }
    case 'stop':
      return each((page) => stopPage(page, change.stop, change.at));
    case 'resume':
      return each((page) => resumePage(page, change.stop, change.at));
    case 'check':
      return each((page) => checkedPage(page, cadencesAt(change.at)[page.colour], change.claims, change.at));
    case 'seal':
      return each((page) => sealed(page, change.cadence, change.through));
  }
}

function movedPages(
  pages: ReadonlyMap<string, RebuiltPage>,
  { pages: written, moved, stops, at }: Extract<PageChange, { did: 'move' }>,
  cadences: Cadences,
): ReadonlyMap<string, DutyPage> {
  const before = written.map(({ key }) => pages.get(key)?.state ?? { ...readPageKey(key), points: {} });
  const [owner] = before.map((page) => page.owner);
  if (owner === undefined) return new Map();
  const after = movePages(owner, before, eachMove(moved), { cadences, suspensions: stops, at });
  if (after.kind === 'full') throw new HistoryBroken(`a duty page of ${owner} holds more points than were written`);
  return new Map(after.pages.map((page) => [placeName(page), page]));
}

function checkedPage(page: DutyPage, cadence: Cadence, claims: readonly (readonly [RiskNo, Instant])[], at: Instant): DutyPage {
  const cleared: Record<RiskNo, DutyPoint> = {};
  for (const [no, claimedAt] of claims) {
    const point = pointOf(page, no);
    if (point === undefined || isSealed(page, periodAt(cadence, claimedAt))) continue;
    const clearing = clearSlot(point, cadence, claimedAt, at);
    if ('point' in clearing) cleared[no] = clearing.point;
  }
  return { ...page, points: { ...page.points, ...cleared } };
}

const sameAs = ({ spans, cleared, late, stops }: DutyPoint): string =>
  JSON.stringify([
    spans.map(({ from, to }) => [from, to]),
    cleared,
    late,
    stops.map(({ id, from, until, approvedAt }) => [id, from, until, approvedAt]),
  ]);

/** Points that stand alike follow one another, as the register keeps them. */
function grouped(page: DutyPage): DutyPage {
  const groups = new Map<string, [RiskNo, DutyPoint][]>();
  for (const [no, point] of Object.entries(page.points)) {
    const alike = sameAs(point);
    const group = groups.get(alike) ?? [];
    groups.set(alike, group);
    group.push([riskNo(no), point]);
  }
  return { ...page, points: Object.fromEntries([...groups.values()].flat()) };
}
