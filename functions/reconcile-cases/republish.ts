import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { type Day, dayOf, type Instant, plusDays, startOfDay } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';

const PAGE = 200;

function daysBetween(from: Instant, until: Instant): Day[] {
  const days: Day[] = [];
  for (let start = startOfDay(dayOf(from)); start <= until; start = plusDays(start, 1)) days.push(dayOf(start));
  return days;
}

/** Tells the bus once more what was recorded between two instants; who heard it before knows the events by their ids. */
export const republish =
  ({ county, ledger, bus }: { county: CountyCode; ledger: Pick<LedgerStore, 'ofDay'>; bus: EventBus }) =>
  async (from: Instant, until: Instant): Promise<number> => {
    let told = 0;
    for (const day of daysBetween(from, until)) {
      for (const colour of STANDINGS) {
        let cursor: string | undefined;
        do {
          const page = await ledger.ofDay(county, colour, day, PAGE, cursor);
          const events = page.events.filter(({ at }) => at >= from && at <= until);
          await publishAll(bus, events);
          told += events.length;
          cursor = page.cursor;
        } while (cursor !== undefined);
      }
    }
    return told;
  };
