import type { TaskStore } from '../../shared/data/task-store.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';

export interface TellSentDependencies {
  readonly tasks: Pick<TaskStore, 'load'>;
  readonly bus: EventBus<TaskNotice>;
}

/**
 * Tells whom a person sends, and whom he sends no longer; and who is to sign in another's place. The event names none of them, so the
 * task is asked: where it was changed again meanwhile, those of now are told.
 */
export const tellSent =
  ({ tasks, bus }: TellSentDependencies) =>
  async ({ id, type, subject, colour, county, at }: LedgerEvent): Promise<void> => {
    const ref = type === 'TaskAssignedByHand' || type === 'ConfirmerNamed' ? taskOfSubject(subject, colour) : undefined;
    const task = ref && (await tasks.load(county, ref))?.task;
    if (task === undefined) return;
    const { team, byHand, confirmer } = task;
    const sent = [...team.map((member) => member.id), ...(byHand?.instead ?? [])];
    const inspectors = type === 'ConfirmerNamed' ? (confirmer === undefined ? [] : [confirmer.id]) : sent;
    await publishAll(bus, [{ id: `NOTICE#${id}`, type: 'TaskNotice', at, county, task: task.id, inspectors }]);
  };
