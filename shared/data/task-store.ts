/**
 * Tasks and what became of them: `{county}#{colour}` / `TASK#…`. Beside each open task stands a pointer for every inspector of its team
 * (`TEAM#…`, in the index `byInspector`), and beside all of an object its last visit (`VISIT#…`). Open tasks stand in `openByDue` under
 * their authority, since a task outlives its draw's reveal.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { type Instant, instant } from '../domain/calendar.ts';
import { COLOURS } from '../domain/colour.ts';
import { paddedNumber, type Sha256 } from '../domain/draw.ts';
import { type CountyCode, type Department, type ObjectId, objectId, type PersonId, type TaskId, taskId } from '../domain/ids.ts';
import { type LedgerEvent, type Occasion, recordFacts } from '../domain/ledger-event.ts';
import {
  attentionAt,
  awaitsVisit,
  colourOfTask,
  isOpenTask,
  peopleOf,
  TASK_STAGES,
  type Task,
  type TaskFact,
  taskSubject,
} from '../domain/task.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { inspectionsTable } from './tables.ts';

export const TaskEntity = new Entity({
  name: 'TASK', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** The object: what was done at it is found by it. */
    owner: string(),
    stage: string().enum(...TASK_STAGES),
    version: number(),
    state: any().castAs<Task>(),
    /** Only while it is open: what puts it into `openByDue`. */
    openCounty: string().optional(),
    due: string().optional(),
  }),
  timestamps: false,
});

/** One for each inspector of an open task. */
export const TeamEntity = new Entity({
  name: 'TEAM',
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    inspector: string(),
    task: string(),
  }),
  timestamps: false,
});

/** The last visit to an object under a colour. */
export const VisitEntity = new Entity({
  name: 'VISIT',
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    object: string(),
    at: string(),
    task: string(),
  }),
  timestamps: false,
});

/** A task as it is stored: `version` is the sequence of its last event. */
export interface StoredTask {
  readonly task: Task;
  readonly version: number;
}

export interface TaskPage {
  readonly items: readonly StoredTask[];
  readonly cursor?: Cursor;
}

/** When an object was inspected last. */
export interface Visit {
  readonly object: ObjectId;
  readonly at: Instant;
  readonly task: TaskId;
}

/** A decision as it is to be written. */
export interface TaskChange {
  readonly before: Task;
  readonly after: Task;
  readonly facts: readonly TaskFact[];
  /** The version it was decided on. */
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
  /** What else happens with it: the cases of what was found. */
  readonly also?: Parts;
}

interface Parts {
  readonly writes: readonly Write[];
  readonly events: readonly LedgerEvent[];
}

export interface TaskStore {
  /** Strongly consistent; `undefined` where the county has no such task. */
  load(county: CountyCode, id: TaskId): Promise<StoredTask | undefined>;
  /** State, pointers, visit, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: TaskChange): Promise<void>;
  /** The open tasks of an inspector, by id. Follows the writes within about a second. */
  ofInspector(county: CountyCode, inspector: PersonId, limit: number, cursor?: Cursor): Promise<TaskPage>;
  /** All tasks of an object, whatever their stage, by authority and draw. */
  ofObject(county: CountyCode, object: ObjectId, limit: number, cursor?: Cursor): Promise<TaskPage>;
  /** The open tasks of an authority that need looking at before `until` (all of them without one), the most urgent first. */
  openByDue(county: CountyCode, authority: Department, limit: number, cursor?: Cursor, until?: Instant): Promise<TaskPage>;
  /** Whether a visit of this draw is still to be made. Follows the writes within about a second. */
  hasVisitsLeft(county: CountyCode, authority: Department, number: number): Promise<boolean>;
  /** All tasks of a draw, strongly consistent, by colour and place. */
  ofDraw(county: CountyCode, authority: Department, number: number): Promise<readonly StoredTask[]>;
  /** Objects with their last visits, whatever their colour: one that changed its colour may be met twice, and the later counts. */
  eachVisit(county: CountyCode): AsyncIterable<Visit>;
}

const partitionOf = (county: CountyCode, id: TaskId): string => `${county}#${colourOfTask(id)}`;
const keyOf = (county: CountyCode, id: TaskId) => ({ partition: partitionOf(county, id), part: taskSubject(id) });
const TEAM = 'TEAM#';
const VISIT = 'VISIT#';
const teamKey = ({ county, id }: Task, inspector: PersonId) => ({
  partition: partitionOf(county, id),
  part: `${TEAM}${id}#${inspector}`,
});
const visitKey = ({ county, id, object }: Task) => ({ partition: partitionOf(county, id), part: `${VISIT}${object}` });
const openUnder = (county: CountyCode, authority: Department): string => `${county}#${authority}`;

/** Those who have it on their list. */
const pointed = (task: Task | undefined): readonly PersonId[] => (task !== undefined && isOpenTask(task) ? peopleOf(task) : []);

/** A task in the place of what was read, at the version that it gets with so many facts, and who has it on his list. */
export function taskWrites(before: Task | undefined, after: Task, ifVersion: number, facts: number): Write[] {
  const attention = attentionAt(after);
  const put = TaskEntity.build(PutTransaction).item({
    ...keyOf(after.county, after.id),
    owner: after.object,
    stage: after.stage,
    version: ifVersion + facts,
    state: after,
    ...(isOpenTask(after) && attention !== undefined && { openCounty: openUnder(after.county, after.authority), due: attention }),
  });
  const [had, have] = [pointed(before), pointed(after)];
  return [
    ...had
      .filter((id) => !have.includes(id))
      .map((inspector) => TeamEntity.build(DeleteTransaction).key(teamKey(after, inspector)).options({})),
    ...have
      .filter((id) => !had.includes(id))
      .map((inspector) =>
        TeamEntity.build(PutTransaction)
          .item({ ...teamKey(after, inspector), inspector, task: after.id })
          .options({}),
      ),
    before === undefined
      ? put.options({ condition: { attr: 'part', exists: false } })
      : put.options({ condition: { attr: 'version', eq: ifVersion } }),
  ];
}

/**
 * New tasks as they go into the transaction of whoever assigns: of each the task, its pointers and its one event. `digest`: of the line
 * of the result that drew it. `StaleVersion` of that transaction may mean that they are there already.
 */
export function newTaskParts(
  tasks: readonly { readonly task: Task; readonly digest: Sha256 }[],
  occasion: Occasion,
): { readonly writes: Write[]; readonly events: LedgerEvent[] } {
  return {
    writes: tasks.flatMap(({ task }) => taskWrites(undefined, task, 0, 1)),
    events: tasks.flatMap(({ task, digest }) => {
      const unfit = task.passed?.because;
      const fact: TaskFact = { type: 'TaskAssigned', data: { digest, ...(unfit !== undefined && { unfit }) } };
      return recordFacts([fact], taskSubject(task.id), 0, task.colour, occasion);
    }),
  };
}

const stored = (items: readonly { state: Task; version: number }[] | undefined): StoredTask[] =>
  (items ?? []).map(({ state, version }) => ({ task: state, version }));

async function load(county: CountyCode, id: TaskId): Promise<StoredTask | undefined> {
  const { Item } = await TaskEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
  return Item && { task: Item.state, version: Item.version };
}

const isVisitLeft = ({ task }: StoredTask, draw: number): boolean => task.number === draw && awaitsVisit(task);

async function openByDue(
  county: CountyCode,
  authority: Department,
  limit: number,
  cursor?: Cursor,
  until?: Instant,
): Promise<TaskPage> {
  const { Items, LastEvaluatedKey } = await inspectionsTable
    .build(QueryCommand)
    .query({ index: 'openByDue', partition: openUnder(county, authority), ...(until && { range: { lte: until } }) })
    .entities(TaskEntity)
    .options({ limit, ...startOf(cursor) })
    .send();
  return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
}

const PER_REQUEST = 200;

export const dynamoTaskStore: TaskStore = {
  load,
  async save({ before, after, facts, ifVersion, occasion, command, also }) {
    const isVisited = before.inspection !== after.inspection && after.inspection?.outcome === 'inspected';
    await commit({
      writes: [
        ...taskWrites(before, after, ifVersion, facts.length),
        ...(isVisited ? await visitWrites(after) : []),
        ...(also?.writes ?? []),
      ],
      events: [...recordFacts(facts, taskSubject(after.id), ifVersion, after.colour, occasion), ...(also?.events ?? [])],
      ...(command && { command }),
    });
  },
  async ofInspector(county, inspector, limit, cursor) {
    const { Items, LastEvaluatedKey } = await inspectionsTable
      .build(QueryCommand)
      .query({ index: 'byInspector', partition: inspector, range: { beginsWith: TEAM } })
      .entities(TeamEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    const mine = (Items ?? []).filter(({ partition }) => partition.startsWith(`${county}#`));
    const tasks = await Promise.all(mine.map(({ task }) => load(county, taskId(task))));
    return { items: tasks.flatMap((task) => task ?? []), ...cursorOf(LastEvaluatedKey) };
  },
  async ofObject(county, object, limit, cursor) {
    const { Items, LastEvaluatedKey } = await inspectionsTable
      .build(QueryCommand)
      .query({ index: 'byOwner', partition: object, range: { beginsWith: 'TASK#' } })
      .entities(TaskEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    return { items: stored(Items).filter(({ task }) => task.county === county), ...cursorOf(LastEvaluatedKey) };
  },
  openByDue,
  async hasVisitsLeft(county, authority, draw) {
    let cursor: Cursor | undefined;
    do {
      const page = await openByDue(county, authority, PER_REQUEST, cursor);
      if (page.items.some((item) => isVisitLeft(item, draw))) return true;
      cursor = page.cursor;
    } while (cursor !== undefined);
    return false;
  },
  async ofDraw(county, authority, draw) {
    const ofColour = async (partition: string): Promise<StoredTask[]> => {
      const found: StoredTask[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await inspectionsTable
          .build(QueryCommand)
          .query({ partition, range: { beginsWith: `TASK#${authority}#${paddedNumber(draw)}#` } })
          .entities(TaskEntity)
          .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
          .send();
        found.push(...stored(Items));
        start = LastEvaluatedKey;
      } while (start !== undefined);
      return found;
    };
    return (await Promise.all(COLOURS.map((colour) => ofColour(`${county}#${colour}`)))).flat();
  },
  async *eachVisit(county) {
    for (const colour of COLOURS) {
      let start: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await inspectionsTable
          .build(QueryCommand)
          .query({ partition: `${county}#${colour}`, range: { beginsWith: VISIT } })
          .entities(VisitEntity)
          .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
          .send();
        for (const item of Items ?? []) yield visitOf(item);
        start = LastEvaluatedKey;
      } while (start !== undefined);
    }
  },
};

const visitOf = ({ object, at, task }: { object: string; at: string; task: string }): Visit => ({
  object: objectId(object),
  at: instant(at),
  task: taskId(task),
});

async function visitBefore(task: Task): Promise<Visit | undefined> {
  const { Item } = await VisitEntity.build(GetItemCommand).key(visitKey(task)).options({ consistent: true }).send();
  return Item && visitOf(Item);
}

/** Handed in late, a visit does not take the place of one that was after it. */
async function visitWrites(task: Task): Promise<Write[]> {
  const at = task.inspection?.visitedAt;
  const before = await visitBefore(task);
  if (at === undefined || (before !== undefined && before.at >= at)) return [];
  return [visitWrite(task, at, before)];
}

/** That a visit was the last one of its object, after the one before. */
export const visitWrite = (task: Task, at: Instant, before: Visit | undefined): Write =>
  VisitEntity.build(PutTransaction)
    .item({ ...visitKey(task), object: task.object, at, task: task.id })
    .options({ condition: before === undefined ? { attr: 'at', exists: false } : { attr: 'at', eq: before.at } });
