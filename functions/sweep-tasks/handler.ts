/** Every few minutes, with the instant it was meant for. A sweep that was missed is made up by the next. */
import * as z from 'zod';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { s3PublishedFiles } from '../../shared/data/published.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { environment } from './environment.ts';
import { indexDraws, publishKept } from './publish-draws.ts';
import { sweepTasks } from './sweep-tasks.ts';

const { COUNTY, DRAWS_BUCKET } = environment.parse(process.env);
const shared = {
  county: COUNTY,
  files: s3PublishedFiles(DRAWS_BUCKET),
  itemLists: dynamoItemListStore(COUNTY),
  policyAt: (at: Parameters<typeof policyFor>[1]) => policyFor(COUNTY, at),
};

export const handler = eventHandler({
  service: 'sweep-tasks',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger, outOfTime) => {
    const sweep = sweepTasks({
      ...shared,
      tasks: dynamoTaskStore,
      hazards: dynamoHazardStore,
      register: dynamoRegisterStore(COUNTY),
      failed: (task, error) => logger.error('could not sweep', { task, error: String(error) }),
    });
    const draws = dynamoDrawStore(COUNTY);
    const authorities = await draws.authorities();
    const swept = await sweep(authorities, at, outOfTime);
    const publishing = { ...shared, draws };
    const kept = await publishKept(publishing, at);
    await indexDraws(publishing, authorities, at);
    logger.info('swept', { at, ...swept, kept });
    if (swept.failed > 0) throw new Error(`${swept.failed} of ${swept.due} tasks could not be swept; the next sweep tries again`);
    return { ...swept, kept };
  },
});
