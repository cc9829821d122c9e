/** Tells at the beginning of a period what it asks of whom, from a schedule per cadence. */
import * as z from 'zod';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { CADENCES } from '../../shared/domain/calendar.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { busPublisher } from '../../shared/runtime/bus.ts';
import { scheduleHandler } from '../../shared/runtime/schedule-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { environment } from './environment.ts';
import { openPeriods } from './open-period.ts';

const { COUNTY: county, BUS_NAME } = environment.parse(process.env);
const store = dynamoDutyStore(county);
const publish = busPublisher(BUS_NAME);

export const handler = scheduleHandler({
  service: 'open-period',
  input: z.strictObject({ at: instantText, cadence: z.enum(CADENCES) }),
  run: ({ at, cadence }) =>
    openPeriods({
      store,
      county,
      cadences: cadencesOf(county, at),
      whyOf: (colour) => whyCheck(policyFor(county, at), colour),
      publish,
    })(cadence, at),
});
