import { sampleCounty } from '../../infra/local/sample/county.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { COLOURS, isGraver } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { type Assessment, gradeRisk } from '../../shared/domain/grading.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { enterpriseOwner, isOwner } from '../../shared/domain/owner.ts';
import { townshipsOf } from '../../shared/policy/divisions.ts';
import { gradingRulesOf, policyFor } from '../../shared/policy/load.ts';

const ruili = countyCode('533102');
const policy = policyFor(ruili, instant('2026-03-01T00:00:00Z'));
const sample = sampleCounty(ruili, policy, seededRandom(533102));
const { enterprises, risks, areas, people } = sample;

test('the same seed gives the same county, another seed another', () => {
  expect(sampleCounty(ruili, policy, seededRandom(533102))).toEqual(sample);
  expect(sampleCounty(ruili, policy, seededRandom(533103))).not.toEqual(sample);
});

test('sixty enterprises of every industry of the policy stand in the real townships, under codes that check', () => {
  expect(enterprises).toHaveLength(60);
  expect(new Set(enterprises.map(({ uscc }) => uscc)).size).toBe(60);
  expect(new Set(enterprises.map(({ name }) => name)).size).toBe(60);
  const townships = townshipsOf(ruili);
  for (const { uscc, township, supervisor, industry } of enterprises) {
    expect(creditCode.is(uscc) && townships.has(township)).toBe(true);
    expect(supervisor).toBe(policy.industries.values[industry]?.department);
  }
  expect(new Set(enterprises.map(({ township }) => township)).size).toBe(townships.size);
  const named = [...policy.industryLists.focus.industries, ...policy.industryLists.plan.industries];
  expect(named.filter((industry) => !enterprises.some((enterprise) => enterprise.industry === industry))).toEqual([]);
});

test('nothing in it could be taken for real: every name says that it is a sample, every telephone is none', () => {
  for (const { name, headPhone } of enterprises) {
    expect(name).toContain('样例');
    expect(headPhone).toMatch(/^0692-0\d{6}$/);
  }
  for (const { name, id } of people) {
    expect(name).toContain('样例');
    expect(id).toMatch(/^u-[a-z0-9]{6}-\d{4}$/);
  }
  for (const { name } of areas) expect(name).toContain('样例');
});

test('six hundred risk points are 2, 8, 30 and 60 per cent red, orange, yellow and blue', () => {
  expect(COLOURS.map((colour) => risks.filter(({ residualGrade }) => residualGrade === colour).length)).toEqual([
    12, 48, 180, 360,
  ]);
  expect(new Set(risks.map(({ uscc, no }) => `${uscc}/${no}`)).size).toBe(600);
});

test('some points of the enterprises that store hazardous chemicals are major installations, and nothing else is', () => {
  const marked = risks.filter(({ majorInstallation }) => majorInstallation !== undefined);
  expect(marked.length).toBeGreaterThan(2);
  expect(marked.length).toBeLessThan(10);
  const industryOf = new Map(enterprises.map(({ uscc, industry }) => [uscc, industry]));
  expect(new Set(marked.map(({ uscc }) => industryOf.get(uscc)))).toEqual(new Set(['hazardous-chemicals']));
  expect(new Set(marked.map(({ installationNo }) => installationNo)).size).toBe(marked.length);
});

test('every grade is what the policy’s tables make of the factors, and controls never made a risk graver', () => {
  const rules = gradingRulesOf(policy);
  for (const risk of [...risks, ...areas]) {
    for (const side of ['inherent', 'residual'] as const) {
      const chosen = (['L', 'E', 'C', 'M', 'S'] as const).flatMap((id) => {
        const value = risk[`${side}${id}`];
        return value === undefined ? [] : [[id, value] as const];
      });
      const colour = risk[`${side}Grade`];
      const assessment: Assessment =
        risk.method === 'EXPERTS'
          ? { method: 'EXPERTS', colour, experts: risk.experts ?? [], reason: risk.gradeReason ?? '' }
          : { method: risk.method, factors: Object.fromEntries(chosen) };
      expect(gradeRisk(assessment, rules)).toMatchObject({ kind: 'graded', grade: { colour } });
    }
    expect(isGraver(risk.residualGrade, risk.inherentGrade)).toBe(false);
  }
  expect(new Set(risks.map(({ method }) => method))).toEqual(new Set(['LEC', 'LS', 'MES', 'EXPERTS']));
});

test('every risk point has what its notice card asks for, and controls of all four kinds at all four levels', () => {
  for (const risk of risks) {
    const { mainRisk, possibleHazards, consequences, emergency, reporting, responsible } = risk;
    expect([mainRisk, possibleHazards, consequences, emergency, reporting, responsible].every((text) => text !== '')).toBe(true);
    const controls = [risk.isolation, risk.technical, risk.monitoring, risk.protection].flat();
    expect(new Set(controls.map(({ level }) => level))).toEqual(new Set(Object.keys(policy.controls.levels.values)));
    for (const code of risk.accidents) expect(policy.accidents.editions['GB 6441-1986']).toHaveProperty([code]);
    for (const code of risk.dimensions) expect(policy.identification.dimensions.values).toHaveProperty([code]);
  }
});

test('public areas belong to townships and departments', () => {
  expect(areas.some(({ owner }) => owner === undefined) && areas.some(({ owner }) => owner !== undefined)).toBe(true);
  for (const { owner, township } of areas) {
    expect(townshipsOf(ruili).has(township)).toBe(true);
    if (owner !== undefined) expect(policy.departments.values).toHaveProperty([owner]);
  }
});

test('every point has people: a head who signs, a safety manager, and somebody at its post', () => {
  const at = (role: string, owner: string, post?: string) =>
    people.some((person) => person.role === role && person.owner === owner && (post === undefined || person.post === post));
  for (const { uscc, post } of risks) {
    const owner = enterpriseOwner(uscc);
    expect(at('head', owner) && at('safety-manager', owner) && at('post-holder', owner, post)).toBe(true);
  }
  for (const { owner } of people) expect(owner === undefined || isOwner(owner)).toBe(true);
  expect(new Set(people.map(({ id }) => id)).size).toBe(people.length);
  for (const role of ['township-head', 'department-head', 'committee-officer', 'government-head', 'auditor', 'operator']) {
    expect(people.some((person) => person.role === role)).toBe(true);
  }
});

test('most enterprises are diligent, some sloppy, a few absent', () => {
  const count = (behaviour: string) => enterprises.filter((enterprise) => enterprise.behaviour === behaviour).length;
  expect([count('diligent'), count('sloppy'), count('absent')]).toEqual([42, 13, 5]);
});
