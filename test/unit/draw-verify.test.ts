/** A doubter's questions to a published draw, and to all draws of an authority: yes, or the first thing that is wrong and where. */
import { readFileSync } from 'node:fs';
import { bls12_381 } from '@noble/curves/bls12-381';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { codeOf, commitmentOf } from '../../shared/draw/codes.ts';
import type { Freezing } from '../../shared/draw/freeze.ts';
import { drawResult } from '../../shared/draw/replay.ts';
import { substitute } from '../../shared/draw/substitute.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import { EXAMPLES } from '../support/draw-examples.ts';
import { drawnOnce, frozen, jsonIn, LOTTERY, ORDINARY, readyBundle, replaced, revealed, SECRET } from '../support/draws.ts';

const QUICKNET = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
const whole = revealed();
const [first] = jsonIn(whole, 'result-1.json').selected;
const twice = replaced(whole, { iteration: 2, days: ['2026-03-20'], replace: [{ object: first.object, reason: '注销' }] });

/** The folders of the worked example, as the description prints them. */
function examples(): readonly (readonly [folder: string, bundle: Bundle])[] {
  const page = readFileSync(new URL('../../shared/draw/README.md', import.meta.url), 'utf8');
  return Array.from(page.matchAll(/^### (\d{6})\n([^#]*)/gm), ([, folder = '', text = '']) => {
    const files = text.matchAll(/^`([\w-]+\.(json|tsv))`\n\n```\n([^`]*)\n```$/gm);
    const bytes = (kind = '', body = '') => Buffer.from(body === '' || kind === 'json' ? body : `${body}\n`);
    return [folder, new Map(Array.from(files, ([, file = '', kind, body]) => [file, bytes(kind, body)]))];
  });
}

/** A bundle with a file changed, or without it. */
function changed(bundle: Bundle, file: string, to: Uint8Array | string | undefined): Map<string, Uint8Array> {
  const files = new Map(bundle);
  if (to === undefined) files.delete(file);
  else files.set(file, Buffer.from(to));
  return files;
}
/** A bundle in which a member of a JSON file was replaced and the file written as it has to be. */
const forged = (bundle: Bundle, file: string, change: (value: ReturnType<typeof jsonIn>) => void): Map<string, Uint8Array> => {
  const value = jsonIn(bundle, file);
  change(value);
  return changed(bundle, file, canonical(value));
};
/** What a verifier answers, in words. */
const said = (bundle: Bundle, at?: string): string => {
  const verdict = verifyDraw(bundle, at);
  return verdict.ok ? verdict.summary.state : `${verdict.fault.code}: ${verdict.fault.message}`;
};
const voidOf = (bundle: Bundle, voidedAt: string, reason = '开奖结果未公布'): Uint8Array =>
  canonical({ algorithm: 'sxj-draw-1', announcement: sha256(bundle.get('announcement.json') ?? ''), reason, voidedAt });
const only = (bundle: Bundle, ...files: string[]): Map<string, Uint8Array> =>
  new Map([...bundle].filter(([file]) => files.includes(file)));

describe('a draw', () => {
  test('that is whole is proven, with what cannot be proven without others', () => {
    expect(verifyDraw(twice)).toMatchObject({
      ok: true,
      summary: {
        state: 'revealed',
        drawId: '533102.YJJ:000001',
        iterations: 2,
        drawn: 5,
        unassigned: 0,
        notes: ['The numbers of ssq 2026023 are taken from randomness.json: compare them with what was published.'],
      },
    });
  });

  test('may have a README beside it, and nothing else: no proof that nobody looks at', () => {
    expect(said(new Map([...whole, ['README.md', Buffer.from('说明')]]))).toBe('revealed');
    expect(said(changed(whole, 'announcement.tlog-proof', ''))).toBe(
      'unknown-file: announcement.tlog-proof: does not belong into the folder of a draw.',
    );
    expect(said(changed(whole, 'result-1.json.bak', ''))).toBe(
      'unknown-file: result-1.json.bak: does not belong into the folder of a draw.',
    );
    expect(said(changed(whole, 'result-01.json', ''))).toMatch(/^unknown-file/);
  });

  test.each([
    'announcement.json',
    'objects.tsv',
    'inspectors.tsv',
    'recusals.tsv',
    'items.tsv',
    'randomness.json',
    'result-1.json',
  ])('without its %s is refused', (file) =>
    expect(said(changed(whole, file, undefined))).toBe(`missing-file: ${file}: is missing.`),
  );

  test('with a gap in its iterations is refused', () => {
    expect(said(changed(twice, 'substitution-2.json', undefined))).toBe(
      'missing-file: substitution-2.json: is missing, while there are files of iteration 2.',
    );
    expect(said(changed(twice, 'result-2.json', undefined))).toMatch(/^missing-file: result-2.json/);
    expect(said(changed(twice, 'result-1.json', undefined))).toMatch(/^missing-file: result-1.json/);
  });

  test('whose rosters were changed is refused', () => {
    const lines = Buffer.from(whole.get('inspectors.tsv') ?? []).toString();
    expect(said(changed(whole, 'inspectors.tsv', lines.replace('I2\t', 'I6\t')))).toMatch(
      /^changed-file: inspectors.tsv: is not the file that was announced: its hash is [0-9a-f]{64}, announced is [0-9a-f]{64}\.$/,
    );
    const announcement = forged(whole, 'announcement.json', (value) => {
      value.files.objects.root = 'e'.repeat(64);
    });
    expect(said(drawnOnce(announcement))).toMatch(
      /^changed-file: objects.tsv: the root of its tree is [0-9a-f]{64}, announced is eee/,
    );
    const lied = forged(whole, 'announcement.json', (value) => {
      value.files.objects.lines = 12;
    });
    expect(() => drawnOnce(lied)).toThrow('objects.tsv: has 11 lines where 12 are announced.');
  });

  test('whose result was steered is refused with the place and what the replay gives', () => {
    const team = forged(whole, 'result-1.json', (value) => {
      value.selected[0].team[0] = value.selected[0].team[1] === 'I5' ? 'I4' : 'I5';
    });
    expect(said(team)).toMatch(/^result: result-1.json, selected\[0\]\.team\[0\]: is "I[45]"; the replay gives "I\d"\.$/);
    const shorter = forged(whole, 'result-1.json', (value) => value.selected.pop());
    expect(said(shorter)).toMatch(/^result: result-1.json, selected\[3\]: is nothing; the replay gives \{/);
    const later = forged(whole, 'result-1.json', (value) => {
      value.selected[2].day = null;
    });
    expect(said(later)).toMatch(/^result: result-1.json, selected\[2\]\.day: is null; the replay gives "2026-03-/);
  });

  test('that was keyed by another code or other numbers is refused', () => {
    const code = forged(whole, 'result-1.json', (value) => {
      value.code = 'f'.repeat(64);
    });
    expect(said(code)).toBe('code: result-1.json, code: hashed 1 times, it is not the commitment of the announcement.');
    const numbers = changed(whole, 'randomness.json', canonical({ sources: [{ numbers: [[3, 9, 14, 20, 26, 32], [8]] }] }));
    expect(said(numbers)).toBe(
      'result: result-1.json, randomness: is "ssq.2026023.3.9.14.20.26.31.8./"; the replay gives "ssq.2026023.3.9.14.20.26.32.8./".',
    );
    expect(() => drawResult(readyBundle(frozen()), 1, codeOf(SECRET, 4, 2))).toThrow(/it is not the commitment/);
  });

  test.each([
    [[[9, 3, 14, 20, 26, 31], [8]], 'group 1 does not ascend, as numbers without order are written'],
    [[[3, 3, 14, 20, 26, 31], [8]], 'group 1 does not ascend, as numbers without order are written'],
    [[[3, 9, 14, 20, 26], [8]], 'group 1 has 5 numbers where 6 are announced'],
    [[[3, 9, 14, 20, 26, 34], [8]], 'group 1 has a number that is not 1 to 33'],
    [[[3, 9, 14, 20, 26, 31]], 'has 1 groups of numbers where 2 are announced'],
  ])('whose numbers are %j is refused', (numbers, what) => {
    expect(said(changed(whole, 'randomness.json', canonical({ sources: [{ numbers }] })))).toBe(
      `randomness: randomness.json, sources[0]: ${what}.`,
    );
  });

  test('of a drand round is proven by its signature', () => {
    const chain = { chain: QUICKNET, genesis: 1692803367, period: 3 };
    const signature = 'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92';
    const randomness = { sources: [{ randomness: sha256(Buffer.from(signature, 'hex')), signature }] };
    const at = { announcedAt: '2023-08-22T00:00:00Z', drawAt: '2023-08-23T15:15:35Z', revealBy: '2023-10-01T00:00:00Z' };
    const proven = drawnOnce(readyBundle(frozen({ ...at, sources: [{ type: 'drand', ...chain, round: 123 }] }), randomness));
    expect(verifyDraw(proven)).toMatchObject({ ok: true, summary: { notes: [] } });
    const another = drawnOnce(
      readyBundle(
        frozen({ ...at, drawAt: '2023-08-23T15:15:36Z', sources: [{ type: 'drand', ...chain, round: 124 }] }),
        randomness,
      ),
    );
    expect(said(another)).toBe(
      'randomness: randomness.json, sources[0].signature: is not the signature of round 124 under the key of the chain.',
    );
    const point = bls12_381.G1.Point.fromHex(signature).toHex(false);
    const longer = { sources: [{ randomness: sha256(Buffer.from(point, 'hex')), signature: point }] };
    expect(said(changed(proven, 'randomness.json', canonical(longer)))).toMatch(/^form: randomness.json/);
    const unknown = forged(proven, 'announcement.json', (value) => {
      value.sources[0].chain = 'c'.repeat(64);
    });
    expect(said(unknown)).toBe('form: announcement.json, sources[0].chain: is not a drand chain whose key is known here.');
  });

  test('that could never give an object its team is refused, however it was announced', () => {
    const value = jsonIn(whole, 'announcement.json');
    value.strata[0].team[0].count = 6;
    expect(said(drawnOnce(changed(whole, 'announcement.json', canonical(value))))).toMatch(
      /^infeasible: objects.tsv, object ENT:1: could never get its team: 6 of role enforcer needed, 5 left/,
    );
  });

  test('is not replaced but by what was drawn, once, with days where there are days', () => {
    const refusal = (bundle: Bundle, iteration: number, object: string, days = ['2026-03-20'], reason = '注销') => {
      const answer = substitute(bundle, { iteration, days, replace: [{ object, reason }] });
      return answer.kind === 'refused' ? answer.fault.message : answer.kind;
    };
    const drawn: readonly string[] = jsonIn(whole, 'result-1.json').selected.map(({ object }: { object: string }) => object);
    const undrawn = ['ENT:1', 'ENT:2', 'ENT:3', 'ENT:4'].find((object) => !drawn.includes(object)) ?? '';
    expect(refusal(whole, 2, first.object)).toBe('substituted');
    expect(refusal(whole, 2, undrawn)).toBe(`substitution-2.json, replace[0].object: ${undrawn} was not drawn before.`);
    expect(refusal(twice, 3, first.object)).toBe(`substitution-3.json, replace[0].object: ${first.object} was replaced already.`);
    expect(refusal(whole, 2, first.object, [])).toBe(
      'substitution-2.json, days: are given exactly if the announcement has days.',
    );
    expect(refusal(whole, 2, first.object, undefined, '')).toBe('substitution-2.json, replace[0].reason: is empty.');
    expect(refusal(twice, 4, first.object)).toBe(
      'substitution-4.json, iteration: has no code left: the chain of the announcement is at its end.',
    );
  });

  test('has no more iterations than its chain has codes', () => {
    const short = { commitment: commitmentOf(SECRET, 2) };
    const ready = readyBundle(frozen(short));
    const one = drawnOnce(ready, 1, 2);
    expect(said(one)).toBe('revealed');
    const by = {
      algorithm: 'sxj-draw-1',
      announcement: frozen(short).hash,
      days: ['2026-03-20'],
      iteration: 2,
      replace: [{ object: jsonIn(one, 'result-1.json').selected[0].object, reason: '注销' }],
    };
    const more = new Map([...one, ['substitution-2.json', canonical(by)] as const]);
    const second = forged(
      new Map([...more, ['result-2.json', one.get('result-1.json') ?? new Uint8Array()]]),
      'result-2.json',
      (value) => {
        value.iteration = 2;
        value.code = Buffer.from(SECRET).toString('hex');
        value.substitution = sha256(canonical(by));
      },
    );
    expect(said(second)).toMatch(/^code: result-2.json, code/);
  });

  test('that is not revealed cannot be verified, and is open until its limit', () => {
    const hidden = only(whole, 'announcement.json');
    expect(said(hidden)).toBe(
      'not-revealed: randomness.json: is missing: the draw is not revealed, which is due by 2026-04-10T00:00:00Z.',
    );
    expect(said(hidden, '2026-04-09T23:59:59Z')).toBe('open');
    expect(said(hidden, '2026-04-10T00:00:00Z')).toBe(
      'not-revealed: randomness.json: is missing: the draw was not revealed in time, by 2026-04-10T00:00:00Z.',
    );
    const directory = only(whole, 'announcement.json', 'objects.tsv');
    expect(said(directory, '2026-03-05T00:00:00Z')).toBe('open');
    expect(said(changed(directory, 'objects.tsv', 'RED\tENT:1\t1\t-\n'), '2026-03-05T00:00:00Z')).toMatch(
      /^changed-file: objects.tsv/,
    );
    expect(said(only(whole, 'announcement.json', 'items.tsv'), '2026-03-05T00:00:00Z')).toMatch(/^missing-file: randomness.json/);
  });

  test('that is void before its drawing shows nothing more; after it, everything that there is', () => {
    const announced = only(whole, 'announcement.json');
    const early = new Map([...announced, ['void.json', voidOf(whole, '2026-03-02T20:00:00Z')] as const]);
    expect(said(early)).toBe('void');
    const late = new Map([...announced, ['void.json', voidOf(whole, '2026-03-03T00:00:01Z')] as const]);
    expect(said(late, '2026-03-04T00:00:00Z')).toBe('open');
    expect(said(late, '2026-04-10T00:00:00Z')).toMatch(/^not-revealed: inspectors.tsv/);
    const shown = new Map([...readyBundle(frozen()), ['void.json', voidOf(whole, '2026-03-03T00:00:01Z')] as const]);
    const without = changed(shown, 'randomness.json', undefined);
    expect(verifyDraw(without)).toMatchObject({
      ok: true,
      summary: {
        state: 'void',
        notes: [
          'COMPARE: void at 2026-03-03T00:00:01Z without a result, though the numbers of ssq 2026023 were due at 2026-03-02T13:15:00Z. ' +
            'The reason given is: 开奖结果未公布. If they were published all the same, an outcome that was fixed already has been kept back.',
        ],
      },
    });
    expect(said(shown)).toBe('missing-file: result-1.json: is missing.');
    expect(said(new Map([...whole, ['void.json', voidOf(whole, '2026-03-05T00:00:00Z')]]))).toBe('void');
    expect(said(new Map([...whole, ['void.json', voidOf(early, '2026-03-05T00:00:00Z', '')]]))).toBe(
      'form: void.json, reason: is empty.',
    );
    expect(said(new Map([...whole, ['void.json', voidOf(whole, '2026-02-28T23:59:59Z')]]))).toBe(
      'form: void.json, voidedAt: is 2026-02-28T23:59:59Z, before the draw was announced (2026-03-01T00:00:00Z).',
    );
  });

  test('that is void after its drand round was there has to show what it drew; one that waited for numbers need not', () => {
    const round = { type: 'drand', chain: QUICKNET, genesis: 1692803367, period: 3, round: 26564212 } as const;
    const called = (voidedAt: string, sources: Freezing['sources']) => {
      const ready = changed(readyBundle(frozen({ sources })), 'randomness.json', undefined);
      return said(new Map([...ready, ['void.json', voidOf(ready, voidedAt)]]));
    };
    expect(called('2026-03-03T00:00:01Z', [round])).toBe(
      'not-revealed: randomness.json: is missing: the draw is void since 2026-03-03T00:00:01Z, when its drand value was public, so what it drew has to be shown.',
    );
    expect(called('2026-03-03T00:00:00Z', [round])).toBe('void');
    expect(called('2026-03-03T00:00:01Z', [round, LOTTERY])).toBe('void');
  });
});

describe('a series', () => {
  const numbered = (number: number, previous: string, given: Partial<Freezing> = {}) =>
    revealed({ number, previous, period: `2026-0${number}`, ...given });
  const hashOf = (bundle: Bundle): string => sha256(bundle.get('announcement.json') ?? '');
  const one = numbered(1, ORDINARY.previous);
  const two = numbered(2, hashOf(one));
  const three = only(numbered(3, hashOf(two)), 'announcement.json');
  const NOW = '2026-04-01T00:00:00Z';
  const answer = (bundles: readonly Bundle[], at = NOW): string => {
    const verdict = verifySeries(
      bundles.map((bundle, place) => [`draws/${place}`, bundle]),
      at,
    );
    return verdict.ok ? verdict.summary.draws.map(({ state }) => state).join(' ') : verdict.fault.message;
  };

  test('that is whole passes, in whatever order its folders come', () => {
    expect(answer([one, two, three])).toBe('revealed revealed open');
    expect(answer([three, one, two])).toBe('revealed revealed open');
  });

  test('with a number left out is refused', () => {
    expect(answer([one, three])).toBe('draws/1/announcement.json, number: is 3 where 2 would follow: number 2 is missing.');
    expect(answer([two])).toBe('draws/0/announcement.json, number: is 2 where 1 would follow: number 1 is missing.');
  });

  test('with a number used twice is refused', () => {
    expect(answer([one, numbered(1, ORDINARY.previous, { period: '2026-05' })])).toBe(
      'draws/1/announcement.json, number: is 1, which draws/0 has already.',
    );
  });

  test('whose announcement does not follow the one before is refused', () => {
    expect(answer([one, numbered(2, 'c'.repeat(64))])).toBe(
      `draws/1/announcement.json, previous: is ${'c'.repeat(64)}; the hash of the preceding announcement is ${hashOf(one)}.`,
    );
  });

  test('whose announcements go back in time is refused', () => {
    const earlier = { announcedAt: '2026-02-28T23:59:59Z' };
    expect(answer([one, numbered(2, hashOf(one), earlier)])).toBe(
      'draws/1/announcement.json, announcedAt: is 2026-02-28T23:59:59Z, before that of the preceding draw (2026-03-01T00:00:00Z).',
    );
  });

  test('with two draws of one period is refused, unless the first is void', () => {
    const again = numbered(2, hashOf(one), { period: '2026-01' });
    expect(answer([one, again])).toBe(
      'draws/1/announcement.json, period: RANDOM.RED of 2026-01 was drawn already in draws/0, which is not void.',
    );
    const ended = (voidedAt: string) => new Map([...one, ['void.json', voidOf(one, voidedAt)] as const]);
    expect(answer([ended('2026-03-01T00:00:00Z'), again])).toBe('void revealed');
    expect(answer([ended('2026-03-05T00:00:00Z'), again])).toBe(
      'draws/1/announcement.json, period: RANDOM.RED of 2026-01 was drawn already in draws/0, which became void at 2026-03-05T00:00:00Z, after this one was announced.',
    );
    expect(answer([one, new Map([...again, ['void.json', voidOf(again, '2026-03-05T00:00:00Z')]])])).toMatch(/is not void\.$/);
    expect(answer([one, numbered(2, hashOf(one), { period: '2026-01', kind: 'SPECIAL' })])).toBe('revealed revealed');
  });

  test('with a draw that is kept back beyond its limit is refused', () => {
    expect(answer([one, two, three], '2026-04-10T00:00:00Z')).toBe(
      'draws/2/randomness.json: is missing: the draw was not revealed in time, by 2026-04-10T00:00:00Z.',
    );
  });

  test('of two authorities is none', () => {
    expect(answer([one, numbered(2, hashOf(one), { authority: '533102.GOV' })])).toBe(
      'draws/1/announcement.json, authority: is 533102.GOV; the series is of 533102.YJJ.',
    );
  });

  test('with a bundle that is not in order is refused with its folder', () => {
    expect(answer([one, changed(two, 'items.tsv', '')])).toMatch(/^draws\/1\/items.tsv: is not the file that was announced/);
    expect(
      answer([
        one,
        revealed({ number: 2, previous: hashOf(one), period: '2026-02', sources: [{ ...LOTTERY, issue: '2026024' }] }),
      ]),
    ).toBe('revealed revealed');
  });
});

describe('the worked example of the description', () => {
  const printed = examples();
  const NOW = '2024-01-01T00:00:00Z';

  test('is what this program makes, and holds: folder by folder, and as a series', () => {
    expect(printed).toEqual(EXAMPLES.map(([folder, bundle]) => [folder, bundle]));
    const verdict = verifySeries(printed, NOW);
    expect(verdict.ok ? verdict.summary.draws : verdict.fault.message).toMatchObject([
      { drawId: '533102.TEST:000001', state: 'revealed', drawn: 2, unassigned: 1, notes: [] },
      { state: 'void', iterations: 1 },
      { state: 'revealed', iterations: 2, drawn: 4 },
      { state: 'void', iterations: 0, notes: [] },
    ]);
  });

  test('is refused with any change', () => {
    const passed = printed.flatMap(([folder, bundle]) =>
      [...bundle].flatMap(([file, bytes]) => {
        const places = Array.from({ length: 6 }, (_, at) => Math.floor((at * bytes.length) / 6));
        return places
          .filter((at) => {
            const flipped = Uint8Array.from(bytes);
            flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
            return file !== 'void.json' && verifyDraw(new Map([...bundle, [file, flipped]])).ok;
          })
          .map((at) => `${folder}/${file}, byte ${at}`);
      }),
    );
    expect(passed).toEqual([]);
    // Who leaves out the last draws is found out by the index of the authority, not by the files before them.
    for (const without of ['000001', '000002', '000003'])
      expect(
        verifySeries(
          printed.filter(([folder]) => folder !== without),
          NOW,
        ).ok,
      ).toBe(false);
  });
});
