/** A deployment that changes the workflow while cases are under way: what runs goes on as it began, what begins is new, and nothing is lost. */
import { DescribeStateMachineCommand, SFNClient, StopExecutionCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { HazardId } from '../../shared/domain/ids.ts';
import type { Definition } from '../support/asl-runner.ts';
import { type Cases, casesOf, photosOf } from '../support/cases.ts';
import { at, type County, eventually, registeredWorks, theCounty, type Works } from '../support/works.ts';

let county: County;
let cases: Cases;
let works: Works;
let photos: Readonly<Record<'after', string>>;
let sfn: SFNClient;
let stateMachineArn: string;
let deployed: Definition;

beforeAll(async () => {
  county = await theCounty();
  cases = casesOf(county);
  works = await registeredWorks(county.api, at('2026-06-01 08:00'), 'RED');
  photos = await photosOf(county, works, at('2026-06-01 08:30'), 'after');
  sfn = new SFNClient(county.cloud.client);
  stateMachineArn = county.cloud.outputs.StateMachineArn ?? '';
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  deployed = JSON.parse(definition) as Definition;
}, 60_000);

/** What CloudFormation does when the definition of a deployment has changed. */
const upgrade = (definition: Definition) =>
  sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(definition) }));

afterEach(() => upgrade(deployed));

/** The next version: every run passes a state that there was not before. */
const withNewState = (): Definition => {
  const { RememberCase: first, ...others } = deployed.States;
  if (first?.Type !== 'Pass') throw new Error('RememberCase is no pass');
  const Welcome = { Type: 'Pass', Next: first.Next } as const;
  return { ...deployed, States: { ...others, RememberCase: { ...first, Next: 'Welcome' }, Welcome } };
};

/** A version from before acceptance was a stage. */
const withoutAcceptance = (): Definition => {
  const { AwaitAcceptance: _, ...others } = deployed.States;
  const which = others['WhichStage?'];
  if (which?.Type !== 'Choice') throw new Error('WhichStage? is no choice');
  const Choices = which.Choices.filter(({ Next }) => Next !== 'AwaitAcceptance');
  return { ...deployed, States: { ...others, 'WhichStage?': { ...which, Choices } } };
};

const grade = async (id: HazardId) => {
  await cases.give(id, { by: works.manager, at: at('2026-06-01 10:00'), type: 'GradeHazard', body: { level: 'general' } });
  const body = { rectifier: works.leader.id };
  await cases.give(id, { by: works.manager, at: at('2026-06-01 10:01'), type: 'AssignRectification', body });
};
const rectify = (id: HazardId) => {
  const body = { account: '已更换', evidence: [photos.after] };
  return cases.give(id, { by: works.leader, at: at('2026-06-02 10:00'), type: 'SubmitRectification', body });
};
const accept = (id: HazardId) => cases.give(id, { by: works.head, at: at('2026-06-02 11:00'), type: 'AcceptRectification' });

/** Every event of the case is there once, in order, and the case stands where they lead. */
async function expectWhole(id: HazardId): Promise<void> {
  const events = await cases.events(id, works.head, at('2026-06-03 08:00'));
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.filter(({ type }) => type === 'HazardClosed')).toHaveLength(1);
  expect(await cases.read(id, works.head, at('2026-06-03 08:00'))).toMatchObject({ stage: 'closed', version: events.length });
  expect(await cases.running(id)).toEqual([]);
}

const reconcile = () => county.cloud.invoke('reconcile-cases', { at: new Date().toISOString() });

test('a case that waits goes on under the definition it began with, and the next begins with the new one', async () => {
  const before = await cases.report(works, at('2026-06-01 09:00'));
  await cases.settled(before, 'AwaitGrading');

  await upgrade(withNewState());
  const after = await cases.report(works, at('2026-06-01 09:30'), { place: '二号罐区' });
  await cases.settled(after, 'AwaitGrading');
  for (const id of [before, after]) {
    await grade(id);
    await cases.settled(id, 'AwaitRectification');
    await rectify(id);
    await cases.settled(id, 'AwaitAcceptance');
    await accept(id);
    await cases.settled(id, 'Closed');
    await expectWhole(id);
  }

  expect(await cases.statesOf(`${before}-g1`)).not.toContain('Welcome');
  expect((await cases.statesOf(`${after}-g1`)).slice(0, 3)).toEqual(['RememberCase', 'Welcome', 'WhichStage?']);
});

test('an execution that is stopped to be rid of its definition goes on, where its case stands, under the new one', async () => {
  const id = await cases.report(works, at('2026-06-01 09:00'), { place: '三号罐区' });
  await cases.settled(id, 'AwaitGrading');
  await grade(id);
  await cases.settled(id, 'AwaitRectification');

  await upgrade(withNewState());
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${id}-g1`;
  await sfn.send(new StopExecutionCommand({ executionArn, cause: 'upgrade' }));
  await rectify(id); // nobody waits for it now
  await reconcile();
  await cases.settled(id, 'AwaitAcceptance');
  expect(await cases.statesOf(`${id}-g1-r1`)).toEqual(['RememberCase', 'Welcome', 'WhichStage?', 'AwaitAcceptance']);
  await accept(id);
  await cases.settled(id, 'Closed');
  await expectWhole(id);
});

test('an old execution that comes upon a stage it does not know hands its case over to one that does', async () => {
  await upgrade(withoutAcceptance());
  const id = await cases.report(works, at('2026-06-01 09:00'), { place: '四号罐区' });
  await cases.settled(id, 'AwaitGrading');

  await upgrade(deployed);
  await grade(id);
  await cases.settled(id, 'AwaitRectification');
  await rectify(id);
  await eventually(
    'the old execution hands over',
    async () => (await cases.statesOf(`${id}-g1`)).includes('HandOver') || undefined,
  );
  await reconcile();
  await cases.settled(id, 'AwaitAcceptance');
  await accept(id);
  await cases.settled(id, 'Closed');
  await expectWhole(id);
});
