/**
 * A second implementation, written in Python from the text alone, gives the same bytes. By default a few hundred random draws, so that the
 * layer stays fast; `DRAW_CASES=10000 npm run test:unit -- draw-python` tries as many as one likes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { hexOf, sha256 } from '../../shared/draw/bytes.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import type { Freezing } from '../../shared/draw/freeze.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import { drawCase, play, randomnessOf } from '../support/draw-cases.ts';
import { EXAMPLES } from '../support/draw-examples.ts';
import { frozen, jsonIn, LOTTERY, readyBundle, replaced, revealed, SECRET } from '../support/draws.ts';

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

describe('both implementations say the same of', () => {
  const QUICKNET = {
    type: 'drand',
    chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
    genesis: 1692803367,
    period: 3,
    round: 26564212,
  } as const;
  const NOW = '2026-04-01T00:00:00Z';
  const one = revealed();
  const hashOf = (bundle: Bundle): string => sha256(bundle.get('announcement.json') ?? '');
  const second = (given: Partial<Freezing> = {}) => revealed({ number: 2, previous: hashOf(one), ...given });
  const without = (bundle: Bundle, ...files: string[]) => new Map([...bundle].filter(([file]) => !files.includes(file)));
  const just = (bundle: Bundle, ...files: string[]) => new Map([...bundle].filter(([file]) => files.includes(file)));
  const withFile = (bundle: Bundle, file: string, bytes: Uint8Array | string) => new Map([...bundle, [file, Buffer.from(bytes)]]);
  const voided = (bundle: Bundle, voidedAt: string): Bundle =>
    withFile(bundle, 'void.json', canonical({ algorithm: 'sxj-draw-1', announcement: hashOf(bundle), reason: '停电', voidedAt }));
  const forged = (bundle: Bundle, file: string, change: (value: ReturnType<typeof jsonIn>) => void): Bundle => {
    const value = jsonIn(bundle, file);
    change(value);
    return withFile(bundle, file, canonical(value));
  };
  const undrawn = (sources: Freezing['sources']) => without(readyBundle(frozen({ sources })), 'randomness.json');
  const beacon = (signature: string): Json => ({
    sources: [{ randomness: sha256(Buffer.from(signature, 'hex')), signature }],
  });
  const ofRound = (signature: string) => withFile(undrawn([QUICKNET]), 'randomness.json', canonical(beacon(signature)));
  const first: string = jsonIn(one, 'result-1.json').selected[0].object;
  const twice = replaced(one, { iteration: 2, days: ['2026-03-20'], replace: [{ object: first, reason: '注销' }] });
  const hidden = just(one, 'announcement.json');

  const cases: readonly (readonly [string, boolean, readonly Bundle[], string?])[] = [
    ['a series', true, [one, second({ period: '2026-04' })]],
    ['the examples of the description', true, EXAMPLES.map(([, bundle]) => bundle)],
    ['a substitution', true, [twice]],
    ['a README', true, [withFile(one, 'README.md', '说明')]],
    ['a proof that nobody looks at', false, [withFile(one, 'announcement.tlog-proof', '')]],
    ['another file', false, [withFile(one, 'notes.txt', '')]],
    ['an open draw', true, [hidden]],
    ['an open draw with its directory', true, [just(one, 'announcement.json', 'objects.tsv')]],
    ['an open draw at its limit', false, [hidden], '2026-04-10T00:00:00Z'],
    ['files of the reveal alone', false, [without(one, 'randomness.json', 'result-1.json')]],
    ['randomness without a result', false, [without(one, 'result-1.json')]],
    ['a result without its substitution', false, [without(twice, 'substitution-2.json')]],
    ['void before the drawing', true, [voided(hidden, '2026-03-03T00:00:00Z')]],
    ['void before the announcement', false, [voided(hidden, '2026-02-28T23:59:59Z')]],
    ['void after the drawing, shown', true, [voided(one, '2026-03-05T00:00:00Z')]],
    ['void after the drawing, not shown yet', true, [voided(hidden, '2026-03-05T00:00:00Z')]],
    ['void after the drawing, never shown', false, [voided(hidden, '2026-03-05T00:00:00Z')], '2026-04-10T00:00:00Z'],
    ['void for want of numbers', true, [voided(undrawn([LOTTERY]), '2026-03-05T00:00:00Z')]],
    ['void for want of numbers beside a round', true, [voided(undrawn([LOTTERY, QUICKNET]), '2026-03-05T00:00:00Z')]],
    ['void for want of a round', false, [voided(undrawn([QUICKNET]), '2026-03-05T00:00:00Z')]],
    ['void for want of a round that was not there yet', true, [voided(undrawn([QUICKNET]), '2026-03-03T00:00:00Z')]],
    ['a successor once it is void', true, [voided(one, '2026-03-01T00:00:00Z'), second()]],
    ['a successor before it is void', false, [voided(one, '2026-03-05T00:00:00Z'), second()]],
    ['a second draw that is void', false, [one, voided(second(), '2026-03-05T00:00:00Z')]],
    ['announcements that go back in time', false, [one, second({ period: '2026-04', announcedAt: '2026-02-28T23:59:59Z' })]],
    ['a missing number', false, [second({ period: '2026-04' })]],
    ['two authorities', false, [one, second({ period: '2026-04', authority: '533102.GOV' })]],
    [
      'a period by another name',
      false,
      [
        forged(hidden, 'announcement.json', (value) => {
          value.period = '2026-3';
        }),
      ],
    ],
    ['a source twice', false, [forged(hidden, 'announcement.json', (value) => value.sources.push(LOTTERY))]],
    [
      'a chain that nobody knows',
      false,
      [
        forged(just(undrawn([QUICKNET]), 'announcement.json'), 'announcement.json', (value) => {
          value.sources[0].chain = 'e'.repeat(64);
        }),
      ],
    ],
    [
      'a substitution of nothing',
      false,
      [
        forged(twice, 'substitution-2.json', (value) => {
          value.replace = [];
        }),
      ],
    ],
    ['a signature that is too long', false, [drawless(ofRound('ab'.repeat(96)))]],
    ['a signature with the modulus added', false, [drawless(ofRound(`9fff${'ab'.repeat(46)}`))]],
  ];

  /** With a result of some kind, so that it is the randomness that is looked at. */
  function drawless(bundle: Bundle): Bundle {
    return withFile(bundle, 'result-1.json', one.get('result-1.json') ?? '');
  }

  test('bundles and series of every kind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
    try {
      const asked = cases.map(([, , bundles, at = NOW], index) => ({
        at: Date.parse(at) / 1000,
        folders: bundles.map((bundle, place) => {
          const where = join(folder, `${index}-${place}`);
          mkdirSync(where);
          for (const [file, bytes] of bundle) writeFileSync(join(where, file), bytes);
          return where;
        }),
      }));
      const program = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(PYTHON))})
import sxj_draw_1
for case in json.load(sys.stdin):
    try:
        sxj_draw_1.verify_draws(case["folders"], case["at"])
        print("yes")
    except sxj_draw_1.Refused as refusal:
        print("no")
`;
      const python = execFileSync('python3', ['-B', '-c', program], { input: JSON.stringify(asked) })
        .toString()
        .trimEnd()
        .split('\n');
      const here = cases.map(
        ([, , bundles, at = NOW]) =>
          verifySeries(
            bundles.map((bundle, place) => [`${place}`, bundle]),
            at,
          ).ok,
      );
      const table = cases.map(([name, expected], index) => [name, expected, here[index], python[index] === 'yes']);
      expect(table).toEqual(cases.map(([name, expected]) => [name, expected, expected, expected]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
