/**
 * Compares the ledger with the log, stretch by stretch of time, and of each subject that it comes upon all of it: what the stream lost is
 * sealed. Then the log with the ledger, entry by entry, the newest each hour and all of them in turn. What nothing here can mend is kept as a
 * finding: it holds up no walk, and is looked at again each hour until it is gone.
 */
import { TILE } from '../../shared/archive/paths.ts';
import type { Cursor } from '../../shared/data/cursor.ts';
import type { LedgerStore, PlacedEvents, RecordedPlace } from '../../shared/data/ledger-store.ts';
import type { PlacesPage } from '../../shared/data/log-places.ts';
import type { ReconciledUpTo } from '../../shared/data/log-store.ts';
import { seal } from '../../shared/data/sealing/seal.ts';
import { findingOf, idOf, misplacedFor, type Sealing, type Unsealable } from '../../shared/data/sealing/sealing.ts';
import { type Day, dayOf, epochMs, type Instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import type { EventPlace, Finding } from '../../shared/domain/sealing.ts';
import { compareLog, type Differing, NOT_HELD } from './compare-log.ts';

export interface ReconcileLedger extends Sealing {
  readonly ledger: Sealing['ledger'] & Pick<LedgerStore & PlacedEvents, 'placesIn' | 'placesFrom'>;
  /** Where the first look begins. */
  readonly since: Day;
}

export interface Reconciled {
  /** Events that were not in the log and are now. */
  readonly sealed: number;
  /** Events of the ledger that were compared. */
  readonly looked: number;
  /** All that was recorded before it is compared. */
  readonly through: Instant;
  /** Entries of the log that were compared with the ledger, and the bundle of them at which the next call goes on; 0 where a round is done. */
  readonly compared: number;
  readonly next: number;
  /** What was found and was not known. */
  readonly found: readonly Finding[];
  /** All that is open. */
  readonly open: readonly Finding[];
}

/** What was recorded later is on its way still: ten times what the stream takes. */
export const SETTLED_MS = 10 * 60_000;
const PAGE = 200;
/** Of a subject, what is not sealed is read so much at a time. */
const EVENTS = 100;
/** So many subjects at a time: enough to hide the calls' latency. */
const AT_ONCE = 16;
/** So many findings are looked at again in a call. */
const FINDINGS = 200;
const HOUR_MS = 3_600_000;
/** An import records under the instant at which it began, and may be taken up again for as long as its dead letter is kept. */
export const AGAIN_DAYS = 14;

/** A subject as both have it. */
interface Compared {
  readonly subject: string;
  /** Recorded before and not in the log, in their order. */
  readonly unsealed: readonly RecordedPlace[];
  /** The log's last event of it, where the ledger does not hold it. */
  readonly lost: readonly Differing[];
}

async function compare({ ledger }: ReconcileLedger, subject: string, page: PlacesPage, before: Instant): Promise<Compared> {
  const { through: sequence, indexes } = page;
  const places = await ledger.placesFrom({ subject, sequence: Math.max(1, sequence) }, EVENTS);
  const index = indexes.at(-1);
  const isLost = index !== undefined && places[0]?.sequence !== sequence;
  return {
    subject,
    unsealed: places.filter((place) => place.sequence > sequence && place.at < before),
    lost: isLost ? [{ subject, sequence, index, because: NOT_HELD }] : [],
  };
}

async function compareAll(deps: ReconcileLedger, places: readonly EventPlace[], before: Instant): Promise<readonly Compared[]> {
  const todo = [...(await deps.log.lastPages(places))];
  const compared: Compared[] = [];
  const work = async (): Promise<void> => {
    for (let one = todo.shift(); one !== undefined; one = todo.shift()) compared.push(await compare(deps, ...one, before));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return compared;
}

/** The stretch that is walked: the one under way, or a new one that ends with its day at the latest, or where nothing is settled yet. */
function stretchOf(upTo: ReconciledUpTo, settled: Instant): ReconciledUpTo {
  if (upTo.from < upTo.until) return upTo;
  const midnight = plusDays(startOfDay(dayOf(upTo.from)), 1);
  return { ...upTo, until: midnight < settled ? midnight : settled };
}

/** What comes after a page of a stretch and standing. */
function stretchAfter({ from, until, standing, compared }: ReconciledUpTo, cursor: string | undefined): ReconciledUpTo {
  if (cursor !== undefined) return { from, until, standing, cursor, compared };
  const following = STANDINGS[STANDINGS.indexOf(standing) + 1];
  return following === undefined
    ? { from: until, until, standing: STANDINGS[0], compared }
    : { from, until, standing: following, compared };
}

export const reconcileLedger =
  (deps: ReconcileLedger) =>
  async (at: Instant): Promise<Reconciled> => {
    const { county, ledger, log, since, outOfTime } = deps;
    const settled = plusMs(at, -SETTLED_MS);
    let sealed = 0;
    let looked = 0;
    const lost = new Map<string, Differing>();
    const unsealable = new Map<string, Unsealable>();

    const sealAll = async (places: readonly EventPlace[]): Promise<void> => {
      const outcome = await seal(deps, places);
      sealed += outcome.sealed;
      for (const one of outcome.unsealable) unsealable.set(one.place.subject, one);
    };
    /** Until nothing more of these subjects can be sealed that was recorded before. */
    const settle = async (places: readonly EventPlace[], before: Instant): Promise<void> => {
      for (const place of places) {
        const because = misplacedFor(place);
        if (because !== undefined) unsealable.set(place.subject, { place, because });
      }
      let some = places.filter(({ subject }) => !unsealable.has(subject));
      while (some.length > 0 && !outOfTime()) {
        const compared = await compareAll(deps, some, before);
        for (const one of compared.flatMap((each) => each.lost)) lost.set(idOf(one), one);
        some = compared.filter(({ subject }) => !unsealable.has(subject)).flatMap(({ unsealed }) => unsealed);
        if (some.length > 0) await sealAll(some);
      }
    };

    await sealAll([]); // what a runner left half done
    const known = await log.findings(FINDINGS);
    await settle(
      known.filter(({ what }) => what === 'unsealable'),
      settled,
    );

    let upTo: ReconciledUpTo = (await log.reconciled()) ?? {
      ...{ from: startOfDay(since), until: startOfDay(since), standing: STANDINGS[0] },
    };
    while (!outOfTime()) {
      const stretch = stretchOf(upTo, settled);
      if (stretch.until <= stretch.from) break;
      const { places, cursor } = await ledger.placesIn(county, stretch.standing, stretch, PAGE, stretch.cursor);
      await settle(places, stretch.until); // what is of a later day comes after all of this day, so that it ends no day too early
      if (outOfTime()) break; // the page is looked at again, since it may not be done
      looked += places.length;
      upTo = stretchAfter(stretch, cursor);
      await log.advance(upTo);
    }
    const turn = Math.floor(epochMs(at) / HOUR_MS);
    await lookAgain(dayOf(plusDays(at, -1 - (turn % AGAIN_DAYS))));

    const unsealed = await log.find([...unsealable.values()].map((one) => findingOf(one, at)));
    const places = known.flatMap(({ index }) => (index === undefined ? [] : [Math.floor(index / TILE)]));
    const bundles = [...new Set(places)];
    const first = turn % Math.max(1, bundles.length);
    const round = await compareLog(deps, upTo.compared ?? 0, [...bundles.slice(first), ...bundles.slice(0, first)]);
    for (const one of round.differing) lost.set(idOf(one), one);
    if (round.entries > 0) await log.advance({ ...upTo, compared: round.next });

    for (const finding of known) if (await isGone(finding)) await log.settle(finding, at);
    const differing = await log.find([...lost.values()].map((one): Finding => ({ what: 'lost', ...one, since: at })));
    const open = await log.findings(FINDINGS);
    return {
      sealed,
      looked,
      through: upTo.from,
      compared: round.entries,
      next: round.next,
      found: [...unsealed, ...differing],
      open,
    };

    /** A day that was walked: each hour another one, for what was recorded under it since. */
    async function lookAgain(day: Day): Promise<void> {
      const [from, until] = [startOfDay(day), plusDays(startOfDay(day), 1)];
      if (day < since || until > upTo.from) return;
      for (const standing of STANDINGS) {
        let cursor: Cursor | undefined;
        do {
          if (outOfTime()) return;
          const page = await ledger.placesIn(county, standing, { from, until }, PAGE, cursor);
          const pages = await log.lastPages(page.places);
          await settle(
            page.places.filter(({ subject, sequence }) => sequence > (pages.get(subject)?.through ?? 0)),
            until,
          );
          cursor = page.cursor;
        } while (cursor !== undefined);
      }
    }

    /** What could not be sealed is, or lies there no more and nothing behind it; what was lost is there as it was. */
    async function isGone({ what, subject, sequence, index }: Finding): Promise<boolean> {
      const id = idOf({ subject, sequence });
      if (what === 'lost') return index !== undefined && round.bundles.has(Math.floor(index / TILE)) && !lost.has(id);
      if (sequence < 1) return (await ledger.placesFrom({ subject, sequence }, EVENTS)).every((place) => place.sequence >= 1);
      const pages = misplacedFor({ subject, sequence }) === undefined ? await log.lastPages([{ subject, sequence }]) : undefined;
      return (pages?.get(subject)?.through ?? 0) >= sequence || (await ledger.placesFrom({ subject, sequence }, 1)).length === 0;
    }
  };
