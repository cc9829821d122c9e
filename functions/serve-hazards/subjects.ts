/** Whose a case is today: its enterprise may have moved, or have come under another department, since the case was found. */
import type { Subject } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { Register } from '../../shared/runtime/enterprise-in-sight.ts';

export type SubjectsOf = (hazards: readonly Hazard[]) => Promise<(hazard: Hazard) => Subject>;

/** Staff are held against the owner and the county's people against the county, which no register changes. */
const asksRegister = ({ owner }: Caller): boolean => owner !== undefined && enterpriseOf(owner) === undefined;

/** Looks up whose the cases are for this caller, each owner once. An owner whom the register does not know stays where the case has him. */
export function subjectsFor(register: Pick<Register, 'owner'>, caller: Caller): SubjectsOf {
  const known = new Map<Owner, RegisterOwner | undefined>();
  return async (hazards) => {
    const owners = asksRegister(caller) ? new Set(hazards.map(({ owner }) => owner)) : [];
    const fresh = [...owners].filter((owner) => !known.has(owner));
    await Promise.all(fresh.map(async (owner) => known.set(owner, await register.owner(owner))));
    return ({ county, owner, ...found }) => {
      const { township, supervisor } = known.get(owner)?.enterprise ?? found;
      return {
        county,
        owner,
        ...(township !== undefined && { township }),
        ...(supervisor !== undefined && { supervisor }),
      };
    };
  };
}
