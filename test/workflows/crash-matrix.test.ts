/** Whatever process dies at whatever place between the command and the workflow: nothing is lost, nothing is doubled. */
import type { Thrown } from '../support/fake-step-functions.ts';
import { LIFE, Rectification } from '../support/rectification.ts';
import { Scissors } from '../support/scissors.ts';

const ID = Rectification.id(1);

/** What happens to one case, in order; the stream may come in between or not. */
const STEPS: readonly ((world: Rectification) => Promise<unknown>)[] = [
  (world) => world.report(ID),
  (world) => world.act(ID, 0),
  (world) => world.act(ID, 1),
  async (world) => {
    world.pass(9);
    await world.reconcileUntilQuiet(); // it comes every hour
    await world.sweep();
    await world.deliver();
    await world.reconcileUntilQuiet();
  },
  (world) => world.act(ID, 2),
  (world) => world.act(ID, 3),
  (world) => world.act(ID, 4),
  (world) => world.act(ID, 5),
];

/** After which steps the stream is delivered, a bit for each. After the last it always comes. */
type Gaps = number;
const EVERY_GAP: Gaps = 2 ** (STEPS.length - 1) - 1;

async function live(gaps: Gaps, thrown: Thrown, scissors: Scissors): Promise<Rectification> {
  const world = new Rectification({ thrown, scissors });
  for (const [index, step] of STEPS.entries()) {
    await step(world);
    if ((gaps >> index) & 1) await world.deliver();
  }
  await world.deliver();
  await world.reconcileUntilQuiet();
  return world;
}

const typesOf = (world: Rectification) => world.county.ledger.map(({ type }) => type);

function expectWhole(world: Rectification, uncut: Rectification): void {
  const [stored] = world.county.all();
  const { ledger } = world.county;
  expect(stored?.hazard.stage).toBe('closed');
  expect(typesOf(world)).toEqual(typesOf(uncut));
  expect(ledger.map(({ sequence }) => sequence)).toEqual(ledger.map((_, index) => index + 1));
  expect(stored?.version).toBe(ledger.length);
  expect(new Set(world.told.map(({ id }) => id))).toEqual(new Set(ledger.map(({ id }) => id)));
  expect([...world.machine.executions.values()].filter(({ status }) => status === 'running')).toEqual([]);
  expect(world.machine.ends().filter((end) => end === 'Closed').length).toBeLessThanOrEqual(1);
}

test('uncut, one execution drives the case from its report to its closing, and escalates once', async () => {
  const world = await live(EVERY_GAP, 'noticed', new Scissors());
  expectWhole(world, world);
  expect(world.machine.executions.size).toBe(1);
  expect(world.machine.ends()).toEqual(['Closed']);
  expect(typesOf(world).filter((type) => type === 'HazardEscalated')).toHaveLength(1);
  expect(world.told.length).toBe(world.county.ledger.length);
  expect(LIFE).toHaveLength(6);
});

/** One by one, all at once before and after the nine days, and orders between. */
const SOME_GAPS: readonly Gaps[] = [EVERY_GAP, 0, 0b0000001, 0b0000010, 0b0010000, 0b0100000, 0b1000000, 0b0101010];

describe.each<Thrown>(['noticed', 'unnoticed'])('where a function that dies under a token is %s', (thrown) => {
  test.each(SOME_GAPS)(
    'a cut at any place, the stream delivered after steps %i (bits)',
    async (gaps) => {
      const counting = new Scissors();
      const uncut = await live(gaps, thrown, counting);
      expect(counting.places.length).toBeGreaterThan(30);
      for (const [at, place] of counting.places.entries()) {
        const world = await live(gaps, thrown, new Scissors(at));
        try {
          expectWhole(world, uncut);
        } catch (error) {
          throw new Error(`cut ${place} (place ${at})`, { cause: error });
        }
      }
    },
    120_000,
  );
});
