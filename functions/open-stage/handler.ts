/** The workflow's waits begin here: called with a task token, which is answered when the case has moved on. */
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoTokenStore } from '../../shared/data/token-store.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { openStageInput } from '../../workflows/hazard-rectification/contract.ts';
import { answerToken } from '../../workflows/hazard-rectification/executions.ts';
import { readStanding } from '../../workflows/hazard-rectification/standing.ts';
import { environment } from './environment.ts';
import { openStage } from './open-stage.ts';

const { COUNTY } = environment.parse(process.env);
const open = openStage({
  tokens: dynamoTokenStore(COUNTY),
  standing: readStanding(dynamoHazardStore, COUNTY),
  answer: answerToken,
});

export const handler = eventHandler({
  service: 'open-stage',
  input: openStageInput,
  run: async (wait, logger) => {
    const outcome = await open(wait);
    logger.info(outcome, { hazard: wait.hazard, generation: wait.generation, attempt: wait.attempt, turn: wait.turn });
    return { outcome };
  },
});
