/** From what was decided of a list to what is written: the pages that its duties move between, and the whole as one transaction. */
import type { Instant } from '../domain/calendar.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import { type Denied, refused } from '../domain/register-denials.ts';
import { type DutyMove, dutyMoves, movePages, placeName, placesOf } from '../domain/register-duties.ts';
import { listFacts, ownerAfter, type RiskChange } from '../domain/register-list.ts';
import type { OwnerFact, RegisterOwner } from '../domain/register-owner.ts';
import { cadencesOf } from '../policy/cadences.ts';
import { policyFor } from '../policy/load.ts';
import { registerRulesOf } from '../policy/register-rules.ts';
import { TRANSACTION_LIMIT } from './commit.ts';
import type { DutyStore, StoredPage } from './duty-store.ts';
import { type RegisterChange, type RegisterStore, sizeOfChange } from './register-store.ts';

/** What a change of a list is worked out from. */
export interface ListStores {
  readonly county: CountyCode;
  readonly register: Pick<RegisterStore, 'suspensionsOf'>;
  readonly duties: Pick<DutyStore, 'page' | 'pagesOf'>;
}

/** More pages than this are read with all others of their owner. */
const READ_ONE_BY_ONE = 8;

/** The pages that the moves touch, as they are from now on. */
export async function pagesAfter(
  { county, register, duties }: ListStores,
  owner: Owner,
  moves: readonly DutyMove[],
  at: Instant,
): Promise<readonly StoredPage[] | Denied> {
  if (moves.length === 0) return [];
  const places = placesOf(moves);
  const [stored, suspensions] = await Promise.all([
    places.length > READ_ONE_BY_ONE
      ? duties.pagesOf(owner)
      : Promise.all(
          places.map(({ colour, workshop }) => duties.page({ owner, colour, ...(workshop !== undefined && { workshop }) })),
        ),
    register.suspensionsOf(owner),
  ]);
  const pages = stored.map(({ page }) => page);
  const moved = movePages(owner, pages, moves, { cadences: cadencesOf(county, at), suspensions, at });
  if (moved.kind === 'full') {
    const { workshop, colour } = moved.page;
    return refused('page-full', { members: { ...(workshop !== undefined && { workshop }), colour } });
  }
  const versionOf = new Map(stored.map(({ page, version }) => [placeName(page), version]));
  return moved.pages.map((page) => ({ page, version: versionOf.get(placeName(page)) ?? 0 }));
}

/** What was decided by one command: of the owner itself (`first`), and of its risks. */
export interface Decided extends Pick<RegisterChange, 'before' | 'occasion' | 'command'> {
  /** As it stood; one that is new where there was no record. */
  readonly owner: RegisterOwner;
  readonly first: readonly OwnerFact[];
  readonly changes: readonly RiskChange[];
}

/** The transaction of a decision, or why it cannot be written. */
export async function listChange(stores: ListStores, decided: Decided): Promise<RegisterChange | Denied> {
  const { before, owner, first, changes, occasion, command } = decided;
  const rules = registerRulesOf(policyFor(stores.county, occasion.at));
  const facts = [...first, ...listFacts(ownerAfter(owner, first), changes, rules)];
  const { signedVersion } = owner.list;
  const moves = dutyMoves(changes, signedVersion, signedVersion);
  const pages = await pagesAfter(stores, owner.owner, moves, occasion.at);
  if ('kind' in pages) return pages;
  const change = { before, after: ownerAfter(owner, facts), facts, risks: changes, pages, moves, occasion, command };
  return sizeOfChange(stores.county, change) > TRANSACTION_LIMIT ? refused('change-too-wide') : change;
}
