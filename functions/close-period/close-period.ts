import { StaleVersion } from '../../shared/data/commit.ts';
import { type DutyStore, pageKey, type StoredPage, sealSubject } from '../../shared/data/duty-store.ts';
import { type Cadence, type Instant, type Period, periodAt, periodName, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { type Cadences, exceptionsThrough, sealed } from '../../shared/domain/duty-page.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { type Actor, recordFacts } from '../../shared/domain/ledger-event.ts';

/** Longer than any request may run: what was received before a window's end is committed by then, so a seal need not be amended. */
const SETTLING_MS = 120_000;
/** Exceptions and event of each period, and the page: at most 81 of the 100 items of a transaction. */
const PERIODS_AT_ONCE = 40;
/** Somebody checks while the page is being sealed: read again and decide anew, this often. */
const ATTEMPTS = 8;
/** Pages that are sealed side by side. */
const ABREAST = 8;

/** There was not time enough to seal every page. What was sealed stays sealed; running it again goes on from there. */
export class ClosingUnfinished extends Error {
  override readonly name = 'ClosingUnfinished';
}

export interface Closing {
  readonly store: DutyStore;
  readonly county: CountyCode;
  readonly cadences: Cadences;
  readonly actor: Actor;
  /** Whether to stop before the runtime does. */
  readonly outOfTime: () => boolean;
}

export interface Closed {
  readonly colour: Colour;
  readonly sealedThrough: Period;
  readonly pages: number;
  /** Pages and periods that had exceptions to seal. */
  readonly sealedPeriods: number;
}

/**
 * Seals what was missed in every period of the cadence that has ended and was not sealed, in order, however long the closing was
 * away. What there is to seal follows from each page alone, so it may run late, twice, or twice at once: the page's version and the
 * event's place admit one of them.
 */
export const closePeriods =
  ({ store, county, cadences, actor, outOfTime }: Closing) =>
  async (cadence: Cadence, at: Instant): Promise<readonly Closed[]> => {
    const through = periodAt(cadence, plusMs(at, -SETTLING_MS)) - 1;
    const closed: Closed[] = [];
    for (const colour of COLOURS.filter((colour) => cadences[colour] === cadence)) {
      let pages = 0;
      let sealedPeriods = 0;
      const settle = async (batch: readonly StoredPage[]): Promise<void> => {
        if (outOfTime()) throw new ClosingUnfinished(`${colour} has more pages to seal through ${periodName(cadence, through)}`);
        for (const count of await Promise.all(batch.map(seal))) sealedPeriods += count;
        pages += batch.length;
      };
      const seal = (stored: StoredPage): Promise<number> => sealPage({ store, county, actor }, stored, cadence, through, at);
      let batch: StoredPage[] = [];
      for await (const stored of store.eachPage(colour)) {
        batch.push(stored);
        if (batch.length === ABREAST) {
          await settle(batch);
          batch = [];
        }
      }
      await settle(batch);
      await store.advance(colour, cadence, through);
      closed.push({ colour, sealedThrough: through, pages, sealedPeriods });
    }
    return closed;
  };

/** Seals one page; answers how many of its periods had exceptions. */
async function sealPage(
  { store, county, actor }: Pick<Closing, 'store' | 'county' | 'actor'>,
  read: StoredPage,
  cadence: Cadence,
  through: Period,
  at: Instant,
): Promise<number> {
  let stored = read;
  let done = 0;
  for (let attempt = 1; ; ) {
    const { page, version } = stored;
    const all = [...exceptionsThrough(page, cadence, through)];
    if (all.length === 0) return done;
    const some = all.slice(0, PERIODS_AT_ONCE);
    const last = some.length < all.length ? (some.at(-1)?.[0] ?? through) : through;
    const after = sealed(page, cadence, last);
    const pages = [{ key: pageKey(page), version: version + 1 }];
    try {
      await store.save({
        pages: [{ page: after, ifVersion: version }],
        exceptions: some.map(([period, exceptions]) => ({
          sealed: {
            owner: page.owner,
            ...(page.workshop !== undefined && { workshop: page.workshop }),
            colour: page.colour,
            period,
            ...exceptions,
          },
          ifVersion: 0,
        })),
        events: some.flatMap(([period, exceptions]) =>
          recordFacts(
            [{ type: 'PeriodSealed', data: { cadence, period: periodName(cadence, period), ...exceptions, pages } }],
            sealSubject(page, period),
            0,
            page.colour,
            { at, county, actor },
          ),
        ),
      });
      done += some.length;
      stored = { page: after, version: version + 1 };
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt++ >= ATTEMPTS) throw error;
      stored = await store.page(page);
    }
  }
}
