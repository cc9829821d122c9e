/** The executions of this workflow, as the functions around it need them. */
import { type AnswerTokenWith, answerTokenWith, type ExecutionsOf, executionsOf } from '../executions.ts';
import { type DrawOutcome, type DrawRun, type DrawRunInput, drawRunName, drawRunOf } from './contract.ts';

export type AnswerDrawToken = AnswerTokenWith<DrawOutcome>;
export type DrawExecutions = ExecutionsOf<DrawRun, DrawRunInput, DrawOutcome>;

export const answerDrawToken: AnswerDrawToken = answerTokenWith;

export const drawExecutions = (stateMachineArn: string): DrawExecutions =>
  executionsOf(stateMachineArn, { nameOf: drawRunName, runOf: drawRunOf });

/**
 * Starts the next attempt behind those that have ended, if none runs; answers whether one was started. Two at once try the same name, and
 * one of them finds it taken.
 */
export async function startNext(executions: Pick<DrawExecutions, 'start' | 'status'>, input: DrawRunInput): Promise<boolean> {
  let attempt = input.attempt;
  for (;;) {
    const status = await executions.status({ ...input, attempt });
    if (status === 'running') return false;
    if (status === 'absent') return (await executions.start({ ...input, attempt })) === 'started';
    attempt++;
  }
}
