/**
 * Those who inspect in the sample county: officers of every department and of the government's own directory, and experts. Some are away
 * for a while, one is a relative of a head, one expert works for an enterprise of the county.
 */
import type { Role } from '../../../shared/domain/caller.ts';
import type { CreditCode } from '../../../shared/domain/credit-code.ts';
import { type Department, department, GOVERNMENT, type ObjectId } from '../../../shared/domain/ids.ts';
import type { InspectorRole } from '../../../shared/domain/inspector.ts';
import { enterpriseObject } from '../../../shared/domain/object.ts';
import { departmentOwner } from '../../../shared/domain/owner.ts';
import type { Policy } from '../../../shared/policy/load.ts';
import type { SampleEnterprise, SamplePerson } from './county.ts';

export interface SampleInspector {
  readonly person: SamplePerson;
  readonly authority: Department;
  readonly role: InspectorRole;
  readonly skills: readonly string[];
  readonly certificate: { readonly no: string; readonly until: string };
  readonly employer?: CreditCode;
  readonly absence?: { readonly from: string; readonly to: string; readonly reason: string };
  /** An interest that he declares himself. */
  readonly interest?: { readonly in: ObjectId; readonly kind: string; readonly reason: string };
}

/** Officers of a department, beside the one who answers for its hazards; more where there are so many enterprises. */
const OFFICERS = { few: 3, many: 5, from: 15 };
/** Whose officers inspect for the government (综合督查组), one of each. */
const GOVERNMENT_FROM = ['YJJ', 'ZJJ', 'JTJ', 'XFDD'];
/** The department that has experts, and inspects with them in the month. */
export const EXPERT_DEPARTMENT = department('YJJ');
const EXPERT_SKILLS = [['*'], ['hazardous-chemicals', 'non-coal-mine'], ['fireworks', 'hazardous-chemicals', 'other'], ['*']];

const CERTIFIED_UNTIL = '2028-12-31';
/** A course in the middle of the month for one of every department, and a leave that goes on into July for one of the largest. */
const COURSE = { from: '2026-06-08', to: '2026-06-12', reason: '参加执法培训（样例）' };
const LEAVE = { from: '2026-06-29', to: '2026-07-03', reason: '年休假（样例）' };

/** The county's directories; `add` makes a person. */
export function inspectorsOf(
  enterprises: readonly SampleEnterprise[],
  policy: Policy,
  add: (role: Role, at?: Pick<SamplePerson, 'owner'>) => SamplePerson,
): SampleInspector[] {
  const inspectors: SampleInspector[] = [];
  const enlist = (person: SamplePerson, authority: Department, rest: Partial<SampleInspector> = {}) => {
    const role: InspectorRole = person.role === 'expert' ? 'expert' : 'enforcer';
    const no = `样例${role === 'expert' ? '聘' : '执'}${String(inspectors.length + 1).padStart(4, '0')}`;
    inspectors.push({ person, authority, role, skills: ['*'], certificate: { no, until: CERTIFIED_UNTIL }, ...rest });
  };
  const supervisedBy = (code: string) => enterprises.filter(({ supervisor }) => supervisor === code);

  for (const code of Object.keys(policy.departments.values)) {
    const own = supervisedBy(code);
    const count = own.length >= OFFICERS.from ? OFFICERS.many : OFFICERS.few;
    for (let place = 1; place <= count; place++) {
      enlist(add('department-officer', { owner: departmentOwner(code) }), department(code), {
        ...(place === count && { absence: COURSE }),
        ...(place === OFFICERS.many - 1 && { absence: LEAVE }),
        ...(place === 2 && count === OFFICERS.many && own[0] !== undefined && { interest: relativeOf(own[0]) }),
      });
    }
  }
  const [employer] = supervisedBy(EXPERT_DEPARTMENT).toReversed();
  for (const [index, skills] of EXPERT_SKILLS.entries()) {
    const works = index === 0 && employer !== undefined && { employer: employer.uscc };
    enlist(add('expert'), EXPERT_DEPARTMENT, { skills, ...works });
  }
  for (const code of GOVERNMENT_FROM) enlist(add('department-officer', { owner: departmentOwner(code) }), GOVERNMENT);
  return inspectors;
}

const relativeOf = ({ uscc }: SampleEnterprise): NonNullable<SampleInspector['interest']> => ({
  in: enterpriseObject(uscc),
  kind: 'kinship',
  reason: '与该单位主要负责人有亲属关系（样例）',
});
