/** Called by the workflow at the announced instant, and after objects were replaced. */
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { openSecret } from '../../shared/data/draw-secret.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { stepInput } from '../../workflows/inspection-draw/contract.ts';
import { drawLots } from './draw-lots.ts';
import { environment } from './environment.ts';

const { COUNTY, DRAWS_BUCKET, DRAW_KEY_ID } = environment.parse(process.env);
const draw = drawLots({
  county: COUNTY,
  draws: dynamoDrawStore(COUNTY),
  files: s3DrawFiles(DRAWS_BUCKET),
  open: openSecret(DRAW_KEY_ID),
});

export const handler = eventHandler({
  service: 'draw-lots',
  input: stepInput,
  run: async (run, logger) => {
    const outcome = await draw(run);
    logger.info('drawn', { authority: run.authority, number: run.number, ...outcome });
    return outcome;
  },
});
