/** Every state of the draw's machine, walked with stand-ins for its functions. */

import { department, drawPeriod } from '../../shared/domain/ids.ts';
import {
  type DrawRun,
  drawRunInput,
  drawRunName,
  drawRunOf,
  openDrawStageInput,
  stepInput,
} from '../../workflows/inspection-draw/contract.ts';
import { TaskError, type TaskMock, walk } from '../support/asl-runner.ts';
import { definitionOf } from '../support/definitions.ts';

const definition = definitionOf('inspection-draw');
const AT = '2026-05-26T01:00:00.000Z';
const INPUT = { authority: 'YJJ', kind: 'RANDOM.RED', period: '2026-06', attempt: 2026052600, at: AT, number: 0, asked: [] };

/** Waits and calls that answer these steps in turn. */
function answering(...steps: readonly string[]): Record<string, TaskMock> {
  const next = steps.values();
  const outcome = () => ({ step: next.next().value ?? 'revealed', at: AT });
  const wait: TaskMock = ({ Payload }) => {
    openDrawStageInput.parse(Payload);
    return outcome();
  };
  const call: TaskMock = ({ Payload }) => {
    stepInput.parse(Payload);
    return { Payload: outcome() };
  };
  const freeze: TaskMock = ({ Payload }) => {
    drawRunInput.parse(Payload);
    return { Payload: { number: 17, ...outcome() } };
  };
  return { FreezeDraw: freeze, AwaitDrawing: wait, AwaitVisits: wait, DrawLots: call, AssignTasks: call, RevealDraw: call };
}

test.each<[string, readonly string[], readonly string[]]>([
  [
    'a draw without an incident',
    ['await-drawing', 'draw', 'assign', 'await-visits', 'reveal', 'revealed'],
    ['AwaitDrawing', 'DrawLots', 'AssignTasks', 'AwaitVisits', 'RevealDraw', 'Revealed'],
  ],
  [
    'objects replaced, tasks in two goes',
    ['await-drawing', 'draw', 'assign', 'assign', 'await-visits', 'draw', 'assign', 'await-visits', 'reveal', 'revealed'],
    [
      'AwaitDrawing',
      'DrawLots',
      'AssignTasks',
      'AssignTasks',
      'AwaitVisits',
      'DrawLots',
      'AssignTasks',
      'AwaitVisits',
      'RevealDraw',
      'Revealed',
    ],
  ],
  ['a void draw', ['await-drawing', 'reveal', 'void'], ['AwaitDrawing', 'RevealDraw', 'Void']],
  ['nothing to announce', ['not-drawn'], ['NotDrawn']],
  ['a step of a newer definition', ['await-drawing', 'something-new'], ['AwaitDrawing', 'HandOver']],
  ['another run took its place', ['await-visits', 'superseded'], ['AwaitVisits', 'HandOver']],
])('%s', async (_, steps, states) => {
  const { path, status } = await walk(definition, INPUT, { tasks: answering(...steps) });
  expect(path.filter((state) => state !== 'WhichStep?')).toEqual(['RememberRun', 'FreezeDraw', ...states]);
  expect(status).toBe('SUCCEEDED');
});

test.each(['FreezeDraw', 'AwaitDrawing', 'DrawLots', 'AssignTasks', 'AwaitVisits', 'RevealDraw'])(
  '%s fails for good: the run ends, and is known to',
  async (state) => {
    const tasks = answering('await-drawing', 'draw', 'assign', 'await-visits', 'reveal', 'revealed');
    const fails: TaskMock = () => {
      throw new TaskError('Crashed');
    };
    const walked = await walk(definition, INPUT, { tasks: { ...tasks, [state]: fails } });
    expect(walked).toMatchObject({ status: 'FAILED', error: 'Interrupted' });
    expect(walked.path.at(-2)).toBe(state);
  },
);

test.each(['AwaitDrawing', 'AwaitVisits'])('%s times out and asks anew', async (state) => {
  const tasks = answering(...(state === 'AwaitDrawing' ? ['await-drawing', 'reveal'] : ['await-visits', 'reveal']));
  let waits = 0;
  const wait: TaskMock = (args, visit) => {
    if (++waits === 1) throw new TaskError('States.Timeout');
    return tasks[state]?.(args, visit);
  };
  const { path } = await walk(definition, INPUT, { tasks: { ...tasks, [state]: wait } });
  expect(path.filter((one) => one === state)).toHaveLength(2);
  expect(path.at(-1)).toBe('Revealed');
});

test('a run near the limits of an execution hands over', async () => {
  let days = 0;
  const clock = () => {
    days += 100;
    return new Date(Date.parse(AT) + days * 86_400_000).toISOString();
  };
  const { path } = await walk(definition, INPUT, { tasks: answering('await-drawing', 'await-drawing', 'await-drawing'), clock });
  expect(path.at(-1)).toBe('HandOver');
});

test('the name of a run says which it is', () => {
  const run: DrawRun = {
    authority: department('YJJ'),
    kind: 'RANDOM.ORANGE',
    period: drawPeriod('2026-05_06'),
    attempt: 2026042601,
  };
  expect(drawRunOf(drawRunName(run))).toEqual(run);
  expect(drawRunName(run)).toMatch(/^[A-Za-z0-9._-]{1,80}$/);
  expect(drawRunOf('by-hand')).toBeUndefined();
});
