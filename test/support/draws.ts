/** A small draw of a county, whole: frozen, drawn, replaced, revealed. What a test is about is given; the rest is ordinary. */
import type { Announcement } from '../../shared/draw/announcement.ts';
import { NO_PREVIOUS } from '../../shared/draw/announcement.ts';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import { codeOf, commitmentOf } from '../../shared/draw/codes.ts';
import { type Freezing, type Frozen, freeze } from '../../shared/draw/freeze.ts';
import { drawResult } from '../../shared/draw/replay.ts';
import type { InspectorLine, ObjectLine } from '../../shared/draw/rosters.ts';
import { type Replacing, substitute } from '../../shared/draw/substitute.ts';

/** Secret of a test: the bytes 00 01 … 1f. */
export const SECRET = Uint8Array.from({ length: 32 }, (_, at) => at);

/** 双色球: six of 33 and one of 16. */
export const LOTTERY = {
  type: 'numbers',
  name: 'ssq',
  issue: '2026023',
  at: '2026-03-02T13:15:00Z',
  ordered: false,
  shape: [
    [6, 1, 33],
    [1, 1, 16],
  ],
} as const satisfies Announcement['sources'][number];
export const BALLS = { sources: [{ numbers: [[3, 9, 14, 20, 26, 31], [8]] }] } as const;

export const objectLine = (object: string, given: Partial<ObjectLine> = {}): ObjectLine => ({
  stratum: 'RED',
  object,
  weight: 1,
  skill: null,
  ...given,
});
export const inspectorLine = (inspector: string, given: Partial<InspectorLine> = {}): InspectorLine => ({
  inspector,
  role: 'enforcer',
  capacity: 10,
  skills: '*',
  absent: [],
  ...given,
});

/** So many names of a kind: `ENT:01`, `ENT:02` … */
export const named = (prefix: string, many: number): readonly string[] =>
  Array.from({ length: many }, (_, at) => `${prefix}${String(at + 1).padStart(String(many).length, '0')}`);

export const ORDINARY: Freezing = {
  announcedAt: '2026-03-01T00:00:00Z',
  asOf: 0,
  authority: '533102.YJJ',
  commitment: commitmentOf(SECRET, 4),
  days: ['2026-03-09', '2026-03-10', '2026-03-11'],
  drawAt: '2026-03-03T00:00:00Z',
  kind: 'RANDOM.RED',
  number: 1,
  perDay: 2,
  period: '2026-03',
  policy: 'a'.repeat(64),
  previous: NO_PREVIOUS,
  revealBy: '2026-04-10T00:00:00Z',
  software: 'b'.repeat(64),
  sources: [LOTTERY],
  strata: [
    { items: 2, name: 'RED', quota: 3, team: [{ count: 2, role: 'enforcer' }] },
    {
      items: 0,
      name: 'AREA',
      quota: 1,
      team: [
        { count: 1, role: 'enforcer' },
        { count: 1, role: 'expert' },
      ],
    },
  ],
  rosters: {
    objects: [
      ...named('ENT:', 8).map((object, at) => objectLine(object, { weight: 1 + (at % 3), skill: at % 4 === 0 ? 'mine' : null })),
      ...named('AREA:533102001:', 3).map((object) => objectLine(object, { stratum: 'AREA' })),
    ],
    inspectors: [
      ...named('I', 5).map((one, at) =>
        inspectorLine(one, at === 0 ? { skills: ['hotel', 'mine'], absent: ['2026-03-10'] } : {}),
      ),
      ...named('X', 2).map((one) => inspectorLine(one, { role: 'expert' })),
    ],
    recusals: [
      { inspector: 'I1', object: 'ENT:2' },
      { inspector: 'X1', object: 'AREA:533102001:1' },
    ],
    items: named('T', 4).map((item) => ({ stratum: 'RED', item })),
  },
};

/** A draw that has to be frozen for a test to go on. */
export function frozen(given: Partial<Freezing> = {}): Frozen {
  const answer = freeze({ ...ORDINARY, ...given });
  if (answer.kind === 'refused') throw answer.fault;
  return answer;
}

/** The files of a frozen draw whose randomness is known. */
export const readyBundle = ({ bytes, files }: Frozen, randomness: Json = BALLS): Map<string, Uint8Array> =>
  new Map([
    ['announcement.json', bytes],
    ['objects.tsv', files.objects],
    ['inspectors.tsv', files.inspectors],
    ['recusals.tsv', files.recusals],
    ['items.tsv', files.items],
    ['randomness.json', canonical(randomness)],
  ]);

/** A bundle with the result of one more iteration. */
export function drawnOnce(bundle: Bundle, iteration = 1, length = 4): Map<string, Uint8Array> {
  const { bytes } = drawResult(bundle, iteration, codeOf(SECRET, length, iteration));
  return new Map([...bundle, [`result-${iteration}.json`, bytes]]);
}

/** A bundle in which drawn objects were replaced. */
export function replaced(bundle: Bundle, by: Replacing, length = 4): Map<string, Uint8Array> {
  const answer = substitute(bundle, by);
  if (answer.kind === 'refused') throw answer.fault;
  return drawnOnce(new Map([...bundle, [`substitution-${by.iteration}.json`, answer.bytes]]), by.iteration, length);
}

/** A revealed bundle, whole, of one iteration. */
export const revealed = (given: Partial<Freezing> = {}): Map<string, Uint8Array> => drawnOnce(readyBundle(frozen(given)));

/** The JSON of a file as it stands. */
export const jsonIn = (bundle: Bundle, file: string) => JSON.parse(Buffer.from(bundle.get(file) ?? []).toString());
