import { StaleVersion } from '../../shared/data/commit.ts';
import type { DutyChange, DutyStore, StoredExceptions, StoredPage } from '../../shared/data/duty-store.ts';
import { readDutyText, writeDutyText } from '../../shared/data/duty-text.ts';
import { type Cadence, type Period, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { pageKey } from '../../shared/domain/duty-name.ts';
import { type DutyPage, pointOf, slotState } from '../../shared/domain/duty-page.ts';
import type { RiskNo } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';

type Name = Pick<DutyPage, 'owner' | 'workshop' | 'colour'>;

/** The tables as far as duties are concerned, in memory: conditions and transactions as the service has them. */
export interface FakeDuties extends DutyStore {
  readonly ledger: readonly LedgerEvent[];
  readonly allExceptions: () => readonly StoredExceptions[];
  readonly writes: () => number;
}

/** The points of a page whose slot is open while the period runs, asked one by one. */
export const slowlyOpen = (page: Pick<DutyPage, 'points'>, cadence: Cadence, period: Period): readonly RiskNo[] =>
  (Object.keys(page.points) as RiskNo[]).filter((no) => {
    const point = pointOf(page, no);
    return point !== undefined && slotState(point, cadence, period, windowOf(cadence, period).from) === 'open';
  });

export function fakeDuties(): FakeDuties {
  const pages = new Map<string, StoredPage>();
  const exceptions = new Map<string, StoredExceptions>();
  const ledger: LedgerEvent[] = [];
  const cursors = new Map<Colour, Period>();
  let writes = 0;
  const excKey = (page: Name, period: Period) => `${pageKey(page)}@${period}`;
  const inOrder = (): StoredPage[] => [...pages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stored]) => stored);
  return {
    ledger,
    allExceptions: () => [...exceptions.values()],
    writes: () => writes,
    pagesOf: async (owner) =>
      COLOURS.flatMap((colour) => inOrder().filter(({ page }) => page.colour === colour && page.owner === owner)),
    page: async (page) => pages.get(pageKey(page)) ?? { page: { ...page, points: {} }, version: 0 },
    async *eachPage(colour) {
      yield* inOrder().filter(({ page }) => page.colour === colour);
    },
    async *eachOpen(colour, cadence, period) {
      for (const { page } of inOrder().filter(({ page }) => page.colour === colour)) {
        const points = slowlyOpen(page, cadence, period);
        const { owner, workshop } = page;
        if (points.length > 0) yield { owner, points, ...(workshop !== undefined && { workshop }) };
      }
    },
    exceptions: async (page, period) => exceptions.get(excKey(page, period)),
    exceptionsOf: async (page, first, last) =>
      [...exceptions.values()].filter((one) => pageKey(one) === pageKey(page) && first <= one.period && one.period <= last),
    async *eachExceptions(colour, first, last) {
      yield* [...exceptions.values()].filter((one) => one.colour === colour && first <= one.period && one.period <= last);
    },
    async save(change: DutyChange) {
      const stale =
        change.pages.some(({ page, ifVersion }) => (pages.get(pageKey(page))?.version ?? 0) !== ifVersion) ||
        change.exceptions.some(
          ({ sealed, ifVersion }) => (exceptions.get(excKey(sealed, sealed.period))?.version ?? 0) !== ifVersion,
        ) ||
        change.events.some(({ id }) => ledger.some((event) => event.id === id));
      if (stale) throw new StaleVersion('somebody else wrote');
      for (const { page, ifVersion } of change.pages) {
        const points = readDutyText(writeDutyText(page));
        pages.set(pageKey(page), { page: { ...page, points }, version: ifVersion + 1 });
      }
      for (const { sealed, ifVersion } of change.exceptions) {
        exceptions.set(excKey(sealed, sealed.period), { ...sealed, version: ifVersion + 1 });
      }
      ledger.push(...change.events);
      writes += change.pages.length + change.exceptions.length + change.events.length;
    },
    cursor: async (colour) => cursors.get(colour),
    async advance(colour, _cadence, sealedThrough) {
      if ((cursors.get(colour) ?? Number.NEGATIVE_INFINITY) < sealedThrough) cursors.set(colour, sealedThrough);
    },
  };
}

/** The process died here: before the call did its work, or after. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** The same store for one caller: every call waits for its turn, and the caller dies at its n-th call, after which it does nothing any more. */
export function seenBy(
  store: DutyStore,
  turn: () => Promise<unknown>,
  death?: { readonly call: number; readonly afterwards: boolean },
): DutyStore {
  let calls = 0;
  let isDead = false;
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await turn();
    if (isDead) throw new Died();
    isDead = calls++ === death?.call;
    if (isDead && !death?.afterwards) throw new Died();
    const result = await work();
    if (isDead) throw new Died();
    return result;
  };
  return {
    pagesOf: (owner) => run(() => store.pagesOf(owner)),
    page: (page) => run(() => store.page(page)),
    async *eachPage(colour) {
      const all: StoredPage[] = await run(async () => {
        const found: StoredPage[] = [];
        for await (const stored of store.eachPage(colour)) found.push(stored);
        return found;
      });
      yield* all;
    },
    eachOpen: (...of) => store.eachOpen(...of),
    exceptions: (page, period) => run(() => store.exceptions(page, period)),
    exceptionsOf: (...of) => run(() => store.exceptionsOf(...of)),
    eachExceptions: (...of) => store.eachExceptions(...of),
    save: (change) => run(() => store.save(change)),
    cursor: (colour) => run(() => store.cursor(colour)),
    advance: (...of) => run(() => store.advance(...of)),
  };
}
