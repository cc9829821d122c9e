import type { Day } from '../../shared/domain/calendar.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { type Pooling, type PoolObject, type PoolRules, poolOf, wantedOf } from '../../shared/domain/draw-pool.ts';
import { department, GOVERNMENT, itemNo, type ObjectId, personId, townshipCode } from '../../shared/domain/ids.ts';
import type { Inspector, InspectorContent } from '../../shared/domain/inspector.ts';
import { enterpriseObject } from '../../shared/domain/object.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { COUNTY, YJJ } from '../support/draw-county.ts';
import { usccOf } from '../support/lists.ts';

const RULES = policyFor(COUNTY, instant('2026-05-26T00:00:00Z')).drawing;
const TOWN = townshipCode('533102100');
const DAYS = ['2026-06-01', '2026-06-02', '2026-06-03'] as Day[];

const object = (n: number, change: Partial<PoolObject> = {}): PoolObject => ({
  object: enterpriseObject(usccOf(n)),
  colour: 'RED',
  industry: 'hazardous-chemicals',
  township: TOWN,
  owner: enterpriseOwner(usccOf(n)),
  supervisor: departmentOwner(YJJ),
  isKeyUnit: false,
  hasOpenMajorHazard: false,
  visitedInWindow: false,
  suspended: false,
  ...change,
});
const inspector = (id: string, change: Partial<InspectorContent> = {}, rest: Partial<Inspector> = {}): Inspector => ({
  id: personId(id),
  content: { role: 'enforcer', authority: YJJ, skills: ['*'], certificate: { no: id, until: '2030-01-01' as Day }, ...change },
  absences: [],
  interests: [],
  ...rest,
});
const pool = (change: Partial<Pooling> = {}, rules: PoolRules = RULES) =>
  poolOf(
    {
      authority: YJJ,
      kind: 'RANDOM.RED',
      objects: [object(1), object(2)],
      inspectors: [inspector('a'), inspector('b')],
      sentOn: () => [],
      promised: () => 0,
      days: DAYS,
      months: 1,
      items: [],
      ...change,
    },
    rules,
  );

test('strata are colours and industries, the graver first; a department draws what it answers for', () => {
  const { strata, objects } = pool({
    kind: 'SPECIAL',
    objects: [
      object(1, { colour: 'BLUE' }),
      object(2, { industry: 'mine' }),
      object(3),
      object(4, { supervisor: departmentOwner('ZJJ') }),
      object(5, {
        object: 'AREA:533102100:A1' as ObjectId,
        industry: 'area',
        owner: departmentOwner(YJJ),
        supervisor: undefined,
      }),
      object(6, { object: 'AREA:533102100:A2' as ObjectId, industry: 'area', owner: townshipOwner(TOWN), supervisor: undefined }),
    ],
  });
  expect(strata.map(({ name }) => name)).toEqual(['RED.area', 'RED.hazardous-chemicals', 'RED.mine', 'BLUE.hazardous-chemicals']);
  expect(objects.find(({ stratum }) => stratum === 'RED.area')?.skill).toBeNull();
  expect(objects).toHaveLength(4);
});

test('the government draws from all, and sends those of all departments', () => {
  const other = inspector('z', { authority: department('ZJJ') });
  const all = pool({
    authority: GOVERNMENT,
    kind: 'COMPREHENSIVE',
    objects: [object(1), object(2, { supervisor: departmentOwner('ZJJ') })],
    inspectors: [inspector('a'), other],
  });
  expect(all.objects).toHaveLength(2);
  expect(all.inspectors.map((one) => one.inspector)).toEqual(['a', 'z']);
  expect(pool({ inspectors: [inspector('a'), other] }).inspectors.map((one) => one.inspector)).toEqual(['a']);
});

test('what was visited in the window or stands still as a whole is left out, and counted', () => {
  const { objects, leftOut } = pool({
    objects: [object(1, { visitedInWindow: true }), object(2, { suspended: true }), object(3)],
  });
  expect(objects.map((one) => one.object)).toEqual([object(3).object]);
  expect(leftOut).toEqual({ visited: 1, suspended: 1 });
});

test('a random draw gives everybody one chance; others more to key units and to open major hazards', () => {
  const objects = [object(1), object(2, { isKeyUnit: true }), object(3, { isKeyUnit: true, hasOpenMajorHazard: true })];
  expect(pool({ objects }).objects.map(({ weight }) => weight)).toEqual([1, 1, 1]);
  expect(pool({ kind: 'SPECIAL', objects }).objects.map(({ weight }) => weight)).toEqual([1, 2, 3]);
});

test('the last rule that fits holds; a township that has its own is a stratum of its own', () => {
  const rules = {
    ...RULES,
    quotas: {
      rules: [
        { kinds: ['RANDOM' as const], share: { of: 1, in: 10 } },
        { kinds: ['RANDOM' as const], township: '533102101', count: 2 },
      ],
    },
  };
  const there = { township: townshipCode('533102101') };
  const { strata } = pool({ objects: [object(1), object(2, there), object(3, there), object(4, there)] }, rules);
  expect(strata.map(({ name, objects, quota }) => [name, objects, quota])).toEqual([
    ['RED.hazardous-chemicals', 1, 1],
    ['RED.hazardous-chemicals.533102101', 3, 2],
  ]);
});

test.each([
  [{ share: { of: 1, in: 10 } }, 1, 1],
  [{ share: { of: 1, in: 10 } }, 11, 2],
  [{ share: { of: 1, in: 3 } }, 9, 3],
  [{ count: 5 }, 3, 3],
])('a rule of %j asks of %i objects for %i', (rule, objects, wanted) => {
  expect(wantedOf({ kinds: ['RANDOM'], ...rule }, objects)).toBe(wanted);
});

test('capacity is the month less what he is sent to already, and no more than his days: the gap stays said', () => {
  const objects = Array.from({ length: 10 }, (_, n) => object(n + 1));
  const away = { absences: [{ from: DAYS[0] as Day, to: DAYS[1] as Day, reason: '年假' }] };
  const { inspectors, strata } = pool({
    objects,
    inspectors: [inspector('a', {}, away), inspector('b', { perMonth: 8 })],
    sentOn: ({ id }) => (id === 'b' ? (['2026-05-26', ...Array(4).fill('2026-06-30')] as Day[]) : []),
  });
  expect(inspectors.map(({ inspector: id, capacity, absent }) => [id, capacity, absent.length])).toEqual([
    ['a', 2, 2],
    ['b', 3, 0],
  ]);
  expect(strata).toMatchObject([{ objects: 10, quota: 2, wanted: 10 }]);
});

test('where inspectors are short, the graver colour goes first, and strata of one colour share what is left', () => {
  const of = (from: number, count: number, change: Partial<PoolObject>) =>
    Array.from({ length: count }, (_, n) => object(from + n, change));
  const objects = [
    ...of(1, 4, { colour: 'ORANGE' }),
    ...of(100, 20, { colour: 'YELLOW', industry: 'mine' }),
    ...of(200, 40, { colour: 'YELLOW', industry: 'other' }),
  ];
  const share = { rules: [{ kinds: ['SPECIAL' as const], share: { of: 1, in: 1 } }] };
  const { strata } = pool(
    { kind: 'SPECIAL', objects, inspectors: ['a', 'b', 'c', 'd'].map((id) => inspector(id, { perMonth: 5 })) },
    {
      ...RULES,
      quotas: share,
    },
  );
  expect(strata.map(({ name, quota, wanted }) => [name, quota, wanted])).toEqual([
    ['ORANGE.hazardous-chemicals', 4, 4],
    ['YELLOW.mine', 3, 20],
    ['YELLOW.other', 3, 40],
  ]);
});

test('what was announced before and is not drawn keeps its inspectors', () => {
  const capacities = (promised: Pooling['promised']) => pool({ promised }).inspectors.map(({ capacity }) => capacity);
  expect(capacities(({ id }) => (id === 'a' ? 3.2 : 0))).toEqual([2, 6]);
  expect(capacities(() => 35)).toEqual([0, 0]);
});

test('a day that others have filled is one on which he is away; one that is half filled has half its room', () => {
  const [first, second] = DAYS as [Day, Day];
  const { inspectors } = pool({ sentOn: ({ id }) => (id === 'a' ? [first, first, second] : []) });
  expect(inspectors.map(({ capacity, absent }) => [capacity, absent])).toEqual([
    [3, [first]],
    [6, []],
  ]);
});

test('a stratum that nobody can be sent to is no part of the draw, and stands beside it with what is wanted', () => {
  const items = [
    {
      ...{ authority: YJJ, no: itemNo('I1'), name: '安全管理', basis: '安全生产法', way: '现场检查' },
      ...{ appliesTo: ['*'], kinds: ['RANDOM' as const] },
    },
  ];
  const {
    strata,
    unserved,
    objects,
    items: lines,
  } = pool({
    objects: [object(1), object(2, { industry: 'mine' })],
    inspectors: ['a', 'b'].map((id) => inspector(id, { skills: ['mine'] })),
    items,
  });
  expect(strata.map(({ name, quota }) => [name, quota])).toEqual([['RED.mine', 1]]);
  expect(unserved).toMatchObject([{ name: 'RED.hazardous-chemicals', objects: 1, quota: 0, wanted: 1 }]);
  expect([objects.map((one) => one.stratum), lines.map((one) => one.stratum)]).toEqual([['RED.mine'], ['RED.mine']]);
});

test('whoever lost his certificate, retired, or is skilled for something else is no help', () => {
  const { inspectors, strata } = pool({
    objects: [object(1), object(2), object(3)],
    inspectors: [
      inspector('a'),
      inspector('b', { certificate: { no: 'b', until: '2026-06-01' as Day } }),
      inspector('c', { skills: ['mine'] }),
      inspector('d', {}, { retired: { at: instant('2026-05-01T00:00:00Z'), because: '退休' } }),
    ],
  });
  expect(inspectors.map(({ inspector: id, absent }) => [id, absent.length])).toEqual([
    ['a', 0],
    ['b', 2],
    ['c', 0],
  ]);
  expect(strata[0]?.quota).toBe(2); // b has one day, two visits
});

test('interests and employers become recusals of those who could go', () => {
  const interest = {
    no: 1,
    in: object(1).object,
    kind: 'kinship',
    reason: '亲属',
    by: personId('a'),
    at: instant('2026-05-01T00:00:00Z'),
  };
  const { recusals, strata } = pool({
    kind: 'EXPERT',
    inspectors: [
      inspector('a', {}, { interests: [interest] }),
      inspector('b'),
      inspector('x', { role: 'expert', employer: usccOf(2) }),
    ],
  });
  expect(recusals).toEqual([
    { inspector: 'a', object: object(1).object },
    { inspector: 'x', object: object(2).object },
  ]);
  expect(strata[0]?.team).toEqual([
    { role: 'enforcer', count: 2 },
    { role: 'expert', count: 1 },
  ]);
});

test('items are drawn where there are more than a visit goes through; else all apply; in any case they are frozen', () => {
  const item = (no: number) => ({
    authority: YJJ,
    no: itemNo(`I${no}`),
    name: '安全管理',
    basis: '安全生产法',
    appliesTo: ['hazardous-chemicals'],
    kinds: ['RANDOM' as const],
    way: '现场检查',
  });
  const many = Array.from({ length: 12 }, (_, n) => item(n + 1));
  expect(pool({ items: many }).strata[0]?.items).toBe(10);
  expect(pool({ items: many }).items).toHaveLength(12);
  const few = pool({ items: many.slice(0, 10) });
  expect(few.strata[0]?.items).toBe(0);
  expect(few.items).toHaveLength(10);
  expect(pool({ kind: 'SPECIAL', items: many }).strata[0]?.items).toBe(0);
});

test('a plan narrows the draw to its industries and townships', () => {
  const plan = {
    authority: YJJ,
    period: '2026-06' as never,
    kind: 'SPECIAL' as const,
    theme: '烟花爆竹',
    industries: ['fireworks'],
    townships: [],
  };
  expect(pool({ kind: 'SPECIAL', plan, objects: [object(1), object(2, { industry: 'fireworks' })] }).objects).toHaveLength(1);
});
