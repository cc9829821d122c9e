/** Whatever process dies at whatever place between the calendar and the reveal: the draw comes to the same bytes. */
import { instant } from '../../shared/domain/calendar.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { chief, DrawCounty, NUMBERS, officer } from '../support/draw-county.ts';
import { ONE } from '../support/red-draw.ts';
import { Cut, Scissors } from '../support/scissors.ts';

/** What changes nothing: a process that dies behind such a call has done the same as one that dies before it. */
const READS = new Set([
  ...['draws.load', 'draws.ofPeriod', 'draws.ofStanding', 'draws.openByDue', 'draws.series', 'draws.secretOf'],
  ...['executions.status', 'executions.lastMove'],
  ...['files.read', 'tasks.hasVisitsLeft', 'tasks.load', 'tasks.ofDraw', 'tasks.openByDue', 'tokens.of'],
]);

/** A person whose request was not answered asks again; that it was carried out shows in what he is told then. */
async function insistently(call: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) {
    await call().catch((error: unknown) => {
      if (!(error instanceof Cut)) throw error;
    });
  }
}

async function live(scissors: Scissors): Promise<DrawCounty> {
  const world = new DrawCounty('2026-05-26T01:00:00Z', { scissors });
  await world.withEnterprises('RED', [1, 2, 3]);
  await world.withInspectors(['i1', 'i2', 'i3']);
  await world.open('RANDOM.RED');
  await world.sweepUntilQuiet();
  await world.open('RANDOM.RED'); // the schedule tries an invocation again, with the instant that it was meant for
  await world.sweepUntilQuiet();

  world.now = instant('2026-05-28T13:15:00Z');
  const draw = async () => (await world.of(ONE)).draw;
  for (const [index, who] of [officer, chief].entries()) {
    await insistently(
      () => world.enter(ONE, who, NUMBERS),
      async () => (await draw()).entries.length > index,
    );
  }
  await world.deliver();
  await world.sweepUntilQuiet();

  world.now = instant('2026-06-03T01:00:00Z');
  const [first] = (await world.tasksOf(ONE)).filter(({ task }) => task.stage === 'assigned');
  if (first === undefined) throw new Error('nothing was assigned');
  await insistently(
    () => world.replace(ONE, [first.task.id], ['2026-06-10']),
    async () => (await draw()).iterations.length === 2,
  );
  await world.deliver();
  await world.sweepUntilQuiet();
  await world.visitAll(ONE);
  await world.sweepUntilQuiet();
  return world;
}

/** What the county comes to, without the order in which its processes came to it. */
async function whole(world: DrawCounty) {
  const { draw, version } = await world.of(ONE);
  return {
    draw,
    version,
    published: [...world.files.published].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]).sort(),
    tasks: (await world.tasksOf(ONE)).map(({ task, version: of }) => [task.id, task.stage, task.object, task.team, task.day, of]),
    facts: world
      .ledger()
      .map(({ id, type, data }) => JSON.stringify([id, type, data]))
      .sort(),
    told: [...new Set(world.notices.map(({ id }) => id))].sort(),
  };
}

test('a cut at any place of any process leads to the same bytes', async () => {
  const counting = new Scissors(undefined, READS);
  const uncut = await live(counting);
  const expected = await whole(uncut);
  expect(expected.draw.stage).toBe('revealed');
  expect(verifyDraw(uncut.bundle(ONE))).toMatchObject({ ok: true, summary: { iterations: 2 } });
  expect(uncut.machine.executions.size).toBe(1);
  expect(counting.places.length).toBeGreaterThan(200);
  expect(counting.differing.length).toBeGreaterThan(60);
  for (const at of counting.differing) {
    const place = counting.places[at];
    try {
      const world = await live(new Scissors(at));
      expect(await whole(world)).toEqual(expected);
      expect([...world.machine.executions.values()].filter(({ status }) => status === 'running')).toEqual([]);
    } catch (error) {
      throw new Error(`cut ${place} (place ${at})`, { cause: error });
    }
  }
}, 300_000);
