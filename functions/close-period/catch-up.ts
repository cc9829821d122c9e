import type { DutyStore } from '../../shared/data/duty-store.ts';
import { type Cadence, type Instant, periodAt, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import type { Cadences } from '../../shared/domain/duty-page.ts';
import type { Closed } from './close-period.ts';

/** A cadence has a call of its own, and the day after another; what they sealed so long after a period's end is nobody else's to seal. */
const OWN_TURN_MS = 12 * 3_600_000;

export interface CatchingUp {
  readonly store: Pick<DutyStore, 'cursor'>;
  readonly cadences: Cadences;
  readonly close: (cadence: Cadence, at: Instant) => Promise<readonly Closed[]>;
}

/**
 * Closes what the call is for, and every other cadence whose own calls did not come or failed: a schedule that is lost, alone of several,
 * is seen by nobody, and its periods are sealed a day later all the same. What fails is told when all the others are closed.
 */
export const catchUp =
  ({ store, cadences, close }: CatchingUp) =>
  async (asked: Cadence, at: Instant): Promise<readonly Closed[]> => {
    const late = new Set<Cadence>();
    for (const colour of COLOURS) {
      const cadence = cadences[colour];
      if (cadence === asked || late.has(cadence)) continue;
      const sealedThrough = await store.cursor(colour);
      const ended = periodAt(cadence, plusMs(at, -OWN_TURN_MS)) - 1;
      if (sealedThrough === undefined || sealedThrough < ended) late.add(cadence);
    }
    const closed: Closed[] = [];
    const errors: unknown[] = [];
    for (const cadence of [asked, ...late]) {
      try {
        closed.push(...(await close(cadence, at)));
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 0) return closed;
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(String).join('; '));
  };
