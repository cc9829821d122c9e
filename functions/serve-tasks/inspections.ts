/** What visits found, for everybody in whose scope the object is; of a visit that was not handed in nothing is answered. */
import type * as z from 'zod';
import { mayDo, type Subject } from '../../shared/domain/access.ts';
import { partiesOfArea, partiesOfEnterprise } from '../../shared/domain/hazard-parties.ts';
import type { ObjectId } from '../../shared/domain/ids.ts';
import { areaObject, enterpriseObject } from '../../shared/domain/object.ts';
import type { Task } from '../../shared/domain/task.ts';
import { areaFor } from '../../shared/runtime/area-in-sight.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listInspections, readInspection } from './api.ts';
import { nameOf, type TaskObject, theObject } from './objects.ts';
import type { ServeTasks } from './serve-tasks.ts';
import { hazardsFound, itemsOf } from './tasks.ts';
import { inspectionLineView, inspectionView, isReported, type Reported } from './views.ts';

/** So often is read on for one page before it is answered as it is, with the cursor to go on from. */
const MOST_READS = 20;

/** The object that is asked about, if the caller may see what was found there. */
async function objectFor(
  { register, county }: ServeTasks,
  { query: { enterprise, township, no }, caller }: Request<typeof listInspections>,
): Promise<ObjectId> {
  if (township === undefined && no === undefined) {
    const whole = { owner: register.owner };
    return enterpriseObject((await enterpriseFor(whole, county, caller, 'ReadInspection', enterprise)).uscc);
  }
  if (township === undefined || no === undefined || enterprise !== undefined) {
    throw new Problem(422, 'enterprise-or-area', '请写企业，或公共区域的乡镇和编号，只写一种。');
  }
  await areaFor(register, county, caller, 'ReadInspection', { township, no });
  return areaObject(township, no);
}

export const listInspectionsOf =
  (deps: ServeTasks) =>
  async (request: Request<typeof listInspections>): Promise<z.input<typeof listInspections.output>> => {
    const { query, at } = request;
    const object = await objectFor(deps, request);
    const found: Reported[] = [];
    let cursor = query.cursor;
    for (let reads = 0; reads < MOST_READS && found.length < query.limit; reads++) {
      const page = await deps.tasks.ofObject(deps.county, object, query.limit - found.length, cursor);
      found.push(...page.items.map(({ task }) => task).filter(isReported));
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    const name = nameOf(await theObject(deps, { object }), { object });
    const policy = deps.policyAt(at);
    const items = await Promise.all(
      found.map(async (task) => inspectionLineView(task, name, await hazardsFound(deps, task), policy)),
    );
    return { items, ...(cursor !== undefined && { cursor }) };
  };

/** Whose the object is today; what the register does not know any more stays whose it was when it was drawn. */
function subjectOf({ enterprise, area }: TaskObject, { county, owner, township, supervisor }: Task): Subject {
  if (enterprise !== undefined) return { county, ...partiesOfEnterprise(enterprise) };
  if (area !== undefined) return { county, ...partiesOfArea(area) };
  return { county, owner, township, ...(supervisor !== undefined && { supervisor }) };
}

export const readInspectionWhole =
  (deps: ServeTasks) =>
  async ({ params, caller, at }: Request<typeof readInspection>): Promise<z.input<typeof readInspection.output>> => {
    const task = (await deps.tasks.load(deps.county, params.id))?.task;
    const object = task && (await theObject(deps, task));
    const isShown = task !== undefined && object !== undefined && mayDo(caller, 'ReadInspection', subjectOf(object, task));
    if (!isShown || !isReported(task)) throw new Problem(404, 'not-found', '没有找到这次检查。');
    const [hazards, items] = await Promise.all([hazardsFound(deps, task), itemsOf(deps, task)]);
    return inspectionView(task, nameOf(object, task), hazards, items, deps.policyAt(at));
  };
