/** Whether anything can ever come to what is connected: who would wait for ever is told so at once. */
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import { REMINDER_KINDS, REMINDER_NAMES, type ReminderKind } from '../../shared/domain/reminder.ts';
import { ROLES_OF_SCOPE, type Subscription, type SubscriptionScope } from '../../shared/domain/subscription.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { rolesOfKinds } from '../../shared/policy/reminder-roles.ts';
import { Problem } from '../../shared/runtime/problem.ts';

export interface Known {
  readonly owner: (owner: Owner) => Promise<RegisterOwner | undefined>;
}

/** An enterprise or workshop that the register does not have is never told of anything. */
export async function refuseUnknown({ owner }: Pick<Known, 'owner'>, scope: SubscriptionScope): Promise<void> {
  if (scope.of !== 'enterprise' && scope.of !== 'workshop') return;
  const enterprise = (await owner(enterpriseOwner(scope.uscc)))?.enterprise;
  if (enterprise === undefined) {
    throw new Problem(422, 'unknown-enterprise', '登记簿中没有这家企业，请核对统一社会信用代码，或先登记企业。', {
      field: 'scope.uscc',
    });
  }
  if (scope.of !== 'workshop') return;
  const workshops = enterprise.workshops.map(({ name }) => name);
  if (workshops.includes(scope.workshop)) return;
  const says =
    workshops.length === 0
      ? '登记簿中这家企业还没有车间：请先在风险点中填写车间，或为整个企业接入。'
      : `登记簿中这家企业没有这个车间，请从已登记的车间中选择：${workshops.join('、')}。`;
  throw new Problem(422, 'unknown-workshop', says, { field: 'scope.workshop', workshops });
}

type Wanted = Pick<Subscription, 'scope' | 'roles' | 'kinds'>;

/** Kinds that were chosen and never come to those who read there; refused where none does. A person is told by name, whatever his office. */
function unheard({ scope, roles, kinds }: Wanted, policy: Policy): readonly string[] {
  if (scope.of === 'inspector') return [];
  const readers = roles ?? ROLES_OF_SCOPE[scope.of];
  const told = rolesOfKinds(policy);
  const hears = (kind: ReminderKind): boolean => readers.some((role) => told.get(kind)?.has(role));
  const comes = REMINDER_KINDS.filter(hears);
  const never = kinds?.filter((kind) => kind !== 'test' && !hears(kind)) ?? [];
  const isUseful = kinds === undefined ? comes.length > 0 : never.length < kinds.length;
  if (isUseful) return never.map((kind) => REMINDER_NAMES[kind]);
  const possible = comes.map((kind) => ({ kind, kindName: REMINDER_NAMES[kind] }));
  const rolesOf = ROLES_OF_SCOPE[scope.of].filter((role) => never.some((kind) => told.get(kind)?.has(role)));
  const kindsSay = possible.length === 0 ? '' : `这些岗位会收到：${possible.map(({ kindName }) => kindName).join('、')}。`;
  const says = `按政策，所填岗位收不到所选的提醒，接入后不会有消息，请改岗位或提醒种类。${kindsSay}`;
  throw new Problem(422, 'never-told', says, { field: 'kinds', kindsOfRoles: possible, rolesOfKinds: rolesOf });
}

/** What whoever connects has to know though it may be meant so, in a sentence. */
export function noteOn(wanted: Wanted, policy: Policy): string | undefined {
  const never = unheard(wanted, policy);
  return never.length === 0 ? undefined : `按政策，这里的岗位不会收到：${never.join('、')}。`;
}
