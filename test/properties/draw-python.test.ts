/**
 * A second implementation, written in Python from the text alone, gives the same bytes. By default a few hundred random draws, so that the
 * layer stays fast; `DRAW_CASES=10000 npm run test:unit -- draw-python` tries as many as one likes.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { hexOf } from '../../shared/draw/bytes.ts';
import { drawCase, play, randomnessOf } from '../support/draw-cases.ts';
import { SECRET } from '../support/draws.ts';

const CASES = Number(process.env.DRAW_CASES ?? 150);
const PYTHON = fileURLToPath(new URL('../support/sxj_draw_1.py', import.meta.url));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('both implementations give the same results, byte for byte, and refuse the same draws', () => {
  const cases = fc.sample(drawCase, { numRuns: CASES, seed: 20260301 }).map((one) => ({ one, played: play(one) }));
  const input = cases.map(({ one, played: { announcement, files, substitutions } }) =>
    JSON.stringify({
      announcement,
      objects: text(files.objects),
      inspectors: text(files.inspectors),
      recusals: text(files.recusals),
      items: text(files.items),
      randomness: randomnessOf(one),
      secret: hexOf(SECRET),
      substitutions,
    }),
  );
  const answers = execFileSync('python3', [PYTHON, 'replay'], { input: `${input.join('\n')}\n`, maxBuffer: 2 ** 30 })
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): { results?: readonly string[]; refused?: string } => JSON.parse(line));
  expect(answers).toHaveLength(CASES);
  for (const [at, { played }] of cases.entries()) {
    const { results, refused } = answers[at] ?? {};
    if (played.fault !== undefined) expect(refused).toEqual(expect.any(String));
    else expect(results).toEqual(played.results.map(({ bytes }) => text(bytes)));
  }
  // The cases are worth something: most are drawn, some refused, many go on to a second iteration, some objects find no team.
  const selected = cases.flatMap(({ played }) => played.results.flatMap(({ result }) => result.selected));
  expect(cases.filter(({ played }) => played.fault === undefined).length).toBeGreaterThan(CASES / 3);
  expect(cases.filter(({ played }) => played.fault !== undefined).length).toBeGreaterThan(CASES / 20);
  expect(cases.filter(({ played }) => played.results.length > 1).length).toBeGreaterThan(CASES / 5);
  expect(selected.filter(({ team }) => team.length === 0).length).toBeGreaterThan(CASES / 20);
}, 600_000);
