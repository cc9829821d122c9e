/** The executions of this workflow, as the API starts them. */
import { type ExecutionsOf, executionsOf } from '../executions.ts';
import { type ExportRun, type ExportRunInput, exportRunName, exportRunOf } from './contract.ts';

/** Nobody waits for an answer here: the machine has no task tokens. */
export type ExportExecutions = Pick<ExecutionsOf<ExportRun, ExportRun & ExportRunInput, never>, 'start' | 'status'>;

export const exportExecutions = (stateMachineArn: string): ExportExecutions => {
  const executions = executionsOf<ExportRun, ExportRun & ExportRunInput, never>(stateMachineArn, {
    nameOf: exportRunName,
    runOf: exportRunOf,
  });
  return executions;
};
