/** A risk list in the course of a change: what was decided of its risks, and what that makes of its owner's record. */
import type { Colour } from './colour.ts';
import { followOverall } from './overall-grade.ts';
import {
  evolveOwner,
  type ListChange,
  MOST_WORKSHOPS,
  type OwnerFact,
  openVersion,
  type RegisterOwner,
  withPlaces,
} from './register-owner.ts';
import { countingColour, evolveRisk, type RiskFact, type RiskPoint } from './register-risk.ts';
import type { RegisterRules } from './register-rules.ts';

/** What was decided about one risk, and the risk before and after. */
export interface RiskChange {
  readonly before?: RiskPoint | undefined;
  readonly after: RiskPoint;
  readonly facts: readonly RiskFact[];
}

/** The risk with what was decided of it; `undefined` where nothing changes. */
export function riskChange(before: RiskPoint | undefined, facts: readonly RiskFact[]): RiskChange | undefined {
  const after = facts.reduce<RiskPoint | undefined>((risk, fact) => evolveRisk(risk, fact), before);
  return after === undefined || facts.length === 0 ? undefined : { before, after, facts };
}

/** The gravest thing that was done to a risk names the change. */
const KINDS = [
  ['RiskAdded', 'added'],
  ['RiskRetired', 'retired'],
  ['RiskRegraded', 'regraded'],
  ['RiskChanged', 'changed'],
] as const;

function listChange({ before, after, facts }: RiskChange, { list }: RegisterOwner): ListChange {
  const change = KINDS.find(([type]) => facts.some((fact) => fact.type === type))?.[1] ?? 'changed';
  const { no, township, version, content } = after;
  const from = before && countingColour(before, list);
  const to = countingColour(after, list);
  return {
    no,
    change,
    version,
    ...(township !== undefined && { township }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(content.workshop !== undefined && { workshop: content.workshop }),
    ...(content.team !== undefined && { team: content.team }),
  };
}

/** Facts applied one after the other. */
export const ownerAfter = (owner: RegisterOwner, facts: readonly OwnerFact[]): RegisterOwner => facts.reduce(evolveOwner, owner);

/** What the changes of its risks do to the owner: the list's open version changes, and the overall grade follows what counts. */
export function listFacts(owner: RegisterOwner, changes: readonly RiskChange[], rules: RegisterRules): OwnerFact[] {
  if (changes.length === 0) return [];
  const changed: OwnerFact = {
    type: 'RiskListChanged',
    data: { list: openVersion(owner.list), changes: changes.map((change) => listChange(change, owner)) },
  };
  return [changed, ...followOverall(evolveOwner(owner, changed), rules)];
}

/** Whether the enterprise may still name these places; those that risks before them in the same change named are known already. */
export const hasRoomFor = (owner: RegisterOwner, places: readonly Pick<ListChange, 'workshop' | 'team'>[]): boolean =>
  owner.enterprise === undefined || withPlaces(owner.enterprise, places).workshops.length <= MOST_WORKSHOPS;

/** How many risks count under a signed version, by colour. */
export function countingOf(risks: readonly RiskPoint[], signedVersion: number): Readonly<Record<Colour, number>> {
  const counting: Record<Colour, number> = { RED: 0, ORANGE: 0, YELLOW: 0, BLUE: 0 };
  for (const risk of risks) {
    const colour = countingColour(risk, { signedVersion });
    if (colour !== undefined) counting[colour] += 1;
  }
  return counting;
}
