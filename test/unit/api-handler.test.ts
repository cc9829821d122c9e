import * as z from 'zod';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { personId } from '../../shared/domain/ids.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { defineRoute, type Request, serve } from '../../shared/runtime/route.ts';
import { apiCall } from '../support/api-call.ts';
import { county, testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const addRisk = defineRoute({
  operation: 'AddRisk',
  method: 'POST',
  path: '/v1/things/{no}',
  summary: '新增',
  params: z.strictObject({ no: z.string().max(5) }),
  body: z.strictObject({ name: z.string().min(1) }),
  output: z.strictObject({ no: z.string(), at: z.string() }),
  status: 201,
});
const readRisk = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/things/{no}',
  summary: '查看',
  params: z.strictObject({ no: z.string() }),
  output: z.strictObject({ no: z.string() }),
});

const owner = enterpriseOwner(creditCode('91350100M000100Y43'));
const manager: Omit<Caller, 'county'> = { id: personId('p-1'), role: 'safety-manager', owner };

async function api(
  work: (request: Request<typeof addRisk>) => Promise<unknown> = async ({ params, at }) => ({ ...params, at }),
  simulation = false,
) {
  const { rules, tokenOf } = await testIssuer();
  const carriedOut = new Map<string, { requestHash: string; answer: unknown }>();
  const seen: Request<typeof addRisk>[] = [];
  const handler = apiHandler({
    service: 'test',
    environment: {
      COUNTY: county,
      ISSUER: rules.issuer,
      AUDIENCE: rules.audience,
      JWKS_URI: 'https://issuer.test/keys',
      SIMULATION: simulation ? 'true' : 'false',
    },
    tokens: rules,
    answerOf: async ({ caller, commandId, requestHash }) => {
      const before = carriedOut.get(`${caller.id}#${commandId}`);
      return before && { isSame: before.requestHash === requestHash, answer: before.answer };
    },
    routes: [
      serve(addRisk, async (request) => {
        seen.push(request);
        const answer = (await work(request)) as { no: string; at: string };
        const key = `${request.caller.id}#${request.commandId}`;
        if (carriedOut.has(key)) throw new StaleVersion('seen');
        carriedOut.set(key, { requestHash: request.requestHash, answer });
        return answer;
      }),
      serve(readRisk, async ({ params }) => params),
    ],
  });
  return { call: apiCall(handler), tokenOf, seen };
}

const write = (token: string, body: unknown = { name: '锅炉' }, key = 'command-1') => ({
  token,
  params: { no: 'R1' },
  body,
  headers: { 'idempotency-key': key },
});

test('a request without a token, with one that is forged, expired, for another audience or of another county is refused', async () => {
  const { call, tokenOf } = await api();
  const other = await testIssuer();
  const seconds = Math.floor(Date.now() / 1000);
  const ask = async (token?: string) =>
    (await call('GET /v1/things/{no}', { ...(token && { token }), params: { no: 'R1' } })).body.code;
  expect(await ask()).toBe('token-missing');
  expect(await ask('a.b.c')).toBe('token-refused');
  expect(await ask(await other.tokenOf(manager))).toBe('token-refused');
  expect(await ask(await tokenOf(manager, { exp: seconds - 120 }))).toBe('token-expired');
  expect(await ask(await tokenOf(manager, { aud: 'somebody-else' }))).toBe('token-refused');
  expect(await ask(await tokenOf(manager, { iss: 'https://elsewhere.test' }))).toBe('token-refused');
  expect(await ask(await tokenOf({ ...manager, county: '533103' }))).toBe('other-county');
  expect(await ask(await tokenOf({ id: personId('p-1'), role: 'head' }))).toBe('token-incomplete');
  expect(await ask(await tokenOf(manager))).toBeUndefined();
});

test('a token without a signature is refused, whatever its header claims', async () => {
  const { call, tokenOf } = await api();
  const [, payload] = (await tokenOf(manager)).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  expect((await call('GET /v1/things/{no}', { token: `${none}.${payload}.x`, params: { no: 'R1' } })).status).toBe(401);
});

test('a role without the grant is refused before the work is reached', async () => {
  const { call, tokenOf, seen } = await api();
  const answer = await call('POST /v1/things/{no}', write(await tokenOf({ ...manager, role: 'post-holder' })));
  expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', operation: 'AddRisk' } });
  expect(seen).toEqual([]);
});

test('an unknown field, a missing one and an unknown query parameter are refused with their places', async () => {
  const { call, tokenOf } = await api();
  const token = await tokenOf(manager);
  const unknown = await call('POST /v1/things/{no}', write(token, { name: '锅炉', colour: 'RED' }));
  expect(unknown).toMatchObject({
    status: 400,
    body: { code: 'malformed', errors: [{ where: 'body', message: '不认识的字段：colour' }] },
  });
  for (const name of ['https://robot.example.cn/send?key=693axxx6', 'SECabcdef0123456789']) {
    const pasted = await call('POST /v1/things/{no}', write(token, { name: '锅炉', [name]: '' }));
    expect(pasted).toMatchObject({ status: 400, body: { errors: [{ message: expect.stringMatching(/不认识的字段.*未显示/) }] } });
    const asked = await call('GET /v1/things/{no}', { token, params: { no: 'R1' }, query: { [name]: '1' } });
    expect([asked.status, `${JSON.stringify(asked.body)}${JSON.stringify(pasted.body)}`.includes(name)]).toEqual([400, false]);
  }
  const missing = await call('POST /v1/things/{no}', write(token, {}));
  expect(missing.body.errors).toEqual([{ where: 'body', at: 'name', message: '必填' }]);
  const query = await call('GET /v1/things/{no}', { token, params: { no: 'R1' }, query: { all: '1' } });
  expect(query).toMatchObject({ status: 400, body: { code: 'malformed' } });
});

test('half of a character has no bytes, and is refused; a whole one is taken however it is written', async () => {
  const { call, tokenOf } = await api();
  const token = await tokenOf(manager);
  const codeOf = async (body: string, key = `key-of-${body.length}`) =>
    (await call('POST /v1/things/{no}', write(token, body, key))).body.code;
  expect(await codeOf('{"name":"a\\ud83d"}')).toBe('half-character');
  expect(await codeOf('{"name":"a\\\\\\uDE00"}')).toBe('half-character');
  for (const whole of ['{"name":"\\ud83d\\ude00"}', '{"name":"😀"}', '{"name":"\\\\ud83d"}'])
    expect(await codeOf(whole)).toBeUndefined();
});

test('a body that is not JSON and a write without its key are refused', async () => {
  const { call, tokenOf } = await api();
  const token = await tokenOf(manager);
  expect((await call('POST /v1/things/{no}', write(token, '{'))).body.code).toBe('not-json');
  expect((await call('POST /v1/things/{no}', { ...write(token), headers: {} })).body.code).toBe('idempotency-key-missing');
  expect((await call('POST /v1/things/{no}', write(token, undefined, '短'))).body.code).toBe('idempotency-key-malformed');
  const ofAnImport = await call('POST /v1/things/{no}', write(token, undefined, 'import.0123456789abcdef01234567.0000.0'));
  expect(ofAnImport).toMatchObject({ status: 400, body: { code: 'idempotency-key-reserved' } });
});

test('the same command again is answered as it was the first time; another request under its key is refused', async () => {
  const { call, tokenOf } = await api();
  const token = await tokenOf(manager);
  const first = await call('POST /v1/things/{no}', write(token));
  const again = await call('POST /v1/things/{no}', write(token));
  expect(first.status).toBe(201);
  expect(again).toEqual(first);
  const other = await call('POST /v1/things/{no}', write(token, { name: '配电房' }));
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
});

test('a command that its rules would refuse by now is still answered as it was', async () => {
  let closed = false;
  const { call, tokenOf } = await api(async ({ params, at }) => {
    if (closed) throw new Problem(409, 'list-closed', '清单已关闭。');
    closed = true;
    return { ...params, at };
  });
  const token = await tokenOf(manager);
  const first = await call('POST /v1/things/{no}', write(token));
  expect(await call('POST /v1/things/{no}', write(token))).toEqual(first);
  expect((await call('POST /v1/things/{no}', write(token, undefined, 'command-2'))).body.code).toBe('list-closed');
});

test('a stale version is decided again a few times, then said', async () => {
  let fails = 2;
  const { call, tokenOf, seen } = await api(async ({ params, at }) => {
    if (fails-- > 0) throw new StaleVersion('other writer');
    return { ...params, at };
  });
  const token = await tokenOf(manager);
  expect((await call('POST /v1/things/{no}', write(token))).status).toBe(201);
  expect(seen).toHaveLength(3);
  fails = 99;
  expect(await call('POST /v1/things/{no}', write(token, undefined, 'command-2'))).toMatchObject({
    status: 409,
    body: { code: 'stale-version' },
  });
});

test('only a simulated county lets a request say when it happens', async () => {
  const headers = { 'idempotency-key': 'command-1', 'x-simulated-at': '2026-03-01T08:00:00+08:00' };
  const real = await api();
  const simulated = await api(undefined, true);
  const at = async ({ call, tokenOf }: typeof real) =>
    (await call('POST /v1/things/{no}', { ...write(await tokenOf(manager)), headers })).body.at;
  expect(await at(simulated)).toBe('2026-03-01T00:00:00.000Z');
  expect(await at(real)).not.toBe('2026-03-01T00:00:00.000Z');
});

test('a cursor that the table does not take for this list is the caller’s mistake and no fault', async () => {
  const { call, tokenOf } = await api(async () => {
    throw Object.assign(new Error('The provided starting key is outside query boundaries'), { name: 'ValidationException' });
  });
  const answer = await call('POST /v1/things/{no}', write(await tokenOf(manager)));
  expect(answer).toMatchObject({ status: 400, body: { code: 'cursor-malformed' } });
});

test('a fault says nothing of its inside', async () => {
  const { call, tokenOf } = await api(async () => {
    throw new Error('table Register-XYZ is on fire');
  });
  const answer = await call('POST /v1/things/{no}', write(await tokenOf(manager)));
  expect(answer).toMatchObject({ status: 500, body: { code: 'fault' } });
  expect(JSON.stringify(answer.body)).not.toContain('fire');
});

test('a request was received when the gateway had it, however long a cold start took after that', async () => {
  const { call, tokenOf } = await api();
  const token = await tokenOf(manager);
  const at = async (timeEpoch: number, key: string): Promise<string> =>
    (await call('POST /v1/things/{no}', { ...write(token, { name: '锅炉' }, key), timeEpoch })).body.at;
  const beforeMidnight = Date.parse('2026-03-02T23:59:59.500+08:00');
  expect(await at(beforeMidnight, 'command-1')).toBe('2026-03-02T15:59:59.500Z');
  const before = new Date().toISOString();
  for (const [index, senseless] of [0, -1, Number.NaN].entries()) {
    expect((await at(senseless, `command-of-${index}`)) >= before).toBe(true);
  }
});
