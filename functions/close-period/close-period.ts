import { StaleVersion } from '../../shared/data/commit.ts';
import type { DutyStore, StoredPage } from '../../shared/data/duty-store.ts';
import { type Cadence, type Instant, type Period, periodAt, periodName, plusMs } from '../../shared/domain/calendar.ts';
import type { PeriodSealed } from '../../shared/domain/check-round.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { pageKey, sealSubject } from '../../shared/domain/duty-name.ts';
import { type Cadences, type Exceptions, exceptionsThrough, sealed } from '../../shared/domain/duty-page.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { type Actor, recordFacts } from '../../shared/domain/ledger-event.ts';

/** Longer than any request may run: what was received before a window's end is committed by then, so a seal need not be amended. */
const SETTLING_MS = 120_000;
/** Exceptions and event of each period, and the page: at most 81 of the 100 items of a transaction. */
const PERIODS_AT_ONCE = 40;
/** Of what is missed, which stands in the exceptions and once more in the event: well below the 4 MB of a transaction. */
const BYTES_AT_ONCE = 1_000_000;
/** Somebody checks while the page is being sealed: read again and decide anew, this often. */
const ATTEMPTS = 8;
/** Pages that are sealed side by side. */
const ABREAST = 8;

/** There was not time enough to seal every page. What was sealed stays sealed; running it again goes on from there. */
export class ClosingUnfinished extends Error {
  override readonly name = 'ClosingUnfinished';
}

/** Pages that could not be sealed, for reasons of their own; all others were. The cursors of their colours stay where they are. */
export class ClosingIncomplete extends AggregateError {
  override readonly name = 'ClosingIncomplete';
}

/** A page that cannot be sealed, or a colour whose pages cannot be read. */
interface Failure {
  readonly of: string;
  readonly error: unknown;
}

/** So many failures are told one by one. */
const TOLD = 5;

const incomplete = (failures: readonly Failure[]): ClosingIncomplete => {
  const told = failures.slice(0, TOLD).map(({ of, error }) => `${of}: ${error}`);
  const pages = `${failures.length} ${failures.length === 1 ? 'page' : 'pages'}`;
  return new ClosingIncomplete(
    failures.map(({ error }) => error),
    `${pages} cannot be sealed: ${told.join('; ')}${failures.length > TOLD ? ' …' : ''}`,
  );
};

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
 * event's place admit one of them. A page that cannot be sealed holds up no other: that is told when all the others are sealed.
 */
export const closePeriods =
  ({ store, county, cadences, actor, outOfTime }: Closing) =>
  async (cadence: Cadence, at: Instant): Promise<readonly Closed[]> => {
    const through = periodAt(cadence, plusMs(at, -SETTLING_MS)) - 1;
    const closed: Closed[] = [];
    const failures: Failure[] = [];
    for (const colour of COLOURS.filter((colour) => cadences[colour] === cadence)) {
      let pages = 0;
      let sealedPeriods = 0;
      const failedBefore = failures.length;
      const settle = async (batch: readonly StoredPage[]): Promise<void> => {
        if (outOfTime()) throw new ClosingUnfinished(`${colour} has more pages to seal through ${periodName(cadence, through)}`);
        await Promise.all(batch.map(seal));
        pages += batch.length;
      };
      const seal = async (stored: StoredPage): Promise<void> => {
        try {
          const done = await sealPage({ store, county, actor }, stored, cadence, through, at);
          sealedPeriods += done; // not in one line with the wait: pages beside this one are counted meanwhile
        } catch (error) {
          failures.push({ of: pageKey(stored.page), error });
        }
      };
      try {
        let batch: StoredPage[] = [];
        for await (const stored of store.eachPage(colour)) {
          batch.push(stored);
          if (batch.length === ABREAST) {
            await settle(batch);
            batch = [];
          }
        }
        await settle(batch);
      } catch (error) {
        if (error instanceof ClosingUnfinished)
          throw failures.length > 0 ? incomplete([...failures, { of: colour, error }]) : error;
        failures.push({ of: colour, error });
      }
      if (failures.length > failedBefore) continue;
      await store.advance(colour, cadence, through);
      closed.push({ colour, sealedThrough: through, pages, sealedPeriods });
    }
    if (failures.length > 0) throw incomplete(failures);
    return closed;
  };

/** As many of a page's exceptions, from the first on, as one transaction holds. */
function transactionful(all: readonly (readonly [Period, Exceptions])[]): readonly (readonly [Period, Exceptions])[] {
  let bytes = 0;
  const end = all.findIndex(([, exceptions], index) => {
    bytes += Buffer.byteLength(JSON.stringify(exceptions));
    return index >= PERIODS_AT_ONCE || (index > 0 && bytes > BYTES_AT_ONCE);
  });
  return end < 0 ? all : all.slice(0, end);
}

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
    const some = transactionful(all);
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
        events: some.flatMap(([period, exceptions]) => {
          const data = { cadence, period: periodName(cadence, period), through: last, ...exceptions, pages };
          const fact: PeriodSealed = { type: 'PeriodSealed', data };
          return recordFacts([fact], sealSubject(page, period), 0, page.colour, { at, county, actor });
        }),
      });
      done += some.length;
      stored = { page: after, version: version + 1 };
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt++ >= ATTEMPTS) throw error;
      stored = await store.page(page);
    }
  }
}
