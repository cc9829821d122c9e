/** Seals the periods of one cadence that have ended, from a schedule per cadence. */
import * as z from 'zod';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { CADENCES } from '../../shared/domain/calendar.ts';
import { personId } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { closePeriods } from './close-period.ts';
import { environment } from './environment.ts';

const { COUNTY: county } = environment.parse(process.env);
const store = dynamoDutyStore(county);
const actor = { id: personId('close-period'), role: 'system' } as const;

export const handler = eventHandler({
  service: 'close-period',
  input: z.strictObject({ at: instantText, cadence: z.enum(CADENCES) }),
  run: async ({ at, cadence }, logger, outOfTime) => {
    const closed = await closePeriods({ store, county, cadences: cadencesOf(county, at), actor, outOfTime })(cadence, at);
    logger.info('closed', { at, cadence, closed });
    return closed;
  },
});
