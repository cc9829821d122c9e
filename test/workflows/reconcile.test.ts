/** What was lost between the table and the workflow is found by comparing them, and set right without doing anything twice. */
import { plusMs } from '../../shared/domain/calendar.ts';
import { type Run, runName } from '../../workflows/hazard-rectification/contract.ts';
import type { Definition } from '../support/asl-runner.ts';
import { definitionOf } from '../support/definitions.ts';
import { LIFE, Rectification } from '../support/rectification.ts';

const FIFTY = Array.from({ length: 50 }, (_, index) => Rectification.id(index));
const ID = Rectification.id(1);
const run = (attempt: number, generation = 1): Run => ({ hazard: ID, generation, attempt });

/** Takes a case on from its `from`th step to its closing, the stream delivered after each. */
async function liveOn(world: Rectification, id: typeof ID, from: number): Promise<void> {
  for (let nth = from; nth < LIFE.length; nth++) {
    await world.act(id, nth);
    await world.deliver();
  }
}

const closedRuns = (world: Rectification) => world.machine.ends().filter((end) => end === 'Closed').length;
const runningRuns = (world: Rectification) =>
  [...world.machine.executions.values()].filter(({ status }) => status === 'running').map((execution) => runName(execution.run));

test('fifty cases in different stages outlive a restart that kills every execution that waits', async () => {
  const world = new Rectification();
  for (const [index, id] of FIFTY.entries()) {
    await world.report(id);
    for (let nth = 0; nth < index % LIFE.length; nth++) await world.act(id, nth);
  }
  await world.deliver();
  expect(runningRuns(world)).toHaveLength(50);

  world.machine.restart();
  expect(runningRuns(world)).toEqual([]);
  const repaired = await world.reconcile();
  await world.settle();
  expect(repaired).toMatchObject({ cases: 50, failed: [], told: [], stopped: [] });
  expect(repaired.started).toEqual(expect.arrayContaining(FIFTY.map((id) => `${id}-g1-r1`)));

  for (const [index, id] of FIFTY.entries()) await liveOn(world, id, index % LIFE.length);
  expect(world.county.all().map(({ hazard }) => hazard.stage)).toEqual(FIFTY.map(() => 'closed'));
  expect(closedRuns(world)).toBe(50);
  expect(runningRuns(world)).toEqual([]);
  const ids = world.county.ledger.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(world.told.map(({ id }) => id))).toEqual(new Set(ids));
  for (const id of FIFTY) {
    const types = world.county.ledger.filter(({ subject }) => subject === `HAZ#${id}`).map(({ type }) => type);
    expect(types.filter((type) => type === 'HazardClosed')).toHaveLength(1);
  }
});

test('commands that came while no execution lived are where the next run begins', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  world.machine.restart();
  await world.act(ID, 0);
  await world.act(ID, 1);
  await world.deliver();
  expect((await world.reconcile()).started).toEqual([`${ID}-g1-r1`]);
  await world.settle();
  await liveOn(world, ID, 2);
  expect(world.machine.ends()).toEqual(['Closed']);
});

test('a healthy case is left alone, however often it is looked at', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  world.pass(20);
  for (let hour = 0; hour < 3; hour++) {
    expect(await world.reconcile()).toEqual({ cases: 1, started: [], told: [], stopped: [], failed: [] });
  }
});

test('two reconcilers at once start one run', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  world.machine.restart();
  const [one, other] = await Promise.all([world.reconcile(), world.reconcile()]);
  expect([...one.started, ...other.started]).toEqual([`${ID}-g1-r1`]);
  await world.settle();
  await liveOn(world, ID, 0);
  expect(world.machine.ends()).toEqual(['Closed']);
});

test('a case whose stream record never came gets its execution', async () => {
  const world = new Rectification();
  await world.report(ID);
  expect((await world.reconcile()).started).toEqual([`${ID}-g1`]);
});

test('a wait whose outcome was never told is told', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  await world.act(ID, 0);
  await world.act(ID, 1); // the stream loses both
  expect((await world.reconcile()).told).toEqual([`${ID}-g1`]);
  await world.settle();
  expect(await world.county.tokens.of(ID)).toMatchObject({ stage: 'rectifying', attempt: 0, turn: 1 });
});

test('a run whose case was closed unheard is told, and goes to its end', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  for (let nth = 0; nth < LIFE.length; nth++) await world.act(ID, nth);
  expect((await world.reconcile()).told).toEqual([`${ID}-g1`]);
  await world.settle();
  expect(world.machine.ends()).toEqual(['Closed']);
});

test('a run that waits for a token nobody kept is stopped after its grace, and the next one takes its place', async () => {
  const world = new Rectification({ thrown: 'unnoticed' });
  const keep = world.county.tokens.keep;
  await world.report(ID);
  world.county.tokens.keep = () => Promise.reject(new Error('throttled'));
  await world.deliver();
  world.county.tokens.keep = keep;
  expect(await world.reconcile()).toMatchObject({ started: [], stopped: [] });
  world.now = plusMs(world.now, 16 * 60_000);
  expect(await world.reconcile()).toMatchObject({ started: [`${ID}-g1-r1`], stopped: [`${ID}-g1`] });
});

test('of two runs of one case the later drives it, and the earlier ends', async () => {
  const world = new Rectification();
  await world.report(ID);
  await world.deliver();
  await world.machine.start({ ...run(1), stage: 'registered', overdue: false });
  await world.settle();
  expect((await world.reconcile()).stopped).toEqual([`${ID}-g1`]);
  expect(runningRuns(world)).toEqual([`${ID}-g1-r1`]);
  await liveOn(world, ID, 0);
  expect(world.machine.ends()).toEqual(['Closed']);
});

test('an earlier run does not take the token of a later one, and hands over', async () => {
  const world = new Rectification();
  await world.machine.start({ ...run(1), stage: 'registered', overdue: false });
  await world.report(ID);
  world.machine.restart();
  await world.machine.start({ ...run(2), stage: 'registered', overdue: false });
  await world.settle();
  await world.machine.start({ ...run(0), stage: 'registered', overdue: false });
  await world.settle();
  expect(world.machine.ends()).toEqual(['HandOver']);
  expect(await world.county.tokens.of(ID)).toMatchObject({ attempt: 2 });
});

test('a run of a case that does not exist is stopped', async () => {
  const world = new Rectification({ thrown: 'unnoticed' });
  await world.machine.start({ ...run(0), stage: 'registered', overdue: false });
  await world.settle();
  world.now = plusMs(world.now, 16 * 60_000);
  expect(await world.reconcile()).toMatchObject({ stopped: [`${ID}-g1`], started: [] });
});

test('a case that cannot be repaired leaves the others to be', async () => {
  const world = new Rectification();
  for (const id of FIFTY.slice(0, 3)) await world.report(id);
  const of = world.county.tokens.of;
  world.county.tokens.of = (id) => (id === ID ? Promise.reject(new Error('no answer')) : of(id));
  const { started, failed } = await world.reconcile();
  expect(failed).toEqual([ID]);
  expect(started).toHaveLength(2);
});

/** The workflow as it was before the acceptance became a stage of its own. */
const older = (newer: Definition): Definition => {
  const { AwaitAcceptance: _, ...States } = newer.States;
  const choice = States['WhichStage?'];
  if (choice?.Type !== 'Choice') throw new Error('the star has a centre');
  const Choices = choice.Choices.filter(({ Next }) => Next !== 'AwaitAcceptance');
  return { ...newer, States: { ...States, 'WhichStage?': { ...choice, Choices } } };
};

test('cases under way survive a deployment that gives the workflow a new stage', async () => {
  const newest = definitionOf('hazard-rectification');
  const world = new Rectification({ definition: older(newest) });
  const cases = FIFTY.slice(0, 6);
  for (const [index, id] of cases.entries()) {
    await world.report(id);
    for (let nth = 0; nth < index; nth++) await world.act(id, nth);
  }
  await world.deliver();
  // Two cases stand in the stage that the old definition does not know: their runs have handed over.
  expect(world.machine.ends()).toEqual(['HandOver', 'HandOver']);

  world.definition = newest;
  expect((await world.reconcile()).started).toHaveLength(2);
  await world.settle();
  for (const [index, id] of cases.entries()) {
    for (let nth = index; nth < LIFE.length; nth++) {
      await world.act(id, nth);
      await world.deliver();
      await world.reconcile();
      await world.settle();
    }
  }
  expect(world.county.all().map(({ hazard }) => hazard.stage)).toEqual(cases.map(() => 'closed'));
  expect(closedRuns(world)).toBe(6);
  expect(runningRuns(world)).toEqual([]);
});
