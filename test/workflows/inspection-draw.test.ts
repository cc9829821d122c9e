/** Draws from the calendar to the reveal: the real functions, the real workflow, the real algorithm. */

import { serveCapacity } from '../../functions/serve-inspectors/capacity.ts';
import { serveCoverage } from '../../functions/serve-inspectors/coverage.ts';
import { hashOf } from '../../shared/data/draw-files.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoRegisterStore, eachStop } from '../../shared/data/register-store.ts';
import { dayOf, type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { commandId, drawPeriod, GOVERNMENT } from '../../shared/domain/ids.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import { COUNTY, callerOf, chief, committee, DrawCounty, NUMBERS, officer, YJJ } from '../support/draw-county.ts';
import { ANNOUNCED, assigned, DRAWN, ONE, red } from '../support/red-draw.ts';

const government = callerOf('government', 'government-head');
const latest = (a: Instant, b: Instant): Instant => [a, b].sort().at(-1) ?? a;

describe('a draw', () => {
  test('is announced, keyed by two, drawn, assigned, visited and revealed; whoever reads it can replay it', async () => {
    const world = await red();
    expect(await world.open('RANDOM.RED')).toBe(1);
    const announced = (await world.of(ONE)).draw;
    expect(announced).toMatchObject({
      stage: 'announced',
      period: '2026-06',
      drawAt: DRAWN,
      revealBy: '2026-07-15T16:00:00.000Z',
      strata: [{ name: 'RED.hazardous-chemicals', objects: 3, quota: 3, wanted: 3 }],
    });
    expect(announced.because).toBeUndefined();
    const { policy } = JSON.parse(Buffer.from(world.bundle(ONE).get('announcement.json') ?? []).toString());
    expect(hashOf(world.files.published.get(`published/policy/${policy}.json`) ?? new Uint8Array())).toBe(policy);
    expect([...world.bundle(ONE).keys()].sort()).toEqual(['announcement.json', 'objects.tsv']);
    expect(verifyDraw(world.bundle(ONE), '2026-05-27T00:00:00Z')).toMatchObject({ ok: true, summary: { state: 'open' } });

    world.now = DRAWN;
    expect(await world.enter(ONE, officer, NUMBERS)).toMatchObject({ settled: false });
    await world.deliver();
    expect((await world.of(ONE)).draw.stage).toBe('announced');
    expect(await world.enter(ONE, committee, NUMBERS)).toMatchObject({ settled: true });
    await world.deliver();
    const drawn = (await world.of(ONE)).draw;
    expect(drawn).toMatchObject({ stage: 'assigned', iterations: [{ no: 1, result: { selected: 3, unassigned: 0 } }] });
    const tasks = await world.tasksOf(ONE);
    expect(tasks.map(({ task }) => task.id)).toEqual(['R.YJJ.000001.1.0001', 'R.YJJ.000001.1.0002', 'R.YJJ.000001.1.0003']);
    expect(tasks.every(({ task }) => task.team.length === 2 && task.day?.startsWith('2026-06'))).toBe(true);
    expect(world.notices.map(({ task }) => task)).toEqual(tasks.map(({ task }) => task.id));
    expect([...world.bundle(ONE).keys()].sort()).toEqual(['announcement.json', 'objects.tsv']);

    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw).toMatchObject({ stage: 'revealed', revealedAt: DRAWN });
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'revealed', drawn: 3 } });
    expect(world.machine.ends()).toEqual(['Revealed']);
    expect(world.machine.executions.size).toBe(1);
  });

  test('whose run is ended from outside while it waits gets another at once', async () => {
    const world = await assigned(await red());
    for await (const run of world.machine.running()) await world.machine.stop(run);
    expect(await world.sweep()).toMatchObject({ started: 1 });
    await world.settle();
    expect(await world.sweep()).toMatchObject({ told: 0, started: 0 });
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw.stage).toBe('revealed');
  });

  test('tells nobody what it drew before it is revealed: not the ledger, not the bus, not what is published', async () => {
    const world = await assigned(await red());
    const told = JSON.stringify([world.ledger(), world.notices]);
    for (const n of [1, 2, 3]) expect(told).not.toContain(world.objectOf(n));
    const files = [...world.bundle(ONE).keys()];
    expect(files.filter((file) => /result|randomness|inspectors/.test(file))).toEqual([]);
  });

  test('replaces what cannot be visited by the next in line, and says so in its bundle', async () => {
    const world = await red();
    await assigned(world);
    const [first] = await world.tasksOf(ONE);
    if (first === undefined) throw new Error('nothing was drawn');
    await world.replace(ONE, [first.task.id], ['2026-06-10', '2026-06-11']);
    await world.deliver();
    expect((await world.of(ONE)).draw).toMatchObject({
      stage: 'assigned',
      iterations: [{ no: 1 }, { no: 2, result: { selected: 0 } }],
    });
    expect((await world.tasksOf(ONE)).map(({ task }) => task.stage).sort()).toEqual(['assigned', 'assigned', 'replaced']);
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { iterations: 2 } });
  });

  test('that is void before its instant shows why, keeps its number, and its period is announced anew by the daily call', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = instant('2026-05-27T01:00:00Z');
    await world.void(ONE);
    await world.deliver();
    expect(world.machine.ends()).toEqual(['Void']);
    expect([...world.bundle(ONE).keys()].sort()).toEqual(['announcement.json', 'objects.tsv', 'void.json']);
    expect(await world.open('RANDOM.RED')).toBe(1);
    const two = (await world.of({ ...ONE, number: 2 })).draw;
    expect(two).toMatchObject({ stage: 'announced', because: '同期前一次抽查已作废，重新公告' });
    expect(two.previous).toBe((await world.of(ONE)).draw.announcement);
    const folders = [ONE, { ...ONE, number: 2 }].map((ref) => [String(ref.number), world.bundle(ref)] as const);
    expect(verifySeries(folders, '2026-05-28T00:00:00Z')).toMatchObject({ ok: true });
  });

  test('that is void after it was drawn is revealed all the same, and its visits are called off', async () => {
    const world = await assigned(await red());
    await world.void(ONE, '检查人员名录有误');
    await world.deliver();
    expect((await world.of(ONE)).draw.stage).toBe('void');
    expect((await world.tasksOf(ONE)).map(({ task }) => task.stage)).toEqual(['void', 'void', 'void']);
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'void', drawn: 3 } });
  });

  test('that is void when its numbers were there and its lots were not drawn is drawn to be shown, and nobody is sent', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = plusMs(DRAWN, 60_000);
    await world.enter(ONE, officer, NUMBERS);
    await world.enter(ONE, chief, NUMBERS);
    await world.void(ONE, '检查人员名录有误');
    await world.deliver();
    expect((await world.of(ONE)).draw).toMatchObject({ stage: 'void', iterations: [{ result: { selected: 3 } }] });
    expect(world.machine.ends()).toEqual(['Void']);
    expect([...world.bundle(ONE).keys()]).toEqual(expect.arrayContaining(['result-1.json', 'randomness.json', 'void.json']));
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'void', drawn: 3 } });
    expect([await world.tasksOf(ONE), world.notices]).toEqual([[], []]);
  });

  test('whose visits do not end is revealed before the announced limit', async () => {
    const world = await assigned(await red());
    world.now = instant('2026-07-15T14:30:00Z');
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw).toMatchObject({ stage: 'revealed' });
  });
});

describe('a department and the government', () => {
  test('a special inspection draws a share by chance, gives ten of its items to each visit, and the next in line for what cannot be visited', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises(
      'RED',
      Array.from({ length: 21 }, (_, n) => n + 1),
    );
    await world.withInspectors(['i1', 'i2', 'i3']);
    await world.withItems(12);
    await world.open('SPECIAL');
    expect((await world.of(ONE)).draw.strata).toMatchObject([{ objects: 21, quota: 3 }]);
    world.now = DRAWN;
    await world.enter(ONE, officer, NUMBERS);
    await world.enter(ONE, chief, NUMBERS);
    await world.deliver();
    const drawn = (await world.tasksOf(ONE)).map(({ task }) => task);
    expect(drawn.map(({ items }) => new Set(items).size)).toEqual([10, 10, 10]);
    const [first] = drawn;
    if (first === undefined) throw new Error('nothing was drawn');
    await world.replace(ONE, [first.id], ['2026-06-10', '2026-06-11']);
    await world.deliver();
    const next = (await world.tasksOf(ONE)).map(({ task }) => task).filter(({ iteration }) => iteration === 2);
    expect(next).toMatchObject([{ id: 'R.YJJ.000001.2.0001', stage: 'assigned' }]);
    expect(drawn.map(({ object }) => object)).not.toContain(next[0]?.object);
    expect(['2026-06-10', '2026-06-11']).toContain(next[0]?.day);
    expect(world.notices.at(-1)).toMatchObject({ task: next[0]?.id, inspectors: next[0]?.team.map(({ id }) => id) });
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { iterations: 2, drawn: 4 } });
  });

  test('what a visit goes through is frozen with the draw, also where no item is drawn', async () => {
    const world = await red();
    await world.withItems(3);
    await world.open('RANDOM.RED');
    await world.withItems(5);
    world.now = DRAWN;
    for (const who of [officer, chief]) await world.enter(ONE, who, NUMBERS);
    await world.deliver();
    expect((await world.tasksOf(ONE)).map(({ task }) => task.items)).toEqual([1, 2, 3].map(() => ['I1', 'I2', 'I3']));
  });

  test('a month has one inspection of a department: a special one or one with experts, never both', async () => {
    const world = await red();
    await world.withInspectors(['x1'], { role: 'expert' });
    await world.open('SPECIAL');
    await world.withPlan('2026-06', 'EXPERT');
    expect(await world.open('EXPERT')).toBe(0);
    await expect(world.ask('EXPERT', '2026-06')).rejects.toMatchObject({ code: 'already-drawn' });
    const run = { authority: YJJ, kind: 'EXPERT', period: drawPeriod('2026-06'), at: world.now, number: 0 } as const;
    await world.machine.start({ ...run, attempt: 1, asked: [] });
    await world.settle();
    expect((await world.draws.series(YJJ)).series.number).toBe(1);
    await world.void(ONE);
    await world.deliver();
    expect(await world.open('EXPERT')).toBe(1);
    expect((await world.of({ ...ONE, number: 2 })).draw).toMatchObject({ kind: 'EXPERT', period: '2026-06' });
  });

  test('the government draws from all that there is, public areas too, and sends those of any department', async () => {
    const world = new DrawCounty('2026-06-26T01:00:00Z', {
      authorities: [GOVERNMENT],
      since: dayOf(instant('2026-07-01T00:00:00Z')),
    });
    await world.withEnterprises('YELLOW', [1]);
    await world.withAreas('ORANGE', ['A1', 'A2']);
    await world.withAreas('RED', ['A3'], 'DEPT:YJJ');
    await world.withInspectors(['i1', 'i2']);
    await world.open('COMPREHENSIVE');
    const { draw } = await world.of({ authority: GOVERNMENT, number: 1 });
    expect(draw.period).toBe('2026-Q3');
    expect(draw.strata.map(({ name, quota }) => [name, quota])).toEqual([
      ['RED.area', 1],
      ['ORANGE.area', 1],
      ['YELLOW.hazardous-chemicals', 1],
    ]);
    world.now = draw.drawAt;
    for (const who of [committee, government]) await world.enter(draw, who, NUMBERS);
    await world.deliver();
    await world.sweepUntilQuiet();
    const tasks = (await world.tasksOf(draw)).map(({ task }) => task);
    expect(tasks.map(({ id }) => id.slice(0, 5))).toEqual(['R.GOV', 'O.GOV', 'Y.GOV']);
    expect(tasks[0]).toMatchObject({ object: 'AREA:533102100:A3', owner: 'TOWN:533102100', supervisor: 'DEPT:YJJ' });
  });
});

describe('what no department answers for', () => {
  const yellow = async (): Promise<DrawCounty> => {
    const world = new DrawCounty('2026-06-26T01:00:00Z', {
      authorities: [YJJ, GOVERNMENT],
      since: dayOf(instant('2026-07-01T00:00:00Z')),
    });
    await world.withEnterprises('YELLOW', [1]);
    await world.withAreas('YELLOW', ['A1', 'A2']);
    await world.withAreas('YELLOW', ['A3'], 'DEPT:YJJ');
    return world.withInspectors(['i1', 'i2']);
  };

  test('is drawn by the government at the frequency of its colour, and by it alone', async () => {
    const world = await yellow();
    expect(await world.open('RANDOM.YELLOW')).toBe(2);
    const { draw } = await world.of({ authority: GOVERNMENT, number: 1 });
    expect(draw).toMatchObject({ kind: 'RANDOM.YELLOW', period: '2026-Q3', strata: [{ name: 'YELLOW.area', objects: 2 }] });
    const objects = Buffer.from(world.bundle(draw).get('objects.tsv') ?? []).toString();
    expect(objects.match(/AREA:\S+/g)).toEqual(['AREA:533102100:A1', 'AREA:533102100:A2']);
    expect((await world.of(ONE)).draw.strata.map(({ name, objects: of }) => [name, of])).toEqual([
      ['YELLOW.area', 1],
      ['YELLOW.hazardous-chemicals', 1],
    ]);
    world.now = draw.drawAt;
    for (const who of [committee, government]) await world.enter(draw, who, NUMBERS);
    await world.deliver();
    expect((await world.tasksOf(draw)).map(({ task }) => task.team.map(({ id }) => id).sort())).toContainEqual(['i1', 'i2']);
  });

  test('is in the capacity and the coverage of the government, as it is in its draws', async () => {
    const world = await yellow();
    await world.open('RANDOM.YELLOW');
    const keeping = {
      ...{ county: COUNTY, draws: world.draws, tasks: world.tasks, inspectors: dynamoInspectorStore(COUNTY) },
      ...{ lists: dynamoItemListStore(COUNTY), register: dynamoRegisterStore(COUNTY), stops: () => eachStop(COUNTY) },
    };
    const asked = { params: {}, body: {}, caller: committee, at: world.now, commandId: commandId('command-1'), requestHash: '' };
    const query = { authority: GOVERNMENT };
    const [capacity] = (await serveCapacity(keeping).readCapacity({ ...asked, query: { ...query, quarter: '2026-Q3' } }))
      .authorities;
    const yellows = capacity?.demands.filter(({ kind }) => kind === 'RANDOM.YELLOW');
    expect(yellows).toMatchObject([{ period: '2026-Q3', industry: 'area', objects: 2, visits: 2 }]);
    const [coverage] = (await serveCoverage(keeping).readCoverage({ ...asked, query: { ...query, year: '2026' } })).authorities;
    expect(coverage).toMatchObject({ total: { objects: 2, due: 2, running: 2 }, byColour: [{ colour: 'YELLOW' }] });
  });

  test('where there is nothing of the kind, that is said once for each period, however often the daily call comes', async () => {
    const world = new DrawCounty('2026-06-26T01:00:00Z', { authorities: [GOVERNMENT] });
    await world.withInspectors(['i1', 'i2']);
    for (const day of ['26', '27', '28']) {
      world.now = instant(`2026-06-${day}T02:47:00Z`);
      await world.open('RANDOM.RED');
    }
    expect(world.ledger().map(({ type, data }) => [type, (data as { period: string }).period])).toEqual([
      ['NothingToDraw', '2026-06'],
      ['NothingToDraw', '2026-07'],
    ]);
  });
});

describe('the calendar', () => {
  test('where time is the world’s, nothing is announced for an instant that has passed: the draw lies a day behind', async () => {
    const world = new DrawCounty('2026-05-29T01:00:00Z', {
      announcedFrom: (at) => latest(at, instant('2026-06-01T07:30:00Z')),
    });
    await world.withEnterprises('RED', [1]);
    await world.withInspectors(['i1', 'i2']);
    await world.open('RANDOM.RED');
    const { draw } = await world.of(ONE);
    expect(draw.announcedAt).toBe('2026-06-01T07:30:00.000Z');
    expect(draw.drawAt).toBe('2026-06-02T13:15:00.000Z');
  });

  test('the announcement lies behind the gathering, and what is made up a full hour behind its day: it is open a day before', async () => {
    let clock = instant('2026-06-01T07:59:50Z');
    const world = await red('2026-06-01T02:47:00Z', '2026-06-01T00:00:00Z', {
      randomness: [
        { type: 'numbers', name: 'daily', ordered: true, shape: [[8, 0, 9]], days: [1, 2, 3, 4, 5, 6, 7], time: '16:00' },
      ],
      announcedFrom: () => clock,
      tampering: (pooling) => {
        clock = instant('2026-06-01T08:00:20Z');
        return pooling;
      },
    });
    await world.open('RANDOM.RED');
    const { announcedAt, drawAt } = (await world.of(ONE)).draw;
    expect([announcedAt, drawAt]).toEqual([clock, '2026-06-03T08:00:00.000Z']);
  });

  test('a draw that an outage left is made up, drawn after a day, and says why', async () => {
    const world = await red('2026-06-08T02:47:00Z', '2026-01-01T00:00:00Z');
    expect(await world.open('RANDOM.RED')).toBe(1);
    const { draw } = await world.of(ONE);
    expect(draw).toMatchObject({
      period: '2026-06',
      because: '应于2026-05-26公告，届时未能公告，补办',
      drawAt: '2026-06-09T13:15:00.000Z',
    });
  });

  test('a call doubled, late or at once opens one draw of a period with one number', async () => {
    const world = await red();
    await Promise.all([world.open('RANDOM.RED'), world.open('RANDOM.RED')]);
    expect(await world.open('RANDOM.RED')).toBe(0);
    world.now = instant('2026-05-27T02:47:00Z');
    expect(await world.open('RANDOM.RED')).toBe(0);
    expect(world.ledger().filter(({ type }) => type === 'DrawAnnounced')).toHaveLength(1);
    expect((await world.draws.series(YJJ)).series.number).toBe(1);
  });

  test('all of an authority’s draws announced at once have a number each, without a gap', async () => {
    const world = new DrawCounty('2026-06-26T01:00:00Z');
    for (const [index, colour] of COLOURS.entries()) await world.withEnterprises(colour, [index + 1]);
    await world.withInspectors(['i1', 'i2', 'i3', 'i4']);
    await Promise.all(DRAW_KINDS.map((kind) => world.open(kind)));
    await world.settle();
    const { series } = await world.draws.series(YJJ);
    const all = await Promise.all(Array.from({ length: series.number }, (_, at) => world.of({ ...ONE, number: at + 1 })));
    expect(new Set(all.map(({ draw: { kind, period } }) => `${kind} ${period}`)).size).toBe(all.length);
    expect(world.machine.ends()).toEqual([]);
    expect(all.length).toBe(world.machine.executions.size);
  });

  test('instants ascend with the numbers: under a clock that was set back nothing is announced until it has caught up', async () => {
    const clock = { announcedFrom: (at: Instant) => plusMs(at, 3_600_000) };
    const world = new DrawCounty('2026-06-26T01:00:00Z', { announcedFrom: (at) => clock.announcedFrom(at) });
    for (const colour of COLOURS) await world.withEnterprises(colour, [COLOURS.indexOf(colour) + 1]);
    await world.withInspectors(['i1', 'i2', 'i3', 'i4']);
    await world.open('RANDOM.BLUE');
    clock.announcedFrom = (at) => at;
    await world.open('RANDOM.YELLOW');
    expect((await world.draws.series(YJJ)).series.number).toBe(1);
    await world.open('RANDOM.YELLOW', instant('2026-06-27T02:47:00Z'));
    const instants = await Promise.all([1, 2].map(async (number) => (await world.of({ ...ONE, number })).draw.announcedAt));
    expect(instants).toEqual(instants.toSorted());
  });

  test('two freezings at once give one number: the one that comes second finds the draw of the first', async () => {
    const world = await red();
    const run = { authority: YJJ, kind: 'RANDOM.RED', period: drawPeriod('2026-06'), at: world.now, number: 0 } as const;
    await Promise.all([1, 2].map((attempt) => world.machine.start({ ...run, attempt, asked: [] })));
    await world.settle();
    expect(world.ledger().filter(({ type }) => type === 'DrawAnnounced')).toHaveLength(1);
    expect((await world.draws.series(YJJ)).series.number).toBe(1);
  });

  test('a clock that jumps forward opens early what is due then; back again, nothing is opened twice', async () => {
    const world = await red();
    expect(await world.open('RANDOM.RED', instant('2026-06-26T01:00:00Z'))).toBe(2); // June made up, July in time
    expect(await world.open('RANDOM.RED', instant('2026-05-26T01:00:00Z'))).toBe(0);
    const periods = world
      .ledger()
      .flatMap(({ type, data }) => (type === 'DrawAnnounced' ? [(data as { period: string }).period] : []));
    expect(periods.sort()).toEqual(['2026-06', '2026-07']);
  });
});

describe('who is left out', () => {
  const stop = (from: string, until: string, more = {}) => ({
    ...{ id: 's1', kind: 'production-stop', scope: { of: 'enterprise' }, from: instant(from), until: instant(until) },
    ...{ reason: '停产', approvedBy: 'zhao', approver: '赵六', approvedAt: instant(from), ...more },
  });

  test('an enterprise that stands still on every day of visits; not one that begins again meanwhile', async () => {
    const world = await red();
    await world.withStop(1, stop('2026-05-20T00:00:00Z', '2026-07-02T00:00:00Z'));
    await world.withStop(2, stop('2026-05-20T00:00:00Z', '2026-06-20T00:00:00Z'));
    await world.withStop(3, stop('2026-05-20T00:00:00Z', '2026-07-02T00:00:00Z', { scope: { of: 'points', points: ['R1'] } }));
    await world.open('RANDOM.RED');
    const { strata, leftOut } = (await world.of(ONE)).draw;
    expect([strata, leftOut]).toMatchObject([[{ objects: 2 }], { visited: 0, suspended: 1 }]);
    const objects = Buffer.from(world.bundle(ONE).get('objects.tsv') ?? []).toString();
    expect(objects).not.toContain(world.objectOf(1));
  });

  test('one whose stop is lifted within the window is a gap in the coverage: nobody was sent there', async () => {
    const world = await red();
    await world.withStop(1, stop('2026-05-20T00:00:00Z', '2026-07-02T00:00:00Z'));
    await world.open('RANDOM.RED');
    const keeping = {
      ...{ county: COUNTY, draws: world.draws, tasks: world.tasks, inspectors: dynamoInspectorStore(COUNTY) },
      ...{ lists: dynamoItemListStore(COUNTY), register: dynamoRegisterStore(COUNTY), stops: () => eachStop(COUNTY) },
    };
    const covered = async () => {
      const asked = { params: {}, body: {}, caller: chief, at: DRAWN, commandId: commandId('command-1'), requestHash: '' };
      const query = { authority: YJJ, year: '2026' };
      return (await serveCoverage(keeping).readCoverage({ ...asked, query })).authorities[0]?.total;
    };
    expect(await covered()).toMatchObject({ objects: 2, due: 2, gap: 0 });
    const at = instant('2026-06-10T00:00:00Z');
    await world.withStop(1, stop('2026-05-20T00:00:00Z', at, { lifted: { at, because: '提前复产' } }));
    expect(await covered()).toMatchObject({ objects: 3, due: 3, gap: 1 });
  });
});
