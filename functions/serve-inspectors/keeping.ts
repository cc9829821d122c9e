/** What every command on a directory, a list or a plan has in common: who acts, whose it is, and how a refusal is answered. */
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { InspectorStore } from '../../shared/data/inspector-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import type { eachStop, RegisterStore } from '../../shared/data/register-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { mayDo, type Operation, subjectOfAuthority } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import {
  DIRECTORY_DENIALS,
  type DirectoryDenial,
  type DirectoryDenied,
  type DirectoryRuling,
} from '../../shared/domain/directory-denials.ts';
import { type CountyCode, type Department, department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { AREA_INDUSTRY } from '../../shared/domain/object.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { problemOf } from '../../shared/runtime/refusal.ts';

export interface Keeping {
  readonly county: CountyCode;
  readonly inspectors: InspectorStore;
  readonly lists: ItemListStore;
  readonly register: Pick<RegisterStore, 'owner' | 'risk' | 'eachEnterpriseFrom' | 'eachRiskFrom'>;
  /** Every stop of the county. */
  readonly stops: () => ReturnType<typeof eachStop>;
  readonly draws: Pick<DrawStore, 'ofPeriod' | 'series' | 'ofStanding'>;
  readonly tasks: Pick<TaskStore, 'ofDraw' | 'openByDue'>;
}

/** The rule of the policy that a refusal rests on, where it rests on one. */
function ruleOf(reason: DirectoryDenial, { drawing, supervision }: Policy): Why | undefined {
  switch (reason) {
    case 'unknown-interest':
    case 'not-by-oneself':
    case 'employer-of-enforcer':
      return drawing.interests.why;
    case 'kind-of-another':
    case 'period-of-another':
      return supervision.department.why;
    case 'already-announced':
      return drawing.calendar.why;
    default:
      return undefined;
  }
}

/** The facts of a ruling; a refusal is thrown as the problem that it is. */
export function factsOf<Fact>(ruling: DirectoryRuling<Fact>, policy: Policy): readonly Fact[] {
  if (ruling.kind === 'decided') return ruling.events;
  throw refusal(ruling, policy);
}

export const refusal = (denied: DirectoryDenied, policy: Policy): Problem =>
  problemOf(denied, DIRECTORY_DENIALS[denied.reason].about, ruleOf(denied.reason, policy));

/** Refuses what concerns an authority that is not the caller's to see to, as if it did not exist. */
export function refuseOthers(caller: Caller, operation: Operation, authority: Department): void {
  if (!mayDo(caller, operation, subjectOfAuthority(caller.county, authority))) {
    throw new Problem(404, 'not-found', '没有找到这个部门的资料，请核对部门代码。');
  }
}

/** The authorities that a question is about: the one that it names, or all that the caller may see. */
export function authoritiesFor(
  caller: Caller,
  operation: Operation,
  named: Department | undefined,
  policy: Policy,
): readonly Department[] {
  if (named !== undefined) {
    refuseOthers(caller, operation, named);
    return [named];
  }
  const all = [GOVERNMENT, ...Object.keys(policy.departments.values).map(department)];
  return all.filter((authority) => mayDo(caller, operation, subjectOfAuthority(caller.county, authority)));
}

/** An industry as people call it, or the public areas. */
export const nameOfIndustry = (industry: string, { industries }: Policy): string =>
  industry === '*' ? '全部行业' : industry === AREA_INDUSTRY ? '公共区域' : (industries.values[industry]?.name ?? industry);
