/** What is told before a deadline: each thing that is owed, by its lead, once, whatever became of the schedule. */
import { announceDeadlines } from '../../functions/announce-deadlines/announce-deadlines.ts';
import type { ReminderCursor } from '../../shared/data/reminder-cursor.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { department } from '../../shared/domain/ids.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import type { Task } from '../../shared/domain/task.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { BusRefused } from '../../shared/runtime/event-bus.ts';
import { ownerNumber } from '../bench/county.ts';
import { fakeDuties } from '../support/duties.ts';
import { at, day, given, people, plan, type Step } from '../support/hazard-case.ts';
import { MemoryCounty } from '../support/memory-county.ts';
import { county } from '../support/reminded.ts';
import { aTask } from '../support/tasks.ts';

const policy = policyFor(county, at('03-02T08:00'));
const MINUTE = 60_000;

interface Given {
  readonly hazards?: readonly Hazard[];
  readonly tasks?: readonly Task[];
  readonly enterprises?: number;
  readonly takes?: (notice: Notice) => boolean;
  /** Whether the index shows the cases by then. */
  readonly shows?: () => boolean;
}

/** A county whose bus is a list, and whose schedule is called by hand. */
async function world({ hazards = [], tasks = [], enterprises = 0, takes = () => true, shows = () => true }: Given = {}) {
  const memory = new MemoryCounty();
  for (const hazard of hazards) {
    await memory.hazards.save({
      hazard,
      facts: [],
      ifVersion: 0,
      occasion: { at: hazard.reportedAt, county, actor: people.system },
    });
  }
  const told: Notice[] = [];
  let through: Instant | undefined;
  const cursor: ReminderCursor = {
    load: async () => through,
    advance: async (to) => {
      if (through === undefined || through < to) through = to;
    },
  };
  const owners = Array.from({ length: enterprises }, (_, no) => ownerNumber(no));
  const run = (when: Instant, outOfTime: () => boolean = () => false) =>
    announceDeadlines({
      ...{ county, policy, cursor, outOfTime, duties: fakeDuties() },
      opened: () => ({ load: async () => undefined }),
      hazards: { openByDeadline: async (...args) => (shows() ? memory.hazards.openByDeadline(...args) : { items: [] }) },
      register: {
        async *eachEnterprise() {
          yield* owners.map((owner) => ({ owner }) as never);
        },
      },
      lists: { load: async () => undefined },
      tasks: { openByDue: async () => ({ items: tasks.map((task) => ({ task, version: 1 })) }) },
      authorities: async () => [department('YJJ')],
      bus: {
        publish: async (notices) => {
          told.push(...notices.filter(takes));
          return notices.filter((notice) => !takes(notice));
        },
      },
    })(when);
  const every = async (minutes: number, from: Instant, until: Instant): Promise<void> => {
    for (let when = from; when <= until; when = plusMs(when, minutes * MINUTE)) await run(when);
  };
  return { told, run, every, through: () => through };
}
/** By their ids they become reminders once; the stretch in which an index may have lagged is told of twice. */
const onceOf = (told: readonly Notice[]): readonly Notice[] =>
  told.filter(({ id }, index) => told.findIndex((other) => other.id === id) === index);
const saidOf = (told: readonly Notice[]) =>
  told.map((notice) => [notice.at, 'kind' in notice ? notice.kind : 'what' in notice ? notice.what : notice.type]);

const graded: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }];
const assigned: Step = [
  'wang',
  at('03-02T11:00'),
  { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-09') },
];
const major: readonly Step[] = [
  ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', criterion: 'hard-to-cure', basis: '须停用' }],
  ['wang', at('03-02T11:00'), { type: 'ReportToDepartment' }],
  ['wang', at('03-03T10:00'), { type: 'FilePlan', plan }],
  ['duan', at('03-04T10:00'), { type: 'ApprovePlan' }],
  ['committee', at('03-05T10:00'), { type: 'ListForSupervision', document: '1号', term: day('2026-04-10') }],
];

test('the first run of a county makes nothing up; from then on a general hazard is told a day before, a major one seven and one', async () => {
  const { told, run, every } = await world({ hazards: [given(graded, assigned)] });
  await run(at('03-09T00:05'));
  expect(told).toEqual([]);
  const other = await world({ hazards: [given(graded, assigned)] });
  await other.every(60, at('03-08T12:00'), at('03-10T12:00'));
  expect(onceOf(other.told)).toMatchObject([
    { type: 'DeadlineNear', at: at('03-09T00:00'), hazard: 'R0123456789ABCDEF', kind: 'rectify', due: at('03-10T00:00') },
  ]);
  await every(60, at('03-09T01:00'), at('03-09T03:00'));
  expect(told).toEqual([]);
  const listed = await world({ hazards: [given(...major)] });
  await listed.every(12 * 60, at('03-05T12:00'), at('04-12T12:00'));
  // The cure by the listing's term, and the progress that is owed meanwhile: not the nearest alone.
  const leads = saidOf(onceOf(listed.told));
  expect(leads.filter(([, kind]) => kind === 'rectify').map(([when]) => when)).toEqual([at('04-04T00:00'), at('04-10T00:00')]);
  expect(leads.map(([, kind]) => kind)).toContain('progress');
});

test('a run that was missed, of days, is made up: each thing once by the lead that runs, and nothing that is over', async () => {
  const outage = await world({ hazards: [given(...major)] });
  await outage.run(at('04-03T12:00'));
  await outage.run(at('04-10T12:00'));
  expect(saidOf(outage.told).filter(([, kind]) => kind === 'rectify')).toEqual([[at('04-10T12:00'), 'rectify']]);
  const over = await world({ hazards: [given(graded, assigned)] });
  await over.run(at('03-08T12:00'));
  await over.run(at('03-10T00:00'));
  expect(over.told).toEqual([]);
});

test('a task is near to those who owe something of it; that it is published nobody has to be reminded of', async () => {
  const { told, every } = await world({ tasks: [aTask()] });
  await every(60, at('03-09T00:00'), at('03-12T00:00'));
  expect(onceOf(told)).toMatchObject([{ type: 'TaskNear', at: at('03-10T00:00'), task: 'R.YJJ.000001.1.0001', what: 'visit' }]);
  // When the visit is, and where, is said by the task alone.
  expect(Object.keys(told[0] ?? {}).sort()).toEqual(['at', 'county', 'id', 'task', 'type', 'what']);
  for (const { id } of told) expect(id).toMatch(/^NEAR#R\.YJJ\.000001\.1\.0001#visit#[0-9a-f]{20}$/);
  // Set on another day, it is near once more.
  const moved = await world({ tasks: [aTask({ day: day('2026-03-12') })] });
  await moved.every(60, at('03-09T00:00'), at('03-14T00:00'));
  expect(new Set([...told, ...moved.told].map(({ id }) => id)).size).toBe(2);
});

test('repeated, or after the bus refused some, it tells the same under the same ids', async () => {
  let takes = false;
  const { told, run } = await world({
    hazards: [given(graded, assigned)],
    tasks: [aTask()],
    takes: ({ type }) => takes || type === 'TaskNear',
  });
  await run(at('03-08T12:00'));
  await expect(run(at('03-10T00:00'))).resolves.toMatchObject({ told: 1 });
  expect(saidOf(told)).toEqual([[at('03-10T00:00'), 'visit']]);
  const again = await world({ hazards: [given(graded, assigned)], takes: () => takes });
  await again.run(at('03-08T12:00'));
  await expect(again.run(at('03-09T00:00'))).rejects.toThrow(BusRefused);
  expect(again.through()).toBe(at('03-08T12:00'));
  takes = true;
  await Promise.all([again.run(at('03-09T00:05')), again.run(at('03-09T00:05'))]);
  expect(new Set(again.told.map(({ id }) => id)).size).toBe(1);
  expect(again.told).toHaveLength(2);
});

test('it stops before the runtime does, and the next call goes on with what was left', async () => {
  const { told, run, through } = await world({ enterprises: 250, hazards: [given(graded, assigned)] });
  await run(at('03-08T12:00'));
  await run(at('03-09T00:00'));
  expect(through()).toBe(at('03-09T00:00'));
  // A list's lead begins for all at one instant, so that instant is told again as a whole.
  let asked = 0;
  expect(await run(at('03-29T01:00'), () => ++asked > 252)).toEqual({ told: 200, left: 50 });
  expect(through()).toBe(at('03-09T00:00'));
  expect(await run(at('03-29T01:05'))).toEqual({ told: 250, left: 0 });
  expect(new Set(told.map(({ id }) => id)).size).toBe(251);
  await expect(run(at('03-31T01:05'), () => true)).rejects.toThrow('behind');
});

test('a case that the index did not show yet when its lead began is told of by the next look', async () => {
  let shows = false;
  const { told, run } = await world({ hazards: [given(graded, assigned)], shows: () => shows });
  await run(at('03-08T23:55'));
  await run(at('03-09T00:00'));
  shows = true;
  await run(at('03-09T00:05'));
  await run(at('03-09T00:10'));
  expect(saidOf(told)).toEqual([[at('03-09T00:05'), 'rectify']]);
});

test('what is owed within two hours is told once, half an hour before its end, and by night too', async () => {
  const { told, every } = await world({ hazards: [given(...major.slice(0, 1))] });
  await every(5, at('03-02T10:00'), at('03-02T12:30'));
  expect(onceOf(told)).toMatchObject([
    { type: 'DeadlineNear', at: at('03-02T11:30'), kind: 'report', due: at('03-02T12:00'), isShort: true },
  ]);
});

test('the form of the month before is told five days and a day before the end of its due day, each once, and not behind it', async () => {
  const { told, every } = await world();
  await every(30, at('03-01T00:00'), at('03-31T12:00'));
  const forms = told.filter(({ type }) => type === 'FormDue');
  expect(forms).toMatchObject([
    { at: at('03-02T00:00'), month: '2026-02', until: at('03-07T00:00') },
    { at: at('03-06T00:00'), month: '2026-02', until: at('03-07T00:00') },
  ]);
  expect(new Set(forms.map(({ id }) => id)).size).toBe(2);
  const late = await world();
  await late.run(at('02-28T00:00'));
  await late.run(at('03-06T12:00')); // both leads have begun: only the nearer one is told
  expect(late.told.filter(({ type }) => type === 'FormDue')).toHaveLength(1);
  await late.run(at('03-08T00:00'));
  expect(late.told.filter(({ type }) => type === 'FormDue')).toHaveLength(1);
});
