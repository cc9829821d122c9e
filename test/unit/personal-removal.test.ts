/**
 * One person's name, telephone and identity card number are entered wherever the API takes them, by the real handlers over tables in memory;
 * then the law is obeyed: what is still worked with is corrected, the rest is removed, and the days of the policy pass. Nothing is left.
 */
import { instant, plusDays } from '../../shared/domain/calendar.ts';
import { type Caller, ROLES } from '../../shared/domain/caller.ts';
import type { CommittedValue } from '../../shared/domain/commitment.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { usccOf } from '../support/lists.ts';
import { itemsIn } from '../support/played-county.ts';
import { assessed, enterpriseBody, riskContent } from '../support/register-api.ts';
import { COUNTY, type WholeApi, wholeApi } from '../support/whole-api.ts';

const NAME = '岩坎龙';
const PHONE = '13987654321';
const IDENTITY = '533102199003071234';
/** A text of somebody, in which names cannot be told from other words. */
const TEXT = `请联系负责人，电话 ${PHONE}，身份证 ${IDENTITY}`;

const uscc = usccOf(1);
const enterprise = `ENT:${uscc}` as const;
const photo = (n: number): string => `evidence/${uscc}/${String(n).repeat(64)}.jpg`;

let api: WholeApi;
/** All that was sent, as its hashes would be. */
const hashes = new Set<string>();
function keepHashesOf(...texts: readonly string[]): void {
  for (const text of texts) {
    for (const form of ['hex', 'base64url'] as const) hashes.add(Buffer.from(sha256(text), 'hex').toString(form));
  }
}
let keys = 0;

beforeAll(async () => {
  api = await wholeApi();
});
afterAll(() => api.stop());

const OWNERS: Readonly<Record<string, Caller['owner']>> = {
  ...{ head: enterprise, 'safety-manager': enterprise, 'team-leader': enterprise, 'post-holder': enterprise },
  ...{ 'department-officer': 'DEPT:YJJ', 'department-head': 'DEPT:YJJ' },
};

async function ask(
  as: string,
  at: string,
  routeKey: string,
  {
    key = `removal-${++keys}`,
    ...sent
  }: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown; key?: string } = {},
) {
  const role = ROLES.find((one) => as === one || as === `${one}-2`);
  if (role === undefined) throw new Error(`nobody is ${as}`);
  const owner = OWNERS[role];
  const token = await api.sign({ id: personId(as), role, county: countyCode(COUNTY), ...(owner && { owner }) });
  const [method = '', path = ''] = routeKey.split(' ');
  const { operation } = api.routes.find((route) => route.method === method && route.path === path) ?? {};
  const rawPath = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent.params?.[name] ?? ''));
  keepHashesOf(JSON.stringify(sent.body ?? null), JSON.stringify([operation, rawPath, '', sent.body ?? null]));
  return api.call(routeKey, { token, ...sent, headers: { 'idempotency-key': key, 'x-simulated-at': `2026-${at}:00+08:00` } });
}
async function done(...asked: Parameters<typeof ask>) {
  const answer = await ask(...asked);
  if (answer.status >= 300) throw new Error(`${asked[2]} by ${asked[0]}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const CONTACTS = [{ post: '负责人', name: NAME, phone: PHONE }];
const content = enterpriseBody(1, { address: TEXT, contacts: CONTACTS });
const of = { params: { uscc } };

/** A county's history in which the person stands everywhere; answers what was asked again later. */
async function history(): Promise<{ readonly hazards: readonly string[] }> {
  await done('department-officer', '03-01T08:00', 'POST /v1/enterprises', { body: content, key: 'register-once' });
  const controls = [{ kind: 'monitoring', level: 'team', text: TEXT, person: NAME }];
  const risk = riskContent({ participants: [{ as: 'expert', names: [NAME] }], controls, responsible: NAME, emergency: TEXT });
  for (const no of ['R1', 'R2'])
    await done('safety-manager', '03-01T08:10', 'POST /v1/enterprises/{uscc}/risks', {
      ...of,
      body: { no, content: risk, assessments: assessed('RED') },
    });
  const { version, list, digest } = await done('head', '03-01T08:20', 'GET /v1/enterprises/{uscc}/risk-list', of);
  await done('head', '03-01T08:20', 'POST /v1/enterprises/{uscc}/risk-list/sign', { ...of, body: { version, list, digest } });
  const stop = await done('head', '03-01T08:30', 'POST /v1/enterprises/{uscc}/suspensions', {
    ...of,
    body: {
      ...{ kind: 'maintenance', scope: { of: 'points', points: ['R2'] }, reason: TEXT, approver: NAME },
      ...{ from: '2026-03-05T00:00:00+08:00', until: '2026-03-06T00:00:00+08:00' },
    },
  });
  await done('head', '03-01T09:00', 'POST /v1/enterprises/{uscc}/suspensions/{id}/lift', {
    params: { uscc, id: stop.id },
    body: { version: stop.version, because: TEXT },
  });
  const found = { name: '泄漏', description: TEXT, level: 'general', evidence: [photo(1)] }; // as it is read, so that its hash is
  const round = await done('post-holder', '03-02T08:00', 'POST /v1/check-rounds', {
    body: {
      checkedAt: '2026-03-01T23:50:00.000Z',
      items: [{ riskNo: 'R1', result: 'hazard', answers: 'n', hazards: [found] }],
    },
    key: 'round-once',
  });
  const inRound: string = round.items[0].hazards[0];
  const report = { foundAt: '2026-03-02T08:00:00+08:00', place: TEXT, description: TEXT };
  const reported: string = (await done('team-leader', '03-02T08:10', 'POST /v1/hazards', { body: report })).id;
  const give = async (as: string, at: string, id: string, command: string, body: object) => {
    const { version: seen } = await done('safety-manager', at, 'GET /v1/hazards/{id}', { params: { id } });
    return done(as, at, `POST /v1/hazards/{id}/${command}`, { params: { id }, body: { ...body, version: seen } });
  };
  await give('safety-manager', '03-02T10:00', inRound, 'grade-hazard', { level: 'general' });
  await give('safety-manager', '03-02T10:10', inRound, 'assign-rectification', { rectifier: 'team-leader', until: '2026-03-08' });
  await give('safety-manager', '03-03T10:00', inRound, 'request-extension', { until: '2026-03-09', reason: TEXT });
  await give('team-leader', '03-04T10:00', inRound, 'submit-rectification', { account: TEXT, evidence: [photo(2)] });
  await give('head', '03-04T11:00', inRound, 'return-rectification', { reason: TEXT });
  await give('team-leader', '03-04T12:00', inRound, 'submit-rectification', { account: TEXT, evidence: [photo(3)] });
  await give('head', '03-04T13:00', inRound, 'accept-rectification', { note: TEXT });
  await give('team-leader', '03-02T11:00', reported, 'request-withdrawal', { reason: TEXT });
  await give('safety-manager', '03-02T12:00', reported, 'confirm-withdrawal', {});
  await done('safety-manager', '03-31T09:00', 'POST /v1/hazard-lists/{month}', {
    params: { month: '2026-03' },
    body: { version: 0, note: TEXT },
  });
  await done('department-officer', '03-02T08:00', 'POST /v1/inspectors', {
    body: {
      ...{ id: 'zf-1001', authority: 'YJJ', role: 'enforcer', skills: ['*'] },
      certificate: { no: IDENTITY, until: '2028-12-31' },
    },
  });
  const inspector = { params: { id: 'zf-1001' } };
  await done('department-officer', '03-02T08:00', 'PUT /v1/inspectors/{id}/absences', {
    ...inspector,
    body: { version: 1, absences: [{ from: '2026-03-10', to: '2026-03-12', reason: `${NAME}病假` }] },
  });
  await done('department-head', '03-02T08:10', 'POST /v1/inspectors/{id}/interests', {
    ...inspector,
    body: { version: 2, in: enterprise, kind: 'past-employment', reason: `${NAME}的亲属` },
  });
  const other = { params: { id: 'zf-1002' } };
  await done('department-officer', '03-02T08:00', 'POST /v1/inspectors', {
    body: {
      ...{ id: 'zf-1002', authority: 'YJJ', role: 'enforcer', skills: ['*'] },
      certificate: { no: 'ZF-1002', until: '2028-12-31' },
    },
  });
  await done('department-head', '03-02T08:10', 'POST /v1/inspectors/{id}/interests', {
    ...other,
    body: { version: 1, in: enterprise, kind: 'past-employment', reason: TEXT },
  });
  await done('department-head', '03-02T08:20', 'POST /v1/inspectors/{id}/interests/{no}/lift', {
    params: { id: 'zf-1002', no: '1' },
    body: { version: 2, reason: TEXT },
  });
  const term = { from: '2026-03-02', until: '2026-12-31', reason: TEXT, document: '瑞安委〔2026〕1号' };
  await done('committee-officer', '03-02T08:00', 'POST /v1/key-units', {
    body: { level: 'county', unit: { kind: 'enterprise', uscc }, ...term, version: 0 },
  });
  await done('committee-officer', '03-02T09:00', 'POST /v1/key-units/{level}/{number}/end', {
    params: { level: 'county', number: '1' },
    body: { version: 1, because: TEXT },
  });
  const robot = { channel: 'feed', scope: { of: 'enterprise', uscc }, name: TEXT.slice(0, 50) };
  const feed = await done('safety-manager', '03-02T08:00', 'POST /v1/subscriptions', { body: robot });
  await done('safety-manager', '03-02T09:00', 'POST /v1/subscriptions/{id}/end', {
    params: { id: feed.id },
    body: { version: 1 },
  });
  const audit = await done('committee-officer', '03-02T08:00', 'POST /v1/audits', {
    body: {
      ...{ auditor: 'auditor-1', from: '2026-03-01', to: '2026-03-02', until: '2026-06-01T00:00:00+08:00' },
      ...{ readsPersonalData: false, reason: '年度审计' },
    },
  });
  await done('committee-officer', '03-02T09:00', 'POST /v1/audits/{id}/end', {
    params: { id: audit.id },
    body: { because: TEXT },
  });
  return { hazards: [inRound, reported] };
}

/** What cannot be taken back again takes no number. */
async function refused(): Promise<void> {
  const numbers: readonly (readonly [string, Parameters<typeof ask>[3]])[] = [
    ['POST /v1/imports', { body: { fileName: `${PHONE}.csv`, format: 'csv' } }],
    ['POST /v1/exports', { body: { request: { kind: 'enterprise', enterprise: uscc }, reason: TEXT } }],
  ];
  for (const [routeKey, given] of numbers) expect((await ask('head', '03-03T08:00', routeKey, given)).status).toBe(400);
  const plan = { version: 0, kind: 'SPECIAL', theme: TEXT };
  const params = { authority: 'YJJ', period: '2026-05' };
  const given = { params, body: plan };
  expect((await ask('department-officer', '03-03T08:00', 'PUT /v1/inspection-plans/{authority}/{period}', given)).status).toBe(
    400,
  );
}

/** What is still worked with, corrected or ended by those whose it is. */
async function correct(): Promise<void> {
  const owner = await done('head', '04-01T08:00', 'GET /v1/enterprises/{uscc}', of);
  const { uscc: _, ...rest } = enterpriseBody(1, { contacts: [{ post: '负责人', name: '新人', phone: '13800000000' }] });
  await done('department-officer', '04-01T08:00', 'PUT /v1/enterprises/{uscc}', {
    ...of,
    body: { ...rest, version: owner.version },
  });
  const clean = { params: { uscc, no: 'R1' } };
  await done('head', '04-01T08:10', 'PUT /v1/enterprises/{uscc}/risks/{no}', {
    ...clean,
    body: { version: 1, content: riskContent() },
  });
  await done('head', '04-01T08:20', 'POST /v1/enterprises/{uscc}/risks/{no}/retire', {
    params: { uscc, no: 'R2' },
    body: { version: 1, because: TEXT },
  });
  await done('department-officer', '04-01T08:30', 'POST /v1/inspectors/{id}/retire', {
    params: { id: 'zf-1001' },
    body: { version: 3, because: `${NAME}退休` },
  });
}

/** Of every subject every value that tells of the person. */
async function remove(): Promise<readonly string[]> {
  const codes: string[] = [];
  const wanted = new Set<string>();
  for (const { pk, values } of itemsIn(api.tables, 'PERSONAL_TABLE').values()) {
    for (const { value } of (values ?? []) as CommittedValue[]) {
      if (isOfPerson(value)) wanted.add(JSON.stringify({ subject: pk, value }));
    }
  }
  for (const one of wanted) {
    const { subject, value } = JSON.parse(one) as { subject: string; value: string };
    const body = { subject, of: { by: 'value', value }, reason: '本人要求' };
    const answer = await ask('committee-officer', '04-02T08:00', 'POST /v1/personal-data/removals', { body });
    if (answer.status !== 200) codes.push(`${subject} ${answer.body.code} ${JSON.stringify(answer.body.members)}`);
    else expect(answer.body.says).toContain('30天');
  }
  return codes;
}

const isOfPerson = (text: string): boolean => [NAME, PHONE, IDENTITY].some((one) => text.includes(one));
const events = () => [...itemsIn(api.tables, 'LEDGER_TABLE')].filter(([, { _et }]) => _et === 'EVENT');
/** Each item with the person in it, by what it is. */
const standing = (): readonly string[] =>
  ['REGISTER', 'HAZARDS', 'INSPECTIONS', 'LEDGER', 'CHANNELS', 'EXPORTS', 'PERSONAL'].flatMap((name) =>
    [...itemsIn(api.tables, `${name}_TABLE`)].flatMap(([key, item]) =>
      isOfPerson(JSON.stringify(item)) ? [`${item._et} ${key}`] : [],
    ),
  );

test('after a person’s data was removed and the days of the policy are over, it stands nowhere, and no event was touched', async () => {
  const { hazards } = await history();
  await refused();
  expect(new Set(standing().map((one) => one.split(' ')[0]))).toEqual(
    new Set(['OWNER', 'RISK', 'STOP', 'HAZARD', 'INSPECTOR', 'KEY-UNITS', 'ANSWER', 'SUBSCRIPTION', 'AUDIT', 'PERSONAL']),
  );
  expect((await remove()).some((code) => code.includes('still-registered'))).toBe(true);

  await correct();
  const before = events();
  expect(await remove()).toEqual([]);
  const after = new Map(events());
  for (const [key, event] of before) expect(after.get(key)).toEqual(event);

  const over = plusDays(
    instant('2026-04-02T08:00:00+08:00'),
    policyFor(countyCode(COUNTY), instant('2026-04-02T08:00:00+08:00')).commands.answers.kept.days,
  );
  expect(new Set(standing().map((one) => one.split(' ')[0]))).toEqual(new Set(['ANSWER']));
  api.tables.expire(over);
  expect(standing()).toEqual([]);
  const all = api.tables.snapshot();
  keepHashesOf(NAME, PHONE, IDENTITY, TEXT);
  for (const hash of hashes) expect(all.includes(hash)).toBe(false);

  const again = { body: content, key: 'register-once' };
  expect((await ask('department-officer', '05-03T08:00', 'POST /v1/enterprises', again)).body.code).toBe('already-carried-out');
  const [first = ''] = hazards;
  const read = await done('head', '05-03T08:00', 'GET /v1/hazards/{id}', { params: { id: first } });
  expect(read.finding.description).toBe(`泄漏：请联系负责人，电话 ${'■'.repeat(11)}，身份证 ${'■'.repeat(18)}`);
}, 30_000);
