/**
 * What the ledger says of a task. Who was sent where on which day stands in the table and in the draw's files only, so that nobody learns
 * of a visit before it is made; the ledger has their digest, and everything once the visit was handed in.
 */
import type { Instant } from './calendar.ts';
import type { Colour } from './colour.ts';
import type { Sha256 } from './draw.ts';
import { HistoryBroken } from './hazard-evolve.ts';
import { type Department, department, type ObjectId, type PersonId, type TaskId } from './ids.ts';
import type { LedgerEvent } from './ledger-event.ts';
import { type FollowUp, type Inspection, type OwedKind, type Said, type Task, taskOfSubject } from './task.ts';
import type { TaskEvent } from './task-evolve.ts';
import type { Unfit } from './task-team.ts';

/** `awaiting-visit`: whether anybody was found to send, the ledger does not say. */
export type RebuiltStage = 'awaiting-visit' | Exclude<Task['stage'], 'unassigned' | 'assigned'>;

export interface RebuiltTask {
  readonly id: TaskId;
  readonly colour: Colour;
  readonly authority: Department;
  readonly number: number;
  readonly iteration: number;
  readonly stage: RebuiltStage;
  readonly assignedAt: Instant;
  /** Of its line of the result. */
  readonly digest: Sha256;
  /** Why one of those who were drawn may not go. */
  readonly unfit?: Unfit;
  /** A team that was sent by hand. */
  readonly byHand?: { readonly digest: Sha256; readonly by: PersonId; readonly at: Instant };
  /** What was told as not done in time, with the steps of the ladder. */
  readonly overdue: readonly { readonly what: OwedKind; readonly due: Instant; readonly steps: number }[];
  readonly object?: ObjectId;
  readonly inspection?: Inspection;
  readonly returned?: readonly Said[];
  readonly confirmer?: Said & { readonly id: PersonId };
  readonly confirmed?: { readonly by: PersonId; readonly at: Instant };
  readonly followUp?: FollowUp & { readonly by: PersonId; readonly at: Instant };
  readonly published?: { readonly at: Instant; readonly sha256: Sha256 };
  readonly endedAt?: Instant;
}

function assignedTask(
  subject: string,
  { colour, data, at }: LedgerEvent<'TaskAssigned', { digest: Sha256; unfit?: Unfit }>,
): RebuiltTask {
  const id = taskOfSubject(subject, colour);
  const [, authority = '', number, iteration] = subject.split('#');
  if (id === undefined || colour === 'NONE') throw new HistoryBroken(`${subject} under ${colour} is no task`);
  return {
    ...{ id, colour, authority: department(authority), number: Number(number), iteration: Number(iteration) },
    ...{ stage: 'awaiting-visit', assignedAt: at, overdue: [], ...data },
  };
}

/** Applies a recorded fact of a task, as far as the ledger tells it. */
export function rebuiltTask(before: RebuiltTask | undefined, event: TaskEvent & LedgerEvent): RebuiltTask {
  if (event.type === 'TaskAssigned') return assignedTask(event.subject, event);
  if (before === undefined) throw new HistoryBroken(`${event.type} of ${event.subject}, which was not assigned`);
  const { at, actor } = event;
  const by = actor.id;
  switch (event.type) {
    case 'TaskAssignedByHand':
      return { ...before, byHand: { digest: event.data.digest, by, at } };
    case 'InspectionReported': {
      const { object, handInDue: _, owed: __, sent: ___, ...inspection } = event.data;
      return { ...before, stage: 'reported', object, inspection: { ...inspection, reportedAt: at, by } };
    }
    case 'InspectionConfirmed':
      return { ...before, stage: 'confirmed', confirmed: { by, at } };
    case 'InspectionReturned':
      return { ...before, stage: 'returned', returned: [...(before.returned ?? []), { by, at, reason: event.data.reason }] };
    case 'ConfirmerNamed': {
      const { confirmer: id, reason } = event.data;
      return { ...before, stage: 'reported', confirmer: { id, by, at, reason } };
    }
    case 'FollowUpRecorded':
      return { ...before, followUp: { ...event.data, by, at } };
    case 'TaskReplaced':
      return { ...before, stage: 'replaced', endedAt: at };
    case 'TaskVoided':
      return { ...before, stage: 'void', endedAt: at };
    case 'TaskOverdue':
    case 'TaskEscalated': {
      const { what, due } = event.data;
      const steps = event.type === 'TaskEscalated' ? event.data.step : 0;
      const others = before.overdue.filter((one) => one.what !== what || one.due !== due);
      return { ...before, overdue: [...others, { what, due, steps }] };
    }
    case 'ResultPublished':
      return { ...before, stage: 'published', published: { at, sha256: event.data.sha256 } };
  }
}
