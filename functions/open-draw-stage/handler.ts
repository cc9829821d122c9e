/** The workflow's waits begin here: called with a task token, which is answered when the draw is owed something else. */
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { openDrawStageInput } from '../../workflows/inspection-draw/contract.ts';
import { answerDrawToken } from '../../workflows/inspection-draw/executions.ts';
import { environment } from './environment.ts';
import { openDrawStage } from './open-draw-stage.ts';

const { COUNTY } = environment.parse(process.env);
const open = openDrawStage({
  tokens: dynamoDrawTokenStore(COUNTY),
  draws: dynamoDrawStore(COUNTY),
  answer: answerDrawToken,
});

export const handler = eventHandler({
  service: 'open-draw-stage',
  input: openDrawStageInput,
  run: async (wait, logger) => {
    const outcome = await open(wait);
    logger.info(outcome, { authority: wait.authority, number: wait.number, attempt: wait.attempt, turn: wait.turn });
    return { outcome };
  },
});
