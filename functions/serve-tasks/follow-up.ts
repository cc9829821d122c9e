/** What is done about an object that could not be inspected. What is closed down has to stand so in the register. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { isRunning } from '../../shared/domain/register-suspension.ts';
import type { Task } from '../../shared/domain/task.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { type TaskObject, theObject } from './objects.ts';
import type { ServeTasks } from './serve-tasks.ts';

/** Its record was changed since, or a stop of all of it runs; an area is retired. What is in no register any more needs no change. */
async function isInRegister({ register }: ServeTasks, object: TaskObject, task: Task, at: Instant): Promise<boolean> {
  const { enterprise, area } = object;
  if (enterprise === undefined) return area === undefined || area.retired !== undefined;
  const { registered } = task.inspection ?? {};
  if (registered !== undefined && enterprise.version > registered) return true;
  const stops = await register.suspensionsOf(enterprise.owner);
  return stops.some((stop) => stop.scope.of === 'enterprise' && isRunning(stop, at));
}

export async function refuseUnregistered(deps: ServeTasks, task: Task, at: Instant): Promise<void> {
  if (task.inspection?.outcome !== 'closed-down') return;
  if (await isInRegister(deps, await theObject(deps, task), task, at)) return;
  const { why } = deps.policyAt(at).drawing.followUp;
  const says = '登记册尚无相应变更：请先在登记册变更企业信息、由企业批准停产停用，公共区域的停用该风险，再记录后续处理。';
  throw new Problem(422, 'register-unchanged', says, { why });
}
