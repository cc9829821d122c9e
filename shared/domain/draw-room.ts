/** How many objects the inspectors of a draw can visit: what the policy asks, within what they have room for. */
import type { Day } from './calendar.ts';
import type { InspectorRole } from './inspector.ts';

export interface TeamEntry {
  readonly role: InspectorRole;
  readonly count: number;
}

/** Somebody who may go, and how often. */
export interface PoolInspector {
  readonly inspector: string;
  readonly role: InspectorRole;
  readonly capacity: number;
  readonly skills: '*' | readonly string[];
  readonly absent: readonly Day[];
}

/** What inspectors still have room for, taken stratum by stratum. */
function roomOf(inspectors: readonly PoolInspector[]) {
  const left = new Map(inspectors.map(({ inspector, capacity }) => [inspector, capacity]));
  const roomIn = ({ inspector }: PoolInspector): number => left.get(inspector) ?? 0;
  /** So many teams of `count` can be made: nobody is in one team twice. */
  const teamsOf = (able: readonly PoolInspector[], count: number, most: number): number => {
    let [low, high] = [0, most];
    while (low < high) {
      const teams = Math.ceil((low + high) / 2);
      const places = able.reduce((sum, one) => sum + Math.min(roomIn(one), teams), 0);
      if (places >= teams * count) low = teams;
      else high = teams - 1;
    }
    return low;
  };
  return {
    /** Takes teams for at most so many objects, and answers for how many there are. */
    take(team: readonly TeamEntry[], skill: string | null, most: number): number {
      const entries = team.map(({ role, count }) => ({
        count,
        able: inspectors.filter(
          (one) => one.role === role && (skill === null || one.skills === '*' || one.skills.includes(skill)),
        ),
      }));
      const teams = entries.reduce((fewest, { able, count }) => Math.min(fewest, teamsOf(able, count, most)), most);
      for (const { able, count } of entries) {
        for (let made = 0; made < teams; made++) {
          const freest = able.toSorted((a, b) => roomIn(b) - roomIn(a)).slice(0, count);
          for (const { inspector } of freest) left.set(inspector, (left.get(inspector) ?? 0) - 1);
        }
      }
      return teams;
    },
  };
}

/** A stratum as it asks for visits. */
export interface Asking {
  readonly name: string;
  readonly skill: string | null;
  readonly wanted: number;
  /** The lower goes first. */
  readonly precedence: number;
}

const ROUNDS = 50;

/**
 * The quotas of strata: the graver first, and among those of one colour each in proportion to what it asks, a portion in turn while there is
 * room. Zero where there is none at all.
 */
export function quotasWithin(
  inspectors: readonly PoolInspector[],
  team: readonly TeamEntry[],
  strata: readonly Asking[],
): ReadonlyMap<string, number> {
  const room = roomOf(inspectors);
  const quotas = new Map<string, number>();
  for (const precedence of [...new Set(strata.map((one) => one.precedence))].sort((a, b) => a - b)) {
    let asking = strata.filter((one) => one.precedence === precedence);
    while (asking.length > 0) {
      asking = asking.filter(({ name, skill, wanted }) => {
        const has = quotas.get(name) ?? 0;
        const portion = Math.min(wanted - has, Math.ceil(wanted / ROUNDS));
        const taken = room.take(team, skill, portion);
        quotas.set(name, has + taken);
        return taken === portion && has + taken < wanted;
      });
    }
  }
  return quotas;
}
