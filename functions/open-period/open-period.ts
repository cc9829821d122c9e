import type { DutyStore } from '../../shared/data/duty-store.ts';
import { type Cadence, type Instant, periodAt, periodName, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import type { Cadences } from '../../shared/domain/duty-page.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { OpenPlace, PeriodOpened } from '../../shared/domain/notice.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import type { Why } from '../../shared/domain/why.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';

export interface Opening {
  readonly store: Pick<DutyStore, 'eachOpen'>;
  readonly county: CountyCode;
  readonly cadences: Cadences;
  readonly whyOf: (colour: Colour) => Why;
  readonly bus: EventBus<PeriodOpened>;
}

/** Notices that are handed over together. */
const BATCH = 100;

/**
 * Tells the bus which checks the period that `at` lies in asks of whom: one notice per enterprise and colour. Nothing becomes due by
 * it, so a run that never happened loses no duty; one that is late tells only what is still open; one that is repeated tells the
 * same under the same ids.
 */
export const openPeriods =
  ({ store, county, cadences, whyOf, bus }: Opening) =>
  async (cadence: Cadence, at: Instant): Promise<{ readonly told: number; readonly points: number }> => {
    const period = periodAt(cadence, at);
    const { from, until } = windowOf(cadence, period);
    let [told, points] = [0, 0];
    for (const colour of COLOURS.filter((colour) => cadences[colour] === cadence)) {
      let notices: PeriodOpened[] = [];
      let ownerNow: Owner | undefined;
      let places: OpenPlace[] = [];
      const close = async (atLeast: number): Promise<void> => {
        if (ownerNow !== undefined && places.length > 0) {
          const due = places.reduce((sum, place) => sum + place.points.length, 0);
          notices.push({
            id: `OPEN#${county}#${colour}#${period}#${ownerNow}`,
            type: 'PeriodOpened',
            at,
            county,
            colour,
            owner: ownerNow,
            cadence,
            period: periodName(cadence, period),
            from,
            until,
            due,
            places,
            why: whyOf(colour),
          });
          points += due;
          told++;
        }
        places = [];
        if (notices.length >= atLeast) {
          await publishAll(bus, notices);
          notices = [];
        }
      };
      for await (const { owner, ...place } of store.eachOpen(colour, cadence, period)) {
        if (owner !== ownerNow) await close(BATCH);
        ownerNow = owner;
        places.push(place);
      }
      await close(1);
    }
    return { told, points };
  };
