import type { TokenStore } from '../../shared/data/token-store.ts';
import { type OpenStage, SUPERSEDED } from '../../workflows/hazard-rectification/contract.ts';
import type { AnswerToken } from '../../workflows/hazard-rectification/executions.ts';
import { CaseUnknown, type ReadStanding, tellingOf } from '../../workflows/hazard-rectification/standing.ts';

/**
 * Leaves the token of a wait beside its case, and only then reads the case: what was written before is seen here, what is written after
 * finds the token by way of the relay. So a change in the middle of it all is told once at least.
 */
export const openStage =
  ({ tokens, standing, answer }: { tokens: TokenStore; standing: ReadStanding; answer: AnswerToken }) =>
  async ({ taskToken, ...wait }: OpenStage): Promise<'waiting' | 'told' | 'superseded'> => {
    if ((await tokens.keep({ ...wait, token: taskToken })) === 'superseded') {
      await answer(taskToken, SUPERSEDED);
      return 'superseded';
    }
    const now = await standing(wait.hazard);
    if (now === undefined) throw new CaseUnknown(wait.hazard);
    const telling = tellingOf(now, wait);
    if (telling === undefined) return 'waiting';
    await answer(taskToken, telling);
    return 'told';
  };
