/** Every few minutes, with the instant it was meant for. A sweep that was missed is made up by the next. */
import * as z from 'zod';
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { now } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { drawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { environment } from './environment.ts';
import { fetchRound } from './fetch-round.ts';
import { sweepDraws } from './sweep-draws.ts';

const { COUNTY, SIMULATION, DRAWS_BUCKET, DRAW_STATE_MACHINE_ARN, RANDOMNESS } = environment.parse(process.env);

const earlier = (a: Instant, b: Instant): Instant => {
  return a < b ? a : b;
};

export const handler = eventHandler({
  service: 'sweep-draws',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger) => {
    const clock = now();
    const sweep = sweepDraws({
      county: COUNTY,
      draws: dynamoDrawStore(COUNTY),
      tokens: dynamoDrawTokenStore(COUNTY),
      files: s3DrawFiles(DRAWS_BUCKET),
      tasks: dynamoTaskStore,
      executions: drawExecutions(DRAW_STATE_MACHINE_ARN),
      fetchRound: fetchRound(RANDOMNESS),
      until: SIMULATION === 'true' ? (instant) => instant : (instant) => earlier(instant, clock),
      failed: ({ authority, number }, error) => logger.error('could not sweep', { authority, number, error: String(error) }),
    });
    const swept = await sweep({ at, clock });
    logger.info('swept', { at, ...swept });
    if (swept.failed > 0)
      throw new Error(`${swept.failed} of ${swept.open} draws could not be swept; the next sweep tries again`);
    return swept;
  },
});
