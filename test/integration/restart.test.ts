/**
 * Fifty cases in different stages; the cloud stops and starts again, and every execution that waited is dead. The reconciler brings a
 * driver to each, and each goes on to its end: nothing lost, nothing doubled.
 */
import { readRule } from '../../functions/serve-policy/api.ts';
import { inParallel } from '../../infra/local/sample/api-client.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import { type Cases, casesOf, photosOf, type Step } from '../support/cases.ts';
import { at, authorities, type County, eventually, registeredWorks, theCounty, type Works } from '../support/works.ts';

const CASES = 50;
/** So many people act at a time. */
const ABREAST = 6;

let county: County;
let cases: Cases;
let works: Works;
beforeAll(async () => {
  county = await theCounty();
  cases = casesOf(county);
  works = await registeredWorks(county.api, at('2026-08-03 08:00'), 'RED');
}, 60_000);

/** A life from the report to the end, as its people lead it. */
async function lives(): Promise<readonly (readonly Step[])[]> {
  const { manager, leader, head } = works;
  const { officer, chief, committee } = authorities;
  const when = at('2026-08-03 09:00');
  const { after } = await photosOf(county, works, when, 'after');
  const { values } = await county.api(readRule, {
    ...{ as: committee, at: when, params: { rule: 'hazards.major.criteria' } },
    query: {},
  });
  const [criterion] = Object.keys(values.values as object);
  const step = (by: Step['by'], type: Step['type'], body: object = {}): Step => ({ by, type, at: when, body: { ...body } });
  const submit = step(leader, 'SubmitRectification', { account: '已整改', evidence: [after] });
  const plan = {
    ...{
      responsible: leader.id,
      measures: '更换',
      fundsFen: 1,
      timeLimit: '2026-09-01',
      emergencyPlan: after,
    },
    parts: { aims: '消除', methods: '更换', means: '自筹', people: '安全部', schedule: '八月', safety: '巡查' },
  };
  const general = [
    step(manager, 'GradeHazard', { level: 'general' }),
    step(manager, 'AssignRectification', { rectifier: leader.id }),
    submit,
    step(head, 'ReturnRectification', { reason: '不牢固' }),
    submit,
    step(head, 'AcceptRectification'),
  ];
  const major = [
    step(manager, 'GradeHazard', { level: 'major', criterion, basis: '超过临界量' }),
    step(manager, 'ReportToDepartment'),
    step(manager, 'FilePlan', { plan }),
    step(officer, 'IssueOrder', { kind: 'stop-use', scope: '一号罐' }),
    step(chief, 'ApprovePlan'),
    submit,
    step(officer, 'AcceptRectification'),
    step(manager, 'ApplyToResume', { assessor: '化工院', assessment: after }),
    step(chief, 'ConsentToResume'),
  ];
  const withdrawn = [step(manager, 'RequestWithdrawal', { reason: '误报' }), step(head, 'ConfirmWithdrawal')];
  return [general, major, withdrawn];
}

interface Led {
  readonly id: HazardId;
  readonly life: readonly Step[];
  /** How many of its steps were made before the stop. */
  readonly made: number;
}

const eventsOf = ({ id }: Led) => cases.events(id, authorities.committee, at('2026-08-03 12:00'));

test('fifty cases in different stages outlive a stop of the whole cloud', async () => {
  if (!county.cloud.isOurs) return; // which is not ours to stop
  const all = await lives();
  const numbers = Array.from({ length: CASES }, (_, number) => number);
  const led = await inParallel(numbers, ABREAST, async (number): Promise<Led> => {
    const life = all[number % all.length] ?? [];
    const id = await cases.report(works, at('2026-08-03 08:30'));
    const made = Math.floor(number / all.length) % life.length;
    for (const step of life.slice(0, made)) await cases.give(id, step);
    return { id, life, made };
  });
  const before = new Map(await inParallel(led, ABREAST, async (one) => [one.id, await eventsOf(one)] as const));
  await eventually('an execution for each case', async () => {
    const running = await cases.allRunning();
    return led.every(({ id }) => running.get(id)?.length === 1) || undefined;
  });

  await county.cloud.stop();
  await county.cloud.start();
  const afterwards = await cases.allRunning();
  expect(led.filter(({ id }) => afterwards.has(id))).toEqual([]);

  // The schedule calls; it may call twice.
  const reconcile = () => county.cloud.invoke('reconcile-cases', { at: new Date().toISOString() });
  const repaired = (await reconcile()) as { started: string[]; failed: string[] };
  expect(repaired.failed).toEqual([]);
  expect(repaired.started).toEqual(expect.arrayContaining(led.map(({ id }) => `${id}-g1-r1`)));
  await reconcile();
  const driven = await cases.allRunning();
  for (const { id } of led) expect([id, driven.get(id)]).toEqual([id, [`${id}-g1-r1`]]);

  await inParallel(led, ABREAST, async ({ id, life, made }) => {
    for (const step of life.slice(made)) await cases.give(id, step);
  });
  await eventually('the end of every execution', async () => {
    const running = await cases.allRunning();
    return led.every(({ id }) => !running.has(id)) || undefined;
  });

  for (const one of led) {
    const events = await eventsOf(one);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.slice(0, before.get(one.id)?.length)).toEqual(before.get(one.id));
    const ends = events.map(({ type }) => type).filter((type) => type === 'HazardClosed' || type === 'HazardWithdrawn');
    expect([one.id, ends]).toEqual([one.id, [one.life.length === 2 ? 'HazardWithdrawn' : 'HazardClosed']]);
    const states = await cases.statesOf(`${one.id}-g1-r1`);
    expect(states.at(-1)).toBe(one.life.length === 2 ? 'Withdrawn' : 'Closed');
  }
}, 180_000);
