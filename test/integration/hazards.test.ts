/** Cases from the round that finds them to their end: commands by the API, the ledger's stream, the relay, Step Functions and the schedules. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { reportHazard } from '../../functions/serve-hazards/api.ts';
import { readRule } from '../../functions/serve-policy/api.ts';
import { addArea } from '../../functions/serve-register/api.ts';
import { submitRound } from '../../functions/submit-round/api.ts';
import { photo, uploadBy } from '../../infra/local/sample/evidence.ts';
import { hazardId, riskNo } from '../../shared/domain/ids.ts';
import { townshipOwner } from '../../shared/domain/owner.ts';
import { type Cases, casesOf, photosOf } from '../support/cases.ts';
import {
  at,
  authorities,
  type County,
  DEPARTMENT,
  eventually,
  freshKey,
  gradedAs,
  registeredWorks,
  riskContent,
  somebody,
  TOWNSHIP,
  theCounty,
  type Works,
} from '../support/works.ts';

let county: County;
let cases: Cases;
let works: Works;
let photos: Readonly<Record<'before' | 'after', string>>;
beforeAll(async () => {
  county = await theCounty();
  cases = casesOf(county);
  works = await registeredWorks(county.api, at('2026-05-04 08:00'), 'RED');
  photos = await photosOf(county, works, at('2026-05-04 08:30'), 'before', 'after');
}, 60_000);

const { officer, chief, committee, government } = authorities;

/** Hears what the bus is told, from now on, in a queue of the test's own. */
async function listening() {
  const { client, outputs } = county.cloud;
  const name = `test-${freshKey().slice(5)}`;
  const sqs = new SQSClient(client);
  const bus = new EventBridgeClient(client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const EventPattern = JSON.stringify({ account: [{ exists: true }] });
  await bus.send(new PutRuleCommand({ Name: name, EventBusName: outputs.BusName, EventPattern, State: 'ENABLED' }));
  await bus.send(
    new PutTargetsCommand({ Rule: name, EventBusName: outputs.BusName, Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn }] }),
  );
  const heard = new Set<string>();
  return async (wanted: string): Promise<true | undefined> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      const { detail } = JSON.parse(Body) as { detail: { id?: string } };
      heard.add(detail.id ?? '');
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return heard.has(wanted) || undefined;
  };
}

test('a hazard that a round found is driven by one execution to its closing, in nine transitions, and the bus hears every event', async () => {
  const hears = await listening();
  const hazards = [{ name: '报警器失灵', description: '可燃气体报警器无读数', level: 'general' as const, evidence: [] }];
  const { items } = await county.api(submitRound, {
    ...{ as: works.post, at: at('2026-05-04 09:00'), key: freshKey() },
    body: { checkedAt: at('2026-05-04 08:50'), items: [{ riskNo: riskNo('R1'), result: 'hazard', answers: 'n', hazards }] },
  });
  const id = hazardId(items[0]?.hazards[0] ?? '');
  await cases.settled(id, 'AwaitGrading');
  const { manager, leader, head } = works;
  await cases.give(id, { by: manager, at: at('2026-05-04 10:00'), type: 'GradeHazard', body: { level: 'general' } });
  await cases.give(id, { by: manager, at: at('2026-05-04 10:01'), type: 'AssignRectification', body: { rectifier: leader.id } });
  await cases.settled(id, 'AwaitRectification');
  const body = { account: '已更换探头', evidence: [photos.after] };
  await cases.give(id, { by: leader, at: at('2026-05-05 10:00'), type: 'SubmitRectification', body });
  await cases.settled(id, 'AwaitAcceptance');
  const accept = { at: at('2026-05-05 11:00'), type: 'AcceptRectification' as const };
  await expect(cases.give(id, { by: leader, ...accept })).rejects.toMatchObject({ status: expect.any(Number) });
  await cases.give(id, { by: head, ...accept });
  await cases.settled(id, 'Closed');

  expect(await cases.statesOf(`${id}-g1`)).toEqual([
    ...['RememberCase', 'WhichStage?', 'AwaitGrading', 'WhichStage?', 'AwaitRectification'],
    ...['WhichStage?', 'AwaitAcceptance', 'WhichStage?', 'Closed'],
  ]);
  expect(await cases.running(id)).toEqual([]);
  const events = await cases.events(id, head, at('2026-05-05 12:00'));
  expect(events.map(({ type }) => type)).toEqual([
    ...['HazardReported', 'HazardGraded', 'RectificationAssigned'],
    ...['RectificationSubmitted', 'RectificationAccepted', 'HazardClosed'],
  ]);
  for (const event of events) await eventually(`the bus hears of ${event.id}`, () => hears(event.id));
});

test('a major hazard is reported at once, has its plan reviewed, is stopped, accepted by the department, and resumes with its consent', async () => {
  const { manager, head } = works;
  const id = await cases.report(works, at('2026-05-04 09:00'), { suspectedMajor: true });
  const give = (by: typeof manager, when: string, type: Parameters<Cases['give']>[1]['type'], body: object = {}) =>
    cases.give(id, { by, at: at(`2026-05-${when}`), type, body: { ...body } });
  const { values } = await county.api(readRule, {
    ...{ as: committee, at: at('2026-05-04 09:00'), params: { rule: 'hazards.major.criteria' } },
    query: {},
  });
  const [criterion] = Object.keys(values.values as object);

  await give(manager, '04 09:30', 'GradeHazard', { level: 'major', criterion, basis: '储量超过临界量' });
  await cases.settled(id, 'AwaitPlan');
  await give(manager, '04 09:40', 'ReportToDepartment');
  await give(officer, '04 10:00', 'IssueOrder', { kind: 'stop-use', scope: '一号罐' });
  await give(government, '04 10:10', 'ListForSupervision', { document: '瑞政督〔2026〕3号', term: '2026-06-30' });
  const plan = {
    ...{ responsible: works.leader.id, measures: '更换储罐', fundsFen: 5_000_000, timeLimit: '2026-06-01' },
    emergencyPlan: photos.after,
    parts: { aims: '消除', methods: '更换', means: '自筹', people: '安全部', schedule: '五月', safety: '停用期间巡查' },
  };
  const { measures: _, ...lacking } = plan;
  await expect(give(manager, '05 09:00', 'FilePlan', { plan: lacking })).rejects.toMatchObject({ code: 'plan-incomplete' });
  await give(manager, '05 09:10', 'FilePlan', { plan });
  await cases.settled(id, 'AwaitPlanReview');
  await give(officer, '06 09:00', 'ReturnPlan', { reason: '应急措施不足' });
  await cases.settled(id, 'AwaitPlan');
  await give(manager, '06 10:00', 'FilePlan', { plan });
  await give(chief, '07 09:00', 'ApprovePlan');
  await cases.settled(id, 'AwaitRectification');
  await give(manager, '08 09:00', 'ReportProgress', { text: '设备已订购' });
  await give(works.leader, '20 09:00', 'SubmitRectification', { account: '已更换', evidence: [photos.after] });
  await expect(give(head, '20 10:00', 'AcceptRectification')).rejects.toMatchObject({ code: 'department-accepts-major' });
  await give(officer, '21 09:00', 'AcceptRectification');
  await cases.settled(id, 'AwaitResumption');
  const assessment = { assessor: '省化工院', assessment: photos.after };
  await give(manager, '22 09:00', 'ApplyToResume', assessment);
  await give(chief, '23 09:00', 'ConsentToResume');
  await cases.settled(id, 'Closed');
  await give(government, '24 09:00', 'DelistFromSupervision', { document: '瑞政督〔2026〕9号' });
  const read = await cases.read(id, head, at('2026-05-24 10:00'));
  expect(read).toMatchObject({ stage: 'closed', orders: [{ kind: 'stop-use', lifted: expect.anything() }] });
  expect(await cases.running(id)).toEqual([]);
});

test('what falls overdue is swept once, told up the ladder by the execution, and stays visible until the case is closed', async () => {
  const { manager, leader, head } = works;
  const id = await cases.report(works, at('2026-05-10 09:00'));
  await cases.give(id, { by: manager, at: at('2026-05-10 10:00'), type: 'GradeHazard', body: { level: 'general' } });
  await cases.give(id, { by: manager, at: at('2026-05-10 10:01'), type: 'AssignRectification', body: { rectifier: leader.id } });
  await cases.settled(id, 'AwaitRectification');
  const sweep = () => county.cloud.invoke('sweep-deadlines', { at: at('2026-05-30 09:00') });
  await sweep();
  await sweep();
  const told = await eventually('the escalation', async () => {
    const types = (await cases.events(id, head, at('2026-05-30 10:00'))).map(({ type }) => type);
    return types.includes('HazardEscalated') ? types : undefined;
  });
  await cases.settled(id, 'AwaitRectification');
  expect(told.filter((type) => type === 'DeadlineMissed')).toHaveLength(1);
  expect(told.filter((type) => type === 'HazardEscalated')).toHaveLength(1);
  expect((await cases.statesOf(`${id}-g1`)).filter((state) => state === 'Escalate')).toHaveLength(1);

  const body = { account: '已整改', evidence: [photos.after] };
  await cases.give(id, { by: leader, at: at('2026-05-30 11:00'), type: 'SubmitRectification', body });
  const late = await cases.read(id, head, at('2026-05-30 12:00'));
  expect(late.missed).toMatchObject([{ kind: 'rectify' }]);
  await cases.give(id, { by: head, at: at('2026-05-30 13:00'), type: 'AcceptRectification' });
  await cases.settled(id, 'Closed');
});

test('a hazard that an inspection found in a public area is driven like any other, cured by its owner’s people and accepted by another', async () => {
  const { township: dao } = authorities;
  const mayor = somebody('township-head', 'test-mayor', townshipOwner(TOWNSHIP));
  const area = { township: TOWNSHIP, no: riskNo(`P-${freshKey().slice(5, 15)}`) };
  const added = { ...area, department: DEPARTMENT, content: riskContent('集贸市场'), assessments: gradedAs('ORANGE') };
  await county.api(addArea, { as: dao, at: at('2026-05-04 08:00'), key: freshKey(), body: added });
  const upload = uploadBy(county.api);
  const [found, cured] = await Promise.all(
    ([officer, dao] as const).map((as, index) => upload(as, at('2026-05-04 08:50'), area, photo(`${area.no} ${index}`))),
  );
  const { id: reported } = await county.api(reportHazard, {
    ...{ as: officer, at: at('2026-05-04 09:00'), key: freshKey() },
    body: { area, foundAt: at('2026-05-04 08:55'), place: '东门', description: '消防通道堵塞', evidence: [found ?? ''] },
  });
  const id = hazardId(reported);
  expect(id).toMatch(/^O/);
  await cases.settled(id, 'AwaitGrading');
  await cases.give(id, { by: dao, at: at('2026-05-04 10:00'), type: 'GradeHazard', body: { level: 'general' } });
  await cases.give(id, { by: mayor, at: at('2026-05-04 10:01'), type: 'AssignRectification', body: { rectifier: dao.id } });
  await cases.settled(id, 'AwaitRectification');
  const body = { account: '已清理', evidence: [cured] };
  await cases.give(id, { by: dao, at: at('2026-05-05 10:00'), type: 'SubmitRectification', body });
  await cases.settled(id, 'AwaitAcceptance');
  const accept = { at: at('2026-05-05 11:00'), type: 'AcceptRectification' as const };
  await expect(cases.give(id, { by: dao, ...accept })).rejects.toMatchObject({ code: 'fixer-may-not-accept' });
  await expect(cases.give(id, { by: committee, ...accept })).rejects.toMatchObject({ code: 'department-decides' });
  await cases.give(id, { by: mayor, ...accept });
  await cases.settled(id, 'Closed');
  expect(await cases.running(id)).toEqual([]);
  expect(await cases.read(id, officer, at('2026-05-05 12:00'))).toMatchObject({
    ...{ owner: `TOWN:${TOWNSHIP}`, township: TOWNSHIP, supervisor: DEPARTMENT, stage: 'closed' },
    finding: { source: 'inspection', risk: area.no, evidence: [found] },
  });
});

test('a false report is withdrawn by another than who asked, and its execution ends', async () => {
  const { post, manager } = works;
  const id = await cases.report(works, at('2026-05-10 09:00'));
  await cases.settled(id, 'AwaitGrading');
  await cases.give(id, { by: post, at: at('2026-05-10 09:30'), type: 'RequestWithdrawal', body: { reason: '看错了' } });
  await cases.give(id, { by: manager, at: at('2026-05-10 10:00'), type: 'ConfirmWithdrawal' });
  await cases.settled(id, 'Withdrawn');
  expect(await cases.running(id)).toEqual([]);
});

test('a hazard that recurs is reopened and driven by an execution of its own', async () => {
  const { post, manager, leader, head } = works;
  const id = await cases.report(works, at('2026-05-10 09:00'));
  const both = { before: [photos.before], after: [photos.after] };
  const fix = { by: leader, at: at('2026-05-10 10:00'), type: 'FixOnTheSpot' as const };
  const never = photos.after.replace(/[0-9a-f]{64}/, '0'.repeat(64));
  const unseen = cases.give(id, { ...fix, body: { account: '已紧固', ...both, after: [never] } });
  await expect(unseen).rejects.toMatchObject({ code: 'evidence-not-arrived' });
  await cases.give(id, { ...fix, body: { account: '已紧固', ...both } });
  await cases.give(id, { by: head, at: at('2026-05-10 11:00'), type: 'AcceptRectification' });
  await cases.settled(id, 'Closed');
  const again = { reason: '又松动', evidence: [photos.after] };
  await cases.give(id, { by: post, at: at('2026-05-12 09:00'), type: 'ReopenHazard', body: again });
  await cases.settled(id, 'AwaitRectification');
  expect(await cases.running(id)).toEqual([`${id}-g2`]);
  const body = { account: '换了螺栓', evidence: [photos.after] };
  await cases.give(id, { by: leader, at: at('2026-05-12 10:00'), type: 'SubmitRectification', body });
  await cases.give(id, { by: manager, at: at('2026-05-12 11:00'), type: 'AcceptRectification' });
  await cases.settled(id, 'Closed');
  expect(await cases.running(id)).toEqual([]);
});
