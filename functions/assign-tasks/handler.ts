/** Called by the workflow after each drawing, again and again until all tasks are there. */
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { eventBus } from '../../shared/runtime/event-bus.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { stepInput } from '../../workflows/inspection-draw/contract.ts';
import { assignTasks } from './assign-tasks.ts';
import { environment } from './environment.ts';

const { COUNTY, DRAWS_BUCKET, BUS_NAME } = environment.parse(process.env);
const draws = dynamoDrawStore(COUNTY);
const files = s3DrawFiles(DRAWS_BUCKET);
const register = dynamoRegisterStore(COUNTY);
const inspectors = dynamoInspectorStore(COUNTY);
const bus = eventBus<TaskNotice>(BUS_NAME);

export const handler = eventHandler({
  service: 'assign-tasks',
  input: stepInput,
  run: async (run, logger, outOfTime) => {
    const assign = assignTasks({
      county: COUNTY,
      draws,
      files,
      tasks: dynamoTaskStore,
      register,
      inspectors,
      rulesOf: ({ kind }, at) => taskRulesOf(policyFor(COUNTY, at), kind),
      bus,
      outOfTime,
    });
    const outcome = await assign(run);
    logger.info('assigned', { authority: run.authority, number: run.number, ...outcome });
    return outcome;
  },
});
