import { type Day, dayOf, type Instant, plusDays, startOfDay } from './calendar.ts';
import { HistoryBroken } from './hazard-evolve.ts';
import type { Actor } from './ledger-event.ts';
import type { DoneLate, DrawnTask, HandAssignment, Owed, OwedKind, Task, TaskFact } from './task.ts';

/** A fact with when and by whom. */
export type TaskEvent = TaskFact & { readonly at: Instant; readonly actor: Actor };

/** A visit is due with the end of its day. */
export const visitDue = (day: Day): Instant => startOfDay(dayOf(plusDays(startOfDay(day), 1)));

/** A task as the draw begins it, with what it owes first. */
export const drawnTask = (drawn: DrawnTask, owed: Owed): Task => ({
  ...drawn,
  stage: drawn.team.length === 0 ? 'unassigned' : 'assigned',
  owed: [owed],
  late: [],
});

const SETTLES: Partial<Readonly<Record<TaskFact['type'], readonly OwedKind[]>>> = {
  TaskAssignedByHand: ['assign'],
  InspectionReported: ['visit', 'hand-in'],
  InspectionReturned: ['confirm'],
  ConfirmerNamed: ['hand-in'],
  InspectionConfirmed: ['confirm'],
  FollowUpRecorded: ['follow-up'],
  ResultPublished: ['publish'],
};

/** What a fact settles is owed no more; what was settled late is kept. */
function settled({ owed, late }: Task, { type, at }: TaskEvent): Pick<Task, 'owed' | 'late'> {
  const done = SETTLES[type] ?? [];
  return {
    owed: owed.filter(({ what }) => !done.includes(what)),
    late: [
      ...late,
      ...owed
        .filter(({ what, due }) => done.includes(what) && due <= at)
        .map(({ what, due }): DoneLate => ({ what, due, doneAt: at })),
    ],
  };
}

/**
 * Applies a recorded fact; judges nothing. Who is sent by hand stands in the table and not in the ledger, so it is given beside the fact.
 */
export function evolveTask(task: Task, event: TaskEvent, sent?: HandAssignment): Task {
  const { at, actor } = event;
  const next = { ...task, ...settled(task, event) };
  switch (event.type) {
    case 'TaskAssigned':
      throw new HistoryBroken(`${task.id} was assigned already`);
    case 'TaskAssignedByHand': {
      if (sent === undefined) throw new HistoryBroken(`who is sent to ${task.id} is not said`);
      const { team, day, reason } = sent;
      const instead = task.team.map(({ id }) => id).filter((id) => !team.some((member) => member.id === id));
      const byHand = { by: actor.id, at, reason, ...(instead.length > 0 && { instead }) };
      return { ...next, team, day, byHand, stage: 'assigned', owed: [visitOwed(task, day, at)] };
    }
    case 'InspectionReported': {
      const { object: _, handInDue: due, owed, sent: __, ...inspection } = event.data;
      return {
        ...next,
        stage: 'reported',
        inspection: { ...inspection, reportedAt: at, by: actor.id },
        ...(due !== undefined && due <= at && { late: [...next.late, { what: 'hand-in', due, doneAt: at }] }),
        owed: owedAnew(next, owed, at),
      };
    }
    case 'InspectionConfirmed':
      return { ...next, stage: 'confirmed', confirmed: { by: actor.id, at } };
    case 'InspectionReturned': {
      const { reason, owed } = event.data;
      const returned = [...(task.returned ?? []), { by: actor.id, at, reason }];
      return { ...next, stage: 'returned', returned, owed: [...next.owed, ...owed] };
    }
    case 'ConfirmerNamed': {
      const { confirmer: id, reason, owed } = event.data;
      const before = next.owed.filter(({ what }) => what !== 'confirm');
      return {
        ...next,
        ...{ stage: 'reported', confirmer: { id, by: actor.id, at, reason } },
        owed: [...before, ...owedAnew(next, owed, at)],
      };
    }
    case 'FollowUpRecorded':
      return { ...next, followUp: { ...event.data, by: actor.id, at } };
    case 'TaskReplaced':
      return { ...next, stage: 'replaced', endedAt: at, owed: [] };
    case 'TaskVoided':
      return { ...next, stage: 'void', endedAt: at, owed: [] };
    case 'TaskOverdue': {
      const { what, next: first } = event.data;
      return { ...next, owed: withMissed(next.owed, what, { steps: 0, next: first }) };
    }
    case 'TaskEscalated': {
      const { what, step, next: after } = event.data;
      return { ...next, owed: withMissed(next.owed, what, { steps: step, next: after }) };
    }
    case 'ResultPublished':
      return { ...next, stage: 'published', published: { at, sha256: event.data.sha256 } };
  }
}

/** What is owed after something was done again. What was missed already stays owed as it is. */
function owedAnew({ owed: before }: Task, owed: readonly Owed[], at: Instant): Owed[] {
  const isMissed = ({ missed, due }: Owed): boolean => missed !== undefined || due <= at;
  return owed.map((anew) => before.find((one) => one.what === anew.what && isMissed(one)) ?? anew);
}

/** The visit by its new day. One that was missed already stays owed as it is, with the steps that were told, until it is made. */
function visitOwed({ id, owed }: Task, day: Day, at: Instant): Owed {
  const before = owed.find(({ what }) => what === 'assign' || what === 'visit');
  if (before === undefined) throw new HistoryBroken(`${id} awaits no visit`);
  const isMissed = before.what === 'visit' && (before.missed !== undefined || before.due <= at);
  return isMissed ? before : { what: 'visit', due: visitDue(day), why: before.why };
}

const withMissed = (owed: readonly Owed[], what: OwedKind, missed: NonNullable<Owed['missed']>): Owed[] =>
  owed.map((one) => (one.what === what ? { ...one, missed } : one));
