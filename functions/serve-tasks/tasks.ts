/** Reading tasks: one's own list, that of who sends inspectors out, and everything that those who go have to know. */
import type * as z from 'zod';
import type { StoredTask, TaskPage } from '../../shared/data/task-store.ts';
import { mayDo } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { familyOf } from '../../shared/domain/draw-kind.ts';
import { type Hazard, isOpen, objectOfHazard } from '../../shared/domain/hazard.ts';
import { type Department, department, GOVERNMENT, type ItemNo } from '../../shared/domain/ids.ts';
import { type InspectionItem, isItemFor } from '../../shared/domain/inspection-item.ts';
import { AREA_INDUSTRY } from '../../shared/domain/object.ts';
import { enterpriseOf } from '../../shared/domain/owner.ts';
import { byGravity, type RiskPoint } from '../../shared/domain/register-risk.ts';
import { dueOf, isOverdueAt, OUTCOME_NAMES, type Task } from '../../shared/domain/task.ts';
import { UNFIT_SAYS } from '../../shared/domain/task-team.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listTaskRisks, listTasks, readTask } from './api.ts';
import { industryOf, nameOf, type TaskObject, theObject } from './objects.ts';
import { type ServeTasks, subjectOfTask, taskInSight } from './serve-tasks.ts';
import { handView, hazardView, inspectionView, isReported, itemView, owedView, riskView, standsOf } from './views.ts';

type Query = Request<typeof listTasks>['query'];

/** So often is read on for one page before it is answered as it is, with the cursor to go on from. */
const MOST_READS = 20;
/** What is shown of a long list at once. */
const SHOWN = { risks: 50, hazards: 100, inspections: 5 };

/** The authority whose draws the caller sends inspectors out for. */
function dispatched({ role, owner }: Caller): Department | undefined {
  if (role === 'committee-officer' || role === 'government-head') return GOVERNMENT;
  if (role !== 'department-head' || owner === undefined || !owner.startsWith('DEPT:')) return undefined;
  return department(owner.slice('DEPT:'.length));
}

function isWanted(task: Task, { stage, overdue, day }: Query, at: Instant): boolean {
  if (stage !== undefined && task.stage !== stage) return false;
  if (day !== undefined && task.day !== day) return false;
  return overdue === undefined || isOverdueAt(task, at) === (overdue === 'true');
}

const byDue = (a: StoredTask, b: StoredTask): number => ((dueOf(a.task) ?? '') < (dueOf(b.task) ?? '') ? -1 : 1);

/** A page of open tasks. What was not asked for is passed over; the cursor stands exactly behind what was answered. */
export const listTasksOf =
  (deps: ServeTasks) =>
  async ({ query, caller, at }: Request<typeof listTasks>): Promise<z.input<typeof listTasks.output>> => {
    const { tasks, county, policyAt } = deps;
    const authority = query.mine === 'true' ? undefined : dispatched(caller);
    const read = (limit: number, cursor?: string): Promise<TaskPage> =>
      authority === undefined
        ? tasks.ofInspector(county, caller.id, limit, cursor)
        : tasks.openByDue(county, authority, limit, cursor);
    const found: StoredTask[] = [];
    let cursor = query.cursor;
    for (let reads = 0; reads < MOST_READS && found.length < query.limit; reads++) {
      const page = await read(query.limit - found.length, cursor);
      found.push(...page.items.filter(({ task }) => mayDo(caller, 'ReadTask', subjectOfTask(task)) && isWanted(task, query, at)));
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    const policy = policyAt(at);
    const ordered = authority === undefined ? found.sort(byDue) : found;
    const items = await Promise.all(
      ordered.map(async (stored) => standsOf(stored, nameOf(await theObject(deps, stored.task), stored.task), at, policy)),
    );
    return { items, ...(cursor !== undefined && { cursor }) };
  };

/** The risks that are there to be looked at: an area is its one risk. */
async function risksOf({ register }: ServeTasks, { enterprise, area }: TaskObject): Promise<readonly RiskPoint[]> {
  if (area !== undefined) return [area];
  if (enterprise === undefined) return [];
  return (await register.risksOf(enterprise.owner)).filter(({ retired }) => retired === undefined);
}

const passedView = ({ day, team, because }: NonNullable<Task['passed']>) => ({
  day,
  team: team.map((member) => ({ ...member })),
  ...(because !== undefined && { because: UNFIT_SAYS[because] }),
});

/** The items of the authority's list as it is today, by number. */
export async function itemsOf(
  { itemLists }: Pick<ServeTasks, 'itemLists'>,
  { authority }: Task,
): Promise<ReadonlyMap<string, InspectionItem>> {
  const list = await itemLists.items(authority);
  return new Map((list?.state.items ?? []).map((item) => [item.no, item]));
}

/** The items that have to be answered: those that were drawn; where none were, all that apply today. */
export function itemsToAnswer(task: Task, items: ReadonlyMap<string, InspectionItem>, object: TaskObject): readonly ItemNo[] {
  if (task.items.length > 0) return task.items;
  const industry = industryOf(object) ?? AREA_INDUSTRY;
  return [...items.values()].filter((item) => isItemFor(item, familyOf(task.kind), industry)).map(({ no }) => no);
}

/** Cases of the owner that are of this object and open: an area's owner may have many areas. */
async function openHazardsOf({ hazards }: ServeTasks, { object, owner }: Task): Promise<readonly Hazard[]> {
  const found: Hazard[] = [];
  let cursor: string | undefined;
  for (let reads = 0; reads < MOST_READS; reads++) {
    const page = await hazards.ofOwner(owner, 200, cursor);
    const open = page.items.map(({ hazard }) => hazard).filter(isOpen);
    found.push(...open.filter((hazard) => objectOfHazard(hazard) === object));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return found;
}

/** The last visits to an object, the newest first. */
async function visitsTo({ tasks, county }: ServeTasks, { object, id }: Task): Promise<Task[]> {
  const { items } = await tasks.ofObject(county, object, 200);
  return items
    .map(({ task }) => task)
    .filter((task) => task.id !== id && task.inspection !== undefined)
    .sort((a, b) => ((a.inspection?.visitedAt ?? '') > (b.inspection?.visitedAt ?? '') ? -1 : 1));
}

/** The cases that a visit opened, as they stand today. */
export async function hazardsFound({ hazards, county }: ServeTasks, { inspection }: Task): Promise<readonly Hazard[]> {
  const found = await Promise.all((inspection?.hazards ?? []).map((id) => hazards.load(county, id)));
  return found.flatMap((stored) => (stored === undefined ? [] : [stored.hazard]));
}

export const readTaskWhole =
  (deps: ServeTasks) =>
  async ({ params, caller, at }: Request<typeof readTask>): Promise<z.input<typeof readTask.output>> => {
    const stored = await taskInSight(deps, caller, params.id);
    const { task } = stored;
    const policy = deps.policyAt(at);
    const object = await theObject(deps, task);
    const [risks, items, open, visits, found] = await Promise.all([
      risksOf(deps, object),
      itemsOf(deps, task),
      openHazardsOf(deps, task),
      visitsTo(deps, task),
      hazardsFound(deps, task),
    ]);
    const name = nameOf(object, task);
    const { enterprise } = object;
    const uscc = enterprise && enterpriseOf(enterprise.owner);
    return {
      ...standsOf(stored, name, at, policy),
      window: task.window,
      ...(enterprise &&
        uscc !== undefined && {
          enterprise: {
            uscc,
            name,
            ...(enterprise.enterprise.address !== undefined && { address: enterprise.enterprise.address }),
            industry: enterprise.enterprise.industry,
            industryName: policy.industries.values[enterprise.enterprise.industry]?.name ?? enterprise.enterprise.industry,
            contacts: enterprise.enterprise.contacts.map((contact) => ({ ...contact })),
            overall: enterprise.overall.colour,
          },
        }),
      team: task.team.map((member) => ({ ...member })),
      ...(task.passed && { passed: passedView(task.passed) }),
      ...handView(task),
      owed: owedView(task, at),
      items: itemsToAnswer(task, items, object).map((no) => itemView(no, items.get(no))),
      risks: [...risks].sort(byGravity).slice(0, SHOWN.risks).map(riskView),
      riskCount: risks.length,
      openHazards: open.slice(0, SHOWN.hazards).map(hazardView),
      inspections: visits
        .filter(isReported)
        .slice(0, SHOWN.inspections)
        .map(({ id, inspection }) => ({
          id,
          visitedAt: inspection.visitedAt,
          outcomeName: OUTCOME_NAMES[inspection.outcome],
          hazards: inspection.hazards.length,
        })),
      ...(isReported(task) && { inspection: inspectionView(task, name, found, items, policy) }),
    };
  };

/** All risks of the object by number. The cursor is the number of the last one. */
export const listRisksOf =
  (deps: ServeTasks) =>
  async ({ params, query: { limit, cursor }, caller }: Request<typeof listTaskRisks>) => {
    const { task } = await taskInSight(deps, caller, params.id);
    const all = [...(await risksOf(deps, await theObject(deps, task)))].sort((a, b) => (a.no < b.no ? -1 : 1));
    if (cursor !== undefined && !all.some(({ no }) => no === cursor)) {
      throw new Problem(400, 'cursor-malformed', '翻页标记无效，请从第一页重新查询。');
    }
    const from = cursor === undefined ? 0 : all.findIndex(({ no }) => no === cursor) + 1;
    const page = all.slice(from, from + limit);
    const last = page.at(-1)?.no;
    return { items: page.map(riskView), ...(from + limit < all.length && last !== undefined && { cursor: last }) };
  };
