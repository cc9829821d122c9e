/** What is refused before a draw is announced: each bad input has one outcome, with the place, and nothing is made. */
import { announcement, NO_PREVIOUS, quotaOfShare } from '../../shared/draw/announcement.ts';
import { canonical, readJson } from '../../shared/draw/canonical-json.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { type Freezing, freeze } from '../../shared/draw/freeze.ts';
import { objectsIn, writeRosters } from '../../shared/draw/rosters.ts';
import { hasBitsEnough, outcomesOf } from '../../shared/draw/sources.ts';
import { frozen, inspectorLine, LOTTERY, named, ORDINARY, objectLine } from '../support/draws.ts';

const rosters = (given: Partial<Freezing['rosters']>) => ({ rosters: { ...ORDINARY.rosters, ...given } });
const QUICKNET = {
  type: 'drand',
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  genesis: 1692803367,
  period: 3,
  round: 26_564_212,
} as const;

/** What is refused, in its code and its sentence. */
const refusal = (given: Partial<Freezing>): string => {
  const answer = freeze({ ...ORDINARY, ...given });
  return answer.kind === 'frozen' ? 'frozen' : `${answer.fault.code}: ${answer.fault.message}`;
};

test.each<[string, Partial<Freezing>, string]>([
  [
    'an inspector twice',
    rosters({ inspectors: [...ORDINARY.rosters.inspectors, inspectorLine('I3', { capacity: 1 })] }),
    'inspector-twice: inspectors.tsv, line 4: the inspector I3 stands there twice.',
  ],
  [
    'an inspector twice, word for word',
    rosters({ inspectors: [...ORDINARY.rosters.inspectors, inspectorLine('I3')] }),
    'inspector-twice: inspectors.tsv, line 4: the inspector I3 stands there twice.',
  ],
  [
    'an object twice in a stratum',
    rosters({ objects: [...ORDINARY.rosters.objects, objectLine('ENT:3', { weight: 7 })] }),
    'object-twice: objects.tsv, line 7: the object ENT:3 stands there twice.',
  ],
  [
    'an object in two strata',
    rosters({ objects: [...ORDINARY.rosters.objects, objectLine('ENT:3', { stratum: 'AREA' })] }),
    'object-twice: objects.tsv, line 7: the object ENT:3 stands there twice.',
  ],
  [
    'a stratum without objects',
    rosters({ objects: [...ORDINARY.rosters.objects].filter(({ stratum }) => stratum === 'RED'), recusals: [] }),
    'empty-stratum: objects.tsv, stratum AREA: is announced and has no objects.',
  ],
  [
    'objects of a stratum that is not announced',
    rosters({ objects: [...ORDINARY.rosters.objects, objectLine('ENT:9', { stratum: 'BLUE' })] }),
    'unknown-stratum: objects.tsv, line 4: the stratum BLUE is not announced.',
  ],
  [
    'a quota above the stratum',
    { strata: ORDINARY.strata.map((one) => ({ ...one, quota: 4 })) },
    'quota-above-stratum: objects.tsv, stratum AREA: has 3 objects where 4 are to be drawn.',
  ],
  [
    'a recusal of an unknown inspector',
    rosters({ recusals: [{ inspector: 'I9', object: 'ENT:1' }] }),
    'recusal-unknown: recusals.tsv, line 1: the inspector I9 is not in inspectors.tsv.',
  ],
  [
    'a recusal from an unknown object',
    rosters({ recusals: [{ inspector: 'I1', object: 'ENT:9' }] }),
    'recusal-unknown: recusals.tsv, line 1: the object ENT:9 is not in objects.tsv.',
  ],
  ['fewer items than are drawn', rosters({ items: [] }), 'few-items: items.tsv, stratum RED: has 0 items where 2 are drawn.'],
  [
    'items of a stratum that is not announced',
    rosters({ items: [...ORDINARY.rosters.items, { stratum: 'BLUE', item: 'T1' }] }),
    'unknown-stratum: items.tsv, line 1: the stratum BLUE is not announced.',
  ],
  [
    'an object that could never get its team',
    rosters({ recusals: named('X', 2).map((inspector) => ({ inspector, object: 'AREA:533102001:2' })) }),
    'infeasible: objects.tsv, object AREA:533102001:2: could never get its team: 1 of role expert needed, 0 left (0 without the skill, 0 without capacity, 2 recused).',
  ],
  [
    'an object that too few are able to inspect, and another',
    rosters({
      inspectors: [
        inspectorLine('I1', { skills: ['mine'], capacity: 0 }),
        inspectorLine('I2', { skills: ['mine'] }),
        ...['I3', 'I4', 'I5'].map((one) => inspectorLine(one, { skills: ['hotel'] })),
        ...named('X', 2).map((one) => inspectorLine(one, { role: 'expert' })),
      ],
      recusals: [{ inspector: 'I2', object: 'ENT:1' }],
    }),
    'infeasible: objects.tsv, object ENT:1: could never get its team: 2 of role enforcer needed, 0 left (3 without the skill, 1 without capacity, 1 recused); the same holds for 1 more.',
  ],
  [
    'a drawing too early',
    { drawAt: '2026-03-01T23:59:59Z' },
    'too-early: announcement.json, drawAt: is less than 24 hours after announcedAt.',
  ],
  [
    'randomness too early',
    { sources: [{ ...LOTTERY, at: '2026-03-01T23:59:59Z' }] },
    'too-early: announcement.json, sources[0].at: is less than 24 hours after announcedAt.',
  ],
  [
    'randomness after the drawing',
    { sources: [{ ...LOTTERY, at: '2026-03-03T00:00:01Z' }] },
    'form: announcement.json, sources[0].at: is after drawAt.',
  ],
  ['a reveal before the drawing', { revealBy: ORDINARY.drawAt }, 'form: announcement.json, revealBy: is not after drawAt.'],
  [
    'dice alone',
    { sources: [{ ...LOTTERY, ordered: true, shape: [[9, 1, 6]] }] },
    'few-bits: announcement.json, sources: have fewer than 24 bits together.',
  ],
  [
    'the same dice counted twice',
    { sources: [LOTTERY, LOTTERY] },
    'few-bits: announcement.json, sources[1]: is a source that stands there already.',
  ],
  [
    'another round than that of drawAt',
    { sources: [{ ...QUICKNET, round: QUICKNET.round - 1 }] },
    'form: announcement.json, sources[0].round: is 26564211 where drawAt gives 26564212.',
  ],
  [
    'a false beginning of a known chain, which makes an old round the one of drawAt',
    { sources: [{ ...QUICKNET, genesis: QUICKNET.genesis + 3000, round: QUICKNET.round - 1000 }] },
    'form: announcement.json, sources[0]: is not how quicknet runs: genesis 1692803367, period 3.',
  ],
  [
    'a chain whose key nobody knows, of which any value would do',
    { sources: [{ ...QUICKNET, chain: 'e'.repeat(64) }] },
    'form: announcement.json, sources[0].chain: is not a drand chain whose key is known here.',
  ],
  ['no source', { sources: [] }, 'form: announcement.json, sources: names no source.'],
  [
    'a first number with a predecessor',
    { previous: 'c'.repeat(64) },
    'series: announcement.json, previous: is 64 zeros for number 1 and for no other.',
  ],
  [
    'a later number without one',
    { number: 2 },
    'series: announcement.json, previous: is 64 zeros for number 1 and for no other.',
  ],
  ...['2026-3', '2026-13', '2026-02_03', '2026-Q0', 'March'].map((period): [string, Partial<Freezing>, string] => [
    `the period ${period}`,
    { period },
    'form: announcement.json, period: is not a year, a quarter, two months or a month (2026, 2026-Q2, 2026-05_06, 2026-06).',
  ]),
  [
    'a visit before the announcement',
    { days: ['2026-02-28', '2026-03-09'] },
    'form: announcement.json, days[0]: lies before the announcement.',
  ],
  [
    'a reveal that nobody would live to see',
    { revealBy: '2028-03-05T00:00:00Z' },
    'form: announcement.json, revealBy: is more than two years after drawAt.',
  ],
  [
    'a skill that is no ID, among very many',
    rosters({ inspectors: [inspectorLine('I1', { skills: [...named('s', 200_000), 'a/b'] })], recusals: [] }),
    'form: inspectors.tsv, line 1: has a skill that is not an ID.',
  ],
  [
    'a skill that would be a line of its own',
    rosters({ inspectors: [inspectorLine('I1', { skills: ['a\nb'] })], recusals: [] }),
    'form: inspectors.tsv, "I1\\tenforcer\\t10\\ta\\nb\\t-": is not a line of it.',
  ],
  ['days out of order', { days: ['2026-03-10', '2026-03-09'] }, 'form: announcement.json, days: does not ascend strictly.'],
  ['a day that is none', { days: ['2026-02-29'] }, 'form: announcement.json, days[0]: is not a real date (YYYY-MM-DD).'],
  [
    'a role twice in a team',
    { strata: ORDINARY.strata.map((one) => ({ ...one, team: [1, 2].map((count) => ({ count, role: 'enforcer' })) })) },
    'form: announcement.json, strata[0].team: has a role twice.',
  ],
  [
    'a name with a slash',
    rosters({ objects: [objectLine('ENT/1')] }),
    'form: objects.tsv, "RED\\tENT/1\\t1\\t-": is not a line of it.',
  ],
  [
    'a weight of none',
    rosters({ objects: [objectLine('ENT:1', { weight: 0 })] }),
    'form: objects.tsv, "RED\\tENT:1\\t0\\t-": is not a line of it.',
  ],
  [
    'an absence on no day',
    rosters({ inspectors: [inspectorLine('I1', { absent: ['2026-02-30'] })], recusals: [] }),
    'form: inspectors.tsv, line 1: has an absence on a day that is none.',
  ],
  [
    'a chain of codes too short',
    { commitment: { length: 1, value: 'd'.repeat(64) } },
    'form: announcement.json, commitment.length: is less than 2.',
  ],
  ['an authority too long', { authority: 'A'.repeat(33) }, 'form: announcement.json, authority: has more than 32 characters.'],
  [
    'nothing at all',
    { strata: [], ...rosters({ objects: [], recusals: [], items: [] }) },
    'nothing-to-draw: announcement.json, strata: name nothing that could be drawn.',
  ],
])('%s is refused', (_, given, sentence) => {
  expect(refusal(given)).toBe(sentence);
});

test('what is frozen is a canonical announcement that names its files', () => {
  const { bytes, announcement: read, files, hash } = frozen();
  expect(readJson(announcement, bytes, 'announcement.json')).toEqual(read);
  expect(read.files.objects.lines).toBe(11);
  expect(read.previous).toBe(NO_PREVIOUS);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(Buffer.from(files.inspectors).toString()).toBe(
    'I1\tenforcer\t10\thotel,mine\t2026-03-10\n' +
      ['I2', 'I3', 'I4', 'I5'].map((one) => `${one}\tenforcer\t10\t*\t-\n`).join('') +
      ['X1', 'X2'].map((one) => `${one}\texpert\t10\t*\t-\n`).join(''),
  );
});

test('an inspector may have very many skills', () => {
  const able = inspectorLine('I6', { skills: named('s', 200_000) });
  expect(refusal(rosters({ inspectors: [...ORDINARY.rosters.inspectors, able] }))).toBe('frozen');
});

test('a clock that jumps changes nothing: every instant is an argument', () => {
  expect(frozen().hash).toBe(frozen().hash);
});

test('quotas of a share are rounded up, at least one, never more than there are', () => {
  expect([
    quotaOfShare(1, 3, 0),
    quotaOfShare(1, 3, 1),
    quotaOfShare(1, 3, 3),
    quotaOfShare(1, 3, 4),
    quotaOfShare(0, 1, 5),
    quotaOfShare(3, 2, 5),
    quotaOfShare(1, 10, 30),
    quotaOfShare(7, 100, 9_007_199_254_740_991),
  ]).toEqual([0, 1, 1, 2, 1, 5, 3, 630_503_947_831_870]);
});

test('bits are counted exactly', () => {
  const bits = (given: Partial<typeof LOTTERY> | { ordered: boolean; shape: [number, number, number][] }) =>
    Math.log2(Number(outcomesOf({ ...LOTTERY, ...given })));
  expect(bits({})).toBeCloseTo(24.1, 1);
  expect(
    bits({
      ordered: false,
      shape: [
        [5, 1, 35],
        [2, 1, 12],
      ],
    }),
  ).toBeCloseTo(24.4, 1);
  const coins = (many: number) => hasBitsEnough([{ ...LOTTERY, ordered: true, shape: [[many, 0, 1]] }]);
  expect([coins(23), coins(24)]).toEqual([false, true]);
});

test.each([
  ['a line without end', 'RED\tENT:1\t1\t-'],
  ['a line that ends like on another system', 'RED\tENT:1\t1\t-\r\n'],
  ['an empty line', '\n'],
  ['lines out of order', 'RED\tENT:2\t1\t-\nRED\tENT:1\t1\t-\n'],
  ['a weight with a zero before it', 'RED\tENT:1\t01\t-\n'],
  ['a weight above a hundred', 'RED\tENT:1\t101\t-\n'],
  ['a letter that is not ASCII', 'RED\tENT:é\t1\t-\n'],
  ['a column too many', 'RED\tENT:1\t1\t-\t-\n'],
])('%s is no roster file', (_, text) => {
  expect(() => [...objectsIn(Buffer.from(text))]).toThrow(Fault);
});

test('a roster without lines has no bytes', () => {
  const files = writeRosters({ objects: [], inspectors: [], recusals: [], items: [] });
  expect(Object.values(files).map(({ length }) => length)).toEqual([0, 0, 0, 0]);
});

test.each([
  ['a final newline', '{}\n'],
  ['members out of order', '{"b":1,"a":1}'],
  ['a member twice', '{"a":1,"a":1}'],
  ['a space', '{"a": 1}'],
  ['a fraction', '{"a":1.5}'],
  ['a number beyond what is exact', '{"a":9007199254740993}'],
  ['zero with a sign', '{"a":-0}'],
  ['an escape that is not needed', '{"a":"\\u0041"}'],
  ['half of a surrogate pair', '{"a":"\\ud800"}'],
  ['a byte order mark', '\ufeff{}'],
])('%s is not canonical JSON', (_, text) => {
  expect(() => readJson(announcement, Buffer.from(text), 'announcement.json')).toThrow(/is not canonical JSON/);
});

test('members are ordered by UTF-16 units and text is escaped as in RFC 8785', () => {
  const text = Buffer.from(
    canonical({ '\u20ac': 1, '\r': 2, '\ud83d\ude00': 3, '\ufb33': 4, '1': 5, '\u0080': 6, ö: '\u000f"\\/' }),
  ).toString();
  expect(text).toBe('{"\\r":2,"1":5,"\u0080":6,"ö":"\\u000f\\"\\\\/","\u20ac":1,"\ud83d\ude00":3,"\ufb33":4}');
});
