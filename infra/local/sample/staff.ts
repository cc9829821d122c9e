/** Who answers for an enterprise: its own people by role, and those of its department, its township and the county. */
import type { Role } from '../../../shared/domain/caller.ts';
import { departmentOwner, enterpriseOwner, type Owner, townshipOwner } from '../../../shared/domain/owner.ts';
import type { SampleCounty, SampleEnterprise, SamplePerson, SampleRisk } from './county.ts';

export interface Staff {
  readonly head: SamplePerson;
  readonly manager: SamplePerson;
  readonly officer: SamplePerson;
  readonly departmentHead: SamplePerson;
  readonly townshipOfficer: SamplePerson;
  readonly government: SamplePerson;
  /** The people of a point's place. */
  at(risk: SampleRisk): {
    readonly workshopHead: SamplePerson;
    readonly teamLeader: SamplePerson;
    readonly postHolder: SamplePerson;
  };
}

/** Somebody in a role; without `owner`, of the county. */
export function somebody(
  { people }: Pick<SampleCounty, 'people'>,
  role: Role,
  owner?: Owner,
  place: Partial<Pick<SamplePerson, 'workshop' | 'team' | 'post'>> = {},
): SamplePerson {
  const found = people.find(
    (person) =>
      person.role === role &&
      person.owner === owner &&
      (Object.keys(place) as (keyof typeof place)[]).every((part) => person[part] === place[part]),
  );
  if (found === undefined) throw new Error(`the sample has no ${role} of ${owner ?? 'the county'} ${JSON.stringify(place)}`);
  return found;
}

export function staffOf(sample: Pick<SampleCounty, 'people'>, { uscc, supervisor, township }: SampleEnterprise): Staff {
  const [owner, department] = [enterpriseOwner(uscc), departmentOwner(supervisor)];
  return {
    head: somebody(sample, 'head', owner),
    manager: somebody(sample, 'safety-manager', owner),
    officer: somebody(sample, 'department-officer', department),
    departmentHead: somebody(sample, 'department-head', department),
    townshipOfficer: somebody(sample, 'township-officer', townshipOwner(township)),
    government: somebody(sample, 'government-head'),
    at: ({ workshop, team, post }) => ({
      workshopHead: somebody(sample, 'workshop-head', owner, { workshop }),
      teamLeader: somebody(sample, 'team-leader', owner, { workshop, team }),
      postHolder: somebody(sample, 'post-holder', owner, { workshop, team, post }),
    }),
  };
}
