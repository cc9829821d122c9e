import type { DutyStore } from '../../shared/data/duty-store.ts';
import { openingsOf } from '../../shared/data/opening.ts';
import type { ReminderCursor } from '../../shared/data/reminder-cursor.ts';
import { type Cadence, type Instant, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import type { Cadences } from '../../shared/domain/duty-page.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { PeriodOpened } from '../../shared/domain/notice.ts';
import type { Why } from '../../shared/domain/why.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';

export interface Opening {
  readonly store: Pick<DutyStore, 'eachOpen'>;
  readonly county: CountyCode;
  readonly cadences: Cadences;
  readonly whyOf: (colour: Colour) => Why;
  readonly bus: EventBus<PeriodOpened>;
  /** Up to which period those of a cadence were opened. */
  readonly opened: (cadence: Cadence) => Pick<ReminderCursor, 'advance'>;
}

/** Notices that are handed over together. */
const BATCH = 100;

/**
 * Tells the bus which checks the period that `at` lies in asks of whom: one notice per enterprise and colour. Nothing becomes due by
 * it, so a run that never happened loses no duty, and `announce-deadlines`, which sees that it was not noted, tells in its place; one that
 * is late tells only what is still open; one that is repeated tells the same under the same ids.
 */
export const openPeriods =
  ({ store, county, cadences, whyOf, bus, opened }: Opening) =>
  async (cadence: Cadence, at: Instant): Promise<{ readonly told: number; readonly points: number }> => {
    const sums = { told: 0, points: 0 };
    for (const colour of COLOURS.filter((colour) => cadences[colour] === cadence)) {
      let notices: PeriodOpened[] = [];
      const tell = async (): Promise<void> => {
        await publishAll(bus, notices);
        sums.told += notices.length;
        sums.points += notices.reduce((sum, { due }) => sum + due, 0);
        notices = [];
      };
      for await (const notice of openingsOf(store, { county, colour, cadence, at, why: whyOf(colour) })) {
        notices.push(notice);
        if (notices.length === BATCH) await tell();
      }
      if (notices.length > 0) await tell();
    }
    await opened(cadence).advance(windowOf(cadence, periodAt(cadence, at)).from);
    return sums;
  };
