import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { DrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { type OpenDrawStage, SUPERSEDED } from '../../workflows/inspection-draw/contract.ts';
import type { AnswerDrawToken } from '../../workflows/inspection-draw/executions.ts';
import { loadDraw, tellingOf } from '../../workflows/inspection-draw/standing.ts';

export interface OpenDrawStageDependencies {
  readonly tokens: DrawTokenStore;
  readonly draws: Pick<DrawStore, 'load'>;
  readonly answer: AnswerDrawToken;
}

/**
 * Leaves the token of a wait beside its draw, and only then reads the draw: what was written before is seen here, what is written after
 * finds the token by way of the relay or the sweep. So a change in the middle of it all is told once at least.
 */
export const openDrawStage =
  ({ tokens, draws, answer }: OpenDrawStageDependencies) =>
  async ({ taskToken, ...wait }: OpenDrawStage): Promise<'waiting' | 'told' | 'superseded'> => {
    const { attempt, turn, step } = wait;
    if ((await tokens.keep(wait, { attempt, turn, step, token: taskToken })) === 'superseded') {
      await answer(taskToken, SUPERSEDED);
      return 'superseded';
    }
    const { draw } = await loadDraw(draws, wait);
    const telling = tellingOf(draw, wait, wait.at);
    if (telling === undefined) return 'waiting';
    await answer(taskToken, telling);
    return 'told';
  };
