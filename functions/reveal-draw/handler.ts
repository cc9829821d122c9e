/** Called by the workflow once every visit has ended, or the draw is void. */
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { stepInput } from '../../workflows/inspection-draw/contract.ts';
import { environment } from './environment.ts';
import { revealDraw } from './reveal-draw.ts';

const { COUNTY, DRAWS_BUCKET } = environment.parse(process.env);
const reveal = revealDraw({
  county: COUNTY,
  draws: dynamoDrawStore(COUNTY),
  files: s3DrawFiles(DRAWS_BUCKET),
  tasks: dynamoTaskStore,
});

export const handler = eventHandler({
  service: 'reveal-draw',
  input: stepInput,
  run: async (run, logger) => {
    const outcome = await reveal(run);
    logger.info('revealed', { authority: run.authority, number: run.number, ...outcome });
    return outcome;
  },
});
