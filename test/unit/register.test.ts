import * as api from '../../functions/serve-register/api.ts';
import { usccOf } from '../support/lists.ts';
import {
  assessed,
  committee,
  department,
  enterpriseBody,
  otherDepartment,
  person,
  type RegisterApi,
  registerApi,
  riskContent,
  staff,
} from '../support/register-api.ts';

const { head, manager, holder } = staff();
const params = { uscc: usccOf(1) };
let county: RegisterApi;
beforeEach(async () => {
  county = await registerApi();
});

describe('enterprises', () => {
  test('the department registers an enterprise; its supervisor follows from the industry', async () => {
    const answered = await county.done(api.registerEnterprise, department, '2026-06-01 08:00', { body: enterpriseBody() });
    expect(answered).toMatchObject({
      uscc: usccOf(1),
      townshipName: '畹町镇',
      supervisor: 'DEPT:YJJ',
      supervisorName: '应急管理局',
      list: { version: 0, signedVersion: 0 },
      overall: { colour: 'NONE', rule: 'NONE', why: { clause: '三(三)' } },
      version: 1,
    });
    expect(county.events().map(({ type, subject, colour }) => [type, subject, colour])).toEqual([
      ['EnterpriseRegistered', `ENT#${usccOf(1)}`, 'NONE'],
    ]);
  });

  test.each([
    [{ township: '533103101' }, 'unknown-township'],
    [{ industry: 'space-travel' }, 'unknown-industry'],
    [{ supervisor: 'DEPT:NASA' }, 'unknown-department'],
  ])('what the policy or the county does not know is refused: %j', async (wrong, code) => {
    const { status, body } = await county.ask(api.registerEnterprise, department, '2026-06-01 08:00', {
      body: enterpriseBody(1, wrong),
    });
    expect([status, body.code]).toEqual([422, code]);
    expect(county.transactions()).toBe(0);
  });

  test('a department registers only what it supervises, and nothing twice', async () => {
    const body = enterpriseBody();
    expect(await county.ask(api.registerEnterprise, otherDepartment, '2026-06-01 08:00', { body })).toMatchObject({
      status: 403,
      body: { code: 'not-supervised' },
    });
    await county.done(api.registerEnterprise, department, '2026-06-01 08:00', { body });
    expect(await county.ask(api.registerEnterprise, committee, '2026-06-01 09:00', { body })).toMatchObject({
      status: 409,
      body: { code: 'already-registered' },
    });
  });

  test('the same command again gets the same answer and writes nothing', async () => {
    const sent = { body: enterpriseBody(), key: 'the-same-key' };
    const first = await county.done(api.registerEnterprise, department, '2026-06-01 08:00', sent);
    expect(await county.done(api.registerEnterprise, department, '2026-06-01 09:00', sent)).toEqual(first);
    expect(county.transactions()).toBe(1);
  });

  test('the enterprise keeps its own record but does not choose who supervises it; workshops stay known', async () => {
    await county.done(api.registerEnterprise, department, '2026-06-01 08:00', { body: enterpriseBody() });
    const { uscc: _, ...content } = enterpriseBody(1, { name: '新名字', workshops: [{ name: '加油区', teams: [] }] });
    const changed = await county.done(api.changeEnterprise, manager, '2026-06-02 08:00', {
      params,
      body: { version: 1, ...content },
    });
    expect(changed).toMatchObject({
      name: '新名字',
      workshops: [
        { name: '储运车间', teams: ['甲班'] },
        { name: '加油区', teams: [] },
      ],
    });
    const moved = { version: 2, ...content, supervisor: 'DEPT:JTJ' };
    expect(await county.ask(api.changeEnterprise, head, '2026-06-02 09:00', { params, body: moved })).toMatchObject({
      status: 403,
      body: { code: 'registrar-needed', field: 'supervisor' },
    });
    expect(
      await county.ask(api.changeEnterprise, manager, '2026-06-02 09:00', { params, body: { ...moved, version: 1 } }),
    ).toMatchObject({
      status: 409,
      body: { code: 'stale-version', version: 2 },
    });
  });

  test('nobody sees another enterprise, and a list shows each caller his own, gravest first, with cursors', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'BLUE' });
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'RED' }, { n: 2 });
    await county.done(api.registerEnterprise, committee, '2026-06-01 08:00', {
      body: enterpriseBody(3, { industry: 'road-traffic' }),
    });
    await county.sign('2026-06-01 09:00');
    await county.sign('2026-06-01 09:00', 2);
    const names = async (as: Parameters<RegisterApi['ask']>[1], query = {}) => {
      const { items, cursor } = await county.done(api.listEnterprises, as, '2026-06-02 08:00', { query });
      return [items.map(({ uscc }) => uscc), cursor] as const;
    };
    expect((await names(committee))[0]).toEqual([usccOf(2), usccOf(1), usccOf(3)]);
    expect((await names(department))[0]).toEqual([usccOf(2), usccOf(1)]);
    expect((await names(otherDepartment))[0]).toEqual([usccOf(3)]);
    expect((await names(holder))[0]).toEqual([usccOf(1)]);
    expect((await names(person('township-officer', 'TOWN:533102101')))[0]).toEqual([]);
    expect((await names(committee, { colour: 'RED' }))[0]).toEqual([usccOf(2)]);
    expect((await names(committee, { industry: 'road-traffic' }))[0]).toEqual([usccOf(3)]);
    const [first, cursor] = await names(committee, { limit: '2' });
    expect(first).toEqual([usccOf(2), usccOf(1)]);
    expect(await names(committee, { limit: '2', cursor: cursor ?? '' })).toEqual([[usccOf(3)], undefined]);
    const foreign = Buffer.from(JSON.stringify({ pk: '533103#RED', sk: 'ENT#' })).toString('base64url');
    expect(await county.ask(api.listEnterprises, committee, '2026-06-02 08:00', { query: { cursor: foreign } })).toMatchObject({
      status: 400,
      body: { code: 'cursor-malformed' },
    });
    const other = { params: { uscc: usccOf(2) } };
    expect(await county.ask(api.readEnterprise, head, '2026-06-02 08:00', other)).toMatchObject({ status: 404 });
    expect(await county.ask(api.readRiskList, head, '2026-06-02 08:00', other)).toMatchObject({ status: 404 });
  });
});

describe('risks', () => {
  test('a risk is graded with its reasons, and its controls take what is left out from the policy', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'ORANGE' });
    const risk = await county.risk('R-1', '2026-06-01 09:00');
    expect(risk).toMatchObject({
      colour: 'ORANGE',
      counts: false,
      isSigned: false,
      addedIn: 1,
      version: 1,
      grades: {
        residual: {
          product: '270',
          edition: 'LEC-2016.1',
          why: { rule: 'grading.tables.LEC' },
          explanation: expect.stringContaining('270'),
        },
      },
      content: {
        accidents: [{ edition: 'GB 6441-1986', code: '08', name: '火灾' }],
        controls: [
          { kind: 'isolation', level: 'workshop', person: '车间主任 王五' },
          { kind: 'monitoring', level: 'team', person: '王五' },
        ],
      },
    });
    expect((await county.read('2026-06-01 09:00')).workshops).toEqual([{ name: '储运车间', teams: ['甲班'] }]);
  });

  test.each([
    [{ content: riskContent({ accidents: [{ edition: 'GB 6441-1986', code: '99' }] }) }, 'unknown-accident'],
    [{ content: riskContent({ accidents: [{ edition: 'GB 6441-1886', code: '08' }] }) }, 'unknown-accident'],
    [
      {
        content: riskContent(),
        assessments: { ...assessed('BLUE'), residual: { method: 'LEC', factors: { L: '2', E: '1', C: '1' } } },
      },
      'assessment-refused',
    ],
    [
      { content: riskContent(), assessments: { inherent: assessed('BLUE').residual, residual: assessed('RED').residual } },
      'assessment-refused',
    ],
  ])('what the standard or the table does not list is refused with the rule (%#)', async (wrong, code) => {
    await county.enterprise('2026-06-01 08:00', {});
    const { status, body } = await county.ask(api.addRisk, manager, '2026-06-01 09:00', {
      params,
      body: { no: 'R-1', ...wrong },
    });
    expect([status, body.code]).toEqual([422, code]);
    expect(body.why.clause).toBeDefined();
    expect(body.detail).toMatch(/\p{Script=Han}/u);
  });

  test('a number is used once, also when its risk is retired', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'BLUE' });
    const again = { params, body: { no: 'R-1', content: riskContent() } };
    expect((await county.ask(api.addRisk, manager, '2026-06-01 09:00', again)).body.code).toBe('number-used');
    expect((await county.change(api.retireRisk, head, 'R-1', '2026-06-01 10:00', { because: '设备拆除' })).status).toBe(200);
    expect((await county.ask(api.addRisk, manager, '2026-06-01 11:00', again)).body.code).toBe('number-retired');
    expect((await county.change(api.changeRisk, manager, 'R-1', '2026-06-01 12:00', { content: riskContent() })).body.code).toBe(
      'retired',
    );
  });

  test('raising a grade holds at once; lowering one that counts, and removing, need the head', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW' });
    const lower = { assessments: assessed('BLUE'), because: '加装护栏' };
    expect((await county.change(api.regradeRisk, manager, 'R-1', '2026-06-01 09:00', lower)).status).toBe(200);
    await county.sign('2026-06-02 08:00');
    const higher = { assessments: assessed('RED'), because: '改用易燃介质' };
    expect((await county.change(api.regradeRisk, manager, 'R-1', '2026-06-03 08:00', higher)).body).toMatchObject({
      colour: 'RED',
      counts: true,
      isSigned: false,
    });
    expect((await county.read('2026-06-03 09:00')).overall).toMatchObject({ colour: 'RED' });
    const refusedOne = await county.change(api.regradeRisk, manager, 'R-1', '2026-06-04 08:00', lower);
    expect(refusedOne).toMatchObject({ status: 403, body: { code: 'laxer-needs-head', why: { clause: '一(三)' } } });
    expect((await county.change(api.retireRisk, manager, 'R-1', '2026-06-04 08:00', { because: '拆除' })).status).toBe(403);
    expect((await county.change(api.regradeRisk, head, 'R-1', '2026-06-04 09:00', lower)).body).toMatchObject({ colour: 'BLUE' });
    const gradings = await county.done(api.readGradings, holder, '2026-06-05 08:00', { params: { ...params, no: 'R-1' } });
    expect(gradings.items.map(({ from, to, because }) => [from, to, because])).toEqual([
      ['NONE', 'YELLOW', undefined],
      ['YELLOW', 'BLUE', '加装护栏'],
      ['BLUE', 'RED', '改用易燃介质'],
      ['RED', 'BLUE', '加装护栏'],
    ]);
  });

  test('measures may be added to what counts; taking one away, rewording one or lowering its level needs the head', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW' });
    const [first, second] = riskContent().controls;
    const change = (as: typeof manager, at: string, controls: readonly unknown[]) =>
      county.change(api.changeRisk, as, 'R-1', at, { content: riskContent({ workshop: '储运车间', controls }) });
    const third = { kind: 'protection', text: '佩戴防静电服' };
    expect((await change(manager, '2026-06-01 09:00', [first])).status).toBe(200);
    expect((await change(manager, '2026-06-01 10:00', [first, second])).status).toBe(200);
    await county.sign('2026-06-02 08:00');
    expect((await change(manager, '2026-06-03 08:00', [third, first, { ...second, person: '赵七' }])).body).toMatchObject({
      counts: true,
      isSigned: false,
    });
    for (const controls of [
      [first, second],
      [third, first, { ...second, text: '报警器' }],
      [third, first, { ...second, kind: 'protection' }],
      [third, first, { ...second, level: 'post' }],
    ]) {
      expect(await change(manager, '2026-06-03 09:00', controls)).toMatchObject({
        status: 403,
        body: { code: 'controls-need-head', field: 'controls', missing: [expect.any(String)], why: { clause: '一(三)' } },
      });
    }
    expect((await change(head, '2026-06-03 10:00', [first])).status).toBe(200);
  });

  test('after a lowering a measure that is sent again without a level is as it was, and needs no head', async () => {
    const content = riskContent({ workshop: '储运车间', controls: [{ kind: 'technical', text: '设置报警器' }] });
    await county.enterprise('2026-06-01 08:00', {});
    await county.done(api.addRisk, manager, '2026-06-01 08:30', {
      params,
      body: { no: 'R-1', content, assessments: assessed('RED') },
    });
    await county.sign('2026-06-01 09:00');
    await county.change(api.regradeRisk, head, 'R-1', '2026-06-02 08:00', { assessments: assessed('YELLOW'), because: '治理' });
    const moved = { ...content, location: '二号罐区' };
    const changed = await county.change(api.changeRisk, manager, 'R-1', '2026-06-02 09:00', { content: moved });
    expect(changed).toMatchObject({ status: 200, body: { content: { controls: [{ level: 'enterprise' }] } } });
  });

  test('colleagues who change one list at the same moment all get through', async () => {
    await county.enterprise('2026-06-01 08:00', {});
    const add = (no: string) =>
      county.ask(api.addRisk, manager, '2026-06-01 09:00', {
        params,
        body: { no, content: riskContent(), assessments: assessed('BLUE') },
      });
    const answers = await Promise.all(['R-1', 'R-2', 'R-3'].map(add));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await county.done(api.readRiskList, head, '2026-06-01 10:00', { params })).points).toBe(3);
  });

  test('a change that changes nothing leaves no event', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'BLUE' });
    const events = county.events().length;
    const same = await county.change(api.changeRisk, manager, 'R-1', '2026-06-01 09:00', {
      content: riskContent({ workshop: '储运车间' }),
    });
    expect(same.body.version).toBe(1);
    expect(county.events()).toHaveLength(events);
  });

  test('so many workshops as fit one signature, and no more', async () => {
    const workshops = Array.from({ length: 22 }, (_, index) => ({ name: `车间${index + 1}`, teams: [] }));
    await county.done(api.registerEnterprise, department, '2026-06-01 08:00', { body: enterpriseBody(1, { workshops }) });
    const one = { no: 'R-1', content: riskContent({ workshop: '第二十三车间' }), assessments: assessed('BLUE') };
    expect((await county.ask(api.addRisk, manager, '2026-06-01 09:00', { params, body: one })).body).toMatchObject({
      code: 'too-many-workshops',
      field: 'workshop',
    });
    let number = 0;
    for (const workshop of [...workshops.map(({ name }) => name), undefined]) {
      for (const colour of ['RED', 'ORANGE', 'YELLOW', 'BLUE'] as const) {
        const content = riskContent(workshop === undefined ? {} : { workshop });
        const body = { no: `R-${++number}`, content, assessments: assessed(colour) };
        await county.done(api.addRisk, manager, '2026-06-01 09:00', { params, body });
      }
    }
    expect(await county.sign('2026-06-02 08:00')).toMatchObject({ points: 92, list: 1, signedVersion: 1, unsigned: [] });
    const stop = {
      kind: 'production-stop',
      scope: { of: 'enterprise' },
      from: '2026-06-02T09:00:00+08:00',
      until: '2026-06-09T00:00:00+08:00',
      reason: '春节停产',
      approver: '赵六',
    };
    expect((await county.ask(api.approveSuspension, head, '2026-06-02 08:30', { params, body: stop })).status).toBe(201);
  }, 20_000);

  test('lists of risks go by colour and number, with workshop, colour and cursor', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'BLUE', 'R-2': 'RED', 'R-3': 'BLUE' });
    await county.done(api.addRisk, manager, '2026-06-01 09:00', { params, body: { no: 'R-0', content: riskContent() } });
    const nos = async (query: Record<string, string>) => {
      const { items, cursor } = await county.done(api.listRisks, holder, '2026-06-01 10:00', { params, query });
      return { nos: items.map(({ no }) => no), cursor };
    };
    expect((await nos({})).nos).toEqual(['R-2', 'R-1', 'R-3', 'R-0']);
    expect((await nos({ workshop: '储运车间', colour: 'BLUE' })).nos).toEqual(['R-1', 'R-3']);
    expect((await nos({ colour: 'NONE' })).nos).toEqual(['R-0']);
    const first = await nos({ limit: '3' });
    expect(first.nos).toEqual(['R-2', 'R-1', 'R-3']);
    expect(await nos({ limit: '3', cursor: first.cursor ?? '' })).toEqual({ nos: ['R-0'] });
    const foreign = Buffer.from(JSON.stringify({ pk: '533102#RED', sk: `RISK#${usccOf(2)}#R-1` })).toString('base64url');
    const asked = await county.ask(api.listRisks, holder, '2026-06-01 10:00', { params, query: { cursor: foreign } });
    expect(asked.body.code).toBe('cursor-malformed');
  });
});

describe('signing', () => {
  test('the head signs exactly what he saw; then it counts, and the overall grade follows', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW', 'R-2': 'BLUE' });
    const state = await county.done(api.readRiskList, head, '2026-06-01 09:00', { params });
    expect(state).toMatchObject({ list: 1, signedVersion: 0, points: 2, canBeSigned: true, unsigned: ['R-1', 'R-2'] });
    const { version, list, digest } = state;
    await county.done(api.addRisk, manager, '2026-06-01 10:00', {
      params,
      body: { no: 'R-3', content: riskContent(), assessments: assessed('RED') },
    });
    const sign = (body: object) => county.ask(api.signRiskList, head, '2026-06-01 11:00', { params, body });
    expect((await sign({ version, list, digest })).body.code).toBe('stale-version');
    expect((await sign({ version: version + 1, list, digest })).body.code).toBe('list-changed');
    await county.sign('2026-06-01 12:00');
    expect(await county.read('2026-06-01 13:00')).toMatchObject({
      counting: { RED: 1, ORANGE: 0, YELLOW: 1, BLUE: 1 },
      overall: { colour: 'RED', rule: 'RED' },
      list: { version: 1, signedVersion: 1, signedBy: head.id },
    });
    const seen = await county.done(api.readRiskList, head, '2026-06-01 13:00', { params });
    expect((await sign({ version: seen.version, list: 1, digest: seen.digest })).body.code).toBe('nothing-to-sign');
  });

  test('what is not graded stands in the way', async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW' });
    await county.done(api.addRisk, manager, '2026-06-01 09:00', { params, body: { no: 'R-2', content: riskContent() } });
    const state = await county.done(api.readRiskList, manager, '2026-06-01 09:30', { params });
    expect(state).toMatchObject({ ungraded: ['R-2'], canBeSigned: false });
    const { version, list, digest } = state;
    const signed = await county.ask(api.signRiskList, head, '2026-06-01 10:00', { params, body: { version, list, digest } });
    expect(signed.body).toMatchObject({ code: 'ungraded-points', points: ['R-2'] });
    const byManager = await county.ask(api.signRiskList, manager, '2026-06-01 10:00', {
      params,
      body: { version, list, digest },
    });
    expect(byManager.status).toBe(403);
  });
});

describe('the overall grade', () => {
  beforeEach(async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'ORANGE' });
    await county.sign('2026-06-01 09:00');
  });
  const adjust = async (colour: string) => {
    const { version } = await county.read('2026-06-02 08:00');
    return county.ask(api.adjustOverallGrade, department, '2026-06-02 08:00', {
      params,
      body: { version, colour, reason: '治理到位' },
    });
  };
  const raise = (colour: 'RED' | 'ORANGE') =>
    county.change(api.regradeRisk, head, 'R-1', '2026-06-03 08:00', { assessments: assessed(colour), because: '变化' });

  test('is lowered or raised with a reason, and taken back', async () => {
    expect((await adjust('ORANGE')).body.code).toBe('same-as-rule');
    expect((await adjust('YELLOW')).body).toMatchObject({
      overall: { colour: 'YELLOW', rule: 'ORANGE', adjustment: { reason: '治理到位' }, why: { rule: 'overall.adjustment' } },
    });
    const { version } = await county.read('2026-06-02 09:00');
    const back = { params, body: { version, reason: '复核' } };
    expect((await county.done(api.returnToRule, department, '2026-06-02 09:00', back)).overall).toMatchObject({
      colour: 'ORANGE',
    });
    expect(
      (
        await county.ask(api.adjustOverallGrade, head, '2026-06-02 10:00', {
          params,
          body: { version, colour: 'BLUE', reason: '想低' },
        })
      ).status,
    ).toBe(403);
  });

  test('an adjustment lapses when risks become graver than what the department saw and decided', async () => {
    await adjust('YELLOW');
    await raise('RED');
    expect((await county.read('2026-06-03 09:00')).overall).toMatchObject({ colour: 'RED', rule: 'RED' });
    expect((await county.read('2026-06-03 09:00')).overall.adjustment).toBeUndefined();
  });

  test('a raised grade stays when risks become laxer', async () => {
    await adjust('RED');
    await county.change(api.regradeRisk, head, 'R-1', '2026-06-03 08:00', { assessments: assessed('BLUE'), because: '改造' });
    expect((await county.read('2026-06-03 09:00')).overall).toMatchObject({ colour: 'RED', rule: 'BLUE' });
  });
});

describe('public areas', () => {
  const officer = person('township-officer', 'TOWN:533102102');
  const mayor = person('township-head', 'TOWN:533102102');
  const content = riskContent();
  const area = (more: object = {}) => ({ township: '533102102', no: 'A-1', content, assessments: assessed('RED'), ...more });
  const named = { township: '533102102', no: 'A-1' };

  test('a township registers its areas; graver ones need a department for the block before its head can sign', async () => {
    await county.done(api.addArea, officer, '2026-06-01 08:00', { body: area() });
    const list = { params: { owner: 'TOWN:533102102' } };
    const state = await county.done(api.readAreaList, officer, '2026-06-01 09:00', list);
    expect(state).toMatchObject({ withoutDepartment: ['533102102/A-1'], canBeSigned: false });
    const sign = async () => {
      const { version, list: of, digest } = await county.done(api.readAreaList, mayor, '2026-06-01 10:00', list);
      return county.ask(api.signAreaList, mayor, '2026-06-01 10:00', { ...list, body: { version, list: of, digest } });
    };
    expect((await sign()).body).toMatchObject({ code: 'block-department-missing', points: ['A-1'], why: { clause: '三(二)' } });
    await county.done(api.changeArea, officer, '2026-06-01 11:00', {
      params: named,
      body: { version: 1, content, department: 'DEPT:JTJ' },
    });
    expect((await sign()).body).toMatchObject({ signedVersion: 1, points: 1 });
    expect(await county.done(api.readArea, otherDepartment, '2026-06-01 12:00', { params: named })).toMatchObject({
      counts: true,
      colour: 'RED',
    });
    expect(county.duties.writes()).toBe(county.events().length); // no duty pages: enterprises check themselves, areas are inspected
  });

  test('areas are seen where they lie and by whose they are, and changed by their owner alone', async () => {
    await county.done(api.addArea, officer, '2026-06-01 08:00', { body: area() });
    const ofDepartment = { township: '533102102', no: 'A-2', content };
    await county.done(api.addArea, department, '2026-06-01 08:00', { body: ofDepartment });
    const nos = async (as: typeof officer) =>
      (await county.done(api.listAreas, as, '2026-06-01 09:00')).items.map(({ no }) => no);
    expect(await nos(officer)).toEqual(['A-1', 'A-2']);
    expect(await nos(department)).toEqual(['A-2']);
    expect(await nos(committee)).toEqual(['A-1', 'A-2']);
    expect(await nos(person('township-officer', 'TOWN:533102101'))).toEqual([]);
    const regrade = { params: named, body: { version: 1, assessments: assessed('BLUE'), because: '护坡完成' } };
    expect((await county.ask(api.regradeArea, department, '2026-06-01 10:00', regrade)).status).toBe(404);
    expect((await county.ask(api.regradeArea, officer, '2026-06-01 10:00', regrade)).body.colour).toBe('BLUE');
    expect((await county.ask(api.addArea, department, '2026-06-01 11:00', { body: area() })).body.code).toBe('other-owner');
    expect(
      (await county.ask(api.addArea, officer, '2026-06-01 11:00', { body: area({ township: '533102101' }) })).body.code,
    ).toBe('other-township');
    expect(
      (await county.ask(api.retireArea, officer, '2026-06-01 12:00', { params: named, body: { version: 2, because: '无' } }))
        .status,
    ).toBe(403);
    expect(
      (await county.ask(api.retireArea, mayor, '2026-06-01 12:00', { params: named, body: { version: 2, because: '已拆' } })).body
        .retired,
    ).toBeDefined();
    expect((await county.done(api.readAreaGradings, mayor, '2026-06-01 13:00', { params: named })).items).toHaveLength(2);
  });
});
