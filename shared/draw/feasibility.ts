/** Whether an object can ever get its team: what has to hold before anything is drawn. */
import type { Stratum } from './announcement.ts';
import type { InspectorLine, ObjectLine } from './rosters.ts';

/** Why too few inspectors of a role are left for an object. Each inspector counts under the first reason that holds. */
export interface Shortage {
  readonly role: string;
  readonly needed: number;
  readonly left: number;
  readonly unskilled: number;
  readonly withoutCapacity: number;
  readonly recused: number;
}

/** Whether an inspector is able to inspect what asks for a skill. */
export const isSkilled = ({ skills }: InspectorLine, skill: string | null): boolean =>
  skill === null || skills === '*' || skills.includes(skill);

const NOBODY: ReadonlySet<string> = new Set();

/** What is asked about a pool object by object. */
export interface Feasibility {
  /** The roles that the object can never get inspectors enough of; none, and a team can be found at least once. */
  shortages(stratum: Stratum, object: Pick<ObjectLine, 'object' | 'skill'>): readonly Shortage[];
}

/** Who could go, counted once for each role and skill: the pool may have a million objects. */
export function feasibilityOf(
  inspectors: readonly InspectorLine[],
  recusedFrom: ReadonlyMap<string, ReadonlySet<string>>,
): Feasibility {
  const counted = new Map<
    string,
    { readonly able: ReadonlySet<string>; readonly unskilled: number; readonly withoutCapacity: number }
  >();
  const ableOf = (role: string, skill: string | null) => {
    const key = `${role}\t${skill ?? '-'}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    const ofRole = inspectors.filter((one) => one.role === role);
    const skilled = ofRole.filter((one) => isSkilled(one, skill));
    const able = skilled.filter(({ capacity }) => capacity > 0);
    const found = {
      able: new Set(able.map(({ inspector }) => inspector)),
      unskilled: ofRole.length - skilled.length,
      withoutCapacity: skilled.length - able.length,
    };
    counted.set(key, found);
    return found;
  };
  return {
    shortages: ({ team }, { object, skill }) =>
      team.flatMap(({ role, count }) => {
        const { able, unskilled, withoutCapacity } = ableOf(role, skill);
        let recused = 0;
        for (const inspector of recusedFrom.get(object) ?? NOBODY) if (able.has(inspector)) recused += 1;
        const left = able.size - recused;
        return left < count ? [{ role, needed: count, left, unskilled, withoutCapacity, recused }] : [];
      }),
  };
}

/** A shortage in words. */
export const shortageText = ({ role, needed, left, unskilled, withoutCapacity, recused }: Shortage): string =>
  `${needed} of role ${role} needed, ${left} left (${unskilled} without the skill, ${withoutCapacity} without capacity, ${recused} recused)`;
