/** The object of a task as the register has it today. */

import { partsOfObject } from '../../shared/domain/object.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskPoint } from '../../shared/domain/register-risk.ts';
import type { Task } from '../../shared/domain/task.ts';
import { areaKey } from '../../shared/runtime/area-in-sight.ts';
import type { ServeTasks } from './serve-tasks.ts';

export interface TaskObject {
  /** Absent where it is a public area, or no longer in the register. */
  readonly enterprise?: RegisterOwner & { readonly enterprise: NonNullable<RegisterOwner['enterprise']> };
  /** The risk that the area is drawn by. */
  readonly area?: RiskPoint;
}

export async function theObject(
  { register }: Pick<ServeTasks, 'register'>,
  { object }: Pick<Task, 'object'>,
): Promise<TaskObject> {
  const parts = partsOfObject(object);
  if (parts.of === 'area') {
    const area = await register.risk(areaKey(parts));
    return area === undefined ? {} : { area };
  }
  const record = await register.owner(enterpriseOwner(parts.uscc));
  return record?.enterprise === undefined ? {} : { enterprise: { ...record, enterprise: record.enterprise } };
}

/** What people call it. What the register does not know any more is called as the draw does. */
export const nameOf = ({ enterprise, area }: TaskObject, { object }: Pick<Task, 'object'>): string =>
  enterprise?.enterprise.name ?? (area && `${area.content.name}（${area.content.location}）`) ?? object;

/** The code of its industry; a public area has none. */
export const industryOf = ({ enterprise }: TaskObject): string | undefined => enterprise?.enterprise.industry;
