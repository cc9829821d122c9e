import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DAYS, on } from '../../infra/local/sample/act.ts';
import { stepsBy } from '../../infra/local/sample/awaiting.ts';
import { sampleCounty } from '../../infra/local/sample/county.ts';
import { documentOf, photoOf } from '../../infra/local/sample/evidence.ts';
import { LOOKED_BACK_AT, planMonth } from '../../infra/local/sample/month.ts';
import { readMonth, sampleHash, whyAgain, writeMonth } from '../../infra/local/sample/month-record.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { recountHazards } from '../../infra/local/sample/recount-hazards.ts';
import { REGISTER_STORIES } from '../../infra/local/sample/register-acts.ts';
import { instantsOf, OUTAGE, planCalls } from '../../infra/local/sample/schedules.ts';
import { HAZARD_STORIES } from '../../infra/local/sample/stories.ts';
import { type Findings, gapsOf, onlyExecutionsDiffer, verdictOn } from '../../infra/local/sample/verdict.ts';
import type { ReminderFindings } from '../../infra/local/sample/verdict-reminders.ts';
import { dayOf } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { sampleStage } from '../support/sample-stage.ts';

const ruili = countyCode('533102');
const policy = policyFor(ruili, on(1, '00:00'));
const sample = sampleCounty(ruili, policy, seededRandom(533102));
const plan = planMonth(sample, seededRandom(533104));
const ofStory = (story: string) => plan.acts.filter((act) => act.story === story);

test('the month tells every story, in the order of time, and ends before it is looked back on', () => {
  for (const story of [...Object.keys(HAZARD_STORIES), ...REGISTER_STORIES, 'signing', 'rounds', 'everyday', 'hazard-list']) {
    expect([story, ofStory(story).length > 0]).toEqual([story, true]);
  }
  const times = plan.acts.map(({ at }) => at);
  expect([...times].sort()).toEqual(times);
  expect(times.every((at) => on(1, '00:00') <= at && at < LOOKED_BACK_AT)).toBe(true);
});

test('the same seed plans the same month', () => {
  const gist = ({ acts }: typeof plan) => acts.map(({ at, track, story, does }) => [at, track, story, does]);
  expect(gist(planMonth(sample, seededRandom(533104)))).toEqual(gist(plan));
});

test('the diligent go round every week and where they have red points every day; the absent never; the sloppy come late', () => {
  const rounds = ofStory('rounds');
  const does = (track: string, what: string) => rounds.filter((act) => act.track === track && act.does === what).length;
  for (const { uscc, behaviour } of sample.enterprises) {
    const hasRed = sample.risks.some((risk) => risk.uscc === uscc && risk.residualGrade === 'RED');
    const [daily, weekly, late] = ['daily-round', 'weekly-round', 'late-round'].map((what) => does(uscc, what));
    if (behaviour === 'absent') expect([daily, weekly, late]).toEqual([0, 0, 0]);
    if (behaviour === 'diligent') expect([daily, late]).toEqual([hasRed ? DAYS : 0, 0]);
    if (behaviour === 'diligent') expect(weekly).toBeGreaterThanOrEqual(4);
    if (behaviour === 'sloppy') expect(late).toBeGreaterThan(0);
  }
});

test('every story of a case goes as it is told: by people who may, in stages that allow it, refused where it has to be', async () => {
  const { scene, cases, ledger, faults } = sampleStage(sample);
  for (const act of plan.acts) {
    if (act.story in HAZARD_STORIES || act.story === 'everyday') await act.run(scene);
  }
  expect(faults).toEqual([]);
  const standing = [...cases.values()]
    .map(({ hazard: { id, stage } }) => ({ id: id as string, stage }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(recountHazards(ledger).map(({ id, stage }) => ({ id, stage }))).toEqual(standing);
  expect(new Set(standing.map(({ stage }) => stage))).toEqual(
    new Set(['registered', 'awaiting-plan', 'awaiting-plan-review', 'rectifying', 'awaiting-acceptance', 'closed', 'withdrawn']),
  );
  for (const type of [
    'ExtensionGranted',
    'ExtensionRefused',
    'HazardReopened',
    'HazardListed',
    'ResumptionConsented',
    'HazardUpgraded',
    'PlanReturned',
  ]) {
    expect(ledger.filter((event) => event.type === type)).not.toEqual([]);
  }
});

test('a story that goes wrong is told once, and what follows in it is left out', async () => {
  const { scene, faults, ledger } = sampleStage(sample);
  const { acts } = planMonth(sample, seededRandom(533104));
  const [found, ...rest] = acts.filter(({ story }) => story === 'returned-then-accepted');
  await found?.run(scene);
  for (const act of rest.toReversed()) await act.run(scene);
  expect(faults).toEqual([expect.stringContaining('returned-then-accepted')]);
  expect(ledger).toHaveLength(1);
});

describe('schedules', () => {
  const from = on(1, '00:00');
  test('expressions are read as EventBridge Scheduler reads them, in the zone of the county', () => {
    expect(instantsOf('cron(5 0 * * ? *)', from, on(3, '00:00'))).toEqual([on(1, '00:05'), on(2, '00:05')]);
    expect(instantsOf('cron(5 0 ? * MON,TUE *)', from, on(10, '00:00'))).toEqual([1, 2, 8, 9].map((day) => on(day, '00:05')));
    expect(instantsOf('cron(3 8 1,16 * ? *)', from, on(31, '00:00'))).toEqual([on(1, '08:03'), on(16, '08:03')]);
    expect(instantsOf('cron(17 * * 7 ? *)', from, on(31, '02:00'))).toEqual([on(31, '00:17'), on(31, '01:17')]);
    expect(instantsOf('rate(5 minutes)', from, on(1, '00:11'))).toEqual([from, on(1, '00:05'), on(1, '00:10')]);
    expect(() => instantsOf('cron(0/5 * * * ? *)', from, from)).toThrow('does not know');
  });

  test('nothing calls for two days, over the end of a week and of a half-month; every other day is closed', () => {
    const calls = planCalls(ruili);
    expect(calls.filter(({ at }) => OUTAGE.from <= at && at < OUTAGE.until)).toEqual([]);
    const closings = calls.filter(({ calls, payload }) => calls === 'close-period' && payload.cadence === 'day');
    expect(closings.map(({ at }) => dayOf(at))).toEqual(
      Array.from({ length: DAYS + 1 }, (_, index) => dayOf(on(index + 1, '12:00'))).filter((day) => !/-(15|16)$/.test(day)),
    );
    for (const cadence of ['day', 'week', 'half-month', 'month']) {
      expect(
        calls.some(({ calls, payload, at }) => calls === 'close-period' && payload.cadence === cadence && at > OUTAGE.until),
      ).toBe(true);
    }
    for (const folder of ['open-period', 'sweep-deadlines', 'reconcile-cases'])
      expect(calls.some(({ calls }) => calls === folder)).toBe(true);
  });

  test('the steps of the ladder that have come by a time', () => {
    const since = on(10, '00:00');
    expect(['9', '10', '12', '15', '20', '27'].map((day) => stepsBy(policy, 'general', since, on(Number(day), '00:00')))).toEqual(
      [0, 1, 2, 3, 4, 5],
    );
  });
});

describe('the verdict', () => {
  const slots = { due: 10, onTime: 7, madeUpLate: 1, missed: 1, suspended: 1 };
  const four = { RED: slots, ORANGE: slots, YELLOW: slots, BLUE: slots };
  const figures = {
    RED: { ...slots, running: 0 },
    ORANGE: { ...slots, running: 0 },
    YELLOW: { ...slots, running: 0 },
    BLUE: { ...slots, running: 0 },
  };
  // What the verdict says of reminders is tested beside (sample-reminders.test.ts).
  const reminders: ReminderFindings = {
    ...{ said: [], recounted: [], expected: [], openings: [], received: [], names: new Set<string>() },
    ...{
      receiverOf: (name: string) => name,
      composedBy: (at) => at,
      within: 0,
      urgent: [],
      toldUntil: LOOKED_BACK_AT,
      quiet: policy.reminders.quiet,
    },
  };
  const counted = { openings: 1, isMajor: false, missed: 0, escalations: 0 };
  const good: Findings = {
    figures,
    total: { due: 40, onTime: 28, madeUpLate: 4, missed: 4, suspended: 4, running: 0 },
    recounted: four,
    cases: [
      { id: 'a', stage: 'rectifying' },
      { id: 'b', stage: 'closed' },
    ],
    recountedCases: [
      { id: 'a', stage: 'rectifying', isOpen: true, ...counted },
      { id: 'b', stage: 'closed', isOpen: false, ...counted },
    ],
    running: ['a'],
    inspections: {
      ...{ draws: [], recounted: { draws: [], tasks: [], refused: 0 }, published: [], running: [], gridGaps: [] },
    },
    reminders,
    enterprises: { listed: 60, covered: 60 },
    gaps: [],
    faults: [],
  };
  const red = (change: Partial<typeof figures.RED>) => ({ ...good, figures: { ...figures, RED: { ...figures.RED, ...change } } });

  test('nothing is said where everything adds up', () => expect(verdictOn(good)).toEqual([]));

  test.each([
    ['due is not the sum of its outcomes', red({ onTime: 6 }), '10 checks were due, but their outcomes add up to 9'],
    [
      'the ledger counts another number',
      { ...good, recounted: { ...four, BLUE: { ...slots, missed: 2, onTime: 6 } } },
      'BLUE: the figures say 1 missed, the ledger 2',
    ],
    ['the total is not that of the colours', { ...good, total: { ...good.total, missed: 5 } }, 'the total says 5 missed'],
    ['nothing was due', red({ due: 0, onTime: 0, madeUpLate: 0, missed: 0, suspended: 0 }), 'RED: nothing was due'],
    ['the month is not over', red({ running: 3 }), 'RED: 3 checks of the month are still running'],
    [
      'a case stands elsewhere',
      {
        ...good,
        cases: [
          { id: 'a', stage: 'closed' },
          { id: 'b', stage: 'closed' },
        ],
      },
      'case a: the API says closed, the ledger rectifying',
    ],
    ['a case is lost', { ...good, cases: [{ id: 'b', stage: 'closed' }] }, 'case a: the API says nothing of it'],
    [
      'a case is of nobody’s doing',
      { ...good, cases: [...good.cases, { id: 'c', stage: 'closed' }] },
      'case c: the API says closed, the ledger nothing of it',
    ],
    ['nothing drives an open case', { ...good, running: [] }, 'case a is rectifying, and 0 executions drive it'],
    ['two drive it', { ...good, running: ['a', 'a'] }, 'case a is rectifying, and 2 executions drive it'],
    ['a closed case is still driven', { ...good, running: ['a', 'b'] }, 'case b is closed, and 1 executions still run'],
    ['an execution drives nothing known', { ...good, running: ['a', 'x'] }, 'an execution runs for x'],
    ['an enterprise is not covered', { ...good, enterprises: { listed: 60, covered: 59 } }, 'the coverage counts 59 enterprises'],
    ['an event is missing', { ...good, gaps: ['HAZ#a'] }, 'the ledger has a gap in HAZ#a'],
    ['something went wrong on the way', { ...good, faults: ['a round was lost'] }, 'a round was lost'],
  ] as const)('%s', (_, findings, says) => {
    expect(verdictOn(findings)).toContainEqual(expect.stringContaining(says));
  });

  test('only lagging executions are worth waiting for', () => {
    expect(onlyExecutionsDiffer({ ...good, running: [] })).toBe(true);
    expect(onlyExecutionsDiffer({ ...good, running: [], gaps: ['HAZ#a'] })).toBe(false);
    expect(onlyExecutionsDiffer(good)).toBe(false);
  });

  test('a gap is a sequence that is missing', () => {
    const event = (subject: string, sequence: number) => ({ subject, sequence });
    expect(gapsOf([event('a', 1), event('a', 2), event('b', 2), event('c', 1), event('c', 3)])).toEqual(['b', 'c']);
  });
});

test('a month that broke off, or that another sample had, is begun again; one that was played stays', () => {
  const state = mkdtempSync(join(tmpdir(), 'cloud-'));
  expect(readMonth(state)).toBeUndefined();
  expect(whyAgain(undefined)).toBeUndefined();
  writeMonth(state, { state: 'begun', sample: sampleHash() });
  expect(whyAgain(readMonth(state))).toContain('broke off');
  const played = { requests: 1, seconds: 1, acts: 1, faults: [] };
  writeMonth(state, { state: 'played', sample: sampleHash(), played });
  expect(whyAgain(readMonth(state))).toBeUndefined();
  writeMonth(state, { state: 'played', sample: 'another', played });
  expect(whyAgain(readMonth(state))).toContain('has changed');
  rmSync(state, { recursive: true });
});

test('evidence is a picture that can be opened, another for each subject, and a document', () => {
  const picture = photoOf('整改前');
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  const data = picture.indexOf('IDAT');
  expect(inflateSync(picture.subarray(data + 4, data + 4 + picture.readUInt32BE(data - 4)))).toHaveLength(16 * (1 + 16 * 3));
  expect(photoOf('整改后').equals(picture)).toBe(false);
  expect(documentOf('应急预案').toString('latin1')).toMatch(/^%PDF-1\.4[\s\S]*%%EOF\n$/);
});
