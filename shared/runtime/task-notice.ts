import type { CountyCode, PersonId, TaskId } from '../domain/ids.ts';
import type { Told } from './event-bus.ts';

/** Told to the inspectors of a task, and to them alone: it names no object, and the ledger does not keep it. */
export interface TaskNotice extends Told {
  readonly type: 'TaskNotice';
  readonly county: CountyCode;
  readonly task: TaskId;
  readonly inspectors: readonly PersonId[];
}
