/** Key units: designated by those of the level, within the quota at every instant of a term, one kind at a time. */
import type { Day } from '../../shared/domain/calendar.ts';
import { instant } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { countyCode, personId, townshipCode } from '../../shared/domain/ids.ts';
import {
  designate,
  designatedOn,
  endDesignation,
  evolveKeyUnits,
  type KeyLevel,
  type KeyUnit,
  type KeyUnits,
  keyObjectsOn,
  noKeyUnits,
  quotaStates,
} from '../../shared/domain/key-unit.ts';
import { townshipOwner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { keyUnitRulesOf } from '../../shared/policy/supervision-rules.ts';
import { usccOf } from '../support/lists.ts';

const at = instant('2026-03-02T09:00:00+08:00');
const rules = keyUnitRulesOf(policyFor(countyCode('533102'), at));
const day = (text: string) => text as Day;
const by = personId('committee');
const townships = [...rules.townships];
const [town = townshipCode('533102001')] = townships;
const enterprise = (n: number): KeyUnit => ({ kind: 'enterprise', uscc: usccOf(n) });
const section = (name: string): KeyUnit => ({ kind: 'section', name, township: town, owner: townshipOwner(town) });
const township = (n: number): KeyUnit => ({ kind: 'township', township: townships[n] ?? town });

const ask = (units: KeyUnits, unit: KeyUnit, from = '2026-03-02', until = '2026-12-31', role?: Role) =>
  designate(units, { unit, from: day(from), until: day(until), reason: '风险集中', document: '瑞安委〔2026〕1号' }, rules, {
    at,
    role: role ?? (units.level === 'county' ? 'committee-officer' : 'prefecture-officer'),
  });
const reasonOf = (ruling: ReturnType<typeof ask>): string => (ruling.kind === 'denied' ? ruling.reason : 'designated');
/** What stands after these were designated one after the other. */
const after = (level: KeyLevel, ...asked: readonly (readonly [KeyUnit, from?: string, until?: string])[]): KeyUnits =>
  asked.reduce((units, [unit, from, until]) => {
    const ruling = ask(units, unit, from, until);
    if (ruling.kind === 'denied') throw new Error(ruling.reason);
    return ruling.events.reduce((state, fact) => evolveKeyUnits(state, fact, at, by), units);
  }, noKeyUnits(level));

test.each<[KeyLevel, KeyUnit, Role, string]>([
  ['county', township(0), 'committee-officer', 'designated'],
  ['county', township(0), 'government-head', 'designated'],
  ['county', enterprise(1), 'committee-officer', 'designated'],
  ['county', section('姐告大桥'), 'committee-officer', 'designated'],
  ['prefecture', { kind: 'county', county: countyCode('533102') }, 'prefecture-officer', 'designated'],
  ['prefecture', enterprise(1), 'prefecture-officer', 'designated'],
  ['county', township(0), 'prefecture-officer', 'level-of-another'],
  ['prefecture', enterprise(1), 'committee-officer', 'level-of-another'],
  ['county', { kind: 'county', county: countyCode('533102') }, 'committee-officer', 'kind-of-another-level'],
  ['prefecture', township(0), 'prefecture-officer', 'kind-of-another-level'],
  ['county', { kind: 'township', township: townshipCode('533103001') }, 'committee-officer', 'unknown-unit'],
  ['prefecture', { kind: 'county', county: countyCode('530102') }, 'prefecture-officer', 'unknown-unit'],
])('at the level %s %j by %s: %s', (level, unit, role, outcome) => {
  expect(reasonOf(ask(noKeyUnits(level), unit, undefined, undefined, role))).toBe(outcome);
});

test('a term runs forward, begins today or later, and so never adds to a day that is past', () => {
  const none = noKeyUnits('county');
  expect(reasonOf(ask(none, township(0), '2026-05-01', '2026-04-30'))).toBe('term-backwards');
  expect(reasonOf(ask(none, township(0), '2026-01-01', '2026-03-01'))).toBe('term-over');
  expect(reasonOf(ask(none, township(0), '2026-03-01', '2026-03-02'))).toBe('term-begun');
  expect(reasonOf(ask(none, township(0), '2026-03-02', '2026-03-02'))).toBe('designated');
});

test('up to the quota and not one more, counted on the days on which they hold together', () => {
  const three = after('county', [township(0)], [township(1)], [township(2)]);
  expect(reasonOf(ask(three, township(3)))).toBe('quota-exceeded');
  expect(reasonOf(ask(three, township(3), '2027-01-01', '2027-12-31'))).toBe('designated');
  const inTurn = after(
    'county',
    [township(0)],
    [township(1)],
    [township(2), '2026-03-02', '2026-06-30'],
    [township(3), '2026-07-01', '2026-12-31'],
  );
  expect(reasonOf(ask(inTurn, township(4), '2026-06-01', '2026-07-31'))).toBe('quota-exceeded');
  const five = after('county', ...[1, 2, 3, 4, 5].map((n) => [enterprise(n)] as const));
  expect(reasonOf(ask(five, enterprise(6)))).toBe('quota-exceeded');
  expect(reasonOf(ask(five, township(0)))).toBe('designated');
  const ten = after('prefecture', ...Array.from({ length: 10 }, (_, n) => [enterprise(n + 1)] as const));
  expect(reasonOf(ask(ten, enterprise(11)))).toBe('quota-exceeded');
});

test('enterprises or sections, not both at a time; and nothing twice', () => {
  const chosen = after('county', [enterprise(1), '2026-03-02', '2026-06-30']);
  expect(reasonOf(ask(chosen, section('姐告大桥')))).toBe('other-kind-chosen');
  expect(reasonOf(ask(chosen, section('姐告大桥'), '2026-07-01', '2026-12-31'))).toBe('designated');
  expect(reasonOf(ask(chosen, enterprise(1), '2026-06-30', '2026-12-31'))).toBe('already-designated');
  expect(reasonOf(ask(chosen, enterprise(1), '2026-07-01', '2026-12-31'))).toBe('designated');
  expect(reasonOf(ask(after('prefecture', [enterprise(1)]), enterprise(2)))).toBe('designated');
});

test('what is ended holds no more and makes room; it is ended once, by those of its level', () => {
  const full = after('county', ...[1, 2, 3, 4, 5].map((n) => [enterprise(n)] as const));
  const end = (units: KeyUnits, no: number, role: Role = 'committee-officer') =>
    endDesignation(units, no, '整改完成', { at, role });
  const ended = end(full, 2);
  if (ended.kind === 'denied') throw new Error(ended.reason);
  const four = ended.events.reduce((state, fact) => evolveKeyUnits(state, fact, at, by), full);
  expect(keyObjectsOn(four, day('2026-03-02'))).toEqual([1, 3, 4, 5].map((n) => `ENT:${usccOf(n)}`));
  expect(designatedOn(full, day('2026-03-02'))).toHaveLength(5);
  expect(reasonOf(ask(four, enterprise(6)))).toBe('designated');
  expect(end(four, 2)).toMatchObject({ reason: 'designation-over' });
  expect(end(four, 9)).toMatchObject({ reason: 'not-designated' });
  expect(end(four, 3, 'prefecture-officer')).toMatchObject({ reason: 'level-of-another' });
});

test('fewer than the quota is told as what is lacking', () => {
  const on = day('2026-03-02');
  expect(quotaStates(noKeyUnits('county'), rules, on)).toEqual({
    areas: { kind: 'township', atLeast: 2, atMost: 3, designated: 0, shortfall: 2 },
    units: { kind: undefined, atLeast: 5, atMost: 5, designated: 0, shortfall: 5 },
  });
  const some = after('county', [township(0)], [township(1)], [section('大桥')]);
  expect(quotaStates(some, rules, on)).toMatchObject({
    areas: { designated: 2, shortfall: 0 },
    units: { kind: 'section', designated: 1, shortfall: 4 },
  });
  expect(quotaStates(some, rules, day('2027-03-02')).areas).toMatchObject({ designated: 0, shortfall: 2 });
});

test('a record does not grow for ever: those of the past are kept by the ledger', () => {
  let units = noKeyUnits('county');
  for (let no = 1; no <= 80; no++) {
    const ruling = ask(units, township(no % townships.length), '2026-03-02', '2026-03-31');
    if (ruling.kind === 'denied') throw new Error(ruling.reason);
    units = ruling.events.reduce((state, fact) => evolveKeyUnits(state, fact, at, by), units);
    const ended = endDesignation(units, no, '调整', { at, role: 'committee-officer' });
    if (ended.kind === 'denied') throw new Error(ended.reason);
    units = ended.events.reduce((state, fact) => evolveKeyUnits(state, fact, at, by), units);
  }
  expect(units.last).toBe(80);
  expect(units.designations.length).toBeLessThan(60);
  expect(units.designations.at(-1)?.no).toBe(80);
});
