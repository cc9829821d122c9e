import { routes } from '../../functions/serve-hazards/api.ts';
import { hazardSubject, isOpen } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { HAZARD_DENIALS } from '../../shared/domain/hazard-denials.ts';
import { PERSON_COMMANDS } from '../../shared/domain/hazard-offers.ts';
import { hazardId, townshipCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import {
  FACTS,
  type Given,
  hazardsApi,
  LIVES,
  life,
  live,
  major,
  pathOf,
  people,
  plan,
  until,
  type Who,
} from '../support/hazard-api.ts';
import { enterprise, people as party, photo, township, uscc } from '../support/hazard-case.ts';
import { county } from '../support/tokens.ts';

describe('commands', () => {
  test.each(Object.entries(LIVES))('%s: every command reaches the case, and its facts the ledger', async (_, steps) => {
    const api = await hazardsApi();
    const { body } = await api.report('li', '03-02T09:00');
    for (const [who, when, type, own] of steps) {
      const before = api.memory.ledger.length;
      const answer = await api.give(who, when, body.id ?? '', type, own);
      const facts = api.memory.ledger.slice(before);
      expect(facts.map((fact) => fact.type)).toContain(FACTS[type]);
      expect(facts.every(({ actor }) => actor.id === people[who].id)).toBe(true);
      expect(answer).toMatchObject({ status: 200, body: { id: body.id, version: before + facts.length } });
    }
  });

  test('the lives above give every command there is, and every command has its route', () => {
    const given = new Set(Object.values(LIVES).flatMap((steps) => steps.map(([, , type]) => type)));
    expect([...given].sort()).toEqual([...PERSON_COMMANDS].sort());
    const paths = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    for (const type of PERSON_COMMANDS) expect(paths).toContain(pathOf(type));
  });

  test('what is offered to a person is what the case would take from him, at every step of every life', async () => {
    for (const steps of Object.values(LIVES)) {
      const api = await hazardsApi();
      const { body } = await api.report('li', '03-02T09:00');
      for (const [who, when, type, own] of steps) {
        const seen = await api.read(who, when, body.id ?? '');
        expect(seen.body.commands).toContain(type);
        expect((await api.give(who, when, body.id ?? '', type, own)).status).toBe(200);
      }
    }
  });

  test('the same Idempotency-Key answers the same and writes once, also when the case has moved on; another body with it is refused', async () => {
    const api = await hazardsApi();
    const first = await api.report('li', '03-02T09:00', {}, 'report-1');
    expect(await api.report('li', '03-02T09:00', {}, 'report-1')).toEqual(first);
    expect(api.memory.all()).toHaveLength(1);
    const id = first.body.id ?? '';
    const grade = { id, key: 'grade-01', body: { level: 'general', version: 1 } };
    const graded = await api.ask('wang', '03-02T10:00', pathOf('GradeHazard'), grade);
    await api.give('wang', '03-02T10:05', id, 'AssignRectification', { rectifier: 'li' });
    expect(await api.ask('wang', '03-02T10:10', pathOf('GradeHazard'), grade)).toEqual(graded);
    expect(api.memory.ledger.map(({ type }) => type)).toEqual(['HazardReported', 'HazardGraded', 'RectificationAssigned']);
    const otherBody = { ...grade, body: { level: 'major', ...major, version: 1 } };
    const reused = await api.ask('wang', '03-02T10:10', pathOf('GradeHazard'), otherBody);
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('a command on a version that has passed is refused, and the version that stands is named', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('by a limit, with an extension, returned once', 'AssignRectification'));
    const stale = await api.ask('wang', '03-02T11:00', pathOf('AssignRectification'), {
      id,
      body: { rectifier: 'li', version: 1 },
    });
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale-version', version: 2 } });
  });

  test('two people on the same version: one is carried out, the other hears that the case has changed', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('by a limit, with an extension, returned once', 'AssignRectification'));
    const body = { rectifier: 'li', version: 2 };
    const both = await Promise.all(
      (['wang', 'zhao'] as const).map((who) => api.ask(who, '03-02T11:00', pathOf('AssignRectification'), { id, body })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(api.memory.ledger.filter(({ type }) => type === 'RectificationAssigned')).toHaveLength(1);
  });

  test('evidence of another enterprise is refused wherever it is handed in', async () => {
    const api = await hazardsApi();
    const strange = photo('x').replace(uscc, '91350100M000100Y43');
    expect(await api.report('li', '03-02T09:00', { evidence: [strange] })).toMatchObject({
      body: { code: 'evidence-of-another' },
    });
    expect(await api.report('li', '03-02T09:00', { evidence: [`evidence/${uscc}/x.jpg`] })).toMatchObject({ status: 400 });
    const id = await live(api, ...until('a major one', 'FilePlan'));
    const filed = await api.give('wang', '03-04T09:00', id, 'FilePlan', { plan: { ...plan, emergencyPlan: strange } });
    expect(filed).toMatchObject({ status: 422, body: { code: 'evidence-of-another' } });
  });
});

describe('an enterprise that comes under another department and township', () => {
  const open = async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('a major one', 'ReturnPlan'));
    await api.report('li', '03-05T09:00');
    api.move('ZJJ', townshipCode('533102102'));
    return { api, id };
  };

  test('is seen and directed with its open cases by the new one, and no more by the old', async () => {
    const { api, id } = await open();
    for (const who of ['duan', 'dao'] as const) expect((await api.read(who, '03-06T09:00', id)).status).toBe(404);
    for (const who of ['otherDepartment', 'otherTownship', 'zhao', 'committee'] as const)
      expect(await api.read(who, '03-06T09:00', id)).toMatchObject({ status: 200, body: { supervisor: 'DEPT:YJJ', township } });
    expect((await api.give('duan', '03-06T10:00', id, 'ApprovePlan')).status).toBe(404);
    expect((await api.read('otherDepartment', '03-06T09:00', id)).body.commands).toContain('ApprovePlan');
    expect((await api.give('otherDepartment', '03-06T10:00', id, 'ApprovePlan')).status).toBe(200);
  });

  test('stands with its cases in the list of the new one, looked up once for a page', async () => {
    const { api, id } = await open();
    const idsOf = async (who: Who) => {
      const { body } = await api.ask(who, '03-06T09:00', 'GET /v1/hazards', { query: { limit: '10' } });
      return (body.items as { id: string }[]).map((item) => item.id);
    };
    expect(await idsOf('duan')).toEqual([]);
    api.looked.length = 0;
    const seen = await idsOf('otherDepartment');
    expect(seen).toHaveLength(2);
    expect(seen).toContain(id);
    expect(api.looked).toEqual([enterprise]);
  });
});

describe('refusals', () => {
  test('a cure whose photos were not uploaded is not taken, and what is missing is named', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('li', '03-02T09:00');
    const id = body.id ?? '';
    const fix = { account: '已复位', before: [photo('a')], after: [photo('b')] };
    api.lost.add(photo('b')).add(photo('new'));
    const events = api.memory.ledger.length;
    const fixed = await api.give('li', '03-02T10:00', id, 'FixOnTheSpot', fix);
    expect(fixed).toMatchObject({ status: 409, body: { code: 'evidence-not-arrived', missing: [photo('b')] } });
    await api.give('wang', '03-02T10:00', id, 'GradeHazard', { level: 'general' });
    await api.give('wang', '03-02T10:05', id, 'AssignRectification', { rectifier: 'li' });
    const cure = { account: '已更换', evidence: [photo('a'), photo('new')] };
    const early = await api.give('li', '03-03T10:00', id, 'SubmitRectification', cure);
    expect(early).toMatchObject({ status: 409, body: { code: 'evidence-not-arrived', missing: [photo('new')] } });
    expect(api.memory.ledger).toHaveLength(events + 2);
    api.lost.clear();
    expect((await api.give('li', '03-03T10:10', id, 'SubmitRectification', cure)).status).toBe(200);
  });

  test('the fixer may not accept, and an enterprise may not accept what is major', async () => {
    const api = await hazardsApi();
    const spot = await live(api, ...until('on the spot', 'AcceptRectification'));
    const own = await api.give('li', '03-02T11:00', spot, 'AcceptRectification');
    expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
    const second = await hazardsApi();
    const fixed = await second.report('wang', '03-02T09:00');
    const id = fixed.body.id ?? '';
    await second.give('wang', '03-02T10:00', id, 'FixOnTheSpot', {
      account: '已复位',
      before: [photo('a')],
      after: [photo('b')],
    });
    const accepted = await second.give('wang', '03-02T11:00', id, 'AcceptRectification');
    expect(accepted).toMatchObject({
      status: 403,
      body: { code: 'fixer-may-not-accept', why: { rule: 'hazards.acceptance' } },
    });
    const third = await hazardsApi();
    const majorOne = await live(third, ...until('a major one', 'AcceptRectification'));
    const enterpriseSays = await third.give('zhao', '04-02T09:00', majorOne, 'AcceptRectification');
    expect([enterpriseSays.status, enterpriseSays.body.code]).toEqual([403, 'fixer-may-not-accept']);
    const manager = await third.give('wang', '04-02T09:00', majorOne, 'AcceptRectification');
    expect([manager.status, manager.body.code]).toEqual([403, 'department-accepts-major']);
  });

  test('a refused acceptance goes back to rectifying with a new deadline and keeps the attempt', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...life('by a limit, with an extension, returned once').slice(0, 6));
    const { body } = await api.read('li', '03-06T12:00', id);
    expect(body).toMatchObject({
      stage: 'rectifying',
      deadline: { kind: 'rectify', why: { clause: '二(五)' } },
      attempts: [{ by: 'li', verdict: { accepted: false, by: 'zhao', note: '未接线' } }],
    });
  });

  test('a plan without all of 五落实 is refused and what is missing is named', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('a major one', 'FilePlan'));
    const { fundsFen: _, emergencyPlan: __, ...rest } = plan;
    const answer = await api.give('wang', '03-04T09:00', id, 'FilePlan', {
      plan: { ...rest, measures: ' ', parts: { ...plan.parts, safety: '' } },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'plan-incomplete',
        detail: '治理方案不完整，请补充：措施、资金、预案、安全措施和应急预案。',
        why: { rule: 'hazards.fiveItems', clause: '二(五)', origin: 'policy' },
      },
    });
    expect((answer.body.missing as { item: string }[]).map(({ item }) => item)).toEqual([
      'measures',
      'fundsFen',
      'emergencyPlan',
      'safety',
    ]);
  });

  test('an extension that is decided after the deadline is refused, and the miss stays visible after the cure', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('by a limit, with an extension, returned once', 'DecideExtension'));
    const late = await api.give('zhao', '03-09T00:00', id, 'DecideExtension', { granted: true });
    expect(late).toMatchObject({ status: 409, body: { code: 'decided-too-late' } });
    const { body: overdue } = await api.read('zhao', '03-09T00:00', id);
    expect(overdue).toMatchObject({
      overdue: { since: '2026-03-06T02:00:00.000Z' },
      deadline: { kind: 'rectify', isOverdue: true },
    });
    await api.give('li', '03-10T09:00', id, 'SubmitRectification', { account: '已更换', evidence: [photo('late')] });
    const { body: cured } = await api.read('zhao', '03-10T10:00', id);
    expect(cured.missed).toMatchObject([
      { kind: 'extension', metAt: '2026-03-10T01:00:00.000Z' },
      { kind: 'rectify', due: '2026-03-08T16:00:00.000Z', metAt: '2026-03-10T01:00:00.000Z', why: { clause: '二(五)' } },
    ]);
    expect(cured.extensions).toMatchObject([{ state: 'lapsed' }]);
  });

  test('the withdrawal of what the department found is confirmed by it or by the township, not inside the enterprise', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('duan', '03-02T09:00', { enterprise: uscc });
    const id = body.id ?? '';
    await api.give('wang', '03-02T10:00', id, 'RequestWithdrawal', { reason: '不属实' });
    const inside = await api.give('zhao', '03-02T11:00', id, 'ConfirmWithdrawal');
    expect(inside).toMatchObject({ status: 403, body: { code: 'authority-reviews' } });
    expect((await api.read('zhao', '03-02T11:00', id)).body.commands).not.toContain('ConfirmWithdrawal');
    expect((await api.read('dao', '03-02T11:00', id)).body.commands).toContain('ConfirmWithdrawal');
    expect(await api.give('dao', '03-02T12:00', id, 'ConfirmWithdrawal')).toMatchObject({ body: { stage: 'withdrawn' } });
  });

  test('what was suspected to be major is graded general by the department, which sees it in its list', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('li', '03-02T09:00', { suspectedMajor: true });
    const id = body.id ?? '';
    const inside = await api.give('wang', '03-02T10:00', id, 'GradeHazard', { level: 'general' });
    expect(inside).toMatchObject({ status: 403, body: { code: 'department-decides' } });
    const list = await api.ask('duan', '03-02T10:00', 'GET /v1/hazards', { query: { limit: '10' } });
    expect(list.body.items).toMatchObject([{ id, suspectedMajor: true }]);
    const graded = await api.give('duan', '03-02T10:10', id, 'GradeHazard', { level: 'general' });
    expect(graded).toMatchObject({ status: 200, body: { level: 'general' } });
  });

  test('every refusal about the case is a conflict, about the person forbidden, about the content unacceptable', async () => {
    const cases: readonly (readonly [steps: readonly Given[], given: Given, status: number])[] = [
      [life('on the spot').slice(0, 2), ['wang', '03-03T09:00', 'RequestWithdrawal', { reason: '误报' }], 409],
      [until('a major one', 'UpgradeHazard'), ['wang', '03-02T11:00', 'GradeHazard', { level: 'general' }], 409],
      [until('a major one', 'UpgradeHazard'), ['wang', '03-02T11:00', 'UpgradeHazard', { criterion: 'x', basis: 'y' }], 422],
      [until('a major one', 'ReportToDepartment'), ['wang', '03-02T11:00', 'FilePlan', { plan }], 409],
      [life('a major one').slice(0, 8), ['wang', '03-04T09:00', 'FilePlan', { plan: { ...plan, timeLimit: '2026-03-01' } }], 422],
      [life('a false report').slice(0, 1), ['duan', '03-02T11:00', 'IssueOrder', { kind: 'withdraw', scope: '罐区' }], 409],
    ];
    for (const [steps, [who, when, type, body], status] of cases) {
      const api = await hazardsApi();
      const id = await live(api, ...steps);
      const answer = await api.give(who, when, id, type, body);
      const { about } = HAZARD_DENIALS[answer.body.code as keyof typeof HAZARD_DENIALS];
      expect([answer.status, { case: 409, person: 403, content: 422 }[about]]).toEqual([status, status]);
    }
  });

  test('a field that the command does not have, and a missing version, are refused with their place', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('li', '03-02T09:00');
    const strange = await api.ask('wang', '03-02T10:00', pathOf('GradeHazard'), {
      id: body.id ?? '',
      body: { level: 'general', criterion: 'hard-to-cure' },
    });
    expect(strange.status).toBe(400);
    expect((strange.body.errors as { at: string }[]).map(({ at }) => at)).toEqual(['version', '']);
  });
});

describe('reporting', () => {
  test('a case stands under the colour of its risk point, else of its enterprise, and belongs to its township and department', async () => {
    const api = await hazardsApi();
    expect((await api.report('zhou', '03-02T09:00', { risk: 'R1' })).body).toMatchObject({
      colour: 'RED',
      owner: enterprise,
      township,
      supervisor: 'DEPT:YJJ',
      stage: 'registered',
      stageName: '已登记，待定级',
      version: 1,
      deadline: { kind: 'verify', why: { rule: 'hazards.general.verify', origin: 'ours' } },
    });
    expect((await api.report('zhou', '03-02T09:00')).body.colour).toBe('ORANGE');
    expect((await api.report('zhou', '03-02T09:00', { risk: 'R9' })).body.code).toBe('unknown-risk');
    expect((await api.report('zhou', '03-02T09:00', { suspectedMajor: true })).body).toMatchObject({
      deadline: { why: { rule: 'hazards.major.verify' } },
    });
  });

  test('an inspection reports on an enterprise that it inspects and on no other; staff only on their own', async () => {
    const api = await hazardsApi();
    const found = await api.report('duan', '03-02T09:00', { enterprise: uscc });
    expect(found.status).toBe(201);
    expect((await api.read('wang', '03-02T10:00', found.body.id ?? '')).body).toMatchObject({
      finding: { source: 'inspection' },
      reportedBy: { id: 'duan', owner: 'DEPT:YJJ' },
    });
    expect((await api.report('dao', '03-02T09:00', { enterprise: uscc })).status).toBe(201);
    expect((await api.report('duan', '03-02T09:00')).body.code).toBe('enterprise-missing');
    for (const who of ['otherDepartment', 'otherTownship', 'stranger'] as const)
      expect((await api.report(who, '03-02T09:00', { enterprise: uscc })).status).toBe(404);
    expect((await api.report('committee', '03-02T09:00', { enterprise: uscc })).status).toBe(403);
  });

  test('a time that is claimed from the future or from long ago is refused', async () => {
    const api = await hazardsApi();
    const claim = (foundAt: string) => api.report('li', '03-02T09:00', { foundAt });
    expect((await claim('2026-03-02T10:00:00+08:00')).body).toMatchObject({
      code: 'claimed-ahead',
      why: { rule: 'checks.claim' },
    });
    expect((await claim('2025-03-02T10:00:00+08:00')).body.code).toBe('claimed-too-old');
  });
});

describe('reading', () => {
  test('a case, its events and its commands are not there for those who may not see it', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('li', '03-02T09:00');
    const id = body.id ?? '';
    for (const who of ['stranger', 'otherDepartment', 'otherTownship'] as const) {
      expect((await api.read(who, '03-02T10:00', id)).status).toBe(404);
      expect((await api.ask(who, '03-02T10:00', 'GET /v1/hazards/{id}/events', { id })).status).toBe(404);
    }
    expect((await api.give('stranger', '03-02T10:00', id, 'GradeHazard', { level: 'general' })).status).toBe(404);
    expect((await api.give('prefecture', '03-02T10:00', id, 'GradeHazard', { level: 'general' })).status).toBe(403);
    expect((await api.read('prefecture', '03-02T10:00', id)).body.commands).toEqual([]);
    expect((await api.read('wang', '03-02T10:00', 'RFFFFFFFFFFFFFFFF')).status).toBe(404);
  });

  test('the ledger of a case is read page by page, in its order, without a gap', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...life('a major one'));
    const sequences: number[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await api.ask('wang', '04-07T09:00', 'GET /v1/hazards/{id}/events', {
        id,
        query: { limit: '7', ...(cursor !== undefined && { cursor }) },
      });
      const { items, cursor: next } = body as { items: { sequence: number; subject: string }[]; cursor?: string };
      expect(items.every(({ subject }) => subject === hazardSubject(hazardId(id)))).toBe(true);
      sequences.push(...items.map(({ sequence }) => sequence));
      cursor = next;
    } while (cursor !== undefined);
    expect(sequences).toEqual(api.memory.ledger.map((_, index) => index + 1));
  });

  test('everything of a case is shown: order, evacuation, listing, plans, resumption, each deadline with its reason', async () => {
    const api = await hazardsApi();
    const id = await live(api, ...until('a major one', 'ConsentToResume'));
    const { body } = await api.read('yang', '04-06T08:00', id);
    expect(body).toMatchObject({
      stage: 'awaiting-resumption',
      level: 'major',
      grade: { criterion: 'hard-to-cure', reported: { by: 'wang' }, why: { rule: 'hazards.major.criteria' } },
      plan: { responsible: 'zhao', approvedBy: 'yang' },
      orders: [
        { no: 1, kind: 'stop-use', kindName: '停止使用相关设施设备', issuer: { owner: 'DEPT:YJJ' } },
        { no: 2, lifted: { reason: '已隔离' } },
      ],
      evacuations: [{ people: 60, answer: { granted: true } }],
      listing: { term: '2026-04-20', progress: [{ text: '设备已到货' }], delisted: { by: 'committee' } },
      accepted: { by: 'duan' },
      resumption: { application: { assessor: '省安科院' }, refused: { reason: '报告缺页' } },
      obligations: [{ kind: 'resume', why: { rule: 'hazards.major.resume' } }],
      commands: expect.arrayContaining(['ConsentToResume', 'RefuseToResume']),
    });
    expect(body.commands).not.toContain('AcceptRectification');
  });

  async function pages(api: Awaited<ReturnType<typeof hazardsApi>>, who: Who, query: Record<string, string>) {
    const ids: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 100; page++) {
      const { status, body } = await api.ask(who, '03-20T09:00', 'GET /v1/hazards', {
        query: { ...query, ...(cursor !== undefined && { cursor }) },
      });
      if (status !== 200) throw new Error(JSON.stringify(body));
      const { items, cursor: next } = body as { items: { id: string }[]; cursor?: string };
      expect(items.length).toBeLessThanOrEqual(Number(query.limit));
      ids.push(...items.map(({ id }) => id));
      cursor = next;
      if (cursor === undefined) return ids;
    }
    throw new Error('the list does not end');
  }

  test('a list filtered by what the caller may see still pages through all of it once, the most urgent first', async () => {
    const api = await hazardsApi();
    for (let index = 0; index < 30; index++) {
      const day = String((index % 9) + 1).padStart(2, '0');
      await (index % 3 === 0
        ? api.report('duan', `03-${day}T09:00`, { enterprise: uscc })
        : api.report('stranger', `03-${day}T09:00`, { evidence: [] }));
    }
    const ofDepartment = await pages(api, 'duan', { limit: '4' });
    const expected = (await api.memory.hazards.openByDeadline(county, 100)).items
      .filter(({ hazard }) => hazard.supervisor === 'DEPT:YJJ')
      .map(({ hazard }) => hazard.id);
    expect(ofDepartment).toEqual(expected);
    expect(expected).toHaveLength(10);
    expect((await pages(api, 'otherDepartment', { limit: '7' })).length).toBe(20);
    expect((await pages(api, 'committee', { limit: '200' })).length).toBe(30);
    expect((await pages(api, 'otherTownship', { limit: '10' })).length).toBe(0);
  });

  test('lists are narrowed by enterprise, stage, level and what is overdue', async () => {
    const api = await hazardsApi();
    const closed = await live(api, ...life('on the spot').slice(0, 2));
    const graded = await live(api, ...until('by a limit, with an extension, returned once', 'AssignRectification'));
    const majorOne = await live(api, ...until('a major one', 'ReportToDepartment'));
    expect((await pages(api, 'li', { limit: '10' })).sort()).toEqual([closed, graded, majorOne].sort());
    expect(await pages(api, 'li', { limit: '1', stage: 'closed' })).toEqual([closed]);
    expect(await pages(api, 'committee', { limit: '1', stage: 'closed' })).toEqual([closed]);
    expect(await pages(api, 'committee', { limit: '1', stage: 'withdrawn' })).toEqual([]);
    expect(await pages(api, 'duan', { limit: '10', enterprise: uscc, level: 'major' })).toEqual([majorOne]);
    expect((await pages(api, 'duan', { limit: '10', overdue: 'true' })).sort()).toEqual([graded, majorOne].sort());
    expect(await pages(api, 'duan', { limit: '10', overdue: 'false' })).toEqual([]);
    for (const query of [{ enterprise: '91350100M000100Y43' }, { stage: 'closed', cursor: 'GREEN' }]) {
      const { status } = await api.ask('li', '03-20T09:00', 'GET /v1/hazards', { query });
      expect(status).toBe('enterprise' in query ? 404 : 200);
    }
    const malformed = await api.ask('duan', '03-20T09:00', 'GET /v1/hazards', { query: { stage: 'closed', cursor: 'GREEN' } });
    expect(malformed.body.code).toBe('cursor-malformed');
  });
});

test('what the domain would refuse outright to a person is not offered to him', async () => {
  const api = await hazardsApi();
  const id = await live(api, ...until('on the spot', 'AcceptRectification'));
  const stored = await api.memory.hazards.load(county, hazardId(id));
  if (stored === undefined || !isOpen(stored.hazard)) throw new Error('the case is gone');
  const at = stored.hazard.reportedAt;
  const { hazards } = policyFor(county, at);
  const refused = decideHazard(stored.hazard, { type: 'AcceptRectification' }, hazards, { at, actor: party.li });
  expect(refused).toMatchObject({ reason: 'fixer-may-not-accept' });
  expect((await api.read('li', '03-02T11:00', id)).body.commands).not.toContain('AcceptRectification');
  expect((await api.read('wang', '03-02T11:00', id)).body.commands).toContain('AcceptRectification');
});
