/** Whom the events of a case remind: played through the real rules, told to a county in which everybody has a channel. */
import { riskNo } from '../../shared/domain/ids.ts';
import { departmentOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { at, began, day, people, photo, plan, type Step, township } from '../support/hazard-case.ts';
import { CONTACT, PHONE, RemindedCounty, WORKS } from '../support/reminded.ts';

const criterion = { criterion: 'hard-to-cure', basis: '须停用储罐' };
const general: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }];
const major: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }];
const assigned: Step = ['wang', at('03-02T11:00'), { type: 'AssignRectification', rectifier: people.li.id }];
const handedIn: Step = ['li', at('03-05T11:00'), { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] }];
const reported: Step = ['wang', at('03-02T11:00'), { type: 'ReportToDepartment' }];
const filed: Step = ['wang', at('03-04T10:00'), { type: 'FilePlan', plan }];

const STAFF = ['the works', 'its head'];
const WORKSHOPS = ['workshop one', 'workshop two'];
const EVERYBODY = [...STAFF, ...WORKSHOPS, 'township', 'its mayor', 'department', 'its chief', 'committee'];

/** What came of the last step alone. */
async function cameOf(county: RemindedCounty, ...steps: readonly Step[]) {
  await county.play(...steps.slice(0, -1));
  const before = (await county.told()).length;
  await county.play(...steps.slice(-1));
  return (await county.told()).slice(before);
}

test('a report asks the safety manager of the enterprise for a grade, and of nobody else', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  expect(await county.told()).toEqual([{ kind: 'hazard-reported', urgent: false, who: ['the works'] }]);
});

test('what somebody holds to be major, the department hears of too', async () => {
  const county = await RemindedCounty.open();
  await county.report({}, { suspectedMajor: true });
  expect(await county.told()).toMatchObject([{ who: ['the works', 'department', 'its chief'] }]);
});

test('what somebody holds to be major is told at once, at night too, and that it was not graded in time is an alarm', async () => {
  const county = await RemindedCounty.open();
  county.clock = at('03-02T23:00');
  await county.report({}, { suspectedMajor: true });
  expect((await county.of('department')).map(({ due, reminder }) => [due, reminder.isUrgent])).toEqual([
    [at('03-02T23:00'), true],
  ]);
  await county.play(['system', at('03-04T00:05'), { type: 'MarkOverdue' }], ['system', at('03-04T00:06'), { type: 'Escalate' }]);
  const missed = (await county.told()).filter(({ kind }) => kind === 'deadline-missed');
  expect(missed).toMatchObject([{ urgent: true }]);
});

test('what is said is rid of whom it names: telephone numbers, and the people of the works', async () => {
  const county = await RemindedCounty.open();
  await county.report({}, { description: `请致电${CONTACT} ${PHONE}`, place: `${CONTACT}的办公室` });
  const [told] = await county.of('the works');
  expect(told?.reminder).toMatchObject({ about: 'HAZ#R0123456789ABCDEF', content: { ownerName: WORKS, place: '■■■的办公室' } });
  expect(JSON.stringify(told)).not.toMatch(new RegExp(`${PHONE}|${CONTACT}`));
});

test('a major hazard is told at once to all who have to know, with the report that is owed first; a general one to nobody', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  expect(await cameOf(county, major)).toEqual([{ kind: 'hazard-major', urgent: true, who: EVERYBODY }]);
  const [, told] = await county.of('department');
  expect([told, ...(await county.of('department'))].find((one) => one?.reminder.kind === 'hazard-major')).toMatchObject({
    due: at('03-02T10:00'),
    reminder: { content: { level: 'major', owed: { kind: 'report', due: at('03-02T12:00') } }, why: { clause: '二(五)' } },
  });
  const other = await RemindedCounty.open();
  await other.report();
  expect(await cameOf(other, general)).toEqual([]);
});

test('whoever cures hears of it by name, his workshop where the risk point is known; then whoever accepts', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  expect(await cameOf(county, general, assigned)).toEqual([
    { kind: 'hazard-assigned', urgent: false, who: ['the works', 'workshop one', 'workshop two', 'li'] },
  ]);
  expect(await cameOf(county, handedIn)).toEqual([
    { kind: 'hazard-waiting', urgent: false, who: [...STAFF, 'workshop one', 'workshop two'] },
  ]);
  expect(await cameOf(county, ['zhao', at('03-05T15:00'), { type: 'ReturnRectification', reason: '未见联锁' }])).toMatchObject([
    { kind: 'hazard-waiting', who: ['the works', 'workshop one', 'workshop two', 'li'] },
  ]);
});

test('what has to be done stays with the workshop of the risk point; what endangers people, every workshop hears', async () => {
  const county = await RemindedCounty.open();
  await county.point('R1', '一车间');
  await county.report({}, { risk: riskNo('R1') });
  expect(await cameOf(county, general, assigned)).toMatchObject([
    { kind: 'hazard-assigned', who: ['the works', 'workshop one', 'li'] },
  ]);
  expect(await cameOf(county, handedIn)).toMatchObject([{ kind: 'hazard-waiting', who: [...STAFF, 'workshop one'] }]);

  const other = await RemindedCounty.open();
  await other.point('R1', '一车间');
  await other.report({}, { risk: riskNo('R1') });
  const order: Step = ['duan', at('03-02T11:00'), { type: 'IssueOrder', kind: 'withdraw', scope: '一号储罐' }];
  const lift: Step = ['duan', at('03-02T12:00'), { type: 'LiftOrder', no: 1, reason: '已消除' }];
  for (const told of [await cameOf(other, major), await cameOf(other, order), await cameOf(other, lift)]) {
    expect(told).toMatchObject([{ urgent: true, who: expect.arrayContaining([...STAFF, ...WORKSHOPS]) }]);
  }
});

test('a plan waits for the department, and comes back to the enterprise', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  const returned: Step = ['duan', at('03-05T10:00'), { type: 'ReturnPlan', reason: '无资金来源' }];
  expect(await cameOf(county, major, reported, filed)).toMatchObject([{ kind: 'hazard-waiting', who: ['department'] }]);
  expect(await cameOf(county, returned)).toMatchObject([{ kind: 'hazard-waiting', who: STAFF }]);
  const again: Step = ['wang', at('03-06T10:00'), { type: 'FilePlan', plan }];
  const approved: Step = ['duan', at('03-07T10:00'), { type: 'ApprovePlan' }];
  expect(await cameOf(county, again, approved)).toMatchObject([
    { kind: 'hazard-assigned', who: ['the works', 'workshop one', 'workshop two', 'zhao'] },
  ]);
});

test('orders and their lifting are told at once to everybody of the works and to the authorities', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  const order: Step = ['duan', at('03-02T23:30'), { type: 'IssueOrder', kind: 'evacuate', scope: `库区，问${PHONE}` }];
  expect(await cameOf(county, major, order)).toEqual([{ kind: 'order-issued', urgent: true, who: EVERYBODY }]);
  const lift: Step = ['duan', at('03-03T23:30'), { type: 'LiftOrder', no: 1, reason: '已消除' }];
  const withoutHeads = EVERYBODY.filter((who) => who !== 'its mayor' && who !== 'its chief');
  expect(await cameOf(county, lift)).toEqual([{ kind: 'order-lifted', urgent: true, who: withoutHeads }]);
  // Not held by the night, and its receivers are looked at before the next minute.
  const due = (await county.of('workshop one')).find(({ reminder }) => reminder.kind === 'order-issued');
  expect(due).toMatchObject({
    due: at('03-02T23:30'),
    reminder: { content: { order: { no: 1, kind: 'evacuate', scope: '库区，问■■■■■■■■■■■', at: at('03-02T23:30') } } },
  });
  expect(county.woken).toContainEqual({ county: '533102', receiver: due?.receiver, at: at('03-02T23:30') });
});

test('consent to resume lifts the stop, and a withdrawal lifts what was ordered', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  await county.play(
    major,
    reported,
    ['duan', at('03-02T12:00'), { type: 'IssueOrder', kind: 'stop-use', scope: '一号储罐' }],
    filed,
    ['duan', at('03-05T10:00'), { type: 'ApprovePlan' }],
    ['zhao', at('03-20T10:00'), { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] }],
    ['duan', at('03-21T10:00'), { type: 'AcceptRectification' }],
  );
  const applied: Step = ['wang', at('03-22T10:00'), { type: 'ApplyToResume', assessor: '省安科院', assessment: photo('b') }];
  expect(await cameOf(county, applied)).toMatchObject([{ kind: 'hazard-waiting', who: ['department'] }]);
  expect(await cameOf(county, ['duan', at('03-23T10:00'), { type: 'ConsentToResume' }])).toMatchObject([
    { kind: 'order-lifted', urgent: true },
  ]);
  const whysOf = async (of: RemindedCounty) =>
    (await of.of('the works')).flatMap(({ reminder }) => (reminder.kind === 'order-lifted' ? [reminder.why?.says] : []));
  expect(await whysOf(county)).toEqual([expect.stringMatching(/同意后方可恢复/)]);

  const other = await RemindedCounty.open();
  await other.report({}, { source: 'inspection' });
  const asked: Step = ['wang', at('03-03T10:00'), { type: 'RequestWithdrawal', reason: '误报' }];
  const stopped: Step = ['duan', at('03-02T12:00'), { type: 'IssueOrder', kind: 'withdraw', scope: '罐区' }];
  expect(await cameOf(other, major, stopped, asked)).toMatchObject([{ kind: 'hazard-waiting', who: ['department'] }]);
  expect(await cameOf(other, ['duan', at('03-04T10:00'), { type: 'ConfirmWithdrawal' }])).toMatchObject([
    { kind: 'order-lifted', urgent: true },
  ]);
  expect(await whysOf(other)).toEqual([undefined]);
});

test('help to evacuate is asked of the government at once, and the answer comes back at once, also at night; a listing is told up to it', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  const help: Step = ['zhao', at('03-02T11:30'), { type: 'ApplyForEvacuationHelp', area: '下游村', people: 120 }];
  expect(await cameOf(county, major, help)).toEqual([
    { kind: 'evacuation-asked', urgent: true, who: ['township', 'its mayor', 'its chief', 'committee', 'governor'] },
  ]);
  const answer: Step = ['governor', at('03-02T23:30'), { type: 'AnswerEvacuationHelp', granted: true, note: `已派，问${PHONE}` }];
  expect(await cameOf(county, answer)).toEqual([
    {
      kind: 'evacuation-answered',
      urgent: true,
      who: [...STAFF, ...WORKSHOPS, 'township', 'its mayor', 'department', 'committee'],
    },
  ]);
  expect((await county.of('its head')).find(({ reminder }) => reminder.kind === 'evacuation-answered')).toMatchObject({
    due: at('03-02T23:30'),
    reminder: { content: { evacuation: { people: 120, answer: { granted: true, note: '已派，问■■■■■■■■■■■' } } } },
  });
  const listed: Step = [
    'committee',
    at('03-03T12:30'),
    { type: 'ListForSupervision', document: '德安办〔2026〕1号', term: day('2026-04-01') },
  ];
  expect(await cameOf(county, listed)).toMatchObject([
    { kind: 'hazard-listed', urgent: false, who: [...STAFF, 'its mayor', 'its chief', 'committee', 'governor'] },
  ]);
});

test('a missed deadline is told once for each step of the ladder, to that step alone; of a major hazard it is an alarm', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  const sweep = (when: string): Step[] => [
    ['system', at(when), { type: 'MarkOverdue' }],
    ['system', at(when), { type: 'Escalate' }],
  ];
  expect(await cameOf(county, general, assigned, ['system', at('03-10T00:05'), { type: 'MarkOverdue' }])).toEqual([]);
  expect(await cameOf(county, ['system', at('03-10T00:06'), { type: 'Escalate' }])).toEqual([
    { kind: 'deadline-missed', urgent: false, who: STAFF },
  ]);
  expect(await cameOf(county, ...sweep('03-12T00:05'))).toEqual([
    { kind: 'deadline-missed', urgent: false, who: ['township', 'department'] },
  ]);
  expect(await cameOf(county, ...sweep('03-15T00:05'))).toMatchObject([{ who: ['its mayor', 'its chief'] }]);

  const other = await RemindedCounty.open();
  await other.report();
  await other.play(major, ...sweep('03-02T12:01').slice(0, 1));
  expect(await cameOf(other, ...sweep('03-02T12:01').slice(1))).toEqual([
    { kind: 'deadline-missed', urgent: true, who: [...STAFF, 'township', 'department'] },
  ]);
});

test('what waits long enough for the first step is told of its miss to whoever has to act', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  await county.tell({
    ...{ type: 'DeadlineMissed', id: 'HAZ#R0123456789ABCDEF:9', subject: 'HAZ#R0123456789ABCDEF', sequence: 9, colour: 'RED' },
    ...{ at: at('03-04T00:00'), county: '533102', schema: 1, actor: people.system },
    data: { kind: 'verify', due: at('03-04T00:00'), next: at('03-05T00:00') },
  } as never);
  expect((await county.told()).at(-1)).toEqual({ kind: 'deadline-missed', urgent: false, who: ['the works'] });
});

test('in a public area its owner stands for the staff, another department sees to it, and without one the committee', async () => {
  const area = { risk: riskNo('A1'), evidence: [] };
  const county = await RemindedCounty.open();
  await county.report({ owner: townshipOwner(township), supervisor: departmentOwner('YJJ') }, area);
  expect(
    await cameOf(
      county,
      ['dao', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }],
      ['dao', at('03-02T11:00'), { type: 'AssignRectification', rectifier: people.dao.id }],
    ),
  ).toMatchObject([{ kind: 'hazard-assigned', who: ['township'] }]);

  const other = await RemindedCounty.open();
  const { supervisor: _, ...nobody } = { supervisor: undefined };
  await other.report({ owner: departmentOwner('YJJ'), supervisor: departmentOwner('YJJ'), ...nobody }, area);
  expect(await other.told()).toMatchObject([{ kind: 'hazard-reported', who: ['department'] }]);
  expect(await cameOf(other, ['duan', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }])).toMatchObject([
    { kind: 'hazard-major', who: ['township', 'its mayor', 'department', 'its chief', 'committee'] },
  ]);
});

test('in a department’s own area a step for its people is not told to the department that sees to it, nor the other way round', async () => {
  const county = await RemindedCounty.open();
  await county.report(
    { owner: departmentOwner('JTJ'), supervisor: departmentOwner('YJJ') },
    { risk: riskNo('A1'), evidence: [] },
  );
  const sweep = (when: string): readonly Step[] => [
    ['system', at(when), { type: 'MarkOverdue' }],
    ['system', at(when), { type: 'Escalate' }],
  ];
  const first = await cameOf(county, ...sweep('03-05T00:05'));
  const second = await cameOf(county, ...sweep('03-07T00:05'));
  expect([first, second]).toMatchObject([[{ who: ['other department'] }], [{ who: ['township', 'department'] }]]);
});

test('told again, it is the same under the same ids, and nobody is told twice', async () => {
  const county = await RemindedCounty.open();
  await county.report();
  await county.play(general, assigned, handedIn);
  const before = county.tables.snapshot();
  expect(await county.tellFrom('HAZ#R0123456789ABCDEF')).toBe(0);
  expect(county.tables.snapshot()).toBe(before);
  const ids = (await county.of('the works')).map(({ reminder }) => reminder.id);
  expect(ids.every((id) => id.length <= 200 && !/\s/.test(id))).toBe(true);
});

test('quiet hours hold what can wait, its own hours before the county’s', async () => {
  const county = await RemindedCounty.open();
  const owl = await county.subscribe('the works', { quiet: { from: '09:00', until: '23:45' } }, 0);
  await county.report();
  expect((await county.of('the works'))[0]).toMatchObject({ subscription: owl.id, due: at('03-02T23:45') });
  expect(began).toBe(at('03-02T09:00'));
});

test('who does not want a kind, or has ended, is not told it; who is switched off has it waiting', async () => {
  const county = await RemindedCounty.open();
  await county.subscribe('the works', { kinds: ['order-issued'] });
  await county.subscribe('department', { state: 'ended' });
  await county.subscribe('its chief', { state: 'disabled' });
  await county.report({}, { suspectedMajor: true });
  expect((await county.told()).flatMap(({ who }) => who)).toEqual(['its chief']);
});

test('what the bus brings late is judged by when it comes: not in quiet hours that have begun, and never due before it was known', async () => {
  const county = await RemindedCounty.open();
  county.clock = at('03-02T22:40');
  await county.report();
  await county.play(major);
  const late = (await county.of('the works')).map(({ reminder, due }) => [reminder.kind, due]);
  expect(Object.fromEntries(late)).toEqual({
    'hazard-reported': at('03-03T07:01'),
    'hazard-major': at('03-02T22:40'),
  });
  expect(new Set(county.woken.map((wake) => wake.at))).toEqual(new Set([at('03-02T22:40')]));
});

test('what is so short that it would be over with the quiet hours is told at once; a nearer lead takes the place of one that waits', async () => {
  const county = await RemindedCounty.open();
  await county.report({}, { suspectedMajor: true });
  await county.play(['wang', at('03-02T22:50'), major[2]]);
  const near = { type: 'DeadlineNear', county: '533102', hazard: 'R0123456789ABCDEF' };
  const report = { id: 'NEAR#report', kind: 'report', due: at('03-03T00:50'), isShort: true, at: at('03-03T00:20') };
  const plan = { id: 'NEAR#plan', kind: 'plan', due: at('03-10T00:00'), at: at('03-03T00:00') };
  await county.tell({ ...near, ...report }, { ...near, ...plan });
  const told = (await county.of('its head')).filter(({ reminder }) => reminder.kind === 'deadline-near');
  expect(Object.fromEntries(told.map(({ due, reminder: { id, isUrgent, next } }) => [id, { due, isUrgent, next }]))).toEqual({
    'deadline-near:NEAR#report': { due: at('03-03T00:20'), isUrgent: true, next: undefined },
    'deadline-near:NEAR#plan': { due: expect.stringMatching(/^2026-03-02T23:0/), isUrgent: false, next: at('03-09T00:00') },
  });
  const left = await county.left('its head', at('03-09T00:00'));
  expect(left.flatMap(([kind, one]) => (kind === 'deadline-near' ? [one] : [])).sort()).toEqual(['over', 'superseded']);
});
