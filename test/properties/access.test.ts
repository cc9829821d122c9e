import fc from 'fast-check';
import { ACCESS, grantOf, mayDo, type Operation, type Subject } from '../../shared/domain/access.ts';
import { type Caller, ROLES } from '../../shared/domain/caller.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { countyCode, personId, townshipCode } from '../../shared/domain/ids.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';

const counties = ['533102', '533103'].map(countyCode);
const townships = ['533102001', '533102102'].map(townshipCode);
const enterprises = ['91533102MA6K1A2B1', '91533102MA6K1A2B2'].map((first17) =>
  enterpriseOwner(creditCode(`${first17}${checkCharacter(first17)}`)),
);
const departments = ['YJJ', 'ZJJ'].map(departmentOwner);
const owners = [...enterprises, ...townships.map(townshipOwner), ...departments];
const operations = Object.keys(ACCESS) as Operation[];

/** What is published to everybody is nobody's: the announcements of draws and the items that may be inspected. */
const PUBLIC: readonly Operation[] = ['ReadItems', 'ReadDraw'];
const isPublic = (operation: Operation): boolean => PUBLIC.includes(operation);

const callers: fc.Arbitrary<Caller> = fc.record(
  {
    id: fc.constant(personId('p-1')),
    role: fc.constantFrom(...ROLES),
    county: fc.constantFrom(...counties),
    owner: fc.constantFrom(...owners),
  },
  { requiredKeys: ['id', 'role', 'county'] },
);
const subjects: fc.Arbitrary<Subject> = fc.record(
  {
    county: fc.constantFrom(...counties),
    owner: fc.constantFrom(...owners),
    township: fc.constantFrom(...townships),
    supervisor: fc.constantFrom(...departments),
  },
  { requiredKeys: ['county'] },
);

test('nobody acts on a record of another county, whatever his role', () => {
  fc.assert(
    fc.property(callers, subjects, fc.constantFrom(...operations), (caller, subject, operation) => {
      if (caller.county !== subject.county) expect(mayDo(caller, operation, subject)).toBe(false);
    }),
  );
});

test('the staff of an enterprise never act on, or see, a record of another owner', () => {
  const staff = new Set(['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder']);
  fc.assert(
    fc.property(callers, subjects, fc.constantFrom(...operations), (caller, subject, operation) => {
      if (isPublic(operation)) return;
      if (staff.has(caller.role) && mayDo(caller, operation, subject)) expect(subject.owner).toBe(caller.owner);
    }),
    { numRuns: 1000 },
  );
});

test('a township or a department reaches what is its own, lies in it or is supervised by it, and nothing else', () => {
  const local = /^(township|department)-/;
  fc.assert(
    fc.property(callers, subjects, fc.constantFrom(...operations), (caller, subject, operation) => {
      if (isPublic(operation) || !local.test(caller.role) || !mayDo(caller, operation, subject)) return;
      const its = [subject.owner, subject.supervisor, subject.township && townshipOwner(subject.township)];
      expect(caller.owner !== undefined && its.includes(caller.owner)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a role without a grant may do nothing, and an auditor or the operator changes nothing in the register', () => {
  fc.assert(
    fc.property(callers, subjects, fc.constantFrom(...operations), (caller, subject, operation) => {
      if (grantOf(caller, operation) === undefined) expect(mayDo(caller, operation, subject)).toBe(false);
    }),
  );
  const changes = operations.filter((operation) => !/^(Read|Import|RequestExport$)/.test(operation));
  for (const operation of changes) {
    expect(Object.keys(ACCESS[operation])).not.toContain('auditor');
    expect(Object.keys(ACCESS[operation])).not.toContain('operator');
  }
});

test('an auditor reads exports within his audits, what is published, the policy and the documentation, and nothing that the county works with', () => {
  const read = operations.filter((operation) => Object.keys(ACCESS[operation]).includes('auditor') && !isPublic(operation));
  const ofExports = ['ReadAudit', 'ReadExport', 'ReadSalts', 'RequestExport'];
  expect(read.sort()).toEqual([...ofExports, 'ReadDocumentation', 'ReadPolicy'].sort());
});

test('the operator sees that a channel fails and that something was told, and not what', () => {
  for (const operation of ['ReadSubscription', 'ReadDeliveries'] as const)
    expect(Object.keys(ACCESS[operation])).toContain('operator');
  expect(Object.keys(ACCESS.ReadFeed)).not.toContain('operator');
});

test('what is one person’s own nobody else keeps, has sent or reads, whatever his office; that it is there the county’s offices see', () => {
  const county = countyCode('533102');
  const subject: Subject = { county, team: [personId('p-1')] };
  const by = (operation: Operation, id: string) =>
    ROLES.filter((role) => mayDo({ id: personId(id), role, county, owner: departmentOwner('YJJ') }, operation, subject));
  for (const operation of ['KeepSubscription', 'TestSubscription', 'ReplayMessages', 'ReadFeed'] as const) {
    expect([operation, by(operation, 'p-2')]).toEqual([operation, []]);
    expect(by(operation, 'p-1')).toEqual(expect.arrayContaining(['department-officer', 'expert', 'committee-officer']));
  }
  expect(by('EndSubscription', 'p-2')).toEqual(['committee-officer', 'government-head']);
  for (const operation of ['ReadSubscription', 'ReadDeliveries'] as const)
    expect(by(operation, 'p-2').sort()).toEqual(
      ['committee-officer', 'government-head', 'operator', 'prefecture-officer'].sort(),
    );
});

test('only a head signs a list, removes a risk or approves a stop', () => {
  for (const operation of ['SignRiskList', 'RetireRisk', 'ApproveSuspension'] as const)
    expect(Object.keys(ACCESS[operation])).toEqual(['head']);
  expect(Object.keys(ACCESS.SignAreaList).sort()).toEqual(['department-head', 'township-head']);
});

test('only what is published to everybody is public, and it is read', () => {
  const open = operations.filter((operation) => Object.values<string>(ACCESS[operation]).includes('public'));
  expect(open.toSorted()).toEqual(PUBLIC.toSorted());
});

test('who was drawn reaches the tasks of his team, and who sends him out those of his authority alone', () => {
  const team = [personId('p-1')];
  const county = countyCode('533102');
  const officer: Caller = { id: personId('p-1'), role: 'department-officer', county, owner: departmentOwner('YJJ') };
  const theirs: Subject = { county, owner: departmentOwner('ZJJ') };
  expect(mayDo(officer, 'ReadTask', { ...theirs, team })).toBe(true);
  expect(mayDo(officer, 'ReadTask', { ...theirs, team: [personId('p-2')] })).toBe(false);
  const committee: Caller = { id: personId('p-3'), role: 'committee-officer', county };
  expect(mayDo(committee, 'ReadTask', theirs)).toBe(false);
  expect(mayDo(committee, 'ReadTask', { county, isGovernments: true })).toBe(true);
});
