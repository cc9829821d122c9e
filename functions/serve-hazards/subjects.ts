/** Whose a case is today: its enterprise may have moved, or its enterprise or area come under another department, since it was found. */
import type { Subject } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type Hazard, objectOfHazard } from '../../shared/domain/hazard.ts';
import { partiesOfArea, partiesOfEnterprise } from '../../shared/domain/hazard-parties.ts';
import type { ObjectId } from '../../shared/domain/ids.ts';
import { partsOfObject } from '../../shared/domain/object.ts';
import { enterpriseOf, enterpriseOwner } from '../../shared/domain/owner.ts';
import { areaKey } from '../../shared/runtime/area-in-sight.ts';
import type { ServeHazards } from './serve-hazards.ts';

export type SubjectsOf = (hazards: readonly Hazard[]) => Promise<(hazard: Hazard) => Subject>;
type Whose = Pick<Hazard, 'township' | 'supervisor'>;

/** Staff are held against the owner and the county's people against the county, which no register changes. */
const asksRegister = ({ owner }: Caller): boolean => owner !== undefined && enterpriseOf(owner) === undefined;

async function whoseToday(register: ServeHazards['register'], object: ObjectId): Promise<Whose | undefined> {
  const parts = partsOfObject(object);
  if (parts.of === 'enterprise') {
    const record = await register.owner(enterpriseOwner(parts.uscc));
    return record?.enterprise && partiesOfEnterprise(record);
  }
  const risk = await register.risk(areaKey(parts));
  return risk && partiesOfArea(risk);
}

/**
 * Looks up whose the cases are for this caller, each enterprise and area once. What the register does not know stays where the case has
 * it; so does the department of an area that has none any more, for somebody has to see the cure to its end.
 */
export function subjectsFor(register: ServeHazards['register'], caller: Caller): SubjectsOf {
  const known = new Map<ObjectId, Whose | undefined>();
  return async (hazards) => {
    const objects = asksRegister(caller) ? new Set(hazards.map(objectOfHazard)) : [];
    const fresh = [...objects].filter((object) => !known.has(object));
    await Promise.all(fresh.map(async (object) => known.set(object, await whoseToday(register, object))));
    return (hazard) => {
      const today = known.get(objectOfHazard(hazard));
      const { county, owner } = hazard;
      const township = today?.township ?? hazard.township;
      const supervisor = today?.supervisor ?? hazard.supervisor;
      return { county, owner, ...(township !== undefined && { township }), ...(supervisor !== undefined && { supervisor }) };
    };
  };
}
