import { type Ask, fetchRound } from '../../functions/sweep-draws/fetch-round.ts';
import { dayOf, instant } from '../../shared/domain/calendar.ts';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';
import { DrawCounty, YJJ } from '../support/draw-county.ts';

const CHAIN = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
/** Round 123 of quicknet, as anybody can look it up. */
const VALUE = {
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
  signature: 'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};
const DRAND: RandomnessSource = {
  type: 'drand',
  chain: CHAIN,
  genesis: 1692803367,
  period: 3,
  mirrors: ['https://one.test', 'https://two.test/'],
};
const source = { type: 'drand', chain: CHAIN, genesis: 1692803367, period: 3, round: 123 } as const;
const answering =
  (answers: Readonly<Record<string, string>>): Ask =>
  async ({ href }) =>
    answers[href];
const [one, two] = [`https://one.test/${CHAIN}/public/123`, `https://two.test/${CHAIN}/public/123`];

test('a value is taken of the first mirror whose answer proves itself', async () => {
  const truth = JSON.stringify({ round: 123, ...VALUE });
  expect(await fetchRound([DRAND], answering({ [one]: truth }))(source)).toEqual(VALUE);
  expect(await fetchRound([DRAND], answering({ [two]: truth }))(source)).toEqual(VALUE);
});

test.each([
  ['no answer', undefined],
  ['no JSON', '<html>'],
  ['another round', JSON.stringify({ round: 123, signature: VALUE.signature.replace('b7', 'a7') })],
  ['randomness without its signature', JSON.stringify({ round: 123, randomness: VALUE.randomness })],
])('of a mirror with %s nothing is taken', async (_, answer) => {
  expect(await fetchRound([DRAND], answering(answer === undefined ? {} : { [one]: answer }))(source)).toBeUndefined();
});

test('a county without mirrors asks nobody', async () => {
  const ask: Ask = async () => {
    throw new Error('asked');
  };
  expect(await fetchRound([{ ...DRAND, mirrors: [] }], ask)(source)).toBeUndefined();
});

test('what the system fetched and proved keys the draw alone, at its instant', async () => {
  const world = new DrawCounty('2026-05-26T01:00:00Z', {
    randomness: [DRAND],
    fetchRound: async () => VALUE,
    since: dayOf(instant('2026-06-01T00:00:00Z')),
  });
  await world.withEnterprises('RED', [1, 2]);
  await world.withInspectors(['i1', 'i2']);
  await world.open('RANDOM.RED');
  world.now = instant('2026-05-28T00:59:59Z');
  await world.sweepUntilQuiet();
  expect((await world.of({ authority: YJJ, number: 1 })).draw.stage).toBe('announced');
  world.now = instant('2026-05-28T01:00:00Z');
  await world.sweepUntilQuiet();
  const { draw } = await world.of({ authority: YJJ, number: 1 });
  expect(draw).toMatchObject({ stage: 'assigned', entries: [{ source: 0, by: { role: 'system' } }] });
});
