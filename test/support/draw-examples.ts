/**
 * The bundles that the description of the algorithm prints: a series in which everything occurs. The numbers and the secrets are made up,
 * the round of quicknet is a real one. `npx tsx test/support/draw-examples.ts` prints them as the page has them.
 */
import { fileURLToPath } from 'node:url';
import { NO_PREVIOUS } from '../../shared/draw/announcement.ts';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import { commitmentOf } from '../../shared/draw/codes.ts';
import type { Freezing } from '../../shared/draw/freeze.ts';
import { drawnOnce, frozen, inspectorLine, jsonIn, objectLine, readyBundle, replaced, SECRET } from './draws.ts';

const QUICKNET = {
  type: 'drand',
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  genesis: 1692803367,
  period: 3,
  round: 123,
} as const;
const ROUND_123 = {
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
  signature: 'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};
const LENGTH = 4;
const RED = [objectLine('ENT:A', { weight: 2 }), objectLine('ENT:B', { skill: 'gas' }), objectLine('ENT:C')];

const ordinary: Freezing = {
  announcedAt: '2023-08-22T00:00:00Z',
  asOf: 0,
  authority: '533102.TEST',
  commitment: commitmentOf(SECRET, LENGTH),
  days: ['2023-09-04', '2023-09-05'],
  drawAt: '2023-08-23T15:15:35Z',
  kind: 'RANDOM.RED',
  number: 1,
  perDay: 1,
  period: '2023-09',
  policy: '0'.repeat(64),
  previous: NO_PREVIOUS,
  revealBy: '2023-10-01T00:00:00Z',
  software: '0'.repeat(64),
  sources: [QUICKNET],
  strata: [{ items: 1, name: 'RED', quota: 2, team: [{ count: 2, role: 'enforcer' }] }],
  rosters: {
    objects: RED,
    inspectors: [
      inspectorLine('I0001', { capacity: 2 }),
      inspectorLine('I0002', { capacity: 2, skills: ['gas', 'mine'] }),
      inspectorLine('I0003', { capacity: 2, absent: ['2023-09-04'] }),
    ],
    recusals: [{ inspector: 'I0001', object: 'ENT:A' }],
    items: ['T01', 'T02'].map((item) => ({ stratum: 'RED', item })),
  },
};

/** A draw of a later number. */
const later = (number: number, previous: Bundle, given: Partial<Freezing>): Freezing => ({
  ...ordinary,
  number,
  previous: sha256(previous.get('announcement.json') ?? ''),
  period: '2023-10',
  days: ['2023-10-09', '2023-10-10'],
  revealBy: '2023-11-15T00:00:00Z',
  ...given,
});

const lottery = (issue: string, at: string): Freezing['sources'] => [
  {
    type: 'numbers',
    name: 'ssq',
    issue,
    at,
    ordered: false,
    shape: [
      [6, 1, 33],
      [1, 1, 16],
    ],
  },
  { type: 'numbers', name: 'pl3', issue, at, ordered: true, shape: [[3, 0, 9]] },
];
const BALLS: Json = { sources: [{ numbers: [[3, 9, 14, 20, 26, 31], [8]] }, { numbers: [[7, 0, 7]] }] };

const voidOf = (bundle: Bundle, reason: string, voidedAt: string): Bundle => {
  const announcement = sha256(bundle.get('announcement.json') ?? '');
  return new Map([...bundle, ['void.json', canonical({ algorithm: 'sxj-draw-1', announcement, reason, voidedAt })]]);
};

/** A public beacon; an object that no team is found for. */
const first = drawnOnce(readyBundle(frozen(ordinary), { sources: [ROUND_123] }));

/** Void after its lots were known: it shows them all the same. */
const second = voidOf(
  drawnOnce(
    readyBundle(
      frozen(
        later(2, first, {
          announcedAt: '2023-09-26T01:00:00Z',
          drawAt: '2023-09-28T14:00:00Z',
          sources: lottery('2023112', '2023-09-28T13:15:00Z'),
        }),
      ),
      BALLS,
    ),
  ),
  '名录漏列一家企业',
  '2023-09-29T02:00:00Z',
);

/** Its successor: two strata, a team of two roles, an object that was replaced. */
const drawn = drawnOnce(
  readyBundle(
    frozen(
      later(3, second, {
        announcedAt: '2023-09-29T02:00:00Z',
        drawAt: '2023-10-01T14:00:00Z',
        sources: lottery('2023113', '2023-10-01T13:15:00Z'),
        perDay: 2,
        strata: [
          ...ordinary.strata,
          { items: 0, name: 'AREA', quota: 1, team: ['enforcer', 'expert'].map((role) => ({ count: 1, role })) },
        ],
        rosters: {
          ...ordinary.rosters,
          objects: [...RED, objectLine('ENT:D'), objectLine('AREA:533102001:1', { stratum: 'AREA' })],
          inspectors: [...ordinary.rosters.inspectors, inspectorLine('X0001', { role: 'expert' })],
        },
      }),
    ),
    BALLS,
  ),
);
const [gone] = jsonIn(drawn, 'result-1.json').selected;
const third = replaced(drawn, {
  iteration: 2,
  days: ['2023-10-16', '2023-10-17'],
  replace: [{ object: gone.object, reason: '已注销' }],
});

/** Void before its lots could be known: nothing but what was public anyway. */
const { bytes, files } = frozen(
  later(4, third, {
    announcedAt: '2023-10-26T01:00:00Z',
    drawAt: '2023-10-29T14:00:00Z',
    period: '2023-11',
    days: ['2023-11-06', '2023-11-07'],
    revealBy: '2023-12-15T00:00:00Z',
    sources: lottery('2023125', '2023-10-29T13:15:00Z'),
  }),
);
const opening = new Map([
  ['announcement.json', bytes],
  ['objects.tsv', files.objects],
]);
const fourth = voidOf(opening, '公告所列随机数来源停止开奖', '2023-10-27T08:00:00Z');

/** The folders of the series, by their names. */
export const EXAMPLES: readonly (readonly [folder: string, bundle: Bundle])[] = [
  ['000001', first],
  ['000002', second],
  ['000003', third],
  ['000004', fourth],
];

const ABOUT: Readonly<Record<string, string>> = {
  '000001':
    'Randomness is a real round of quicknet. ENT:A finds no team: I0001 is recused, and on each day one of the others is taken or away.',
  '000002':
    'Void after it was drawn, so it shows everything all the same. Randomness is two lotteries, one without order and one in the order drawn.',
  '000003':
    'The successor of 000002, announced when that was void. Two strata, a team of two roles, and an object that was replaced.',
  '000004': 'Void before it was drawn: a public directory, and nothing that was secret.',
};

/** The series as the page prints it. */
export const examplesPage = (): string =>
  EXAMPLES.flatMap(([folder, bundle]) => [
    `### ${folder}`,
    ABOUT[folder] ?? '',
    ...Array.from(bundle, ([file, text]) => `\`${file}\`\n\n\`\`\`\n${Buffer.from(text).toString().trimEnd()}\n\`\`\``),
  ]).join('\n\n');

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${examplesPage()}\n`);
