/** Every state of the machine that exports, walked with stand-ins for its functions. */

import { exportId } from '../../shared/domain/ids.ts';
import {
  beginInput,
  begunOutcome,
  closeInput,
  exportRunInput,
  exportRunName,
  exportRunOf,
  sliceInput,
} from '../../workflows/audit-export/contract.ts';
import { TaskError, type TaskMock, walk } from '../support/asl-runner.ts';
import { definitionOf } from '../support/definitions.ts';

const definition = definitionOf('audit-export');
const AT = '2026-03-02T16:20:00.000Z';
const INPUT = { at: AT, asked: [] };
const DAY = 'day-000012';

/** begin-export that answers so in turn, and at last that all is done. */
function answering(...outcomes: readonly { step: string; slices?: readonly number[] }[]) {
  const next = outcomes.values();
  const slices: unknown[] = [];
  const tasks: Record<string, TaskMock> = {
    BeginExport: ({ Payload }) => {
      beginInput.parse(Payload);
      const { step, slices: some = [] } = next.next().value ?? { step: 'done' };
      return { Payload: begunOutcome.parse({ step, id: DAY, slices: some }) };
    },
    ExportSlice: ({ Payload }) => {
      slices.push(sliceInput.parse(Payload).slice);
      return { Payload: { events: 1 } };
    },
    CloseExport: ({ Payload }) => ({ Payload: { id: closeInput.parse(Payload).id } }),
  };
  return { tasks, slices };
}

test('each bundle that is due is begun, written slice by slice and closed, until none is due', async () => {
  const { tasks, slices } = answering(
    { step: 'write', slices: [0, 1] },
    { step: 'write', slices: [] },
    { step: 'write', slices: [3] },
  );
  const { path, status } = await walk(definition, exportRunInput.parse(INPUT), { tasks });
  expect(path).toEqual([
    'RememberRun',
    ...['BeginExport', 'WhichStep?', 'WriteSlices', 'ExportSlice', 'Written', 'ExportSlice', 'Written', 'CloseExport'],
    ...['BeginExport', 'WhichStep?', 'WriteSlices', 'CloseExport'],
    ...['BeginExport', 'WhichStep?', 'WriteSlices', 'ExportSlice', 'Written', 'CloseExport'],
    ...['BeginExport', 'WhichStep?', 'Done'],
  ]);
  expect(slices).toEqual([0, 1, 3]);
  expect(status).toBe('SUCCEEDED');
});

test.each([
  ['refused', 'Refused'],
  ['a step of a newer definition', 'HandOver'],
])('%s', async (step, end) => {
  const { path, status } = await walk(definition, INPUT, { tasks: answering({ step }).tasks });
  expect(path.at(-1)).toBe(end);
  expect(status).toBe('SUCCEEDED');
});

test('what was asked for is given to begin-export until it is closed', async () => {
  const by = { id: 'auditor-1', role: 'auditor' };
  const asked = [
    { id: `hazard-${'a'.repeat(20)}`, request: { kind: 'hazard', hazard: 'R0123456789ABCDEF' }, reason: '年度检查', by },
  ];
  const given: unknown[] = [];
  const { tasks } = answering({ step: 'write', slices: [0] });
  const begin: TaskMock = (args, visit) => {
    given.push(args.Payload.asked);
    return tasks.BeginExport?.(args, visit);
  };
  await walk(definition, { at: AT, asked }, { tasks: { ...tasks, BeginExport: begin } });
  expect(given).toEqual([asked, []]);
});

test.each(['BeginExport', 'ExportSlice', 'CloseExport'])('%s fails for good: the run ends, and is known to', async (state) => {
  const { tasks } = answering({ step: 'write', slices: [0, 1] });
  const fails: TaskMock = () => {
    throw new TaskError('Crashed');
  };
  const walked = await walk(definition, INPUT, { tasks: { ...tasks, [state]: fails } });
  expect(walked).toMatchObject({ status: 'FAILED', error: 'Interrupted' });
  expect(walked.path.at(-2)).toBe(state === 'ExportSlice' ? 'SliceFailed' : state);
});

test('a run that has made up for a year hands over', async () => {
  const many = Array.from({ length: 500 }, () => ({ step: 'write', slices: [] }));
  const { path } = await walk(definition, INPUT, { tasks: answering(...many).tasks, most: 5_000 });
  expect(path.filter((state) => state === 'CloseExport')).toHaveLength(399);
  expect(path.at(-1)).toBe('HandOver');
});

test('the name of a run says which export it is', () => {
  const run = { id: exportId(`range-${'0a'.repeat(10)}`), attempt: 2 };
  expect(exportRunOf(exportRunName(run))).toEqual(run);
  expect(exportRunName(run)).toMatch(/^[A-Za-z0-9._-]{1,80}$/);
  expect(exportRunOf('by-hand')).toBeUndefined();
});
