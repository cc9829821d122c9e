/** Seals the periods of a cadence that have ended, from a schedule per cadence, and those that another's schedule has left. */
import * as z from 'zod';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { CADENCES } from '../../shared/domain/calendar.ts';
import { personId } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { catchUp } from './catch-up.ts';
import { closePeriods } from './close-period.ts';
import { environment } from './environment.ts';

const { COUNTY: county } = environment.parse(process.env);
const store = dynamoDutyStore(county);
const actor = { id: personId('close-period'), role: 'system' } as const;

export const handler = eventHandler({
  service: 'close-period',
  input: z.strictObject({ at: instantText, cadence: z.enum(CADENCES) }),
  run: async ({ at, cadence }, logger, outOfTime) => {
    const cadences = cadencesOf(county, at);
    const close = closePeriods({ store, county, cadences, actor, outOfTime });
    const closed = await catchUp({ store, cadences, close })(cadence, at);
    logger.info('closed', { at, cadence, closed });
    return closed;
  },
});
