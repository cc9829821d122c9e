import { StaleVersion } from '../../shared/data/commit.ts';
import type { StoredTask, TaskStore } from '../../shared/data/task-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Department, TaskId } from '../../shared/domain/ids.ts';
import { isReadyToPublish, type Task } from '../../shared/domain/task.ts';
import { decideTask, type TaskCommand } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { SYSTEM } from '../../workflows/inspection-draw/standing.ts';
import { indexResults, type Publishing, publishResults } from './publish-result.ts';

export interface SweepTasks extends Publishing {
  readonly tasks: Pick<TaskStore, 'load' | 'save' | 'openByDue' | 'ofDraw'>;
  readonly policyAt: (at: Instant) => Policy;
  readonly failed: (task: TaskId, error: unknown) => void;
}

export interface Swept {
  /** Tasks that the index showed as due. */
  readonly due: number;
  readonly marked: number;
  readonly published: number;
  readonly failed: number;
}

const AT_ONCE = 8;
const TRIES = 5;

/**
 * Records in every open task of these authorities what has come due by `at`, a step of the ladder once, and publishes what two have
 * signed. It tells nobody; the stream does, of what was recorded. Nothing is confirmed by it.
 */
export const sweepTasks =
  (deps: SweepTasks) =>
  async (authorities: readonly Department[], at: Instant, outOfTime: () => boolean): Promise<Swept> => {
    const due = (await Promise.all(authorities.map((authority) => dueOf(deps, authority, at)))).flat();
    const swept = { due: due.length, marked: 0, published: 0, failed: 0 };
    const each = async (did: 'marked' | 'published', ids: readonly TaskId[], work: () => Promise<number>): Promise<void> => {
      try {
        swept[did] += await work();
      } catch (error) {
        for (const id of ids) deps.failed(id, error);
        swept.failed += ids.length;
      }
    };
    const markEach = async (ids: readonly TaskId[]): Promise<void> => {
      for (let from = 0; from < ids.length && !outOfTime(); from += AT_ONCE) {
        await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => each('marked', [id], () => mark(deps, id, at))));
      }
    };
    await markEach(due.filter((task) => !isReadyToPublish(task)).map(({ id }) => id));
    const ready = due.filter(isReadyToPublish);
    for (const ids of byDraw(ready)) {
      if (outOfTime()) break;
      await each('published', ids, () => publish(deps, ids, at));
    }
    // What was published by now owes nothing; what could not be, somebody has to hear of.
    await markEach(ready.filter((task) => isToldBy(task, at)).map(({ id }) => id));
    return swept;
  };

/** Whether something is to be noted or told of it: the index shows what waits to be published from the first moment on. */
const isToldBy = ({ owed }: Task, at: Instant): boolean => owed.some(({ due, missed }) => (missed?.next ?? due) <= at);

/** So many results are put and recorded before time is looked at again. */
const PER_DRAW = 50;

function byDraw(tasks: readonly Task[]): readonly (readonly TaskId[])[] {
  const draws = new Map<string, TaskId[]>();
  for (const { authority, number, id } of tasks) {
    const draw = `${authority} ${number}`;
    draws.set(draw, [...(draws.get(draw) ?? []), id]);
  }
  return [...draws.values()].map((ids) => ids.slice(0, PER_DRAW));
}

/** The whole list first: a mark moves the task within the index that is being read. */
async function dueOf({ tasks, county }: SweepTasks, authority: Department, at: Instant): Promise<Task[]> {
  const due: Task[] = [];
  let cursor: string | undefined;
  do {
    const page = await tasks.openByDue(county, authority, 200, cursor, at);
    due.push(...page.items.map(({ task }) => task));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return due;
}

async function loaded({ tasks, county }: SweepTasks, id: TaskId): Promise<StoredTask> {
  const stored = await tasks.load(county, id);
  if (stored === undefined) throw new Error(`${id} stands in the index and nowhere else`);
  return stored;
}

/** What another sweep marked meanwhile denies it a second time. */
const mark = async (deps: SweepTasks, id: TaskId, at: Instant): Promise<number> =>
  (await recordNow(deps, id, { type: 'MarkOverdue' }, at)) ? 1 : 0;

/** Decides on the task as it is by now; `false` where it is denied, as what another sweep has recorded is. */
async function recordNow(deps: SweepTasks, id: TaskId, command: TaskCommand, at: Instant): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await record(deps, await loaded(deps, id), command, at);
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}

/** Files, index, record: what was published meanwhile is passed over. */
async function publish(deps: SweepTasks, ids: readonly TaskId[], at: Instant): Promise<number> {
  const ready = (await Promise.all(ids.map((id) => loaded(deps, id)))).filter(({ task }) => isReadyToPublish(task));
  const [first] = ready;
  if (first === undefined) return 0;
  const tasks = ready.map(({ task }) => task);
  const results = await publishResults(deps, tasks, at);
  let published = 0;
  for (const { task } of ready) {
    const result = results.get(task.id);
    if (result !== undefined && (await recordNow(deps, task.id, { type: 'PublishResult', ...result }, at))) published++;
  }
  await indexResults(deps, first.task);
  return published;
}

async function record(
  { tasks, policyAt, county }: SweepTasks,
  { task, version }: StoredTask,
  command: TaskCommand,
  at: Instant,
): Promise<boolean> {
  const occasion = { at, actor: SYSTEM };
  const decision = decideTask(task, command, taskRulesOf(policyAt(at), task.kind), occasion);
  if (decision.kind === 'denied') return false;
  const facts = decision.events;
  const after = facts.reduce((state, fact) => evolveTask(state, { ...fact, ...occasion }), task);
  await tasks.save({ before: task, after, facts, ifVersion: version, occasion: { ...occasion, county } });
  return true;
}
