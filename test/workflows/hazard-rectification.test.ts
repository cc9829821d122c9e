import { OPEN_STAGES, STAGES } from '../../shared/domain/hazard.ts';
import {
  escalateInput,
  type Outcome,
  openStageInput,
  outcome,
  SUPERSEDED,
} from '../../workflows/hazard-rectification/contract.ts';
import { TaskError, type TaskMock, type WalkOptions, walk } from '../support/asl-runner.ts';
import { definitionOf } from '../support/definitions.ts';

const definition = definitionOf('hazard-rectification');
const input = { hazard: 'R0123456789AB', generation: 1, attempt: 0, stage: 'registered', overdue: false };
const visited = new Set<string>();

type Turn = Outcome | Error;
const at = (stage: string, overdue = false): Outcome => ({ stage, overdue });

/** What every wait is told, in turn, and what it asked with. Asking once too often fails the test. */
function told(...turns: readonly Turn[]) {
  const asked: Record<string, unknown>[] = [];
  const wait: TaskMock = ({ Payload }) => {
    openStageInput.parse(Payload);
    const turn = turns[asked.push(Payload) - 1];
    if (turn === undefined) throw new Error(`nothing was left to tell ${String(Payload.stage)}`);
    if (turn instanceof Error) throw turn;
    return outcome.parse(turn);
  };
  const escalated: Record<string, unknown>[] = [];
  const run = async (options: { escalate?: TaskMock; from?: Partial<typeof input>; clock?: () => string } = {}) => {
    const escalate: TaskMock = (args, visit) => {
      escalateInput.parse(args.Payload);
      escalated.push(args.Payload);
      return options.escalate?.(args, visit) ?? { Payload: at(String(asked.at(-1)?.stage ?? input.stage)) };
    };
    const waits = Object.keys(definition.States).filter((name) => name.startsWith('Await'));
    const tasks: WalkOptions['tasks'] = { ...Object.fromEntries(waits.map((name) => [name, wait])), Escalate: escalate };
    const walked = await walk(
      definition,
      { ...input, ...options.from },
      { tasks, most: 5000, ...(options.clock && { clock: options.clock }) },
    );
    for (const state of walked.path) visited.add(state);
    return walked;
  };
  return { asked, escalated, run };
}

const straight = [at('rectifying'), at('awaiting-acceptance'), at('closed')];

test('a general hazard goes from its report to its closing in at most ten transitions', async () => {
  const { path, status } = await told(...straight).run();
  expect(status).toBe('SUCCEEDED');
  expect(path).toEqual([
    'RememberCase',
    'WhichStage?',
    'AwaitGrading',
    'WhichStage?',
    'AwaitRectification',
    'WhichStage?',
    'AwaitAcceptance',
    'WhichStage?',
    'Closed',
  ]);
  expect(path.length).toBeLessThanOrEqual(10);
});

test('a refused acceptance goes back to rectifying, and every wait has a token and a turn of its own', async () => {
  const { asked, run } = told(
    at('rectifying'),
    at('awaiting-acceptance'),
    at('rectifying'),
    at('awaiting-acceptance'),
    at('closed'),
  );
  expect((await run()).path.at(-1)).toBe('Closed');
  expect(asked.map(({ stage }) => stage)).toEqual([
    'registered',
    'rectifying',
    'awaiting-acceptance',
    'rectifying',
    'awaiting-acceptance',
  ]);
  expect(asked.map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(asked.map(({ taskToken }) => taskToken)).size).toBe(5);
});

test('a major hazard goes through its plan, the plan’s review, the cure, its acceptance and the consent to resume', async () => {
  const { path } = await told(
    at('awaiting-plan'),
    at('awaiting-plan-review'),
    at('awaiting-plan'),
    at('awaiting-plan-review'),
    at('rectifying'),
    at('awaiting-acceptance'),
    at('awaiting-resumption'),
    at('closed'),
  ).run();
  expect(path.filter((name) => name.startsWith('Await'))).toEqual([
    'AwaitGrading',
    'AwaitPlan',
    'AwaitPlanReview',
    'AwaitPlan',
    'AwaitPlanReview',
    'AwaitRectification',
    'AwaitAcceptance',
    'AwaitResumption',
  ]);
  expect(path.at(-1)).toBe('Closed');
});

test('a false report ends withdrawn', async () => {
  expect((await told(at('withdrawn')).run()).path.at(-1)).toBe('Withdrawn');
});

test('an overdue case is escalated and waited for again in the stage it has then', async () => {
  const { asked, escalated, run } = told(at('registered', true), ...straight);
  const { path } = await run({ clock: () => '2026-03-09T00:00:00.000Z' });
  expect(path.slice(2, 6)).toEqual(['AwaitGrading', 'WhichStage?', 'Escalate', 'WhichStage?']);
  expect(escalated).toEqual([{ hazard: input.hazard, at: '2026-03-09T00:00:00.000Z' }]);
  expect(asked.map(({ turn }) => turn)).toEqual([0, 2, 3, 4]);
  expect(path.at(-1)).toBe('Closed');
});

test('a case that was closed while its escalation was under way goes to its end', async () => {
  const { path } = await told(at('awaiting-acceptance', true)).run({ escalate: () => ({ Payload: at('closed') }) });
  expect(path.slice(-3)).toEqual(['Escalate', 'WhichStage?', 'Closed']);
});

test('a run that begins in the middle of a case waits where the case stands, or escalates at once', async () => {
  expect((await told(at('closed')).run({ from: { stage: 'awaiting-acceptance' } })).path).toEqual([
    'RememberCase',
    'WhichStage?',
    'AwaitAcceptance',
    'WhichStage?',
    'Closed',
  ]);
  expect((await told(...straight).run({ from: { overdue: true } })).path.slice(0, 3)).toEqual([
    'RememberCase',
    'WhichStage?',
    'Escalate',
  ]);
});

test.each(OPEN_STAGES)('a wait in %s that times out is asked again with a fresh token', async (stage) => {
  const { asked, run } = told(new TaskError('States.Timeout'), at('closed'));
  expect(await run({ from: { stage } })).toMatchObject({ status: 'SUCCEEDED' });
  expect(asked.map(({ turn }) => turn)).toEqual([0, 1]);
  expect(asked.map((ask) => ask.stage)).toEqual([stage, stage]);
});

test.each(OPEN_STAGES)('a wait in %s that cannot be opened ends the run with an alarm', async (stage) => {
  const { run } = told(new TaskError('CaseUnknown'));
  expect(await run({ from: { stage } })).toMatchObject({ status: 'FAILED', error: 'Interrupted' });
});

test('an escalation that fails for good ends the run with an alarm', async () => {
  const escalate: TaskMock = () => {
    throw new TaskError('StillOwed');
  };
  expect(await told(at('rectifying', true)).run({ escalate })).toMatchObject({ status: 'FAILED', error: 'Interrupted' });
});

test.each(['awaiting-second-review', SUPERSEDED.stage])(
  'a stage that this definition does not know (%s) hands over to the next run',
  async (stage) => {
    expect((await told(at(stage)).run()).path.slice(-2)).toEqual(['WhichStage?', 'HandOver']);
  },
);

test('the definition knows every stage of the domain', async () => {
  for (const stage of STAGES) {
    const { path } = await told(at('closed')).run({ from: { stage } });
    expect({ stage, third: path[2] }).not.toMatchObject({ third: 'HandOver' });
  }
});

test('a run of a thousand waits hands over, long before 25,000 events of history', async () => {
  const { path, run } = { path: [] as string[], ...told(...Array.from({ length: 1001 }, () => new TaskError('States.Timeout'))) };
  path.push(...(await run()).path);
  const waits = path.filter((name) => name.startsWith('Await'));
  expect(path.at(-1)).toBe('HandOver');
  expect(waits).toHaveLength(1000);
  const eventsOfOneWait = 8 + 2 * 5; // entered, scheduled, started, submitted, ended, exited, choice in and out; five retries
  expect(waits.length * eventsOfOneWait).toBeLessThan(25_000);
});

test('a run that is ten months old hands over at its next wait, before its year is over', async () => {
  const instants = [
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00:01.000Z',
    '2026-01-01T00:00:02.000Z',
    '2026-01-01T00:00:03.000Z',
  ];
  const clock = () => instants.shift() ?? '2026-10-28T00:00:00.000Z';
  const { asked, run } = told(new TaskError('States.Timeout'));
  expect((await run({ clock })).path.slice(-2)).toEqual(['WhichStage?', 'HandOver']);
  expect(asked).toHaveLength(1);
});

test('every state is visited by some test above', () => {
  expect([...visited].sort()).toEqual(Object.keys(definition.States).sort());
});
