/** Events get their places: batch by batch, of each subject 1, 2, 3 … whatever came in which order, each once. */
import { entryOf, LAST_INDEX } from '../../archive/entry.ts';
import { readEvent } from '../../archive/logged-line.ts';
import { dayOf } from '../../domain/calendar.ts';
import type { CountyCode } from '../../domain/ids.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import { standsInClear } from '../../domain/personal-members.ts';
import type { EventPlace } from '../../domain/sealing.ts';
import { StaleVersion, TRANSACTION_LIMIT } from '../commit.ts';
import { commitClear } from '../commit-clear.ts';
import { NONE_SEALED, nextPages, type PlacesPage, pageOf } from '../log-places.ts';
import type { Batch } from '../log-store.ts';
import { insist, misplacedFor, type Sealing, type Unsealable } from './sealing.ts';

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

/** Why what the ledger holds at a place cannot be sealed, or nothing: whoever verifies the log would refuse it. */
function unsealableFor(
  county: CountyCode,
  { subject, sequence }: EventPlace,
  event: LedgerEvent | undefined,
): string | undefined {
  if (event === undefined) return 'the ledger does not hold it';
  try {
    const { bytes } = entryOf(event, LAST_INDEX);
    const file = { path: 'the entry', county, colour: event.colour, date: dayOf(event.at), slice: 0 };
    const read = readEvent(bytes, file, 1);
    return read.subject === subject && read.sequence === sequence ? undefined : `what lies there says that it is ${read.id}`;
  } catch (error) {
    return String(error);
  }
}

/** In the order of the feed; before an event those of its subject that did not come. */
function* wantedOf(
  feed: readonly EventPlace[],
  pages: ReadonlyMap<string, PlacesPage>,
  isHeldUp: (subject: string) => boolean,
): Generator<EventPlace> {
  const through = new Map<string, number>();
  for (const { subject, sequence: upTo } of feed) {
    const last = through.get(subject) ?? (pages.get(subject) ?? NONE_SEALED).through;
    for (let sequence = last + 1; sequence <= upTo && !isHeldUp(subject); sequence++) {
      through.set(subject, sequence);
      yield { subject, sequence };
    }
  }
}

/** As many of them as go into one transaction. */
function chosenOf(wanted: Iterable<EventPlace>): readonly EventPlace[] {
  const chosen: EventPlace[] = [];
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
 * Gives events their places, those that have one already left out, and those filled in that the feed lost. What counts is what the ledger
 * holds, whatever the feed brought. What cannot be sealed holds up its subject and nothing else.
 */
export async function sequence(deps: Sealing, feed: readonly EventPlace[]): Promise<Sequenced> {
  const { county, log, ledger, outOfTime } = deps;
  const unsealable = new Map<string, Unsealable>();
  let sealed = 0;
  for (const place of feed) {
    const because = misplacedFor(place);
    if (because !== undefined) unsealable.set(place.subject, { place, because });
  }
  const events = feed.filter(({ subject }) => !unsealable.has(subject));

  /** What the ledger holds of them. */
  async function readAll(chosen: readonly EventPlace[]): Promise<readonly (LedgerEvent | undefined)[]> {
    const stored = await ledger.atAll(chosen);
    const inClear = chosen.filter((place, at) => {
      const event = stored[at];
      return event !== undefined && unsealableFor(county, place, event) === undefined && standsInClear(event);
    });
    if (inClear.length === 0) return stored;
    for (const place of inClear) await commitClear(place); // of before there were commitments; longer than it was
    return ledger.atAll(chosen);
  }

  /** The chosen ones that have an entry; a subject ends before the first that has none. */
  async function sealableOf(chosen: readonly EventPlace[]): Promise<readonly EventPlace[]> {
    const stored = await readAll(chosen);
    return chosen.filter((place, at) => {
      if (unsealable.has(place.subject)) return false;
      const because = unsealableFor(county, place, stored[at]);
      if (because !== undefined) unsealable.set(place.subject, { place, because });
      return because === undefined;
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
