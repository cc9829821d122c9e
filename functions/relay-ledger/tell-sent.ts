import type { TaskStore } from '../../shared/data/task-store.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';

export interface TellSentDependencies {
  readonly tasks: Pick<TaskStore, 'load'>;
  readonly bus: EventBus<TaskNotice>;
}

/** Of these a notice comes. Who was drawn is told by the draw itself. */
const TELLS: readonly string[] = ['TaskAssignedByHand', 'ConfirmerNamed', 'TaskReplaced', 'TaskVoided'];

/**
 * Tells whom a person sends, and whom he sends no longer; who is to sign in another's place; and who was to go where nobody goes any more.
 * The event names none of them, so the task is asked: where it was changed again meanwhile, those of now are told.
 */
export const tellSent =
  ({ tasks, bus }: TellSentDependencies) =>
  async ({ id, type, subject, colour, county, at }: LedgerEvent): Promise<void> => {
    const ref = TELLS.includes(type) ? taskOfSubject(subject, colour) : undefined;
    const task = ref && (await tasks.load(county, ref))?.task;
    if (task === undefined) return;
    const { team, byHand, confirmer } = task;
    const sent = [...team.map((member) => member.id), ...(byHand?.instead ?? [])];
    const inspectors = type === 'ConfirmerNamed' ? (confirmer === undefined ? [] : [confirmer.id]) : sent;
    if (inspectors.length === 0) return;
    await publishAll(bus, [{ id: `NOTICE#${id}`, type: 'TaskNotice', at, county, task: task.id, inspectors }]);
  };
