/** Whom periods and monthly lists remind, and what still stands of it: opened, announced and closed by the real schedules. */
import { announceDeadlines } from '../../functions/announce-deadlines/announce-deadlines.ts';
import { closePeriods } from '../../functions/close-period/close-period.ts';
import { openPeriods } from '../../functions/open-period/open-period.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoHazardListStore } from '../../shared/data/hazard-list-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoOpeningCursors, dynamoReminderCursor } from '../../shared/data/reminder-cursor.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { type Instant, instant, periodAt } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { clearSlot, type DutyPage, pointOf, withPoint, withStop } from '../../shared/domain/duty-page.ts';
import { commandId, riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { ChecksContent } from '../../shared/domain/reminder.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { people, uscc } from '../support/hazard-case.ts';
import { at, county, RemindedCounty } from '../support/reminded.ts';

const owner = enterpriseOwner(uscc);
const MORNING = at('03-31T08:07');
const cadences = cadencesOf(county, MORNING);
const policy = policyFor(county, MORNING);
const duties = () => dynamoDutyStore(county);

const PAGES: readonly (readonly [Colour, string | undefined, readonly string[]])[] = [
  ['RED', '一车间', ['A1', 'A2']],
  ['RED', '二车间', ['B1']],
  ['RED', undefined, ['C1']],
  ['BLUE', undefined, ['D1']],
];
const placeOf = (colour: Colour, workshop: string | undefined) => ({
  owner,
  colour,
  ...(workshop !== undefined && { workshop }),
});

/** Everything of the works is due, and nothing was checked in the last period. */
async function works(): Promise<RemindedCounty> {
  const world = await RemindedCounty.open();
  for (const [colour, workshop, points] of PAGES) {
    const now = periodAt(cadences[colour], MORNING);
    const page = points.reduce<DutyPage>(
      (before, no) => withPoint(before, riskNo(no), { spans: [{ from: now }], cleared: [], late: [], stops: [] }),
      { ...placeOf(colour, workshop), points: {} },
    );
    await duties().save({ pages: [{ page, ifVersion: 0 }], exceptions: [], events: [] });
  }
  return world;
}

async function change(colour: Colour, workshop: string | undefined, of: (page: DutyPage) => DutyPage): Promise<void> {
  const { page, version } = await duties().page(placeOf(colour, workshop));
  await duties().save({ pages: [{ page: of(page), ifVersion: version }], exceptions: [], events: [] });
}
const checked = (no: string, when: Instant) => (page: DutyPage) => {
  const point = pointOf(page, riskNo(no));
  const clearing = point && clearSlot(point, cadences[page.colour], when, when);
  return clearing && 'point' in clearing ? withPoint(page, riskNo(no), clearing.point) : page;
};

const opens = (world: RemindedCounty, when: Instant) =>
  openPeriods({
    ...{ store: duties(), county, cadences, whyOf: (colour: Colour) => whyCheck(policy, colour) },
    bus: world.bus,
    opened: dynamoOpeningCursors(county),
  })('day', when);
const announces = (world: RemindedCounty, when: Instant) =>
  announceDeadlines({
    ...{ county, policy, duties: duties(), register: dynamoRegisterStore(county), lists: dynamoHazardListStore(county) },
    ...{ hazards: dynamoHazardStore, tasks: dynamoTaskStore, authorities: async () => [] },
    ...{ cursor: dynamoReminderCursor(county), opened: dynamoOpeningCursors(county) },
    bus: world.bus,
    outOfTime: () => false,
  })(when);
const closes = async (world: RemindedCounty, when: Instant) => {
  await closePeriods({ store: duties(), county, cadences, actor: people.system, outOfTime: () => false })('day', when);
  for (const workshop of ['#一车间', '#二车间', '']) {
    await world.tellFrom(`SEAL#RED#${String(periodAt('day', MORNING)).padStart(6, '0')}#${owner}${workshop}`);
  }
};
const placesOf = (reminders: readonly { readonly content: unknown }[]) =>
  reminders.map(({ content }) => (content as ChecksContent).places);

test('a period that opens is told once to the works, and to each workshop what is its own', async () => {
  const world = await works();
  await opens(world, MORNING);
  await opens(world, at('03-31T08:09'));
  expect(await world.told()).toEqual([{ kind: 'checks-due', urgent: false, who: ['the works', 'workshop one', 'workshop two'] }]);
  expect(placesOf((await world.of('the works')).map(({ reminder }) => reminder))).toEqual([
    [{ points: 1 }, { workshop: '一车间', points: 2 }, { workshop: '二车间', points: 1 }],
  ]);
  expect(placesOf((await world.of('workshop one')).map(({ reminder }) => reminder))).toEqual([
    [{ workshop: '一车间', points: 2 }],
  ]);
  const [delivery] = await world.of('the works');
  expect(delivery?.reminder).toMatchObject({
    about: owner,
    why: { rule: 'selfChecks.RED' },
    content: { ownerName: '瑞丽化工厂' },
  });
  // Spread over the minutes after the opening, and never at the half hour.
  expect(delivery?.due.slice(0, 16) ?? '').toMatch(/2026-03-31T00:(0[7-9]|1\d)/);
});

test('an opening whose call was lost is made up once, and one whose call comes after all is told no second time', async () => {
  const world = await works();
  const due = [{ kind: 'checks-due', urgent: false, who: ['the works', 'workshop one', 'workshop two'] }];
  await announces(world, at('03-31T08:00'));
  expect(await announces(world, at('03-31T08:15'))).toMatchObject({ told: 0 });
  await change('RED', '一车间', checked('A1', at('03-31T08:18')));
  expect(await announces(world, at('03-31T08:20'))).toMatchObject({ told: 1 });
  expect(await announces(world, at('03-31T08:25'))).toMatchObject({ told: 0 });
  expect(await world.told()).toEqual(due);
  expect(placesOf((await world.of('workshop one')).map(({ reminder }) => reminder))).toEqual([
    [{ workshop: '一车间', points: 1 }],
  ]);
  await opens(world, at('03-31T08:40'));
  expect(await world.told()).toEqual(due);
});

test('an opening that was told is not looked for again; of one that is found lost when the end is near, the end is told', async () => {
  const world = await works();
  await announces(world, at('03-31T08:00'));
  await opens(world, MORNING);
  expect(await announces(world, at('03-31T08:20'))).toMatchObject({ told: 0 });
  expect((await world.told()).map(({ kind }) => kind)).toEqual(['checks-due']);

  const late = await works();
  await announces(late, at('03-30T22:00'));
  await announces(late, at('03-31T20:05'));
  expect((await late.told()).map(({ kind }) => kind)).toEqual(['checks-ending', 'list-ending', 'list-ending']);
});

test('who has checked is not reminded: of what is left the figures are those of now, and what stands still is left out', async () => {
  const world = await works();
  await opens(world, MORNING);
  const noon = at('03-31T12:00');
  await change('RED', '一车间', checked('A1', noon));
  await change('RED', '二车间', checked('B1', noon));
  await change('RED', undefined, (page) => {
    const stop = { id: 's', from: at('03-30T00:00'), until: at('04-03T00:00'), approvedAt: at('03-30T00:00') };
    const point = pointOf(page, riskNo('C1'));
    return point === undefined ? page : withPoint(page, riskNo('C1'), withStop(point, stop));
  });
  expect(placesOf(await world.standing('the works', noon))).toEqual([[{ workshop: '一车间', points: 1 }]]);
  expect(await world.standing('workshop two', noon)).toEqual([]);
  expect(await world.gone('workshop two', noon)).toEqual({ 'checks-due': 'done' });
  // That it is over is not that it was done: the works would be said to have checked.
  expect(await world.gone('workshop one', at('04-01T00:00'))).toEqual({ 'checks-due': 'over' });
});

test('before the end those hear again who still have to check; the day after, what was missed, of red up to the authorities at once', async () => {
  const world = await works();
  await announces(world, at('03-31T18:00'));
  expect(await world.told()).toEqual([]); // the first run makes nothing up
  await change('RED', '二车间', checked('B1', at('03-31T19:00')));
  await announces(world, at('03-31T20:00'));
  await announces(world, at('03-31T20:05'));
  expect(await world.told()).toMatchObject([
    { kind: 'checks-ending', urgent: false, who: ['the works', 'its head', 'workshop one'] },
  ]);
  await closes(world, at('04-01T00:05'));
  const missed = (await world.told()).filter(({ kind }) => kind === 'checks-missed');
  // Those without a workshop, and those of one: the other missed nothing. Workshops are not among those whom the policy tells of a miss.
  const who = ['the works', 'its head', 'township', 'department'];
  expect(missed).toEqual([
    { kind: 'checks-missed', urgent: true, who },
    { kind: 'checks-missed', urgent: true, who },
  ]);
  const misses = await world.standing('the works', at('04-01T00:06'));
  expect(placesOf(misses.filter(({ kind }) => kind === 'checks-missed'))).toEqual([
    [{ workshop: '一车间', points: 2 }],
    [{ points: 1 }],
  ]);
  expect((await world.of('the works')).every(({ reminder: { id } }) => id.length <= 200 && !/\s/.test(id))).toBe(true);
});

test('what was missed and is made up is not told any more', async () => {
  const world = await works();
  await closes(world, at('04-01T00:05'));
  const sealed = await duties().exceptions(placeOf('RED', undefined), periodAt('day', MORNING));
  if (sealed === undefined) throw new Error('it was sealed');
  const { version, ...rest } = sealed;
  const amended = { ...rest, missed: [], madeUpLate: rest.missed };
  await duties().save({ pages: [], exceptions: [{ sealed: amended, ifVersion: version }], events: [] });
  const left = (await world.standing('township', at('04-01T08:00'))).map(({ content }) => (content as ChecksContent).places);
  expect(left).toEqual([[{ workshop: '一车间', points: 2 }], [{ workshop: '二车间', points: 1 }]]);
});

test('the month’s list is told before its end to those who have not handed it in, by its last lead; handed in, it is done', async () => {
  const world = await works();
  await announces(world, at('03-20T00:00'));
  await announces(world, at('03-31T00:00')); // both leads have begun: only the nearer one is told
  const lists = (await world.told()).filter(({ kind }) => kind === 'list-ending');
  expect(lists).toEqual([
    { kind: 'list-ending', urgent: false, who: ['other works'] },
    { kind: 'list-ending', urgent: false, who: ['the works', 'its head'] },
  ]);
  const submitted = { hazards: [], submittedAt: MORNING, submittedBy: people.wang.id, firstAt: MORNING, version: 1 };
  const command = {
    by: people.wang.id,
    id: commandId('list-2026-03'),
    requestHash: '',
    answer: {},
    keptUntil: instant('2099-01-01T00:00:00+08:00'),
  };
  const occasion = { at: MORNING, county, actor: people.wang };
  await dynamoHazardListStore(county).submit(uscc, '2026-03', submitted, undefined, occasion, command);
  const standing = await world.standing('its head', MORNING);
  expect(standing.filter(({ kind }) => kind === 'list-ending')).toEqual([]);
  expect(await world.standing('other works', at('04-02T00:00'))).toMatchObject([{ kind: 'list-ending' }]);
});

test('a lead that waits still when the nearer one begins is not told any more', async () => {
  const world = await works();
  for (const when of ['03-28T12:00', '03-29T00:00', '03-31T00:00']) await announces(world, at(when));
  const lists = async (when: Instant) => (await world.standing('its head', when)).filter(({ kind }) => kind === 'list-ending');
  expect(await lists(at('03-30T23:59'))).toHaveLength(2);
  expect(await lists(at('03-31T00:01'))).toMatchObject([{ at: at('03-31T00:00') }]);
  expect(await world.gone('its head', at('03-31T00:01'))).toEqual({ 'list-ending': 'superseded' });
});

test('a period whose places were too many for the bus is told from the duty pages', async () => {
  const world = await works();
  const { from, until } = { from: at('03-31T00:00'), until: at('04-01T00:00') };
  await world.tell({
    ...{ id: `OPEN#${county}#RED#20543#${owner}`, type: 'PeriodOpened', at: MORNING, county, colour: 'RED', owner },
    ...{ cadence: 'day', period: '2026-03-31', from, until, due: 4, truncated: true },
  } as never);
  expect(placesOf((await world.of('workshop one')).map(({ reminder }) => reminder))).toEqual([
    [{ workshop: '一车间', points: 2 }],
  ]);
});

test('of each period an owner is told once that it opens, ends and what was missed, however often it is told', async () => {
  const world = await works();
  for (const when of ['03-31T08:07', '03-31T08:07', '03-31T09:07']) await opens(world, at(when));
  for (const when of ['03-31T12:00', '03-31T20:00', '03-31T20:05', '03-31T23:55']) await announces(world, at(when));
  for (const when of ['04-01T00:05', '04-01T00:10']) await closes(world, at(when));
  const of = (await world.of('the works')).filter(({ reminder }) => (reminder.content as ChecksContent).colour === 'RED');
  expect(of.map(({ reminder }) => reminder.kind).sort()).toEqual([
    ...['checks-due', 'checks-ending', 'checks-missed', 'checks-missed', 'checks-missed'],
  ]);
  const missed = of
    .filter(({ reminder }) => reminder.kind === 'checks-missed')
    .flatMap(({ reminder }) => placesOf([reminder])[0]);
  expect(missed.map((place) => place?.workshop).sort()).toEqual(['一车间', '二车间', undefined]);
});

test('the form of a month is told to the committee’s office until it is due, and not of a month before anybody was there', async () => {
  const world = await works();
  const told = async () => (await world.told()).filter(({ kind }) => kind === 'form-due');
  for (const when of ['03-01T00:00', '03-06T12:00']) await announces(world, at(when));
  expect(await told()).toEqual([]);
  for (const when of ['04-02T00:00', '04-06T12:00']) await announces(world, at(when));
  expect(await told()).toEqual([1, 2].map(() => ({ kind: 'form-due', urgent: false, who: ['committee'] })));
  const standing = async (when: Instant) => (await world.standing('committee', when)).filter(({ kind }) => kind === 'form-due');
  expect(await standing(at('04-06T13:00'))).toMatchObject([{ content: { month: '2026-03', until: at('04-07T00:00') } }]);
  expect(await standing(at('04-07T00:00'))).toEqual([]);
});
