/** What people are told of draws, through the API's own wrapper: everything but what was drawn, until it is revealed. */
import { servedDraws } from '../../functions/serve-draws/served.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { ACCESS } from '../../shared/domain/access.ts';
import { type Instant, instant } from '../../shared/domain/calendar.ts';
import { ROLES, type Role } from '../../shared/domain/caller.ts';
import { personId } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall, type Call } from '../support/api-call.ts';
import { BALLS, COUNTY, chief, DrawCounty, NUMBERS, officer, YJJ } from '../support/draw-county.ts';
import { usccOf } from '../support/lists.ts';
import { testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const ONE = { authority: YJJ, number: 1 };
const params = { authority: 'YJJ', number: '1' };
const DRAWN = instant('2026-05-28T13:15:00Z');

const issuer = await testIssuer();

/** Announced, keyed, drawn and assigned; and the API over it. */
async function assigned() {
  const world = new DrawCounty('2026-05-26T01:00:00Z');
  await world.withEnterprises('RED', [1, 2, 3, 4]);
  await world.withInspectors(['i1', 'i2', 'i3']);
  await world.open('RANDOM.RED');
  const call = callsOn(world);
  world.now = DRAWN;
  await world.enter(ONE, officer, NUMBERS);
  await world.enter(ONE, chief, NUMBERS);
  await world.deliver();
  return { world, call };
}

let keys = 0;
function callsOn(world: DrawCounty) {
  const routes = servedDraws({
    county: COUNTY,
    draws: world.draws,
    files: world.files,
    tasks: world.tasks,
    policyAt: (at: Instant) => policyFor(COUNTY, at),
  });
  const environment = {
    COUNTY,
    ISSUER: issuer.rules.issuer,
    AUDIENCE: issuer.rules.audience,
    JWKS_URI: 'https://issuer.test/jwks',
    SIMULATION: 'true',
  } as const;
  const answer = apiCall(apiHandler({ service: 'test', environment, routes, answerOf: commandAnswer, tokens: issuer.rules }));
  return async (route: string, role: Role, call: Call = {}, owner: Owner | undefined = ownerOf(role)) => {
    const token = await issuer.tokenOf({ id: personId(`${role}-1`), role, ...(owner && { owner }) });
    const headers = { 'x-simulated-at': world.now, 'idempotency-key': `draw-key-${++keys}`, ...call.headers };
    return answer(route, { ...call, token, headers });
  };
}

const ownerOf = (role: Role): Owner | undefined => {
  if (ACCESS.SubmitRound[role as keyof typeof ACCESS.SubmitRound] !== undefined) return `ENT:${usccOf(1)}`;
  if (role.startsWith('township-')) return 'TOWN:533102100';
  return role.startsWith('department-') ? 'DEPT:YJJ' : undefined;
};

test('no role is told what was drawn before it is revealed, by whatever it asks or does', async () => {
  const { world, call } = await assigned();
  const [first, second] = await world.tasksOf(ONE);
  if (first === undefined || second === undefined) throw new Error('nothing was drawn');
  const { version } = await world.of(ONE);
  const told: string[] = [];
  for (const role of ROLES) {
    const value = NUMBERS;
    const answers = [
      await call('GET /v1/draws', role),
      await call('GET /v1/draws/{authority}/{number}', role, { params }),
      await call('GET /v1/draws/{authority}/{number}/bundle', role, { params }),
      await call('GET /v1/draws/refusals', role, { query: { authority: 'YJJ' } }),
      await call('POST /v1/draws', role, {
        body: { authority: 'YJJ', kind: 'RANDOM.RED', period: '2026-06', reason: '再抽一次' },
      }),
      await call('POST /v1/draws/{authority}/{number}/enter-randomness', role, { params, body: { version, source: 0, value } }),
      await call('POST /v1/draws/{authority}/{number}/replace-objects', role, {
        params,
        body: { version, replace: [{ task: second.task.id, reason: '找不到' }], days: ['2026-05-28'] },
      }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      told.push(JSON.stringify(body));
    }
  }
  const answer = await call('POST /v1/draws/{authority}/{number}/replace-objects', 'department-head', {
    params,
    body: { version, replace: [{ task: first.task.id, reason: '已搬迁' }], days: ['2026-06-10'] },
  });
  expect(answer).toMatchObject({ status: 200, body: { stage: 'assigned' } });
  told.push(JSON.stringify(answer.body));
  for (const n of [1, 2, 3, 4]) expect(told.join('\n')).not.toContain(usccOf(n));
  for (const { object } of (await world.tasksOf(ONE)).map(({ task }) => task)) expect(told.join('\n')).not.toContain(object);
});

test('everybody who may read draws sees announcement, stage, counts and gaps', async () => {
  const { call } = await assigned();
  const { body } = await call('GET /v1/draws/{authority}/{number}', 'head', { params });
  expect(body).toMatchObject({
    drawId: '533102.YJJ:000001',
    kindName: '重大风险对象随机抽查',
    stageName: '检查中',
    isOverdue: false,
    strata: [{ name: 'RED.hazardous-chemicals', objects: 4, quota: 4, wanted: 4, gap: 0 }],
    leftOut: { visited: 0, suspended: 0 },
    iterations: [{ no: 1, drawn: 4, unassigned: 0 }],
  });
  expect((await call('GET /v1/draws', 'head', { query: { kind: 'RANDOM.RED', stage: 'assigned' } })).body.items).toHaveLength(1);
  expect((await call('GET /v1/draws', 'head', { query: { stage: 'revealed' } })).body.items).toEqual([]);
  expect((await call('GET /v1/draws', 'head', { query: { authority: 'ZJJ' } })).body.items).toEqual([]);
  expect((await call('GET /v1/draws/{authority}/{number}', 'head', { params: { ...params, number: '9' } })).status).toBe(404);
});

test('the list goes on behind its cursor, partition by partition', async () => {
  const { world, call } = await assigned();
  await world.withEnterprises('YELLOW', [11]);
  await world.open('RANDOM.YELLOW', instant('2026-06-26T01:00:00Z'));
  const first = await call('GET /v1/draws', 'auditor', { query: { limit: '1' } });
  expect(first.body.items).toMatchObject([{ kind: 'RANDOM.RED' }]);
  const rest = await call('GET /v1/draws', 'auditor', { query: { cursor: first.body.cursor } });
  expect(rest.body.items).toMatchObject([{ kind: 'RANDOM.YELLOW' }, { kind: 'RANDOM.YELLOW' }]);
  expect((await call('GET /v1/draws', 'auditor', { query: { cursor: 'nonsense' } })).status).toBe(400);
});

test('the bundle lists what is public: the announcement and the directory at once, everything once it is revealed', async () => {
  const { world, call } = await assigned();
  const filesOf = async (): Promise<string[]> =>
    (await call('GET /v1/draws/{authority}/{number}/bundle', 'auditor', { params })).body.files
      .map((one: { file: string }) => one.file)
      .sort();
  expect(await filesOf()).toEqual(['announcement.json', 'objects.tsv']);
  await world.visitAll(ONE);
  await world.sweepUntilQuiet();
  expect(await filesOf()).toEqual([...world.bundle(ONE).keys()].sort());
});

test('only whose draw it is may void it, with the version that he saw; once void it stays so', async () => {
  const { world, call } = await assigned();
  const path = 'POST /v1/draws/{authority}/{number}/void';
  const body = { version: (await world.of(ONE)).version, reason: '名录有误' };
  expect((await call(path, 'department-officer', { params, body })).status).toBe(403);
  expect((await call(path, 'department-head', { params, body }, 'DEPT:ZJJ')).status).toBe(403);
  expect((await call(path, 'government-head', { params, body })).status).toBe(403);
  expect((await call(path, 'department-head', { params, body: { ...body, version: 1 } })).body.code).toBe('stale-version');
  expect(await call(path, 'department-head', { params, body })).toMatchObject({ status: 200, body: { stage: 'void' } });
  const { version } = await world.of(ONE);
  expect((await call(path, 'department-head', { params, body: { ...body, version } })).body.code).toBe('draw-ended');
});

test('from its instant on a draw by drand is void only once its value is entered, in its one writing', async () => {
  const chain = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
  const drand = { type: 'drand', chain, genesis: 1692803367, period: 3, mirrors: [] } as const;
  const signature = 'b7'.repeat(48);
  const world = new DrawCounty('2026-05-26T01:00:00Z', {
    randomness: [drand, BALLS],
    fetchRound: async () => ({ randomness: 'f'.repeat(64), signature }),
  });
  await world.withEnterprises('RED', [1]);
  await world.withInspectors(['i1', 'i2']);
  await world.open('RANDOM.RED');
  const call = callsOn(world);
  const asking = async (command: string, more: Record<string, unknown>) => {
    const { version } = await world.of(ONE);
    return call(`POST /v1/draws/{authority}/{number}/${command}`, 'department-head', { params, body: { version, ...more } });
  };
  world.now = DRAWN;
  const value = { randomness: 'f'.repeat(64), signature: signature.repeat(2) };
  const long = await asking('enter-randomness', { source: 0, value });
  expect([long.status, JSON.stringify(long.body)]).toEqual([400, expect.stringContaining('48字节')]);
  const hidden = await asking('void', { reason: '名录有误' });
  expect(hidden).toMatchObject({ status: 409, body: { code: 'enter-randomness-first', source: 0 } });
  expect(hidden.body.detail).toContain('drand');
  await world.sweep(); // finds the round
  expect(await asking('void', { reason: '本期号码未公布' })).toMatchObject({ status: 200 });
});

test('the same command again is answered as it was, and does nothing more', async () => {
  const { world, call } = await assigned();
  const path = 'POST /v1/draws/{authority}/{number}/void';
  const again = {
    params,
    body: { version: (await world.of(ONE)).version, reason: '名录有误' },
    headers: { 'idempotency-key': 'the-same-key' },
  };
  const first = await call(path, 'department-head', again);
  expect(await call(path, 'department-head', again)).toMatchObject({ status: 200, body: first.body });
  expect(world.ledger().filter(({ type }) => type === 'DrawVoided')).toHaveLength(1);
});

test('what is replaced has to be a visit of this draw that is not made, on a day that is left', async () => {
  const { world, call } = await assigned();
  const path = 'POST /v1/draws/{authority}/{number}/replace-objects';
  const { version } = await world.of(ONE);
  const [first] = await world.tasksOf(ONE);
  const id = first?.task.id;
  const replace = (task: unknown, day = '2026-06-10') =>
    call(path, 'department-head', { params, body: { version, replace: [{ task, reason: '已搬迁' }], days: [day] } });
  expect((await replace('R.YJJ.000009.1.0001')).body.code).toBe('task-not-replaceable');
  expect((await replace(id, '2026-06-13')).body.code).toBe('day-not-left');
  expect((await replace(id)).status).toBe(200);
  const { version: next } = await world.of(ONE);
  const again = { version: next, replace: [{ task: id, reason: '已搬迁' }], days: ['2026-06-10'] };
  expect((await call(path, 'department-head', { params, body: again })).body.code).toBe('replacing-already');
});

test('why a draw could not be announced is told to those who can mend it', async () => {
  const world = new DrawCounty('2026-05-26T01:00:00Z');
  await world.withEnterprises('RED', [1]);
  await world.withInspectors(['i1']);
  const kin = { no: 1, in: world.objectOf(1), kind: 'kinship', reason: '亲属', by: chief.id, at: world.now };
  await world.withInspectors(['i2'], {}, { interests: [kin] });
  await world.open('RANDOM.RED');
  const call = callsOn(world);
  const asked = { query: { authority: 'YJJ' } };
  const { body } = await call('GET /v1/draws/refusals', 'department-head', asked);
  expect(body.items).toMatchObject([{ kind: 'RANDOM.RED', code: 'infeasible', says: expect.stringContaining(usccOf(1)) }]);
  for (const role of ['head', 'department-officer', 'auditor', 'government-head'] as const)
    expect((await call('GET /v1/draws/refusals', role, asked)).status).toBe(403);
});
