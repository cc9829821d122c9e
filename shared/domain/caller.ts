import type { CountyCode, PersonId } from './ids.ts';
import type { Owner } from './owner.ts';

/**
 * Who may act. Enterprise side: head 主要负责人, safety manager 安全管理人员, workshop head 车间负责人, team leader 班组长, post
 * holder 岗位人员. Government side: township and department (officer 工作人员, head 负责人), committee office 安委办, county
 * government 县政府, prefecture 州, and the expert 专家 who goes along on inspections. Beside them the auditor, the operator (provincial IT) and the system's own schedules.
 */
export const ROLES = [
  'head',
  'safety-manager',
  'workshop-head',
  'team-leader',
  'post-holder',
  'township-officer',
  'township-head',
  'department-officer',
  'department-head',
  'committee-officer',
  'government-head',
  'prefecture-officer',
  'expert',
  'auditor',
  'operator',
  'system',
] as const;
export type Role = (typeof ROLES)[number];

/** A person (or a schedule) whose token was verified, and for whom he acts. */
export interface Caller {
  readonly id: PersonId;
  readonly role: Role;
  /** The county of the deployment; a token of another county is refused before anything is read. */
  readonly county: CountyCode;
  /** The enterprise, township or department he acts for; absent for county-wide roles. */
  readonly owner?: Owner;
  /** Where in the enterprise he works: narrows what is shown to him first, not what he may see. */
  readonly workshop?: string;
  readonly team?: string;
  readonly post?: string;
}
