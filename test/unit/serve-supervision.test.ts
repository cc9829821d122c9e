/** Key units and the grid by the API, and the daily look for gaps, over the real stores with tables in memory. */
import { checkGrid } from '../../functions/check-grid/check-grid.ts';
import * as api from '../../functions/serve-supervision/api.ts';
import { servedSupervision } from '../../functions/serve-supervision/served.ts';
import { commandAnswer, commit, StaleVersion } from '../../shared/data/commit.ts';
import { dynamoGridStore } from '../../shared/data/grid-store.ts';
import { dynamoHazardStore, hazardWrites } from '../../shared/data/hazard-store.ts';
import { eachInstallationFrom, installationWrites } from '../../shared/data/installation-store.ts';
import { dynamoKeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { ownerWrites } from '../../shared/data/owner-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { riskWrites } from '../../shared/data/risk-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { type GridTargetId, gridTargetSubject } from '../../shared/domain/grid-target.ts';
import { type Hazard, hazardSubject } from '../../shared/domain/hazard.ts';
import { personId, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { MajorInstallation, RiskPoint } from '../../shared/domain/register-risk.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { gapRulesOf } from '../../shared/policy/supervision-rules.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { apiCall } from '../support/api-call.ts';
import { department, enterprise, given, people as party, township, uscc } from '../support/hazard-case.ts';
import { usccOf } from '../support/lists.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { county, testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const person = (id: string, role: Role, owner?: Actor['owner']) => ({ id: personId(id), role, ...(owner && { owner }) });
const people = {
  ...party,
  prefecture: person('prefecture', 'prefecture-officer'),
  otherTownship: person('other-mayor', 'township-head', 'TOWN:533102102'),
  police: person('police', 'department-head', 'DEPT:GAJ'),
  otherDepartment: person('other-chief', 'department-head', 'DEPT:JTJ'),
  stranger: person('stranger', 'head', `ENT:${usccOf(1)}`),
};
type Who = keyof typeof people;

const NOW = '2026-03-02T09:00:00+08:00';
const gapRules = gapRulesOf(policyFor(county, instant(NOW)));
const occasion = { at: instant(NOW), county, actor: party.system };

const recordOf = (owner: RegisterOwner['owner'], of: string, supervisor: RegisterOwner['owner']): RegisterOwner => ({
  ...newOwner(owner),
  enterprise: {
    name: '样例厂',
    township: townshipCode(of),
    industry: 'hazardous-chemicals',
    supervisor,
    contacts: [],
    workshops: [],
  },
  list: { version: 1, signedVersion: 1 },
  version: 1,
});
const riskOf = (owner: RegisterOwner['owner'], no: string, colour: Colour, more: Partial<RiskPoint> = {}): RiskPoint => {
  const grade = { colour, explanation: '专家评定', method: 'EXPERTS', experts: ['甲'], reason: '储量大' } as const;
  return {
    ...{ owner, no: riskNo(no), addedIn: 1, changedIn: 1, version: 1, grades: { inherent: grade, residual: grade } },
    content: {
      ...{ name: no, location: '', dimensions: [], participants: [], mainRisk: '', accidents: [], possibleHazards: '' },
      ...{ consequences: '', controls: [], emergency: '', reporting: '', responsible: '' },
    },
    ...more,
  };
};
const installation = (risk: RiskPoint, majorInstallation: MajorInstallation = {}): RiskPoint => ({
  ...risk,
  content: { ...risk.content, majorInstallation },
});

const put = async (risk: RiskPoint, before?: RiskPoint) =>
  commit({
    writes: [...riskWrites(county, { before, after: risk, facts: [] }), ...installationWrites(county, { before, after: risk })],
    events: [],
  });
const store = (hazard: Hazard) => commit({ ...hazardWrites({ hazard, facts: [], ifVersion: 0, occasion }) });

/** A county with one enterprise and two areas: what the grid has to cover, and what it has not. */
async function supervision() {
  memoryTables();
  const sources = {
    county,
    register: dynamoRegisterStore(county),
    hazards: dynamoHazardStore,
    installations: (cursor?: string) => eachInstallationFrom(county, cursor),
  };
  const grid = dynamoGridStore(county);
  const { rules, tokenOf } = await testIssuer();
  const call = apiCall(
    apiHandler({
      service: 'test',
      environment: {
        ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
        ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
      },
      tokens: rules,
      answerOf: commandAnswer,
      routes: servedSupervision({ ...sources, grid, keyUnits: dynamoKeyUnitStore(county) }),
    }),
  );
  let keys = 0;
  const ask = async (
    who: Who,
    route: Route,
    sent: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown; key?: string } = {},
  ) => {
    const { key, ...rest } = sent;
    const headers = { 'x-simulated-at': NOW, 'idempotency-key': key ?? `command-${++keys}` };
    const { status, body } = await call(`${route.method} ${route.path}`, { token: await tokenOf(people[who]), ...rest, headers });
    return { status, body };
  };
  const failed: GridTargetId[] = [];
  const check = checkGrid({
    sources: { ...sources, covers: ['major-risk', 'major-installation', 'major-hazard'] },
    grid,
    rules: gapRules,
    failed: (target) => failed.push(target),
  });

  const signed = { list: { version: 1, signedVersion: 1 }, version: 1 };
  await commit({
    writes: [
      ...ownerWrites(county, undefined, recordOf(enterprise, township, department)),
      ...ownerWrites(county, undefined, { ...newOwner(`TOWN:${township}`), ...signed }),
      ...ownerWrites(county, undefined, { ...newOwner('DEPT:JTJ'), ...signed }),
      ...ownerWrites(county, undefined, recordOf(`ENT:${usccOf(1)}`, '533102102', 'DEPT:ZJJ')),
    ],
    events: [],
  });
  for (const risk of [
    installation(riskOf(enterprise, 'R-1', 'RED')),
    installation(riskOf(enterprise, 'R-2', 'YELLOW')),
    riskOf(enterprise, 'R-3', 'ORANGE'),
    riskOf(enterprise, 'R-4', 'RED', { addedIn: 2 }),
    riskOf(`TOWN:${township}`, 'A-1', 'RED', { township }),
    riskOf('DEPT:JTJ', 'A-2', 'RED', { township: townshipCode('533102102') }),
  ])
    await put(risk);
  const major = given([
    'wang',
    instant('2026-03-02T10:00:00+08:00'),
    { type: 'GradeHazard', level: 'major', criterion: 'hard-to-cure', basis: '须停产' },
  ]);
  await store(major);
  const targets = [
    `RISK#${uscc}#R-1`,
    `AREA#${township}#A-1`,
    'AREA#533102102#A-2',
    `RISK#${uscc}#R-2`,
    hazardSubject(major.id),
  ] as const;
  const eventsOf = async (id: GridTargetId) => (await dynamoLedgerStore.ofSubject(gridTargetSubject(id), 50)).events;
  return { ask, check, failed, targets, eventsOf, grid };
}

type Item = { target: string; kinds: string[]; township: Record<string, unknown>; department: Record<string, unknown> };
const itemsOf = (body: Record<string, unknown>) => body.items as Item[];
const responsible = (id: string) => ({ person: id, post: '站长' });
const cell = (of: string) => ({ params: { township: of } });

describe('the grid', () => {
  test('covers every red risk that counts, every major installation, every open major hazard, each once, page by page', async () => {
    const { ask, targets } = await supervision();
    const all = await ask('committee', api.listGrid);
    expect(itemsOf(all.body).map(({ target, kinds }) => [target, kinds])).toEqual([
      [targets[0], ['major-risk', 'major-installation']],
      [targets[1], ['major-risk']],
      [targets[2], ['major-risk']],
      [targets[3], ['major-installation']],
      [targets[4], ['major-hazard']],
    ]);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await ask('committee', api.listGrid, { query: { limit: '2', ...(cursor && { cursor }) } });
      paged.push(...itemsOf(body).map(({ target }) => target));
      cursor = body.cursor as string | undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual([...targets]);
    const malformed = await ask('committee', api.listGrid, { query: { cursor: 'NOWHERE.1' } });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'cursor-malformed']);
  });

  test('is shown to each for what is his, by township, department and kind', async () => {
    const { ask, targets } = await supervision();
    const seen = async (who: Who, query: Record<string, string> = {}) =>
      itemsOf((await ask(who, api.listGrid, { query })).body).map(({ target }) => target);
    expect(await seen('dao')).toEqual([targets[0], targets[1], targets[3], targets[4]]);
    expect(await seen('otherTownship')).toEqual([targets[2]]);
    expect(await seen('duan')).toEqual([targets[0], targets[3], targets[4]]);
    expect(await seen('otherDepartment')).toEqual([targets[2]]);
    expect(await seen('prefecture')).toHaveLength(5);
    expect(await seen('committee', { township })).toHaveLength(4);
    expect(await seen('committee', { department: 'DEPT:JTJ' })).toEqual([targets[2]]);
    expect(await seen('committee', { kind: 'major-installation' })).toEqual([targets[0], targets[3]]);
    expect((await ask('zhao', api.listGrid)).status).toBe(403);
  });

  test('names a person and his post on either side, or says who is missing', async () => {
    const { ask, targets } = await supervision();
    const gaps = async () => itemsOf((await ask('committee', api.listGridGaps)).body).map(({ target }) => target);
    expect(await gaps()).toEqual([...targets]);
    const set = await ask('mayor', api.setGridCell, { ...cell(township), body: { version: 0, responsible: responsible('dao') } });
    expect(set).toMatchObject({ status: 200, body: { version: 1, cells: [{ responsible: responsible('dao') }] } });
    const line = { params: { dept: 'YJJ' }, body: { version: 0, responsible: responsible('duan') } };
    expect(await ask('yang', api.setGridLine, line)).toMatchObject({ status: 200, body: { lines: [{ industry: '*' }] } });
    expect(await gaps()).toEqual([targets[1], targets[2]]);
    const { body } = await ask('dao', api.listGrid);
    expect(itemsOf(body)[0]).toMatchObject({
      township: { code: township, responsible: responsible('dao') },
      department: { code: 'DEPT:YJJ', name: expect.any(String), responsible: responsible('duan') },
      why: { clause: '三(四)' },
    });
    expect(itemsOf(body)[1]).toMatchObject({ department: { gap: 'no-department' } });
  });

  test('cells and lines are set by those whose they are, on the version that they saw', async () => {
    const { ask } = await supervision();
    const set = (who: Who, of: string, version = 0) =>
      ask(who, api.setGridCell, { ...cell(of), body: { version, part: '东片', responsible: responsible('dao') } });
    expect((await set('otherTownship', township)).status).toBe(404);
    expect((await set('duan', township)).status).toBe(403);
    expect((await set('dao', township)).status).toBe(200);
    expect(await set('dao', township)).toMatchObject({ status: 409, body: { code: 'stale-version', version: 1 } });
    expect((await set('committee', '533103001')).body.code).toBe('unknown-township');
    expect(await ask('mayor', api.readTownshipGrid, cell(township))).toMatchObject({
      body: { version: 1, cells: [{ part: '东片' }] },
    });
    expect((await ask('otherTownship', api.readTownshipGrid, cell(township))).status).toBe(404);
    const line = (who: Who, dept: string, industry = 'area') =>
      ask(who, api.setGridLine, { params: { dept }, body: { version: 0, industry } });
    expect((await line('duan', 'JTJ')).status).toBe(404);
    expect((await line('duan', 'YJJ', 'farming')).body.code).toBe('unknown-industry');
    expect(await line('duan', 'YJJ')).toMatchObject({
      status: 200,
      body: { lines: [{ industry: 'area', industryName: '公共区域' }] },
    });
    expect((await ask('otherDepartment', api.readDepartmentGrid, { params: { dept: 'YJJ' } })).status).toBe(404);
    expect(await ask('duan', api.readDepartmentGrid, { params: { dept: 'YJJ' } })).toMatchObject({ body: { version: 1 } });
    const twice = { ...cell(township), key: 'the-same-key', body: { version: 1, responsible: responsible('dao') } };
    const first = await ask('dao', api.setGridCell, twice);
    expect(await ask('dao', api.setGridCell, twice)).toEqual(first);
  });

  test('a township says which of its cells, a department which of its lines, the committee both', async () => {
    const { ask, targets } = await supervision();
    await ask('mayor', api.setGridCell, {
      ...cell(township),
      body: { version: 0, part: '东片', responsible: responsible('dao') },
    });
    const assign = (who: Who, target: string, version: number, sides: object) =>
      ask(who, api.assignGrid, { body: { target, version, ...sides } });
    const part = { cell: { part: '东片' } };
    expect((await assign('otherTownship', targets[0], 0, part)).status).toBe(404);
    expect((await assign('yang', targets[0], 0, part)).status).toBe(403);
    expect((await assign('mayor', targets[0], 0, { line: { department: 'DEPT:YJJ' } })).status).toBe(403);
    expect((await assign('mayor', targets[0], 0, { cell: { part: '西片' } })).body.code).toBe('no-such-cell');
    expect(await assign('mayor', targets[0], 0, part)).toMatchObject({
      status: 200,
      body: { version: 1, township: { part: '东片', responsible: responsible('dao') }, department: { code: 'DEPT:YJJ' } },
    });
    expect((await assign('mayor', targets[0], 0, part)).body.code).toBe('stale-version');
    const area = await assign('committee', targets[1], 0, { line: { department: 'DEPT:GAJ' } });
    expect(area).toMatchObject({ body: { department: { code: 'DEPT:GAJ', gap: 'no-line' } } });
    const seen = itemsOf((await ask('police', api.listGrid)).body).map(({ target }) => target);
    expect(seen).toContain(targets[1]);
    expect((await assign('committee', `RISK#${uscc}#R-3`, 0, part)).status).toBe(404);
    expect((await assign('committee', 'HAZ#R0000000000000000', 0, part)).status).toBe(404);
    expect((await assign('committee', `RISK#${'0'.repeat(18)}#R-1`, 0, part)).status).toBe(404);
  });
});

describe('the daily look', () => {
  const at = instant('2026-03-03T06:00:00+08:00');

  test('records every gap once, and once that it is mended; the API tells since when', async () => {
    const { ask, check, targets, eventsOf, failed } = await supervision();
    expect(await check(at)).toEqual({ targets: 5, found: 10, closed: 0, escalated: 0, failed: 0 });
    expect(await check(at)).toEqual({ targets: 5, found: 0, closed: 0, escalated: 0, failed: 0 });
    const before = await eventsOf(targets[0]);
    expect(before.map(({ type, data, sequence }) => [type, data, sequence])).toMatchObject([
      ['GridGapFound', { target: targets[0], side: 'township', why: 'no-cell', township }, 1],
      ['GridGapFound', { side: 'department', why: 'no-line', department }, 2],
    ]);
    const { body } = await ask('committee', api.listGridGaps);
    const known = { since: at, due: instant('2026-03-10T06:00:00+08:00'), isOverdue: false };
    expect(itemsOf(body)[0]).toMatchObject({ township: known, department: known });
    await ask('mayor', api.setGridCell, { ...cell(township), body: { version: 0, responsible: responsible('dao') } });
    expect(await check(at)).toEqual({ targets: 5, found: 0, closed: 4, escalated: 0, failed: 0 });
    expect((await eventsOf(targets[0])).at(-1)).toMatchObject({
      type: 'GridGapClosed',
      data: { side: 'township', because: 'mended' },
    });
    expect(failed).toEqual([]);
  });

  test('tells of what is not mended in time, and the API shows it', async () => {
    const { ask, check, targets, eventsOf } = await supervision();
    await check(instant('2026-02-01T06:00:00+08:00'));
    const late = instant('2026-02-08T06:00:00+08:00');
    expect(await check(late)).toMatchObject({ found: 0, escalated: 10 });
    expect(await check(late)).toMatchObject({ escalated: 0 });
    expect((await eventsOf(targets[0])).at(-1)).toMatchObject({
      type: 'GridGapEscalated',
      data: { side: 'department', step: 1 },
    });
    expect(itemsOf((await ask('committee', api.listGridGaps)).body)[0]).toMatchObject({ township: { isOverdue: true } });
  });

  test('closes the gaps of what is no target any more, and finds them again when it is one again', async () => {
    const { check, targets, eventsOf } = await supervision();
    await check(at);
    const [was, is] = [installation(riskOf(enterprise, 'R-2', 'YELLOW')), riskOf(enterprise, 'R-2', 'YELLOW', { version: 2 })];
    await put(is, was);
    expect(await check(at)).toEqual({ targets: 4, found: 0, closed: 2, escalated: 0, failed: 0 });
    expect((await eventsOf(targets[3])).at(-1)).toMatchObject({ data: { because: 'no-target' } });
    await put({ ...was, version: 3 }, is);
    expect(await check(at)).toEqual({ targets: 5, found: 2, closed: 0, escalated: 0, failed: 0 });
    expect((await eventsOf(targets[3])).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('what broke off is taken up by the next, and what somebody assigns meanwhile is left to it', async () => {
    const { targets, grid } = await supervision();
    let calls = 0;
    const broken = checkGrid({
      sources: {
        ...{ county, register: dynamoRegisterStore(county), hazards: dynamoHazardStore },
        ...{ installations: (cursor) => eachInstallationFrom(county, cursor), covers: ['major-risk'] },
      },
      grid: {
        ...grid,
        saveTarget: async (change) => {
          calls += 1;
          if (calls === 1) throw new Error('the network is gone');
          if (calls === 2) throw new StaleVersion('assigned');
          await grid.saveTarget(change);
        },
      },
      rules: gapRules,
      failed: () => undefined,
    });
    expect(await broken(at)).toEqual({ targets: 3, found: 2, closed: 0, escalated: 0, failed: 1 });
    expect(await broken(at)).toEqual({ targets: 3, found: 4, closed: 0, escalated: 0, failed: 0 });
    expect([...(await grid.targets()).keys()].sort()).toEqual([targets[0], targets[1], targets[2]].sort());
  });
});

describe('key units', () => {
  const designation = (unit: object, more: object = {}) => ({
    ...{
      level: 'county',
      unit,
      from: '2026-03-02',
      until: '2026-12-31',
      reason: '风险集中',
      document: '瑞安委〔2026〕1号',
      version: 0,
    },
    ...more,
  });
  const ofEnterprise = { kind: 'enterprise', uscc };

  test('are designated by those of the level; the answer says what is lacking, the list what was designated', async () => {
    const { ask } = await supervision();
    const first = await ask('committee', api.designateKeyUnit, { body: designation(ofEnterprise) });
    expect(first).toMatchObject({
      status: 201,
      body: { number: 1, version: 1, units: { kind: 'enterprise', designated: 1, shortfall: 4, why: { clause: '三(三)' } } },
    });
    const stale = await ask('committee', api.designateKeyUnit, { body: designation({ kind: 'township', township }) });
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale-version', version: 1 } });
    const second = designation({ kind: 'township', township }, { version: 1 });
    expect((await ask('governor', api.designateKeyUnit, { body: second })).status).toBe(201);
    const section = { kind: 'section', name: '姐告大桥', township, owner: `TOWN:${township}` };
    const other = await ask('committee', api.designateKeyUnit, { body: designation(section, { version: 2 }) });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'other-kind-chosen', chosen: 'enterprise', why: { clause: '三(三)' } },
    });
    const unknown = designation({ kind: 'enterprise', uscc: usccOf(9) }, { version: 2 });
    expect((await ask('committee', api.designateKeyUnit, { body: unknown })).body.code).toBe('unknown-unit');
    const theirs = designation(ofEnterprise, { level: 'prefecture' });
    expect((await ask('committee', api.designateKeyUnit, { body: theirs })).status).toBe(403);
    expect((await ask('prefecture', api.designateKeyUnit, { body: theirs })).status).toBe(201);
    expect((await ask('mayor', api.designateKeyUnit, { body: theirs })).status).toBe(403);
    const { body } = await ask('prefecture', api.listKeyUnits, { query: { limit: '2' } });
    expect(body.items).toMatchObject([
      { level: 'county', number: 1, kind: 'enterprise', code: uscc, name: '样例厂', state: 'running' },
      { level: 'county', number: 2, kind: 'township', code: township },
    ]);
    const rest = await ask('prefecture', api.listKeyUnits, { query: { limit: '2', cursor: String(body.cursor) } });
    expect(rest.body).toEqual({ items: [expect.objectContaining({ level: 'prefecture', number: 1 })] });
    expect(await dynamoKeyUnitStore(county).keyObjects(instant(NOW))).toEqual(new Set([`ENT:${uscc}`]));
  });

  test('are shown to those who may see whose they are, and end before their term', async () => {
    const { ask } = await supervision();
    await ask('committee', api.designateKeyUnit, { body: designation(ofEnterprise) });
    const seen = async (who: Who, query: Record<string, string> = {}) =>
      ((await ask(who, api.listKeyUnits, { query })).body.items as object[]).length;
    expect([await seen('zhao'), await seen('duan'), await seen('dao')]).toEqual([1, 1, 1]);
    expect([await seen('stranger'), await seen('otherDepartment'), await seen('otherTownship')]).toEqual([0, 0, 0]);
    const end = (who: Who, number: string, version: number) =>
      ask(who, api.endDesignation, { params: { level: 'county', number }, body: { version, because: '整改完成' } });
    expect((await end('prefecture', '1', 1)).body.code).toBe('level-of-another');
    expect((await end('committee', '2', 1)).body.code).toBe('not-designated');
    expect(await end('committee', '1', 1)).toMatchObject({
      status: 200,
      body: { version: 2, units: { designated: 0, shortfall: 5 } },
    });
    expect([await seen('zhao', { state: 'running' }), await seen('zhao', { state: 'over' })]).toEqual([0, 1]);
    const level = (of: string, on: string) => ask('zhao', api.readKeyLevel, { params: { level: of }, query: { on } });
    expect(await level('county', '2026-06-01')).toMatchObject({ body: { on: '2026-06-01', units: { designated: 0 } } });
    expect((await level('prefecture', '2026-06-01')).body.says).toContain('互不相通');
  });
});
