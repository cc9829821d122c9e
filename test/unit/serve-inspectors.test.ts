import * as api from '../../functions/serve-inspectors/api.ts';
import * as registerApi from '../../functions/serve-register/api.ts';
import { commit } from '../../shared/data/commit.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { newTaskParts } from '../../shared/data/task-store.ts';
import { type Day, instant, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import type { Draw, Stratum } from '../../shared/domain/draw.ts';
import type { DrawKind } from '../../shared/domain/draw-kind.ts';
import { department, drawPeriod, personId, taskId, townshipCode } from '../../shared/domain/ids.ts';
import { enterpriseObject } from '../../shared/domain/object.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { Task } from '../../shared/domain/task.ts';
import { type InspectorsApi, inspectorsApi, someone } from '../support/inspectors-api.ts';
import { usccOf } from '../support/lists.ts';
import { assessed, enterpriseBody, riskContent, staff } from '../support/register-api.ts';
import { county } from '../support/tokens.ts';

const officer = someone('officer', 'department-officer', 'DEPT:YJJ');
const head = someone('head-of-yjj', 'department-head', 'DEPT:YJJ');
const other = someone('other', 'department-officer', 'DEPT:JTJ');
const committee = someone('committee', 'committee-officer');
const expert = someone('expert-1', 'expert');
const AT = '2026-06-10 08:00';

let it: InspectorsApi;
beforeEach(async () => {
  it = await inspectorsApi();
});

const entry = (id: string, more: object = {}) => ({
  ...{ id, authority: 'YJJ', role: 'enforcer', skills: ['hazardous-chemicals'] },
  certificate: { no: `ZF-${id}`, until: '2027-12-31' },
  ...more,
});
const enter = (id: string, more: object = {}, as = officer) => it.ask(api.registerInspector, as, AT, { body: entry(id, more) });
const read = async (id: string, as = officer) => (await it.ask(api.readInspector, as, AT, { params: { id } })).body;
const declare = (as: typeof officer, id: string, body: object) =>
  it.ask(api.declareInterest, as, AT, { params: { id }, body: { kind: 'kinship', reason: '姐夫任厂长', ...body } });

/** A works of which one risk of a colour counts. */
async function works(n: number, colour: 'RED' | 'BLUE' = 'RED'): Promise<void> {
  const { manager, head: boss } = staff(n);
  const params = { uscc: usccOf(n) };
  await it.ask(registerApi.registerEnterprise, officer, '2026-05-01 08:00', { body: enterpriseBody(n) });
  await it.ask(registerApi.addRisk, manager, '2026-05-01 08:00', {
    params,
    body: { no: 'R-1', content: riskContent({ workshop: '储运车间' }), assessments: assessed(colour) },
  });
  const { body } = await it.ask(registerApi.readRiskList, boss, '2026-05-01 08:00', { params });
  const { version, list, digest } = body;
  const signed = await it.ask(registerApi.signRiskList, boss, '2026-05-01 08:00', { params, body: { version, list, digest } });
  expect(signed.status).toBe(200);
}

describe('the directory of inspectors', () => {
  test('a person stands in one directory once, of an authority that its own people keep', async () => {
    expect((await enter('zhang')).status).toBe(201);
    expect((await enter('zhang')).body).toMatchObject({ status: 409, code: 'in-a-directory' });
    expect((await enter('zhang', { authority: 'JTJ' }, other)).body.code).toBe('in-a-directory');
    expect((await enter('li', { authority: 'JTJ' })).status).toBe(404);
    expect((await enter('li', { authority: 'GOV' })).status).toBe(404);
    expect((await enter('li', { authority: 'GOV' }, committee)).status).toBe(201);
    expect((await enter('wang', {}, committee)).status).toBe(404);
    expect((await it.ask(api.readInspector, other, AT, { params: { id: 'zhang' } })).status).toBe(404);
    expect((await read('zhang', committee)).authorityName).toBe('应急管理局');
  });

  test('what the policy does not know, what has expired and an enforcer with an employer are refused', async () => {
    expect((await enter('a', { skills: ['baking'] })).body.code).toBe('unknown-skill');
    expect((await enter('a', { skills: ['*', 'hazardous-chemicals'] })).body.code).toBe('unknown-skill');
    expect((await enter('a', { certificate: { no: '1', until: '2026-06-09' } })).body.code).toBe('certificate-expired');
    expect((await enter('a', { employer: usccOf(1) })).body.code).toBe('employer-of-enforcer');
    expect((await enter('a', { role: 'expert', employer: usccOf(1) })).status).toBe(201);
  });

  test('one who retired is changed by nobody, and may be entered by another authority with what he declared', async () => {
    await enter('zhang');
    await works(1);
    expect((await declare(officer, 'zhang', { version: 1, in: `ENT:${usccOf(1)}` })).status).toBe(201);
    const params = { id: 'zhang' };
    const retired = await it.ask(api.retireInspector, officer, AT, { params, body: { version: 2, because: '调离' } });
    expect(retired.body.retired.because).toBe('调离');
    const { id: _, authority: __, ...content } = entry('zhang');
    const changed = await it.ask(api.changeInspector, officer, AT, { params, body: { version: 3, ...content } });
    expect(changed.body.code).toBe('inspector-retired');
    const back = await enter('zhang', { authority: 'JTJ' }, other);
    expect(back.body).toMatchObject({ authority: 'JTJ', version: 4, interests: [{ no: 1, in: `ENT:${usccOf(1)}` }] });
    expect(back.body.retired).toBeUndefined();
  });

  test('absences are replaced from today on; what is past is not rewritten', async () => {
    await enter('zhang');
    const say = (at: string, version: number, ...absences: [string, string][]) =>
      it.ask(api.declareAbsences, officer, at, {
        params: { id: 'zhang' },
        body: { version, absences: absences.map(([from, to]) => ({ from, to, reason: '培训' })) },
      });
    const spans = (body: { absences: { from: string; to: string }[] }) => body.absences.map(({ from, to }) => `${from}/${to}`);
    expect((await say(AT, 1, ['2026-06-09', '2026-06-12'])).body.code).toBe('absence-in-the-past');
    expect((await say(AT, 1, ['2026-06-12', '2026-06-11'])).body.code).toBe('absence-backwards');
    expect((await say(AT, 1, ['2026-06-11', '2026-06-12'], ['2026-06-12', '2026-06-13'])).body.code).toBe('absences-overlap');
    expect(spans((await say(AT, 1, ['2026-06-10', '2026-06-20'])).body)).toEqual(['2026-06-10/2026-06-20']);
    const longer = await say('2026-06-15 08:00', 2, ['2026-06-10', '2026-06-25']);
    expect(spans(longer.body)).toEqual(['2026-06-10/2026-06-25']);
    expect(spans((await say('2026-06-15 08:00', 3)).body)).toEqual(['2026-06-10/2026-06-14']);
    const over = await say('2026-06-20 08:00', 4, ['2026-06-10', '2026-06-13']);
    expect(over.body.code).toBe('absence-in-the-past');
  });

  test('an interest is declared by oneself too, and lifted by a dispatcher who is another', async () => {
    await works(1);
    await enter('expert-1', { role: 'expert' });
    await enter('head-of-yjj');
    expect((await it.ask(api.listInspectors, expert, AT)).body.items.map(({ id }: { id: string }) => id)).toEqual(['expert-1']);
    expect((await declare(expert, 'expert-1', { version: 1, in: `ENT:${usccOf(2)}` })).body.code).toBe('unknown-object');
    expect((await declare(expert, 'expert-1', { version: 1, in: 'TOWN:533102102', kind: 'envy' })).body.code).toBe(
      'unknown-interest',
    );
    expect((await declare(expert, 'head-of-yjj', { version: 1, in: 'TOWN:533102102' })).status).toBe(404);
    const declared = await declare(expert, 'expert-1', { version: 1, in: `ENT:${usccOf(1)}` });
    expect(declared.body.interests).toMatchObject([{ no: 1, kindName: '亲属关系', by: 'expert-1' }]);
    expect((await declare(head, 'head-of-yjj', { version: 1, in: 'DEPT:JTJ' })).status).toBe(201);
    const lift = (as: typeof officer, id: string) =>
      it.ask(api.liftInterest, as, AT, { params: { id, no: '1' }, body: { version: 2, reason: '已离职' } });
    expect((await lift(officer, 'expert-1')).status).toBe(403);
    expect((await lift(head, 'head-of-yjj')).body.code).toBe('not-by-oneself');
    expect((await lift(head, 'expert-1')).body.interests).toMatchObject([{ lifted: { by: 'head-of-yjj', reason: '已离职' } }]);
  });

  test('a change needs the version that stands, and a command that is repeated is answered as it was', async () => {
    await enter('zhang');
    const { id: _, authority: __, ...content } = entry('zhang', { perMonth: 12 });
    const change = (version: number, key?: string) =>
      it.ask(api.changeInspector, officer, AT, { params: { id: 'zhang' }, body: { version, ...content }, ...(key && { key }) });
    expect((await change(9)).body).toMatchObject({ code: 'stale-version', version: 1 });
    const first = await change(1, 'the-same-key');
    expect(first.body).toMatchObject({ perMonth: 12, version: 2 });
    expect((await change(1, 'the-same-key')).body).toEqual(first.body);
    const { events } = await dynamoLedgerStore.ofSubject('INSP#zhang', 10);
    expect(events.map(({ type }) => type)).toEqual(['InspectorRegistered', 'InspectorChanged']);
  });
});

const item = (no: string, more: object = {}) => ({
  ...{ no, name: '安全生产责任制', basis: '安全生产法 第四条', appliesTo: ['*'], kinds: ['RANDOM'], way: '现场检查' },
  ...more,
});

test('a list of items is kept whole, published once for each version, and a crash between leaves it to be published', async () => {
  const params = { authority: 'YJJ' };
  const keep = (version: number, items: object[], as = officer) =>
    it.ask(api.keepItems, as, AT, { params, body: { version, items } });
  expect((await keep(0, [item('1'), item('1')])).body).toMatchObject({ code: 'item-twice', no: '1' });
  expect((await keep(0, [item('1', { appliesTo: ['baking'] })])).body.code).toBe('unknown-skill');
  expect((await keep(0, [item('1')], other)).status).toBe(404);
  expect((await keep(0, [item('1'), item('2', { appliesTo: ['area'] })])).status).toBe(200);
  expect((await keep(1, [item('1')])).body.version).toBe(2);
  const staffReads = await it.ask(api.readItems, staff(1).holder, AT, { params });
  expect(staffReads.body).toMatchObject({ version: 2, items: [{ no: '1' }] });

  const until = instant('2026-06-10T01:00:00Z');
  const [waiting, ...none] = await it.lists.unpublished(until);
  expect(none).toEqual([]);
  expect(waiting?.key).toBe('published/items/533102.YJJ/000002.json');
  expect(JSON.parse(waiting?.body ?? '')).toMatchObject({ version: 2, authority: 'YJJ', items: [{ no: '1' }] });
  await keep(2, [item('1'), item('3')]);
  if (waiting !== undefined) await it.lists.published(waiting);
  const [next] = await it.lists.unpublished(until);
  expect(next?.key).toBe('published/items/533102.YJJ/000003.json');
  if (next !== undefined) await it.lists.published(next);
  expect(await it.lists.unpublished(until)).toEqual([]);
  expect((await it.ask(api.readItems, officer, AT, { params })).body.version).toBe(3);
});

const YJJ = department('YJJ');

/** A draw that is announced, and its tasks. */
async function announce(number: number, kind: DrawKind, period: string, strata: Stratum[], stage: Draw['stage'] = 'assigned') {
  const window = windowOf('month', periodAt('month', instant(`${period}-01T00:00:00+08:00`)));
  const at = instant(`${period}-01T00:00:00Z`);
  const hash = 'a'.repeat(64);
  const draw: Draw = {
    ...{ county, authority: YJJ, number, kind, period: drawPeriod(period), window, announcedAt: at, drawAt: at, revealBy: at },
    ...{ announcement: hash, previous: hash, strata, teamSize: 2, sources: 1, entries: [], iterations: [], stage },
    files: { objects: hash, inspectors: hash, recusals: hash, items: hash },
  };
  const { entries: _, iterations: __, stage: ___, ...data } = draw;
  await it.draws.announce({
    ...{ draw, fact: { type: 'DrawAnnounced', data }, after: await it.draws.series(YJJ), secret: 'c2VjcmV0' },
    occasion: { at, county, actor: { id: personId('system'), role: 'system' } },
  });
  return draw;
}

async function send({ number, kind, period, window, drawAt }: Draw, place: number, more: Partial<Task> = {}): Promise<void> {
  const object = enterpriseObject(usccOf(place));
  const task: Task = {
    ...{ id: taskId(`R.YJJ.${String(number).padStart(6, '0')}.1.${String(place).padStart(4, '0')}`), county, authority: YJJ },
    ...{ number, kind, period, window, iteration: 1, stratum: 'RED.hazardous-chemicals', colour: 'RED', object, drawnAt: drawAt },
    ...{ ticket: 'b'.repeat(64), owner: enterpriseOwner(usccOf(place)), township: townshipCode('533102102') },
    ...{ day: `${period}-11` as Day, items: [], stage: 'assigned', owed: [], late: [] },
    team: [{ id: personId('zhang'), role: 'enforcer' }],
    ...more,
  };
  await commit(
    newTaskParts([{ task, digest: 'c'.repeat(64) }], { at: drawAt, county, actor: { id: personId('system'), role: 'system' } }),
  );
}

const inspected = (visitedAt: string, outcome: 'inspected' | 'refused' = 'inspected'): Partial<Task> => ({
  stage: 'reported',
  inspection: {
    ...{
      outcome,
      visitedAt: instant(visitedAt),
      reportedAt: instant(visitedAt),
      by: personId('zhang'),
      present: [],
      account: '',
    },
    ...{ items: [], problems: [], hazards: [], evidence: [] },
  },
});

describe('plans', () => {
  const plan = (as: typeof officer, authority: string, period: string, body: object, at = AT) =>
    it.ask(api.planInspection, as, at, {
      params: { authority, period },
      body: { version: 0, theme: '防汛', kind: 'SPECIAL', ...body },
    });

  test('each authority plans its own kinds for its own periods, until the period is announced', async () => {
    expect((await plan(officer, 'YJJ', '2026-07', { kind: 'COMPREHENSIVE' })).body.code).toBe('kind-of-another');
    expect((await plan(officer, 'YJJ', '2026-Q3', {})).body.code).toBe('period-of-another');
    expect((await plan(officer, 'YJJ', '2026-05', {})).body.code).toBe('period-over');
    expect((await plan(officer, 'YJJ', '2026-07', { industries: ['baking'] })).body.code).toBe('unknown-skill');
    expect((await plan(officer, 'GOV', '2026-Q3', { kind: 'COMPREHENSIVE' })).status).toBe(404);
    expect((await plan(committee, 'GOV', '2026-Q3', { kind: 'COMPREHENSIVE' })).status).toBe(200);
    const planned = await plan(officer, 'YJJ', '2026-07', { kind: 'EXPERT', industries: ['area', 'hazardous-chemicals'] });
    expect(planned.body).toMatchObject({ kindName: '部门专家检查', version: 1 });
    const [published] = await it.lists.unpublished(instant('2026-06-10T01:00:00Z'));
    expect(published?.key).toMatch(/^published\/plans\/533102\.(?:YJJ\/2026-07|GOV\/2026-Q3)\/000001\.json$/);

    await announce(1, 'EXPERT', '2026-07', []);
    expect((await plan(officer, 'YJJ', '2026-07', { version: 1, theme: '防火' })).body.code).toBe('already-announced');
    expect((await plan(officer, 'YJJ', '2026-08', {})).status).toBe(200);
  });

  test('a plan moves the series, so that an announcement by the plan before it is stale', async () => {
    const before = await it.draws.series(YJJ);
    await plan(officer, 'YJJ', '2026-07', {});
    expect((await it.draws.series(YJJ)).revision).toBe(before.revision + 1);
    await announce(1, 'SPECIAL', '2026-07', []);
    expect((await it.draws.series(YJJ)).series.number).toBe(1);
  });
});

describe('oversight', () => {
  const capacity = async (as = officer) => {
    const { body } = await it.ask(api.readCapacity, as, AT, { query: { quarter: '2026-Q3', authority: 'YJJ' } });
    return body.authorities[0];
  };

  test('the capacity of a quarter says who is short, of whom and by how much, and what to do', async () => {
    await works(1);
    const alone = await capacity();
    // Twelve monthly visits of the year fall three into the quarter, as do the special ones.
    expect(alone).toMatchObject({ visits: 6, feasible: 0, isEnough: false, inspectors: 0 });
    expect(alone.bottlenecks[0]).toMatchObject({
      role: 'enforcer',
      months: ['2026-07', '2026-08', '2026-09'],
      industries: ['hazardous-chemicals'],
      inspectors: [],
      available: 0,
    });
    expect(alone.says[0]).toContain('没有能检查的执法人员');
    await enter('zhang');
    await enter('li', { perMonth: 1 });
    const short = await capacity();
    expect(short).toMatchObject({ visits: 6, feasible: 3, isEnough: false });
    expect(short.bottlenecks[0]).toMatchObject({ inspectors: ['li', 'zhang'] });
    await enter('wang', { skills: ['*'] });
    expect(await capacity()).toMatchObject({ feasible: 6, isEnough: true, bottlenecks: [], says: [] });
    await declare(officer, 'wang', { version: 1, in: `ENT:${usccOf(1)}` });
    await declare(officer, 'zhang', { version: 1, in: `ENT:${usccOf(1)}` });
    const recused = await capacity();
    expect(recused.says[0]).toContain('回避后只有 1 名执法人员能去');
    expect(recused).toMatchObject({ visits: 6, isEnough: false });
    expect((await it.ask(api.readCapacity, other, AT, { query: { quarter: '2026-Q3', authority: 'YJJ' } })).status).toBe(404);
  });

  test('inspectors who are never there together are not enough, and that is what is said', async () => {
    await works(1);
    const away = (id: string, from: string, to: string) =>
      it.ask(api.declareAbsences, officer, AT, {
        params: { id },
        body: { version: 1, absences: [{ from, to, reason: '培训' }] },
      });
    for (const id of ['zhang', 'li']) await enter(id);
    await away('zhang', '2026-07-01', '2026-08-15');
    await away('li', '2026-08-16', '2026-09-30');
    const apart = await capacity();
    expect(apart).toMatchObject({ visits: 6, feasible: 0, isEnough: false });
    expect(apart.bottlenecks).toMatchObject([{ role: 'enforcer', isOfDays: true, inspectors: ['li', 'zhang'], available: 0 }]);
    expect(apart.says[0]).toContain('共同在岗的日子最多能派 0 人次');
  });

  test('the coverage of a year is what the draws and visits say, and names what was not visited once that tells nothing', async () => {
    const red = { name: 'RED.hazardous-chemicals', objects: 6, quota: 4, wanted: 6 };
    const may = await announce(1, 'RANDOM.RED', '2026-05', [red]);
    await send(may, 1, inspected('2026-05-12T02:00:00Z'));
    await send(may, 2, inspected('2026-06-02T02:00:00Z'));
    await send(may, 3, inspected('2026-05-13T02:00:00Z', 'refused'));
    await send(may, 4);
    await send(may, 5, { stage: 'replaced' });
    const june = await announce(2, 'RANDOM.RED', '2026-06', [{ ...red, quota: 6 }]);
    await send(june, 1);
    const { body } = await it.ask(api.readCoverage, officer, AT, { query: { year: '2026', authority: 'YJJ' } });
    const [yjj] = body.authorities;
    expect(yjj.byColour).toMatchObject([
      { colour: 'RED', objects: 12, due: 12, drawn: 5, inTime: 1, late: 1, notInspected: 1, missed: 1, running: 1, gap: 7 },
    ]);
    expect(yjj.total.due).toBe(12);
    expect(yjj.byIndustry).toMatchObject([{ industry: 'hazardous-chemicals', industryName: expect.any(String), due: 12 }]);
    // The fourth of May is missed and may still be gone to; the one of June is to come: neither is told of before its draw is shown.
    expect(yjj.byTownship).toMatchObject([{ township: '533102102', drawn: 3, missed: 0, running: 0 }]);
    expect(yjj.gaps).toEqual([{ number: 1, kind: 'RANDOM.RED', period: '2026-05', stratum: red.name, wanted: 6, quota: 4 }]);
    const windows = yjj.windows.filter(({ kind }: { kind: string }) => kind === 'RANDOM.RED');
    expect(windows).toMatchObject([
      { period: '2026-05', number: 1, isRunning: false, missed: 1 },
      { period: '2026-06', number: 2, isRunning: true, running: 1 },
    ]);

    const page = async (query: object) =>
      (await it.ask(api.listNotVisited, head, AT, { query: { year: '2026', limit: '2', ...query } })).body;
    expect((await page({ limit: '9' })).items.map(({ state }: { state: string }) => state)).toEqual(['late', 'not-inspected']);
    const shown = { ...may, stage: 'revealed', revealedAt: instant('2026-06-09T00:00:00Z') } as const;
    const occasion = { at: shown.revealedAt, county, actor: { id: personId('system'), role: 'system' } } as const;
    const facts = [{ type: 'DrawRevealed', data: { files: {} } }] as const;
    await it.draws.save({ draw: shown, facts, ifVersion: 1, occasion });
    const first = await page({});
    const second = await page({ cursor: first.cursor });
    expect([...first.items, ...second.items].map(({ object, state }) => [object, state])).toEqual([
      [`ENT:${usccOf(2)}`, 'late'],
      [`ENT:${usccOf(3)}`, 'not-inspected'],
      [`ENT:${usccOf(4)}`, 'missed'],
    ]);
    expect(second.cursor).toBeUndefined();
    const { status } = await it.ask(api.readCoverage, other, AT, { query: { year: '2026', authority: 'YJJ' } });
    expect(status).toBe(404);
  });

  test('windows without a draw are told where there is something to draw, with what was said of them', async () => {
    const windowsOf = async () => {
      const { body } = await it.ask(api.readCoverage, officer, AT, { query: { year: '2026', authority: 'YJJ' } });
      return body.authorities[0].windows.map(({ kind, period, says }: Record<string, string>) => [kind, period, says]);
    };
    expect(await windowsOf()).toEqual([]);
    await works(1);
    const before = await it.draws.series(YJJ);
    const said = { period: drawPeriod('2026-06'), code: 'no-inspectors', says: '名录中没有检查人员', day: '2026-06-01' as Day };
    await it.draws.note({
      ...{ facts: [], after: before, series: { ...before.series, said: { 'RANDOM.RED': said } } },
      occasion: { at: instant('2026-06-01T00:00:00Z'), county, actor: { id: personId('system'), role: 'system' } },
    });
    const windows = await windowsOf();
    expect(windows.filter(([kind]: string[]) => kind === 'RANDOM.RED')).toHaveLength(6);
    expect(windows).toContainEqual(['RANDOM.RED', '2026-06', said.says]);
    expect(windows).toContainEqual(['SPECIAL', '2026-05', expect.stringContaining('没有进行抽查')]);
    expect(windows.filter(([kind]: string[]) => kind !== 'RANDOM.RED' && kind !== 'SPECIAL')).toEqual([]);
    await announce(1, 'EXPERT', '2026-05', []);
    expect((await windowsOf()).filter(([, period]: string[]) => period === '2026-05')).toEqual([
      ['RANDOM.RED', '2026-05', expect.any(String)],
      ['EXPERT', '2026-05', undefined],
    ]);
    const government = await it.ask(api.readCoverage, committee, AT, { query: { year: '2026', authority: 'GOV' } });
    expect(government.body.authorities[0].windows.map(({ period }: { period: string }) => period)).toEqual([
      '2026-Q1',
      '2026-Q2',
    ]);
  });

  test('the workload of an inspector is what is open and what falls into the month', async () => {
    await enter('zhang');
    const june = await announce(1, 'RANDOM.RED', '2026-06', []);
    const owed = [
      {
        what: 'visit' as const,
        due: june.window.until,
        why: { rule: '', clause: '', edition: '', origin: 'ours' as const, says: '' },
      },
    ];
    await send(june, 1, { owed });
    await send(june, 2, { stage: 'published', owed: [] });
    expect((await read('zhang')).workload).toEqual({ open: 1, month: 2 });
    const { body } = await it.ask(api.listInspectors, committee, AT, {
      query: { skill: 'hazardous-chemicals', retired: 'false' },
    });
    expect(body.items).toMatchObject([{ id: 'zhang', workload: { open: 1, month: 2 } }]);
  });
});
