import type { DutyStore } from '../../shared/data/duty-store.ts';
import { type Cadence, type Instant, periodAt, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
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
    const isLate = async (colour: Colour): Promise<boolean> => {
      const sealedThrough = await store.cursor(colour);
      const ended = periodAt(cadences[colour], plusMs(at, -OWN_TURN_MS)) - 1;
      return sealedThrough === undefined || sealedThrough < ended;
    };
    const done = new Set<Cadence>();
    const closed: Closed[] = [];
    const errors: unknown[] = [];
    const attempt = async (cadence: Cadence, isDue: () => Promise<boolean>): Promise<void> => {
      try {
        if (!(await isDue())) return;
        done.add(cadence);
        closed.push(...(await close(cadence, at)));
      } catch (error) {
        errors.push(error);
      }
    };
    await attempt(asked, async () => true);
    for (const colour of COLOURS) {
      if (!done.has(cadences[colour])) await attempt(cadences[colour], () => isLate(colour));
    }
    if (errors.length === 0) return closed;
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(String).join('; '));
  };
