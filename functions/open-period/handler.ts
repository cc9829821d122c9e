/** Tells at the beginning of a period what it asks of whom, from a schedule per cadence. */
import * as z from 'zod';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoOpeningCursors } from '../../shared/data/reminder-cursor.ts';
import { CADENCES } from '../../shared/domain/calendar.ts';
import type { PeriodOpened } from '../../shared/domain/notice.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { eventBus } from '../../shared/runtime/event-bus.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { environment } from './environment.ts';
import { openPeriods } from './open-period.ts';

const { COUNTY: county, BUS_NAME } = environment.parse(process.env);
const store = dynamoDutyStore(county);
const bus = eventBus<PeriodOpened>(BUS_NAME);

export const handler = eventHandler({
  service: 'open-period',
  input: z.strictObject({ at: instantText, cadence: z.enum(CADENCES) }),
  run: async ({ at, cadence }, logger) => {
    const open = openPeriods({
      store,
      county,
      cadences: cadencesOf(county, at),
      whyOf: (colour) => whyCheck(policyFor(county, at), colour),
      bus,
      opened: dynamoOpeningCursors(county),
    });
    const opened = await open(cadence, at);
    logger.info('opened', { at, cadence, ...opened });
    return opened;
  },
});
