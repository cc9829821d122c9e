/** Nobody is reminded of what is done: what a case has come to since it was told. */
import { at, day, people, photo, plan, type Step } from '../support/hazard-case.ts';
import { RemindedCounty, type Who } from '../support/reminded.ts';

const graded: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }];
const assigned: Step = ['wang', at('03-02T11:00'), { type: 'AssignRectification', rectifier: people.li.id }];
const handedIn: Step = ['li', at('03-05T11:00'), { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] }];
const accepted: Step = ['zhao', at('03-06T11:00'), { type: 'AcceptRectification' }];
const criterion = { criterion: 'hard-to-cure', basis: '须停用' };
const major: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }];

async function reported(...steps: readonly Step[]): Promise<RemindedCounty> {
  const county = await RemindedCounty.open();
  await county.report();
  await county.play(...steps);
  return county;
}
const kindsOf = async (county: RemindedCounty, who: Who, when: string): Promise<readonly string[]> =>
  (await county.standing(who, at(when))).map(({ kind }) => kind);

test('each step takes the one before it off the list', async () => {
  const county = await reported();
  expect(await kindsOf(county, 'the works', '03-02T10:00')).toEqual(['hazard-reported']);
  await county.play(graded);
  expect(await kindsOf(county, 'the works', '03-02T10:30')).toEqual([]);
  await county.play(assigned);
  expect(await kindsOf(county, 'li', '03-02T12:00')).toEqual(['hazard-assigned']);
  await county.play(handedIn);
  expect(await kindsOf(county, 'li', '03-05T12:00')).toEqual([]);
  expect(await kindsOf(county, 'its head', '03-05T12:00')).toEqual(['hazard-waiting']);
  await county.play(accepted);
  expect(await kindsOf(county, 'its head', '03-06T12:00')).toEqual([]);
  expect(await county.gone('its head', at('03-06T12:00'))).toEqual({ 'hazard-waiting': 'done' });
});

test('who no longer cures is not reminded of it', async () => {
  const county = await reported(graded, assigned);
  await county.play(['wang', at('03-03T11:00'), { type: 'AssignRectification', rectifier: people.zhao.id }]);
  expect(await kindsOf(county, 'li', '03-03T12:00')).toEqual([]);
  expect(await county.gone('li', at('03-03T12:00'))).toEqual({ 'hazard-assigned': 'void' });
  expect(await kindsOf(county, 'zhao', '03-03T12:00')).toEqual(['hazard-assigned']);
  expect(await kindsOf(county, 'workshop one', '03-03T12:00')).toEqual(['hazard-assigned']);
});

test('an extension moves the deadline of the cure: what was assigned shows the new one, and what was near is so no more', async () => {
  const county = await reported(graded, assigned);
  const near = { id: 'NEAR#1', type: 'DeadlineNear', at: at('03-05T00:00'), county: '533102', hazard: 'R0123456789ABCDEF' };
  const owed = { kind: 'rectify', due: at('03-10T00:00') };
  await county.tell({ ...near, ...owed } as typeof near);
  expect(await kindsOf(county, 'li', '03-05T08:00')).toEqual(['deadline-near', 'hazard-assigned']);
  expect(await kindsOf(county, 'li', '03-10T00:00')).toEqual(['hazard-assigned']);
  expect(await county.gone('li', at('03-10T00:00'))).toEqual({ 'deadline-near': 'over' });
  await county.play(
    ['li', at('03-05T09:00'), { type: 'RequestExtension', until: day('2026-03-12'), reason: '待配件' }],
    ['zhao', at('03-05T10:00'), { type: 'DecideExtension', granted: true }],
  );
  const left = await county.standing('li', at('03-05T12:00'));
  expect(await county.gone('li', at('03-05T12:00'))).toEqual({ 'deadline-near': 'superseded' });
  expect(left).toMatchObject([{ kind: 'hazard-assigned', content: { owed: { kind: 'rectify', due: at('03-13T00:00') } } }]);
});

test('what is owed of a major hazard leaves with its doing, the hazard itself with its end', async () => {
  const county = await reported(major);
  expect(await county.standing('department', at('03-02T10:30'))).toMatchObject([{ content: { owed: { kind: 'report' } } }]);
  await county.play(['wang', at('03-02T11:00'), { type: 'ReportToDepartment' }]);
  const [told] = await county.standing('department', at('03-02T11:30'));
  expect(told).toMatchObject({ kind: 'hazard-major' });
  expect(told?.content).not.toHaveProperty('owed');
  await county.play(
    ['li', at('03-02T12:00'), { type: 'RequestWithdrawal', reason: '误报' }],
    ['duan', at('03-02T13:00'), { type: 'ConfirmWithdrawal' }],
  );
  expect(await kindsOf(county, 'department', '03-02T13:30')).toEqual([]);
  expect(await county.gone('department', at('03-02T13:30'))).toEqual({ 'hazard-major': 'void', 'hazard-waiting': 'void' });
});

test('an order is told while it is in force, and its lifting whenever; help is asked until it is answered', async () => {
  const county = await reported(major, ['duan', at('03-02T11:00'), { type: 'IssueOrder', kind: 'evacuate', scope: '库区' }]);
  await county.play(['zhao', at('03-02T11:30'), { type: 'ApplyForEvacuationHelp', area: '下游村', people: 120 }]);
  expect(await kindsOf(county, 'its mayor', '03-02T11:40')).toEqual(['evacuation-asked', 'hazard-major', 'order-issued']);
  await county.play(
    ['governor', at('03-02T11:50'), { type: 'AnswerEvacuationHelp', granted: true, note: '已派' }],
    ['duan', at('03-02T12:00'), { type: 'LiftOrder', no: 1, reason: '已消除' }],
  );
  expect(await kindsOf(county, 'its mayor', '03-02T12:10')).toEqual(['evacuation-answered', 'hazard-major']);
  expect(await kindsOf(county, 'workshop one', '03-02T12:10')).toEqual(['evacuation-answered', 'hazard-major', 'order-lifted']);
});

test('a plan that came back and was filed again waits once', async () => {
  const county = await reported(
    major,
    ['wang', at('03-02T11:00'), { type: 'ReportToDepartment' }],
    ['wang', at('03-03T10:00'), { type: 'FilePlan', plan }],
    ['duan', at('03-04T10:00'), { type: 'ReturnPlan', reason: '无资金来源' }],
    ['wang', at('03-05T10:00'), { type: 'FilePlan', plan }],
  );
  expect(await kindsOf(county, 'department', '03-05T11:00')).toEqual(['hazard-major', 'hazard-waiting']);
  expect(await kindsOf(county, 'its head', '03-05T11:00')).toEqual(['hazard-major']);
});

test('what was missed is told of until it is done', async () => {
  const county = await reported(graded, assigned);
  await county.play(['system', at('03-10T00:05'), { type: 'MarkOverdue' }], ['system', at('03-10T00:06'), { type: 'Escalate' }]);
  expect(await kindsOf(county, 'its head', '03-10T07:00')).toEqual(['deadline-missed']);
  await county.play(['li', at('03-10T08:00'), { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] }]);
  expect(await kindsOf(county, 'its head', '03-10T08:30')).toEqual(['hazard-waiting']);
});

test('help with an evacuation is asked for by each request, and stands no longer than that one does', async () => {
  const county = await reported(major, [
    'zhao',
    at('03-02T11:30'),
    { type: 'ApplyForEvacuationHelp', area: '下游村', people: 120 },
  ]);
  await county.play(
    ['governor', at('03-02T11:50'), { type: 'AnswerEvacuationHelp', granted: true, note: '已派' }],
    ['zhao', at('03-02T13:00'), { type: 'ApplyForEvacuationHelp', area: '上游村', people: 40 }],
  );
  const asked = (await county.standing('its mayor', at('03-02T13:10'))).filter(({ kind }) => kind === 'evacuation-asked');
  expect(asked).toMatchObject([{ at: at('03-02T13:00'), content: { evacuation: { area: '上游村', people: 40 } } }]);
  expect(await county.gone('its mayor', at('03-02T13:10'))).toEqual({ 'evacuation-asked': 'done' });
});
