/** The executions of this workflow, as the functions around it need them. */
import { type AnswerTokenWith, answerTokenWith, type ExecutionsOf, executionsOf } from '../executions.ts';
import { type Outcome, type Run, type RunInput, runName, runOf } from './contract.ts';

export type AnswerToken = AnswerTokenWith<Outcome>;
export type Executions = ExecutionsOf<Run, RunInput, Outcome>;

export const answerToken: AnswerToken = answerTokenWith;

export const stepFunctions = (stateMachineArn: string): Executions => executionsOf(stateMachineArn, { nameOf: runName, runOf });
