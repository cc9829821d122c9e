/**
 * Tasks from the ledger and the files of their draws: the ledger says of a task what nobody may know before the visit only by its digest, and
 * the files, which lie in their bucket by the hashes that the ledger has, hold what was drawn. Whom a person sent by hand stands in neither
 * until the visit is handed in: such a task waits again for somebody to be sent.
 */

import type { Instant } from '../../domain/calendar.ts';
import { creditCode } from '../../domain/credit-code.ts';
import { type Draw, paddedNumber } from '../../domain/draw.ts';
import { HistoryBroken } from '../../domain/hazard-evolve.ts';
import { type ObjectId, objectId } from '../../domain/ids.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { RecordedEvent } from '../../domain/ledger-fact.ts';
import { areaObject, enterpriseObject } from '../../domain/object.ts';
import { enterpriseOwner } from '../../domain/owner.ts';
import type { Rebuilt, Snapshot } from '../../domain/rebuild.ts';
import { type HandAssignment, type Task, taskSubject } from '../../domain/task.ts';
import { newTask, type TaskRules } from '../../domain/task-decide.ts';
import { evolveTask, type TaskEvent } from '../../domain/task-evolve.ts';
import { sha256 } from '../../draw/bytes.ts';
import { canonical } from '../../draw/canonical-json.ts';
import type { DrawFiles } from '../draw-files.ts';
import { type Drawn, type DrawnLine, drawnFrom, drawnLines, sentOf } from '../drawn-tasks.ts';

type Whose = Pick<Task, 'owner' | 'township' | 'supervisor'>;
type TaskOccurred = TaskEvent & LedgerEvent;

const isOfTask = (event: RecordedEvent): event is RecordedEvent & TaskOccurred => event.subject.startsWith('TASK#');

/** What is gathered of the events, while they are gone through, for the tasks that are made at the end. */
export interface TaskHistory {
  note(event: RecordedEvent): void;
  readonly events: ReadonlyMap<string, readonly TaskOccurred[]>;
  /** Whose an object was at an instant, where it lay and who supervised it. */
  whoseAt(object: ObjectId, at: Instant): Whose | undefined;
}

export function taskHistory(): TaskHistory {
  const events = new Map<string, TaskOccurred[]>();
  const known = new Map<ObjectId, { readonly since: Instant; readonly whose: Whose }[]>();
  const append = <Value>(to: Map<string, Value[]>, key: string, value: Value): void => {
    const of = to.get(key) ?? [];
    to.set(key, of);
    of.push(value);
  };
  const knownOf = (object: ObjectId) => known.get(object) ?? [];
  return {
    events,
    whoseAt: (object, at) => knownOf(object).findLast(({ since }) => since <= at)?.whose,
    note(event) {
      const { at: since, subject } = event;
      if (isOfTask(event)) append(events, subject, event);
      else if (event.type === 'EnterpriseRegistered' || event.type === 'EnterpriseChanged') {
        const uscc = creditCode(subject.slice('ENT#'.length));
        const { township, supervisor } = event.data;
        append(known, enterpriseObject(uscc), { since, whose: { owner: enterpriseOwner(uscc), township, supervisor } });
      } else if (event.type === 'RiskAdded' && event.data.township !== undefined) {
        const { owner, township, no, department } = event.data;
        const whose = { owner, township, ...(department !== undefined && { supervisor: department }) };
        append(known, areaObject(township, no), { since, whose });
      } else if (event.type === 'RiskChanged' && subject.startsWith('AREA#')) {
        const object = objectId(subject.replaceAll('#', ':'));
        const before = knownOf(object).at(-1)?.whose;
        if (before === undefined) throw new HistoryBroken(`${subject} was changed before it was added`);
        const { supervisor: _, ...rest } = before;
        const { department } = event.data;
        append(known, object, { since, whose: { ...rest, ...(department !== undefined && { supervisor: department }) } });
      }
    },
  };
}

/** The one who was sent by hand is told with the visit; where there was none yet, nobody is. */
const handAssignment = (events: readonly TaskOccurred[], from: number): HandAssignment | undefined => {
  for (const event of events.slice(from)) if (event.type === 'InspectionReported') return event.data.sent;
  return undefined;
};

/** Whom a person sent is lost: what was drawn does not hold any more, so somebody has to be sent again, by when the visit had to be. */
function unassignedAgain(task: Task): Task {
  const { day: _, ...rest } = task;
  const owed = task.owed.map((one) =>
    one.what === 'visit' || one.what === 'assign' ? { ...one, what: 'assign' as const } : one,
  );
  return { ...rest, team: [], stage: 'unassigned', owed };
}

function after(task: Task, event: TaskOccurred, sent: HandAssignment | undefined): Task {
  if (event.type !== 'TaskAssignedByHand') return evolveTask(task, event);
  return sent === undefined ? unassignedAgain(task) : evolveTask(task, event, sent);
}

export interface TaskSources {
  readonly files: Pick<DrawFiles, 'read'>;
  readonly rulesOf: (draw: Draw, at: Instant) => Pick<TaskRules, 'visit'>;
}

function restored(
  snapshot: Snapshot,
  draw: Draw,
  iteration: Drawn,
  { line, id, items }: DrawnLine,
  roleOf: ReadonlyMap<string, string>,
  history: TaskHistory,
  rulesOf: TaskSources['rulesOf'],
): Rebuilt<Task> | undefined {
  const events = history.events.get(taskSubject(id)) ?? [];
  const [assigned, ...rest] = events;
  if (assigned === undefined) return undefined;
  if (assigned.type !== 'TaskAssigned') throw new HistoryBroken(`${assigned.id} was not assigned before`);
  const { at, data } = assigned;
  if (sha256(canonical(line)) !== data.digest)
    throw new HistoryBroken(`${assigned.id} is of another line than its draw's file has`);
  const whose = history.whoseAt(objectId(line.object), at);
  if (whose === undefined) throw new HistoryBroken(`the object of ${id} is not in the register`);
  const sent = sentOf(line, roleOf, at, () => data.unfit);
  const task = newTask(drawnFrom(snapshot.county, draw, iteration, line, { id, items, ...whose, ...sent }), rulesOf(draw, at));
  const state = rest.reduce((before, event, index) => after(before, event, handAssignment(events, index + 1)), task);
  return { version: events.length, state };
}

/** Every task that the ledger knows, draw by draw. Throws where the files of a draw are not those that the ledger has. */
export async function* restoredTasks(
  snapshot: Snapshot,
  history: TaskHistory,
  { files, rulesOf }: TaskSources,
): AsyncGenerator<Rebuilt<Task>> {
  for (const { state: draw } of snapshot.parts.draws.values()) {
    for (const { result, ...iteration } of draw.iterations) {
      // What was drawn of a void draw is shown, and nobody was sent.
      if (result === undefined || !hasTasks(history, draw)) continue;
      const drawn = { ...iteration, result };
      const { lines, roleOf } = await drawnLines(files, draw, drawn);
      for (const line of lines) {
        const task = restored(snapshot, draw, drawn, line, roleOf, history, rulesOf);
        if (task !== undefined) yield task;
      }
    }
  }
}

const hasTasks = ({ events }: TaskHistory, { authority, number }: Draw): boolean => {
  const prefix = `TASK#${authority}#${paddedNumber(number)}#`;
  for (const subject of events.keys()) if (subject.startsWith(prefix)) return true;
  return false;
};
