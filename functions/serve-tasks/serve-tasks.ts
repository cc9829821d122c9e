import { type Asked, commandRecord } from '../../shared/data/asked.ts';
import type { Evidence } from '../../shared/data/evidence-files.ts';
import type { evidenceUploads } from '../../shared/data/evidence-uploads.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { InspectorStore } from '../../shared/data/inspector-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { StoredTask, TaskChange, TaskStore } from '../../shared/data/task-store.ts';
import { mayDo, type Operation, type Subject } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type CountyCode, GOVERNMENT, type TaskId } from '../../shared/domain/ids.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import { type HandAssignment, peopleOf, type Task } from '../../shared/domain/task.ts';
import { decideTask, type TaskCommand } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import { nameOf, theObject } from './objects.ts';
import { refusalOf } from './refusals.ts';
import { standsOf } from './views.ts';

export interface ServeTasks {
  readonly county: CountyCode;
  readonly tasks: TaskStore;
  readonly hazards: Pick<HazardStore, 'load' | 'ofOwner'>;
  readonly register: Pick<RegisterStore, 'owner' | 'risk' | 'risksOf' | 'suspensionsOf'>;
  readonly inspectors: Pick<InspectorStore, 'load'>;
  readonly itemLists: Pick<ItemListStore, 'items'>;
  readonly uploads: Pick<ReturnType<typeof evidenceUploads>, 'upload'>;
  readonly evidence: Evidence;
  /** The policy in force at an instant. */
  readonly policyAt: (at: Instant) => Policy;
}

/** Whose a task is: its team's, and theirs who send inspectors out for its authority. */
export const subjectOfTask = ({
  county,
  authority,
  ...rest
}: Pick<Task, 'county' | 'authority' | 'team' | 'confirmer'>): Subject => ({
  county,
  owner: departmentOwner(authority),
  team: peopleOf(rest),
  isGovernments: authority === GOVERNMENT,
});

/** A task that the caller may see; what he may not see is not there. */
export async function taskInSight({ tasks, county }: ServeTasks, caller: Caller, id: TaskId): Promise<StoredTask> {
  const stored = await tasks.load(county, id);
  if (stored === undefined || !mayDo(caller, 'ReadTask', subjectOfTask(stored.task))) {
    throw new Problem(404, 'not-found', '没有找到这项检查任务。');
  }
  return stored;
}

/** The same, as the caller saw it, for something that he may do with it. */
export async function taskToActOn(
  deps: ServeTasks,
  { caller }: Pick<Request<Route>, 'caller'>,
  operation: Operation,
  id: TaskId,
  seen?: number,
): Promise<StoredTask> {
  const stored = await taskInSight(deps, caller, id);
  if (!mayDo(caller, operation, subjectOfTask(stored.task))) {
    throw new Problem(403, 'forbidden', '您的角色没有这项权限，如确有需要请联系单位负责人。', { operation });
  }
  if (seen !== undefined && seen !== stored.version) {
    throw new Problem(409, 'stale-version', '这项任务已有新的变化，请刷新后再操作。', { version: stored.version });
  }
  return stored;
}

/** Carries out a command: decided on the version that was loaded, or not at all. */
export async function carryOut(
  deps: ServeTasks,
  { task, version }: StoredTask,
  command: TaskCommand,
  asked: Asked,
  given: { readonly sent?: HandAssignment; readonly also?: TaskChange['also'] } = {},
) {
  const { at } = asked;
  const policy = deps.policyAt(at);
  const rules = taskRulesOf(policy, task.kind);
  const occasion = { at, actor: actorOf(asked.caller) };
  const decision = decideTask(task, command, rules, occasion);
  if (decision.kind === 'denied') throw refusalOf(decision.reason, rules, policy);
  const facts = decision.events;
  const after = facts.reduce((state, fact) => evolveTask(state, { ...fact, ...occasion }, given.sent), task);
  const name = nameOf(await theObject(deps, task), task);
  const answer = { ...standsOf({ task: after, version: version + facts.length }, name, at, policy), hazards: hazardsOf(after) };
  await deps.tasks.save({
    ...{ before: task, after, facts, ifVersion: version, occasion: { ...occasion, county: deps.county } },
    command: commandRecord(asked, answer),
    ...(given.also && { also: given.also }),
  });
  return answer;
}

const hazardsOf = ({ inspection }: Task) => [...(inspection?.hazards ?? [])];
