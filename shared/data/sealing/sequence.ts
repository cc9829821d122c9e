/** Events get their places: batch by batch, of each subject 1, 2, 3 … whatever came in which order, each once. */
import { entryOf, LAST_INDEX } from '../../archive/entry.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import { standsInClear } from '../../domain/personal-members.ts';
import type { EventPlace } from '../../domain/sealing.ts';
import { StaleVersion, TRANSACTION_LIMIT } from '../commit.ts';
import { commitClear } from '../commit-clear.ts';
import { NONE_SEALED, nextPages, type PlacesPage, pageOf } from '../log-places.ts';
import type { Batch } from '../log-store.ts';
import { insist, type Sealing, type Unsealable } from './sealing.ts';

/** Beside the head and the batch itself. */
const MOST_PAGES = TRANSACTION_LIMIT - 2;
/** An item holds 400 KB: as many ids fit it easily. */
const MOST_PLACES = 500;

export interface Sequenced {
  /** Events that have their places since this call. */
  readonly sealed: number;
  readonly unsealable: readonly Unsealable[];
  /** Something was left, for want of time. */
  readonly isLeft: boolean;
}

/** An event that is next to get its place; one that fills a hole is not known yet. */
interface Wanted extends EventPlace {
  readonly event: LedgerEvent | undefined;
}

/** Why no entry can be made of an event, or nothing. */
function unsealableFor(event: LedgerEvent | undefined): string | undefined {
  if (event === undefined) return 'the ledger does not hold it';
  try {
    entryOf(event, LAST_INDEX);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** In the order of the feed; before an event those of its subject that did not come. */
function* wantedOf(
  events: readonly LedgerEvent[],
  pages: ReadonlyMap<string, PlacesPage>,
  isHeldUp: (subject: string) => boolean,
): Generator<Wanted> {
  const through = new Map<string, number>();
  for (const event of events) {
    const { subject } = event;
    const last = through.get(subject) ?? (pages.get(subject) ?? NONE_SEALED).through;
    for (let sequence = last + 1; sequence <= event.sequence && !isHeldUp(subject); sequence++) {
      through.set(subject, sequence);
      yield { subject, sequence, event: sequence === event.sequence ? event : undefined };
    }
  }
}

/** As many of them as go into one transaction. */
function chosenOf(wanted: Iterable<Wanted>): readonly Wanted[] {
  const chosen: Wanted[] = [];
  const pages = new Set<string>();
  for (const one of wanted) {
    pages.add(`${one.subject}/${pageOf(one.sequence)}`);
    if (pages.size > MOST_PAGES) break;
    chosen.push(one);
    if (chosen.length >= MOST_PLACES) break;
  }
  return chosen;
}

/**
 * Gives events their places, those that have one already left out, and those filled in that the feed lost. What cannot be sealed holds up
 * its subject and nothing else.
 */
export async function sequence(deps: Sealing, events: readonly LedgerEvent[]): Promise<Sequenced> {
  const { log, ledger, outOfTime } = deps;
  const unsealable = new Map<string, Unsealable>();
  let sealed = 0;

  /** The chosen ones that have an entry; a subject ends before the first that has none. */
  async function sealableOf(chosen: readonly Wanted[]): Promise<readonly EventPlace[]> {
    const unknown = chosen.filter(({ event }) => event === undefined);
    const read = await ledger.atAll(unknown);
    const stored = new Map<Wanted, LedgerEvent | undefined>(chosen.map((place) => [place, place.event]));
    for (const [index, place] of unknown.entries()) stored.set(place, read[index]);
    for (const [place, event] of stored) {
      if (event === undefined || !standsInClear(event)) continue; // of before there were commitments
      await commitClear(place);
      const [committed] = await ledger.atAll([place]);
      stored.set(place, committed); // longer than it was
    }
    return chosen.flatMap((place): EventPlace[] => {
      const { subject, sequence } = place;
      if (unsealable.has(subject)) return [];
      const because = unsealableFor(stored.get(place));
      if (because === undefined) return [{ subject, sequence }];
      unsealable.set(subject, { place: { subject, sequence }, because });
      return [];
    });
  }

  /** All of them, from the head on as it is read now. */
  async function run(): Promise<boolean> {
    const { size } = await log.head();
    const pages = new Map<string, PlacesPage>(await log.lastPages(events)); // after the head, or it could have moved unseen
    for (let first = size; !outOfTime(); ) {
      const chosen = chosenOf(wantedOf(events, pages, (subject) => unsealable.has(subject)));
      if (chosen.length === 0) return false;
      const places = await sealableOf(chosen);
      if (places.length === 0) continue; // all of it is held up: the others are chosen next
      const batch: Batch = { first, places };
      await log.sequence(batch, pages);
      for (const { subject, after } of nextPages(pages, places, first)) pages.set(subject, after);
      first += places.length;
      sealed += places.length;
    }
    return true;
  }

  const isLeft = events.length > 0 && (await insist(deps, (error) => error instanceof StaleVersion, run));
  return { sealed, unsealable: [...unsealable.values()], isLeft };
}
