/** Every few minutes, with the instant it was meant for. A call that was missed is made up by the next. */
import * as z from 'zod';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoHazardListStore } from '../../shared/data/hazard-list-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoOpeningCursors, dynamoReminderCursor } from '../../shared/data/reminder-cursor.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { eventBus } from '../../shared/runtime/event-bus.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { announceDeadlines } from './announce-deadlines.ts';
import { environment } from './environment.ts';

const { COUNTY: county, BUS_NAME } = environment.parse(process.env);
const bus = eventBus<Notice>(BUS_NAME);
const draws = dynamoDrawStore(county);

export const handler = eventHandler({
  service: 'announce-deadlines',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger, outOfTime) => {
    const announce = announceDeadlines({
      county,
      policy: policyFor(county, at),
      duties: dynamoDutyStore(county),
      opened: dynamoOpeningCursors(county),
      register: dynamoRegisterStore(county),
      lists: dynamoHazardListStore(county),
      hazards: dynamoHazardStore,
      tasks: dynamoTaskStore,
      authorities: () => draws.authorities(),
      cursor: dynamoReminderCursor(county),
      bus,
      outOfTime,
    });
    const announced = await announce(at);
    logger.info('announced', { at, ...announced });
    return announced;
  },
});
