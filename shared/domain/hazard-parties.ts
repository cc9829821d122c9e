/**
 * Who is who in a case. An enterprise cures and its department sees to it. A public area is cured by its owner's people, a township's or
 * a department's, and another department sees to it: that of its block. Where there is none but the owner's own, the committee office
 * and the county's government stand in its place, since nobody supervises himself.
 */
import type { Role } from './caller.ts';
import type { CaseFile } from './hazard.ts';
import type { Actor } from './ledger-event.ts';
import { enterpriseOf, type Owner } from './owner.ts';
import type { RegisterOwner } from './register-owner.ts';
import type { RiskPoint } from './register-risk.ts';

type Parties = Pick<CaseFile, 'owner' | 'township' | 'supervisor'>;

/** Whose a case of an enterprise is. */
export const partiesOfEnterprise = ({ owner, enterprise }: Pick<RegisterOwner, 'owner' | 'enterprise'>): Parties => ({
  owner,
  ...(enterprise && { township: enterprise.township, supervisor: enterprise.supervisor }),
});

/** Whose a case of a public area is: the department of its block sees to it, unless the area is that department's own. */
export const partiesOfArea = ({
  owner,
  township,
  department,
}: Pick<RiskPoint, 'owner' | 'township' | 'department'>): Parties => ({
  owner,
  ...(township !== undefined && { township }),
  ...(department !== undefined && department !== owner && { supervisor: department }),
});

type Of = Pick<CaseFile, 'owner' | 'supervisor'>;

const isOfArea = ({ owner }: Of): boolean => enterpriseOf(owner) === undefined;
const hasSupervisor = ({ owner, supervisor }: Of): boolean => supervisor !== undefined && supervisor !== owner;

const isDepartment = (role: Role): boolean => role === 'department-officer' || role === 'department-head';
const isTownship = (role: Role): boolean => role === 'township-officer' || role === 'township-head';

/** The county's own, who act in a case only where no department does. */
export const isOfCounty = (role: Role): boolean => role === 'committee-officer' || role === 'government-head';

/** Whether he belongs to those whose the place is. */
export const isOwners = ({ owner }: Of, actor: Actor): boolean => actor.owner === owner;

/** Whether he acts in the place of a department that there is not. */
export const standsIn = (hazard: Of, { role }: Actor): boolean => isOfArea(hazard) && !hasSupervisor(hazard) && isOfCounty(role);

/** Whether he has the duty of supervision. Which department it is, the access table says; that it is not the owner's own, this does. */
export const supervises = (hazard: Of, actor: Actor): boolean =>
  (isDepartment(actor.role) && !isOwners(hazard, actor)) || standsIn(hazard, actor);

/** Whether he looks in from outside. Those whose the place is do not say by themselves that what was found was nothing. */
export const looksIn = (hazard: Of, actor: Actor): boolean =>
  supervises(hazard, actor) || (isTownship(actor.role) && !isOwners(hazard, actor));

/** Who is told instead of the staff of an enterprise where a public area is concerned. */
const peopleOf = (owner: Owner): Record<'officer' | 'head', Role> =>
  owner.startsWith('TOWN:')
    ? { officer: 'township-officer', head: 'township-head' }
    : { officer: 'department-officer', head: 'department-head' };

/** The roles of a step of the ladder as they are for this case: an area has no staff, and may have no department over it. */
export function toldIn(hazard: Of, roles: readonly Role[]): readonly Role[] {
  if (!isOfArea(hazard)) return roles;
  const { officer, head } = peopleOf(hazard.owner);
  const inPlace = (role: Role): Role => {
    if (role === 'head') return head;
    if (['safety-manager', 'workshop-head', 'team-leader', 'post-holder'].includes(role)) return officer;
    return isDepartment(role) && !hasSupervisor(hazard) ? 'committee-officer' : role;
  };
  return [...new Set(roles.map(inPlace))];
}
