/** Tasks and inspections through the API's own wrapper, over tables in memory. */

import { tellSent } from '../../functions/relay-ledger/tell-sent.ts';
import { commit } from '../../shared/data/commit.ts';
import { dynamoHazardStore, openCase } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoTaskStore, type Visit } from '../../shared/data/task-store.ts';
import { ACCESS, type Operation } from '../../shared/domain/access.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import { ROLES, type Role } from '../../shared/domain/caller.ts';
import { department, hazardId, objectId, personId, taskId, townshipCode } from '../../shared/domain/ids.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { areaObject } from '../../shared/domain/object.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { taskSubject } from '../../shared/domain/task.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { aTask, at, county, store, USCC, unassigned } from '../support/tasks.ts';
import { type Asking, area, boss, inspector, owner, tasksApi, wang, zhao } from '../support/tasks-api.ts';

const id = aTask().id;
const photo = (name: string) => `evidence/${USCC}/${name.repeat(64).slice(0, 64)}.jpg`;

const record = {
  version: 1,
  outcome: 'inspected',
  visitedAt: '2026-03-10T10:00:00+08:00',
  present: ['wang', 'zhao'],
  account: '现场检查',
  items: [
    { item: '1', result: 'does-not', evidence: [photo('a')] },
    { item: '2', result: 'conforms' },
  ],
  problems: [],
  hazards: [{ place: '罐区', description: '报警器失灵', level: 'major', risk: 'R1', item: '1', evidence: [photo('b')] }],
  representative: { signed: 'signed', evidence: [photo('c')] },
} as const;
const member = (name: string) => ({ id: personId(name), role: 'enforcer' as const });
const nothing = { items: record.items.map(({ item }) => ({ item, result: 'conforms' })), hazards: [], nothingFound: true };
const notFound = { outcome: 'not-found', items: [], hazards: [], representative: undefined };

const report = 'POST /v1/tasks/{id}/report';
/** A role that may never is told so; one that may, but not this one, is told that there is none. */
const hiddenFrom = (role: Role, operation: Operation): number => (Object.hasOwn(ACCESS[operation], role) ? 404 : 403);
async function visits(): Promise<readonly Visit[]> {
  const found: Visit[] = [];
  for await (const visit of dynamoTaskStore.eachVisit(county)) found.push(visit);
  return found;
}
const ledgerOf = async (task = id) => (await dynamoLedgerStore.ofSubject(taskSubject(task), 50)).events;

test('those who go know the object, its risks with their measures, what to look at, why and until when', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const { body } = await ask(wang, '03-02T09:00', 'GET /v1/tasks/{id}', { task: id });
  expect(body).toMatchObject({
    ...{ objectName: '合成样例厂', day: '2026-03-10', stage: 'assigned', riskCount: 1, openHazards: [], inspections: [] },
    items: [{ no: '1', name: '事项1' }, { no: '2' }],
    risks: [{ no: 'R1', colour: 'RED', controls: [{ item: 1, text: '报警器' }] }],
    owed: [{ what: 'visit', isOverdue: false, why: { clause: '三(四)' } }],
  });
  const risks = await ask(wang, '03-02T09:00', 'GET /v1/tasks/{id}/risks', { task: id });
  expect(risks.body.items).toHaveLength(1);
  const mine = await ask(zhao, '03-02T09:00', 'GET /v1/tasks');
  expect(mine.body.items.map((line: { id: string }) => line.id)).toEqual([id]);
  for (const query of [{ overdue: 'true' }, { day: '2026-03-11' }, { stage: 'reported' }]) {
    expect((await ask(boss, '03-02T09:00', 'GET /v1/tasks', { query })).body.items).toEqual([]);
  }
  expect((await ask(boss, '03-12T09:00', 'GET /v1/tasks', { query: { overdue: 'true' } })).body.items).toHaveLength(1);
});

test('before the visit nobody but the team and who sends it sees the task, and nobody its inspection; the ledger names nothing', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  for (const role of ROLES) {
    const of = role.startsWith('township-') ? 'TOWN:533102001' : role.startsWith('department-') ? 'DEPT:YJJ' : undefined;
    const staff = ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'].includes(role);
    const asOwner = staff ? owner.owner : of;
    const who = { id: `${role}-x`, role, ...(asOwner !== undefined && { owner: asOwner }) } as const;
    const isDispatcher = role === 'department-head';
    const task = await ask(who, '03-02T09:00', 'GET /v1/tasks/{id}', { task: id });
    expect([role, task.status]).toEqual([role, isDispatcher ? 200 : hiddenFrom(role, 'ReadTask')]);
    const tasks = await ask(who, '03-02T09:00', 'GET /v1/tasks');
    if (!isDispatcher) expect([role, JSON.stringify(tasks.body).includes(USCC)]).toEqual([role, false]);
    const inspection = await ask(who, '03-02T09:00', 'GET /v1/inspections/{id}', { task: id });
    expect([role, inspection.status]).toEqual([role, hiddenFrom(role, 'ReadInspection')]);
    const inspections = await ask(who, '03-02T09:00', 'GET /v1/inspections', { query: { enterprise: USCC } });
    expect([role, inspections.body.items ?? []]).toEqual([role, []]);
  }
  const told = JSON.stringify(await ledgerOf());
  for (const hidden of [USCC, 'wang', 'zhao', '533102001', 'c'.repeat(64), '03-10', '03-11']) expect(told).not.toContain(hidden);
});

test('whoever the ladder tells sees what is late and who has to act, and nothing of object, team or a day to come', async () => {
  const { ask } = tasksApi();
  await store(aTask(), unassigned({ id: taskId('R.YJJ.000001.1.0002') }));
  const told: readonly Asking[] = [
    { id: 'chen', role: 'department-officer', owner: 'DEPT:YJJ' },
    boss,
    { id: 'anwei', role: 'committee-officer' },
    { id: 'mayor', role: 'government-head' },
    wang,
  ];
  const outline = (as: Asking, when: string, task = id) => ask(as, when, 'GET /v1/tasks/{id}/outline', { task });
  for (const as of told) {
    const before = await outline(as, '03-02T09:00');
    expect([as.role, before.status]).toEqual([as.role, 200]);
    expect(before.body).toEqual({
      ...{ id, stage: 'assigned', stageName: '待检查', isOverdue: false },
      draw: expect.objectContaining({ authority: 'YJJ', number: 1, period: '2026-03' }),
      owed: [
        {
          ...{ what: 'visit', isOverdue: false, stepsTold: 0, by: expect.stringMatching(/检查人员/) },
          why: expect.objectContaining({ clause: '三(四)' }),
        },
      ],
    });
    const { body } = await outline(as, '03-11T09:00');
    expect(body).toMatchObject({ isOverdue: true, owed: [{ what: 'visit', isOverdue: true, due: at('03-11T00:00') }] });
    for (const hidden of [USCC, '合成样例厂', 'wang', 'zhao', '533102001', 'c'.repeat(64)])
      expect(JSON.stringify([before.body, body])).not.toContain(hidden);
  }
  const waits = await outline(told[0] ?? boss, '03-02T09:00', taskId('R.YJJ.000001.1.0002'));
  expect(waits.body.owed).toMatchObject([{ what: 'assign', due: expect.any(String), by: expect.stringMatching(/负责人/) }]);
  const others: readonly (readonly [Asking, number])[] = [
    [{ id: 'chen', role: 'department-officer', owner: 'DEPT:ZJJ' }, 404],
    [{ id: 'li', role: 'expert' }, 404],
    [owner, 403],
    [{ id: 'auditor', role: 'auditor' }, 403],
  ];
  for (const [as, status] of others) expect([as.role, (await outline(as, '03-02T09:00')).status]).toEqual([as.role, status]);
});

test('who does not go any more, and is told so, still finds the task', async () => {
  const { ask } = tasksApi();
  const passed = { day: '2026-03-01' as Day, team: [{ id: personId('li'), role: 'expert' as const }] };
  await store({ ...unassigned(), passed });
  const li: Asking = { id: 'li', role: 'expert' };
  expect((await ask(li, '03-02T09:00', 'GET /v1/tasks/{id}', { task: id })).status).toBe(404);
  const { body } = await ask(li, '03-02T09:00', 'GET /v1/tasks/{id}/outline', { task: id });
  expect([body.stageName, JSON.stringify(body).includes('li"')]).toEqual(['待人工派员', false]);
});

test('what was found is handed in with its hazards, all or nothing; then its enterprise may see it', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const answer = await ask(wang, '03-10T12:00', report, { task: id, body: record, key: 'the-report-of-wang' });
  expect([answer.status, answer.body.stage, answer.body.version]).toEqual([200, 'reported', 2]);
  const again = await ask(wang, '03-10T12:05', report, { task: id, body: record, key: 'the-report-of-wang' });
  expect(again.body).toEqual(answer.body);
  const [first] = answer.body.hazards as string[];
  const hazard = first && (await dynamoHazardStore.load(county, hazardId(first)))?.hazard;
  expect(hazard).toMatchObject({
    owner: `ENT:${USCC}`,
    finding: { source: 'inspection', inspection: id, risk: 'R1', suspectedMajor: true },
  });
  const seen = await ask(owner, '03-10T13:00', 'GET /v1/inspections');
  expect(seen.body.items).toMatchObject([{ id, outcome: 'inspected', nothingFound: false, hazards: [{ stage: 'registered' }] }]);
  const whole = await ask(owner, '03-10T13:00', 'GET /v1/inspections/{id}', { task: id });
  expect(whole.body).toMatchObject({
    items: [{ item: '1', name: '事项1', result: 'does-not' }, { item: '2' }],
    reportedBy: 'wang',
  });
  expect((await ledgerOf()).map(({ type }) => type)).toEqual(['TaskAssigned', 'InspectionReported']);
  expect(await visits()).toEqual([{ object: `ENT:${USCC}`, at: at('03-10T10:00'), task: id }]);
});

test('who has declared an interest since he was sent may not have been there, and what he says is refused', async () => {
  const { ask, inspectors } = tasksApi();
  await store(aTask());
  const kin = {
    no: 1,
    in: objectId(`ENT:${USCC}`),
    kind: 'kinship',
    reason: '亲属',
    by: personId('boss'),
    at: at('03-09T08:00'),
  };
  inspectors.set(personId('zhao'), { ...inspector('zhao'), interests: [kin] });
  const refused = await ask(wang, '03-10T12:00', report, { task: id, body: record });
  expect([refused.status, refused.body.code, refused.body.recused]).toEqual([409, 'recused', ['zhao']]);
  expect((await ledgerOf()).map(({ type }) => type)).toEqual(['TaskAssigned']);
});

test('another of the team signs; the reporter cannot', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, ...nothing } });
  const confirm = 'POST /v1/tasks/{id}/confirm';
  const own = await ask(wang, '03-10T12:01', confirm, { task: id, body: { version: 2 } });
  expect([own.status, own.body.code]).toEqual([403, 'reporter-may-not-confirm']);
  const stale = await ask(zhao, '03-10T12:02', confirm, { task: id, body: { version: 1 } });
  expect([stale.status, stale.body.code]).toEqual([409, 'stale-version']);
  const signed = await ask(zhao, '03-10T12:03', confirm, { task: id, body: { version: 2 } });
  expect([signed.status, signed.body.stage]).toEqual([200, 'confirmed']);
});

test('a record is given back and handed in again with what it opened; who was named signs it, and sees only then', async () => {
  const { ask, inspectors } = tasksApi();
  await store(aTask());
  const li = { id: 'li', role: 'committee-officer' } as const;
  inspectors.set(personId('li'), inspector('li'));
  inspectors.set(personId('lei'), inspector('lei', { role: 'expert' }));
  const [give, name, confirm] = (['return', 'confirmer', 'confirm'] as const).map((what) => `POST /v1/tasks/{id}/${what}`);
  if (give === undefined || name === undefined || confirm === undefined) throw new Error('three were named');
  await ask(wang, '03-10T12:00', report, { task: id, body: record });
  const returned = await ask(zhao, '03-11T09:00', give, { task: id, body: { version: 2, reason: '漏记一项' } });
  expect([returned.status, returned.body.stage]).toEqual([200, 'returned']);
  const again = await ask(wang, '03-11T10:00', report, { task: id, body: { ...record, version: 3 } });
  expect([again.status, new Set(again.body.hazards).size]).toEqual([200, 2]);

  const named = (person: string, who = boss) =>
    ask(who, '03-12T09:00', name, { task: id, body: { version: 4, person, reason: '赵调离' } });
  expect((await named('li', wang)).status).toBe(403);
  expect((await named('nobody')).body.code).toBe('team-unfit');
  expect((await named('lei')).body.code).toBe('confirmer-not-enforcer');
  expect((await ask(li, '03-12T09:00', 'GET /v1/tasks/{id}', { task: id })).status).toBe(404);
  expect((await named('li')).status).toBe(200);
  expect((await ask(li, '03-12T10:00', 'GET /v1/tasks', { query: { mine: 'true' } })).body.items).toHaveLength(1);
  expect((await ask(li, '03-12T10:00', confirm, { task: id, body: { version: 5 } })).body.stage).toBe('confirmed');
  const seen = await ask(owner, '03-12T11:00', 'GET /v1/inspections/{id}', { task: id });
  expect(seen.body).toMatchObject({ returned: [{ by: 'zhao', reason: '漏记一项' }], confirmer: { id: 'li', reason: '赵调离' } });
});

test.each([
  ['list-not-said', { ...nothing, nothingFound: undefined }],
  ['items-not-all', { ...nothing, items: [] }],
  ['finding-missing', { hazards: [], problems: [{ text: '台账不全' }] }],
  ['claimed-ahead', { visitedAt: '2026-03-10T12:06:00+08:00' }],
  ['other-day-unexplained', { visitedAt: '2026-03-07T11:59:00+08:00' }],
  ['unknown-risk', { hazards: [{ ...record.hazards[0], risk: 'R9' }] }],
  ['evidence-of-another', { evidence: [photo('a').replace(USCC, '91533102MA6K1A2B16')] }],
  ['evidence-not-arrived', { evidence: [photo('f')] }],
  ['text-too-long', { hazards: [{ ...record.hazards[0], description: '长'.repeat(501) }] }],
])('a record is refused, and nothing is stored: %s', async (code, given) => {
  const { ask, lost, tables } = tasksApi();
  await store(aTask());
  lost.add(photo('f'));
  const writes = tables.writes();
  const { status, body } = await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, ...given } });
  expect([status >= 400, body.code]).toEqual([true, code]);
  expect(tables.writes()).toBe(writes);
});

test('a visit that is handed in after weeks is taken, says why it was another day, and that it comes late', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const body = { ...record, ...nothing, visitedAt: '2026-03-11T10:00:00+08:00', otherDay: '当日停电' };
  expect((await ask(wang, '03-25T12:00', report, { task: id, body })).status).toBe(200);
  const seen = await ask(owner, '03-25T13:00', 'GET /v1/inspections/{id}', { task: id });
  expect(seen.body).toMatchObject({ day: '2026-03-10', otherDay: '当日停电', late: [{ what: 'visit' }, { what: 'hand-in' }] });
});

test('not found: followed up by who sends, with what he did; no visit is counted', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const answer = await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, ...notFound } });
  expect([answer.status, answer.body.hazards]).toEqual([200, []]);
  const follow = 'POST /v1/tasks/{id}/follow-up';
  expect((await ask(wang, '03-11T09:00', follow, { task: id, body: { version: 2, text: '已核实' } })).status).toBe(403);
  const done = await ask(boss, '03-11T09:00', follow, {
    task: id,
    body: { version: 2, text: '已核实', document: '瑞应急〔2026〕1号' },
  });
  expect(done.status).toBe(200);
  expect(await visits()).toEqual([]);
});

test.each<[string, Role, Owner | undefined]>([
  ['YJJ', 'department-head', 'DEPT:YJJ'],
  ['GOV', 'department-head', 'DEPT:ZJJ'],
  ['GOV', 'committee-officer', undefined],
  ['GOV', 'government-head', undefined],
  ['YJJ', 'committee-officer', undefined],
])('who is drawn does what is his, whatever his office: a task of %s, a %s', async (of, role, ofOwner) => {
  const { ask } = tasksApi();
  const own = taskId(`R.${of}.000001.1.0001`);
  const other = taskId(`R.${of}.000001.1.0002`);
  const team = ['zheng', 'wang'].map((name) => ({ id: personId(name), role: 'enforcer' as const }));
  const authorityOf = department(of);
  await store(aTask({ id: own, authority: authorityOf, team }), aTask({ id: other, authority: authorityOf }));
  const zheng = { id: 'zheng', role, ...(ofOwner !== undefined && { owner: ofOwner }) };
  const mine = await ask(zheng, '03-02T09:00', 'GET /v1/tasks', { query: { mine: 'true' } });
  expect(mine.body.items.map((line: { id: string }) => line.id)).toEqual([own]);
  const present = ['zheng', 'wang'];
  const given = { task: own, body: { ...record, ...nothing, present } };
  expect((await ask(zheng, '03-10T12:00', report, given)).status).toBe(200);
  const stranger = await ask(zheng, '03-10T12:00', report, { ...given, task: other });
  expect(stranger.status).toBeGreaterThanOrEqual(403);
  expect((await ask(wang, '03-10T12:10', 'POST /v1/tasks/{id}/confirm', { task: own, body: { version: 2 } })).status).toBe(200);
});

test.each<'changed' | 'stopped'>(['changed', 'stopped'])('closed down: done is what stands in the register: %s', async (how) => {
  const { ask, changed, stops } = tasksApi();
  await store(aTask());
  await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, ...notFound, outcome: 'closed-down' } });
  const follow = () => {
    const body = { version: 2, text: '已核实', register: '已载明停业' };
    return ask(boss, '03-11T09:00', 'POST /v1/tasks/{id}/follow-up', { task: id, body });
  };
  const refused = await follow();
  expect([refused.status, refused.body.code]).toEqual([422, 'register-unchanged']);
  const when = { from: at('03-01T00:00'), until: at('12-31T00:00'), approvedAt: at('03-01T00:00') };
  const of = {
    scope: { of: 'enterprise' },
    kind: 'out-of-use',
    reason: '停业',
    approvedBy: personId('owner'),
    approver: '甲',
  } as const;
  if (how === 'changed') changed.version = 1;
  else stops.push({ id: 'stop', ...of, ...when });
  expect((await follow()).status).toBe(200);
});

test('a team by hand has to be one that could have been drawn', async () => {
  const { ask, inspectors } = tasksApi();
  const task = unassigned();
  await store(task);
  const absent = { from: '2026-03-12' as Day, to: '2026-03-12' as Day, reason: '培训' };
  const interest = { no: 1, in: task.object, kind: 'kinship', reason: '亲属', by: personId('li'), at: at('01-01T00:00') };
  for (const one of [
    inspector('unskilled', { skills: ['transport'] }),
    inspector('elsewhere', { authority: department('ZJJ') }),
    inspector('expired', { certificate: { no: '1', until: '2026-03-11' as Day } }),
    inspector('absent', {}, { absences: [absent] }),
    inspector('relative', {}, { interests: [interest] }),
    inspector('retired', {}, { retired: { at: at('01-02T00:00'), because: '调离' } }),
  ])
    inspectors.set(one.id, one);
  const send = (...team: string[]) =>
    ask(boss, '03-02T09:00', 'POST /v1/tasks/{id}/assign', {
      task: id,
      body: { version: 1, team, day: '2026-03-12', reason: '没有抽到人员' },
    });
  const reasons = { unskilled: 'not-qualified', elsewhere: 'of-another-authority', expired: 'away', absent: 'away' };
  const others = { relative: 'recused', retired: 'unknown', nobody: 'unknown' };
  for (const [who, because] of Object.entries({ ...reasons, ...others })) {
    const { body } = await send('wang', who);
    expect([body.code, body.unfit]).toMatchObject(['team-unfit', [{ id: who, because }]]);
  }
  expect((await send('wang')).body.code).toBe('team-too-small');
  expect((await send('wang', 'wang')).body.code).toBe('team-twice');
  const sent = await send('wang', 'zhao');
  expect([sent.status, sent.body.stage, sent.body.byHand]).toEqual([200, 'assigned', true]);
  expect((await ask(wang, '03-02T10:00', 'GET /v1/tasks')).body.items).toHaveLength(1);
  const told = JSON.stringify(await ledgerOf());
  for (const hidden of [USCC, '"wang"', '没有抽到人员', '03-12', '03-13']) expect(told).not.toContain(hidden);
});

test('who was drawn goes unless he cannot; who is sent has room, on a day of visits; the reason is shown with the visit and published', async () => {
  const { ask, inspectors } = tasksApi();
  const others = [2, 3].map((place) => aTask({ id: taskId(`R.YJJ.000001.1.000${place}`), team: [member('li')] }));
  await store(aTask(), ...others);
  inspectors.set(personId('li'), inspector('li'));
  inspectors.set(personId('wu'), inspector('wu', { perMonth: 0 }));
  inspectors.set(personId('sun'), inspector('sun'));
  const send = (day: string, ...team: string[]) =>
    ask(boss, '03-02T09:00', 'POST /v1/tasks/{id}/assign', { task: id, body: { version: 1, team, day, reason: '赵病假' } });
  expect((await send('2026-03-14', 'wang', 'zhao')).body.code).toBe('no-day-of-visits');
  expect((await send('2026-03-10', 'wang', 'li')).body.unfit).toMatchObject([{ id: 'li', because: 'day-full' }]);
  expect((await send('2026-03-10', 'wang', 'wu')).body.unfit).toMatchObject([{ id: 'wu', because: 'month-full' }]);
  const early = await send('2026-03-10', 'wang', 'sun');
  expect([early.body.code, early.body.drawn]).toEqual(['drawn-can-go', ['zhao']]);
  const ill = { from: '2026-03-10' as Day, to: '2026-03-10' as Day, reason: '病假' };
  inspectors.set(personId('zhao'), inspector('zhao', {}, { absences: [ill] }));
  expect((await send('2026-03-10', 'wang', 'sun')).status).toBe(200);

  const notices: TaskNotice[] = [];
  const publish = async (told: readonly TaskNotice[]) => {
    notices.push(...told);
    return [];
  };
  for (const event of await ledgerOf()) await tellSent({ tasks: dynamoTaskStore, bus: { publish } })(event);
  expect(notices).toMatchObject([{ task: id, inspectors: ['wang', 'sun', 'zhao'] }]);
  expect(JSON.stringify(notices)).not.toContain(USCC);

  const body = { ...record, ...nothing, version: 2, present: ['wang', 'sun'] };
  expect((await ask(wang, '03-10T12:00', report, { task: id, body })).status).toBe(200);
  const seen = await ask(owner, '03-10T13:00', 'GET /v1/inspections/{id}', { task: id });
  const hand = { by: 'boss', reason: '赵病假', day: '2026-03-10', team: ['wang', 'sun'] };
  expect(seen.body.handAssignment).toMatchObject(hand);
});

test('a public area is its one risk; what is found there is its hazard', async () => {
  const { ask } = tasksApi();
  const object = areaObject(aTask().township, area.no);
  await store(aTask({ object, owner: area.owner, items: [] }));
  const seen = await ask(wang, '03-02T09:00', 'GET /v1/tasks/{id}', { task: id });
  expect(seen.body).toMatchObject({ objectName: '储罐（罐区）', risks: [{ no: 'R1' }], items: [{ no: '1' }, { no: '2' }] });
  const { risk: _, ...hazard } = { ...record.hazards[0], evidence: [] };
  const items = record.items.map(({ item, result }) => ({ item, result }));
  const representative = { signed: 'absent', reason: '无人值守' };
  const body = { ...record, items, hazards: [hazard], representative };
  const answer = await ask(wang, '03-10T12:00', report, { task: id, body });
  expect(answer.status).toBe(200);
  const found = await dynamoHazardStore.load(county, hazardId(answer.body.hazards[0]));
  expect(found?.hazard).toMatchObject({ owner: 'TOWN:533102001', supervisor: 'DEPT:YJJ', finding: { risk: 'R1' } });
  const inspections = await ask(
    { id: 'town', role: 'township-head', owner: 'TOWN:533102001' },
    '03-11T09:00',
    'GET /v1/inspections',
    {
      query: { township: '533102001', no: 'R1' },
    },
  );
  expect(inspections.body.items).toHaveLength(1);
});

test('of a department with areas in several townships a task shows what lies open in its own area, and no other', async () => {
  const { ask } = tasksApi();
  const [here, there] = ['533102001', '533102102'].map(townshipCode);
  if (here === undefined || there === undefined) throw new Error('two were named');
  const rules = policyFor(county, at('03-01T09:00')).hazards;
  const occasion = { at: at('03-01T09:00'), county, actor: { ...wang, id: personId('wang') } };
  for (const [index, township] of [here, there].entries()) {
    const finding = {
      at: occasion.at,
      source: 'staff-report',
      place: `${index}`,
      description: '松动',
      evidence: [],
      risk: area.no,
    } as const;
    const hazard = hazardId(`R0123456789ABCDE${index}`);
    await commit(openCase({ id: hazard, county, colour: 'RED', owner: 'DEPT:YJJ', township, finding }, rules, occasion));
  }
  await store(aTask({ object: areaObject(here, area.no), owner: 'DEPT:YJJ' }));
  const { body } = await ask(wang, '03-02T09:00', 'GET /v1/tasks/{id}', { task: id });
  expect(body.openHazards).toMatchObject([{ place: '0' }]);
});

test('the largest record of a visit is one transaction', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const [one] = record.hazards;
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...one, place: `${index}`, evidence: [] }));
  const most = await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, hazards: many(40) } });
  expect([most.status, most.body.hazards.length]).toEqual([200, 40]);
  const more = await ask(wang, '03-10T12:00', report, { task: id, body: { ...record, hazards: many(41) } });
  expect([more.status, JSON.stringify(more.body)]).toEqual([400, expect.stringContaining('最多 40 项')]);
});

test('evidence of a visit is uploaded for its object by its team', async () => {
  const { ask } = tasksApi();
  await store(aTask());
  const file = { type: 'image/jpeg', bytes: 1000, sha256: 'a'.repeat(64) };
  const { status, body } = await ask({ id: 'zhao', role: 'expert' }, '03-10T10:00', 'POST /v1/tasks/{id}/evidence', {
    task: id,
    body: file,
  });
  expect([status, body.key]).toEqual([201, photo('a')]);
});
