/** Request units of opening and closing a period, for counties of three sizes. */

import { instant, periodAt } from '../../shared/domain/calendar.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { PeriodOpened } from '../../shared/domain/notice.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import type { EventBus } from '../../shared/runtime/event-bus.ts';
import { checkedThrough, pagesOf } from './county.ts';
import { sumUnits, type Units } from './meter.ts';
import { PAGES_PER_MISS, POINTS_PER_PAGE } from './prices.ts';
import type { Stand } from './stand.ts';
import { middle, printTable } from './table.ts';

/** Each size has a county of its own, so that none sweeps another's pages. */
const SIZES = [
  { county: countyCode('533103'), points: 1_000 },
  { county: countyCode('533122'), points: 10_000 },
  { county: countyCode('533123'), points: 100_000 },
] as const;
const at = instant('2026-06-17T08:00:00+08:00');
/** Pages of a transaction: fewer than it may hold. */
const AT_ONCE = 90;

/** What one opening and one closing of a period take in a county of this size. */
export interface PeriodCosts {
  readonly points: number;
  readonly opening: Units;
  readonly closing: Units;
  readonly notices: number;
  readonly openingMs: number;
  readonly closingMs: number;
}

export async function benchPeriods({ meter, timed, times }: Stand): Promise<readonly PeriodCosts[]> {
  const { dynamoDutyStore } = await import('../../shared/data/duty-store.ts');
  const { closePeriods } = await import('../../functions/close-period/close-period.ts');
  const { openPeriods } = await import('../../functions/open-period/open-period.ts');
  const found: PeriodCosts[] = [];
  const rows: (string | number)[][] = [];
  for (const { county, points } of SIZES) {
    const store = dynamoDutyStore(county);
    const cadences = cadencesOf(county, at);
    const now = periodAt(cadences.ORANGE, at);
    // A week that ended with one enterprise in twenty short of a check, and nothing checked yet in the running one.
    const isMissing = (point: number) => point % (POINTS_PER_PAGE * PAGES_PER_MISS) === 0;
    const life = checkedThrough(now - 3, now - 1, isMissing);
    const many = {
      colour: 'ORANGE',
      points,
      life,
      sealedThrough: now - 2,
      firstOwner: points,
      perPage: POINTS_PER_PAGE,
    } as const;
    const pages = [...pagesOf(many)];
    for (let first = 0; first < pages.length; first += AT_ONCE) {
      const some = pages.slice(first, first + AT_ONCE).map((page) => ({ page, ifVersion: 0 }));
      await store.save({ pages: some, exceptions: [], events: [] });
    }
    const [opens, closes, again] = [`open ${points}`, `close ${points}`, `close again ${points}`];
    let notices = 0;
    const bus: EventBus<PeriodOpened> = {
      publish: async (told) => {
        notices += told.length;
        return [];
      },
    };
    const whyOf = (colour: 'ORANGE') => whyCheck(policyFor(county, at), colour);
    const { points: open } = await timed(opens, () =>
      openPeriods({
        ...{ store, county, cadences, whyOf: whyOf as Parameters<typeof openPeriods>[0]['whyOf'], bus },
        opened: () => ({ advance: async () => undefined }),
      })('week', at),
    );
    const actor = { id: personId('close-period'), role: 'system' } as const;
    const close = closePeriods({ store, county, cadences, actor, outOfTime: () => false });
    await timed(closes, () => close('week', at));
    await timed(again, () => close('week', at));
    const [opening, closing, repeated] = [meter.take(opens), meter.take(closes), meter.take(again)];
    const costs = { points, opening, closing, notices, openingMs: middle(times(opens)), closingMs: middle(times(closes)) };
    found.push(costs);
    const short = pages.filter((_, index) => index % PAGES_PER_MISS === 0).length;
    rows.push([
      ...[points, open, opening.read, opening.reported, closing.read, closing.reported, closing.write, short, repeated.write],
      ...[Math.round(costs.openingMs), Math.round(costs.closingMs)],
    ]);
  }
  printTable(
    `Opening and closing an ISO week; ${POINTS_PER_PAGE} points an owner, one owner in ${PAGES_PER_MISS} has a miss`,
    ['points', 'open', 'open RRU', 'reported', 'close RRU', 'reported', 'close WRU', 'short', 'again WRU', 'open ms', 'close ms'],
    rows,
  );
  const all = found.flatMap(({ opening, closing }) => [opening, closing]).reduce(sumUnits);
  const megabytes = (all.bytesRead / 1e6).toFixed(1);
  console.log(
    all.reported < all.read
      ? `  The emulator reports ${all.reported} RRU where calls read ${megabytes} MB; by the rule (each started 4 KB of a call, strongly consistent) those are ${all.read}, which is what is counted.`
      : `  ${megabytes} MB were read; what is reported and the rule agree within ${all.reported - all.read} RRU.`,
  );
  return found;
}
