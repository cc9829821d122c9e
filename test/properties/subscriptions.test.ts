/** Who is told: subscriptions of every scope and role, held against asking each reader by himself. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ROLES, type Role } from '../../shared/domain/caller.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { personId, townshipCode } from '../../shared/domain/ids.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import type { Audience } from '../../shared/domain/reminder.ts';
import { isFor, type ScopeKind, type SubscriptionScope, scopeKey, scopesOf } from '../../shared/domain/subscription.ts';

const enterprises = ['91533102MA6K1A2B1', '91533102MA6K1A2B2'].map((first17) =>
  creditCode(`${first17}${checkCharacter(first17)}`),
);
const townships = ['533102001', '533102102'].map(townshipCode);
const departments = ['YJJ', 'ZJJ'];
const workshops = ['一车间', '二车间'];
const persons = ['p-1', 'p-2'].map(personId);

const SCOPES: readonly SubscriptionScope[] = [
  ...enterprises.map((uscc) => ({ of: 'enterprise', uscc }) as const),
  ...enterprises.flatMap((uscc) => workshops.map((workshop) => ({ of: 'workshop', uscc, workshop }) as const)),
  ...townships.map((township) => ({ of: 'township', township }) as const),
  ...departments.map((department) => ({ of: 'department', department }) as const),
  ...persons.map((person) => ({ of: 'inspector', person }) as const),
  { of: 'county' },
];
const owners = [...enterprises.map(enterpriseOwner), ...townships.map(townshipOwner), ...departments.map(departmentOwner)];

const audiences: fc.Arbitrary<Audience> = fc.record(
  {
    roles: fc.subarray([...ROLES]),
    owner: fc.constantFrom(...owners),
    workshops: fc.subarray(workshops),
    township: fc.constantFrom(...townships),
    department: fc.constantFrom(...departments.map(departmentOwner)),
    persons: fc.subarray(persons),
  },
  { requiredKeys: ['roles'] },
);

const SIDE: Readonly<Record<Exclude<ScopeKind, 'inspector'>, RegExp>> = {
  enterprise: /^(head|safety-manager|workshop-head|team-leader|post-holder)$/,
  workshop: /^(workshop-head|team-leader|post-holder)$/,
  township: /^township-/,
  department: /^department-/,
  county: /^(committee|government|prefecture)-/,
};

/** Whether one who has this role and reads there is of the audience, said relation by relation. */
function isOf(scope: SubscriptionScope, role: Role, audience: Audience): boolean {
  if (scope.of === 'inspector') return (audience.persons ?? []).includes(scope.person);
  if (!SIDE[scope.of].test(role) || !audience.roles.includes(role)) return false;
  switch (scope.of) {
    case 'enterprise':
      return audience.owner === `ENT:${scope.uscc}`;
    case 'workshop':
      return audience.owner === `ENT:${scope.uscc}` && (audience.workshops ?? workshops).includes(scope.workshop);
    case 'township':
      return audience.township === scope.township || audience.owner === `TOWN:${scope.township}`;
    case 'department':
      return [audience.department, audience.owner].includes(`DEPT:${scope.department}`);
    case 'county':
      return true;
  }
}

test('a subscription is for an audience where one of its readers is, for every scope and every role', () => {
  let found = 0;
  fc.assert(
    fc.property(audiences, (audience) => {
      for (const scope of SCOPES) {
        const all = ROLES.filter((role) => isOf(scope, role, audience));
        expect(isFor({ scope }, audience)).toBe(all.length > 0);
        if (all.length > 0) found += 1;
        // Whom it is for is found by its scope.
        if (all.length > 0) expect(scopesOf(audience)).toContain(scopeKey(scope));
        if (scope.of === 'inspector') continue;
        for (const role of ROLES) expect(isFor({ scope, roles: [role] }, audience)).toBe(all.includes(role));
      }
    }),
    { numRuns: 150 },
  );
  expect(found).toBeGreaterThan(100);
});

test('nobody of another enterprise, township or department is told', () => {
  fc.assert(
    fc.property(audiences, fc.constantFrom(...SCOPES), (audience, scope) => {
      if (!isFor({ scope }, audience)) return;
      if (scope.of === 'enterprise' || scope.of === 'workshop') expect(audience.owner).toBe(enterpriseOwner(scope.uscc));
      if (scope.of === 'township') expect([audience.township, audience.owner?.slice(5)]).toContain(scope.township);
      if (scope.of === 'department') expect([audience.department, audience.owner]).toContain(departmentOwner(scope.department));
    }),
    { numRuns: 200 },
  );
});
