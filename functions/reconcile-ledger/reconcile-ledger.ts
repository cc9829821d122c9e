/**
 * Compares the ledger with the log, day by day, and of each subject that it comes upon all of it: what the stream lost is sealed. Then the
 * log with the ledger, entry by entry, the newest each night and all of them in turn: what was sealed and is not in the ledger as it was is told.
 */
import type { LedgerStore, PlacedEvents } from '../../shared/data/ledger-store.ts';
import type { PlacesPage } from '../../shared/data/log-places.ts';
import type { ReconciledUpTo } from '../../shared/data/log-store.ts';
import { seal } from '../../shared/data/sealing/seal.ts';
import { idOf, type Sealing, type Unsealable } from '../../shared/data/sealing/sealing.ts';
import { type Day, dayOf, type Instant, plusDays, startOfDay } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { compareLog } from './compare-log.ts';

export interface ReconcileLedger extends Sealing {
  readonly ledger: Sealing['ledger'] & Pick<LedgerStore & PlacedEvents, 'ofDay' | 'onFrom'>;
  /** Where the first look begins. */
  readonly since: Day;
}

export interface Reconciled {
  /** Events that were not in the log and are now. */
  readonly sealed: number;
  /** Events of the ledger that were compared. */
  readonly looked: number;
  /** The first day that is not compared to its end. */
  readonly cursor: Day;
  /** Entries of the log that were compared with the ledger. */
  readonly compared: number;
  /** Subjects of which the ledger has not what was sealed, or not as it was: events were lost or changed that were recorded. */
  readonly lost: readonly string[];
  readonly unsealable: readonly Unsealable[];
}

const PAGE = 200;
/** Of a subject, what is not sealed is read so much at a time. */
const EVENTS = 100;
/** So many subjects at a time: enough to hide the calls' latency. */
const AT_ONCE = 16;

/** A subject as both have it. */
interface Compared {
  readonly subject: string;
  /** Recorded before today and not in the log, in their order. */
  readonly unsealed: readonly LedgerEvent[];
  /** The log's last event of it is not in the ledger. */
  readonly isLost: boolean;
}

/** What was recorded today may be on its way still. */
async function compare({ ledger }: ReconcileLedger, subject: string, { through }: PlacesPage, today: Day): Promise<Compared> {
  const events = await ledger.onFrom({ subject, sequence: Math.max(1, through) }, EVENTS);
  return {
    subject,
    unsealed: events.filter(({ sequence, at }) => sequence > through && dayOf(at) < today),
    isLost: through > 0 && events[0]?.sequence !== through,
  };
}

async function compareAll(deps: ReconcileLedger, events: readonly LedgerEvent[], today: Day): Promise<readonly Compared[]> {
  const todo = [...(await deps.log.lastPages(events))];
  const compared: Compared[] = [];
  const work = async (): Promise<void> => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      compared.push(await compare(deps, next[0], next[1], today));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return compared;
}

/** What comes after a page of a day and standing. */
function next({ day, standing, compared }: ReconciledUpTo, cursor: string | undefined): ReconciledUpTo {
  if (cursor !== undefined) return { day, standing, cursor, compared };
  const after = STANDINGS[STANDINGS.indexOf(standing) + 1];
  return after === undefined
    ? { day: dayOf(plusDays(startOfDay(day), 1)), standing: STANDINGS[0], compared }
    : { day, standing: after, compared };
}

export const reconcileLedger =
  (deps: ReconcileLedger) =>
  async (at: Instant): Promise<Reconciled> => {
    const { county, ledger, log, since, outOfTime } = deps;
    const today = dayOf(at);
    let sealed = 0;
    let looked = 0;
    const lost = new Set<string>();
    const unsealable = new Map<string, Unsealable>();

    const sealAll = async (events: readonly LedgerEvent[]): Promise<void> => {
      const outcome = await seal(deps, events);
      sealed += outcome.sealed;
      for (const one of outcome.unsealable) unsealable.set(idOf(one.place), one);
    };
    /** Until nothing more of these subjects can be sealed. */
    const settle = async (page: readonly LedgerEvent[]): Promise<void> => {
      for (let some = page; some.length > 0 && !outOfTime(); ) {
        const compared = await compareAll(deps, some, today);
        for (const { subject, isLost } of compared) if (isLost) lost.add(subject);
        const behind = compared.filter(({ subject, unsealed }) => unsealed.length > 0 && !isHeldUp(subject));
        if (behind.length > 0) await sealAll(behind.flatMap(({ unsealed }) => unsealed));
        some = behind.filter(({ unsealed }) => unsealed.length >= EVENTS - 1).flatMap(({ unsealed }) => unsealed.slice(-1));
      }
    };
    const isHeldUp = (subject: string): boolean => [...unsealable.values()].some(({ place }) => place.subject === subject);

    await sealAll([]); // what a runner left half done
    let upTo: ReconciledUpTo = (await log.reconciled()) ?? { day: since, standing: STANDINGS[0] };
    let kept = upTo;
    while (upTo.day < today && !outOfTime()) {
      const page = await ledger.ofDay(county, upTo.standing, upTo.day, PAGE, upTo.cursor);
      await settle(page.events);
      if (outOfTime()) break; // the page is looked at again, since it may not be done
      looked += page.events.length;
      upTo = next(upTo, page.cursor);
      if (unsealable.size > 0) continue; // what nothing here can mend is come upon, and told, each night
      await log.advance(upTo);
      kept = upTo;
    }
    const { next: goesOn, entries: compared, differing } = await compareLog(deps, kept.compared ?? 0);
    for (const { subject } of differing) lost.add(subject);
    if (compared > 0) await log.advance({ ...kept, compared: goesOn });
    return { compared, sealed, looked, cursor: kept.day, lost: [...lost], unsealable: [...unsealable.values()] };
  };
