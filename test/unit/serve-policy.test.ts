import { readMilestones, readPolicy, readRule } from '../../functions/serve-policy/api.ts';
import { servePolicy } from '../../functions/serve-policy/serve-policy.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { personId } from '../../shared/domain/ids.ts';
import { policyFor, readCounty } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { serve } from '../../shared/runtime/route.ts';
import { apiCall } from '../support/api-call.ts';
import { county, testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const overlaid = readCounty(
  {
    ...{ county: '533102', name: '瑞丽市', base: 'dehong-2016-7', since: '2026-01-01', adopts: [] },
    overlays: [
      {
        ...{ rule: 'hazards.general.rectify', set: { limit: { days: 5 } }, says: '一般隐患5天内整改' },
        ...{ citation: '瑞安委〔2026〕1号', scope: 'county', validFrom: '2026-05-01' },
      },
    ],
  },
  '533102.json',
);

async function policyApi() {
  const { rules, tokenOf } = await testIssuer();
  const policy = servePolicy((at) => overlaid.at(at.slice(0, 10)));
  const handler = apiHandler({
    service: 'test',
    environment: {
      ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
      ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
    },
    tokens: rules,
    answerOf: async () => undefined,
    routes: [
      serve(readPolicy, policy.readPolicy),
      serve(readRule, policy.readRule),
      serve(readMilestones, policy.readMilestones),
    ],
  });
  const token = await tokenOf({ id: personId('auditor'), role: 'auditor' });
  const call = apiCall(handler);
  return (routeKey: string, query: Record<string, string> = {}, params: Record<string, string> = {}) =>
    call(routeKey, { token, query, params, headers: { 'x-simulated-at': '2026-04-01T00:00:00Z' } });
}

test('every rule of the policy is answered with its numbers, its clause, its origin and its words', async () => {
  const { status, body } = await (await policyApi())('GET /v1/policy');
  expect(status).toBe(200);
  expect(body).toMatchObject({ county: '533102', edition: 'dehong-2016-7.1', number: '德安办〔2016〕7号', issued: '2016-11-24' });
  expect(body.rules.length).toBeGreaterThan(100);
  for (const { rule, why, basis } of body.rules) {
    expect(why.rule).toBe(rule);
    expect(body.clauses).toHaveProperty([why.clause]);
    expect(why.says.length).toBeGreaterThan(3);
    expect(basis.origin).toBe(why.origin);
    expect(basis.quote ?? basis.reason ?? basis.citation).toMatch(/./);
  }
  expect(new Set(body.rules.map(({ why }: { why: { origin: string } }) => why.origin))).toEqual(new Set(['policy', 'ours']));
  expect(Object.keys(body.accidentTypes)).toEqual(['GB 6441-1986', 'GB 6441-2025']);
});

test('nothing of the policy is left out: each of its parts has rules', async () => {
  const { body } = await (await policyApi())('GET /v1/policy');
  const parts = new Set(body.rules.map(({ rule }: { rule: string }) => rule.split('.')[0]));
  const document = policyFor(county, instant('2026-04-01T00:00:00Z'));
  const said = Object.entries(document).filter(([, part]) => typeof part === 'object');
  expect(said.map(([name]) => name).filter((name) => !parts.has(name))).toEqual(['clauses']);
});

test('an overlay of the county shows from its day on, with its citation', async () => {
  const ask = await policyApi();
  const params = { rule: 'hazards.general.rectify' };
  expect((await ask('GET /v1/policy/rules/{rule}', {}, params)).body).toMatchObject({
    values: { limit: { days: 7 } },
    why: { origin: 'ours', clause: '二(五)' },
  });
  expect((await ask('GET /v1/policy/rules/{rule}', { at: '2026-05-01T08:00:00+08:00' }, params)).body).toMatchObject({
    edition: 'dehong-2016-7.1+533102:1',
    values: { limit: { days: 5 } },
    why: { origin: 'overlay', clause: '二(五)', edition: '瑞安委〔2026〕1号' },
    basis: { citation: '瑞安委〔2026〕1号', scope: 'county', validFrom: '2026-05-01' },
  });
});

test('a part of the policy may be asked for by itself; a rule that is not there is named so', async () => {
  const ask = await policyApi();
  const { body } = await ask('GET /v1/policy', { under: 'selfChecks' });
  expect(body.rules.map(({ rule, values }: { rule: string; values: { every: string } }) => [rule, values.every])).toEqual([
    ['selfChecks.RED', 'day'],
    ['selfChecks.ORANGE', 'week'],
    ['selfChecks.YELLOW', 'half-month'],
    ['selfChecks.BLUE', 'month'],
  ]);
  expect((await ask('GET /v1/policy/rules/{rule}', {}, { rule: 'selfChecks' })).status).toBe(404);
});

test('milestones are told in their order, and whether they have passed', async () => {
  const ask = await policyApi();
  const { body } = await ask('GET /v1/policy/milestones', { at: '2017-07-01T00:00:00+08:00' });
  expect(body.items.map(({ due, isPast }: { due: string; isPast: boolean }) => [due, isPast])).toEqual([
    ['2017-03-24', true],
    ['2017-06-23', true],
    ['2017-06-23', true],
    ['2017-06-23', true],
    ['2017-07-21', false],
    ['2017-12-22', false],
  ]);
  expect(body.items[0].why).toMatchObject({ clause: '二(一)', origin: 'policy' });
});
