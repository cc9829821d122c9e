/** What holds of every draw, whatever its pool. */
import fc from 'fast-check';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { freeze } from '../../shared/draw/freeze.ts';
import { select } from '../../shared/draw/selection.ts';
import { ticketsOf } from '../../shared/draw/tickets.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { type DrawCase, drawCase, play, rostersOf } from '../support/draw-cases.ts';
import { inspectorLine, named, ORDINARY, objectLine, replaced, revealed } from '../support/draws.ts';

const RUNS = { numRuns: 60 };
const arrayOf = <T>(among: Iterable<T>): T[] => [...among];

test('the order in which a pool is given changes nothing', () => {
  const shuffled = fc.record({
    objects: fc.shuffledSubarray(arrayOf(ORDINARY.rosters.objects), { minLength: 11 }),
    inspectors: fc.shuffledSubarray(arrayOf(ORDINARY.rosters.inspectors), { minLength: 7 }),
    recusals: fc.shuffledSubarray(arrayOf(ORDINARY.rosters.recusals), { minLength: 2 }),
    items: fc.shuffledSubarray(arrayOf(ORDINARY.rosters.items), { minLength: 4 }),
  });
  const hashOf = (rosters: typeof ORDINARY.rosters) => {
    const answer = freeze({ ...ORDINARY, rosters });
    return answer.kind === 'frozen' ? answer.hash : answer.fault.message;
  };
  const expected = hashOf(ORDINARY.rosters);
  fc.assert(
    fc.property(shuffled, (rosters) => expect(hashOf(rosters)).toBe(expected)),
    RUNS,
  );
});

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const pool = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 });
const linesOf = (weights: readonly number[]) =>
  named('ENT:', weights.length).map((object, at) => objectLine(object, { weight: weights[at] ?? 1 }));
const drawn = (objects: ReturnType<typeof linesOf>, quota: number, prk: Uint8Array, passedOver = new Set<string>()) =>
  (
    select(objects, { quotas: new Map([['RED', quota]]), tickets: ticketsOf('533102.YJJ:000001', prk), passedOver }).get('RED') ??
    []
  ).map(({ object }) => object);

test('who was not drawn could have been absent: the others keep their order', () => {
  fc.assert(
    fc.property(pool, key, fc.nat(100), (weights, prk, at) => {
      const all = linesOf(weights);
      const order = drawn(all, all.length, prk);
      const gone = order[at % order.length] ?? '';
      const without = all.filter(({ object }) => object !== gone);
      expect(drawn(without, all.length, prk)).toEqual(order.filter((object) => object !== gone));
    }),
    RUNS,
  );
});

test('a few are drawn as the first of all, and a later iteration goes on where they end', () => {
  fc.assert(
    fc.property(pool, key, fc.nat(30), (weights, prk, quota) => {
      const all = linesOf(weights);
      const order = drawn(all.toReversed(), all.length, prk);
      expect(drawn(all, quota, prk)).toEqual(order.slice(0, quota));
      expect(drawn(all, 3, prk, new Set(order.slice(0, quota)))).toEqual(order.slice(quota, quota + 3));
    }),
    RUNS,
  );
});

/** What is wrong with an assignment that stands, in words. */
function wrongIn(one: DrawCase): string[] {
  const { results, substitutions, fault } = play(one);
  if (fault !== undefined) return [];
  const { inspectors, recusals, objects } = rostersOf(one);
  const who = new Map([...inspectors].map((each) => [each.inspector, each]));
  const recused = new Set([...recusals].map(({ inspector, object }) => `${inspector} ${object}`));
  const skillOf = new Map([...objects].map(({ object, skill }) => [object, skill]));
  const wrong: string[] = [];
  let standing: (typeof results)[number]['result']['selected'] = [];
  for (const [at, { result }] of results.entries()) {
    const gone = JSON.stringify(substitutions[at - 1] ?? '');
    standing = [...standing.filter(({ object }) => !gone.includes(`"${object}"`)), ...result.selected];
    const total = new Map<string, number>();
    const onDay = new Map<string, number>();
    for (const { object, team, day } of standing)
      for (const inspector of team) {
        const { capacity = 0, skills = [], absent = [] } = who.get(inspector) ?? {};
        const skill = skillOf.get(object) ?? null;
        total.set(inspector, (total.get(inspector) ?? 0) + 1);
        onDay.set(`${inspector} ${day}`, (onDay.get(`${inspector} ${day}`) ?? 0) + 1);
        if (recused.has(`${inspector} ${object}`)) wrong.push(`${inspector} meets ${object}`);
        if ((total.get(inspector) ?? 0) > capacity) wrong.push(`${inspector} has more than ${capacity}`);
        if (day !== null && (onDay.get(`${inspector} ${day}`) ?? 0) > one.perDay)
          wrong.push(`${inspector} goes too often on ${day}`);
        if (day !== null && absent.includes(day)) wrong.push(`${inspector} is away on ${day}`);
        if (skills !== '*' && skill !== null && !skills.includes(skill)) wrong.push(`${inspector} cannot inspect ${object}`);
      }
    for (const { team, day, stratum } of result.selected) {
      const wanted = one.strata.length > 0 && team.length > 0;
      if (new Set(team).size !== team.length) wrong.push(`somebody is twice in a team of ${stratum}`);
      if (wanted && one.days.length > 0 && day === null) wrong.push(`a team of ${stratum} without a day`);
    }
  }
  const drawnEver = results.flatMap(({ result }) => result.selected.map(({ object }) => object));
  if (new Set(drawnEver).size !== drawnEver.length) wrong.push('an object was drawn twice');
  return wrong;
}

test('the recused never meet, nobody has more than he can, nobody goes where he is not able to or when he is away', () => {
  fc.assert(
    fc.property(drawCase, (one) => expect(wrongIn(one)).toEqual([])),
    { numRuns: 100 },
  );
});

test('an interrupted draw that is drawn again comes to the same bytes', () => {
  fc.assert(
    fc.property(drawCase, (one) => {
      const [a, b] = [play(one), play(one)];
      expect(a.results.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(
        b.results.map(({ bytes }) => Buffer.from(bytes).toString()),
      );
    }),
    { numRuns: 20 },
  );
});

describe('a flipped bit', () => {
  const first = revealed();
  const [{ object }] = JSON.parse(Buffer.from(first.get('result-1.json') ?? []).toString()).selected;
  const whole = replaced(first, { iteration: 2, days: ['2026-03-20'], replace: [{ object, reason: '注销' }] });
  const isRefused = (bundle: ReadonlyMap<string, Uint8Array>, file: string, at: number, bit: number): boolean => {
    const bytes = Uint8Array.from(bundle.get(file) ?? []);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return !verifyDraw(new Map([...bundle, [file, bytes]])).ok;
  };

  test('anywhere in a revealed bundle is refused', () => {
    expect(verifyDraw(whole).ok).toBe(true);
    const place = fc
      .constantFrom(...whole)
      .chain(([file, bytes]) => fc.tuple(fc.constant(file), fc.nat(bytes.length - 1), fc.nat(7)));
    fc.assert(
      fc.property(place, ([file, at, bit]) => expect(isRefused(whole, file, at, bit)).toBe(true)),
      { numRuns: 200 },
    );
  });

  test('in what is only beside it changes nothing, and in a void.json what no file can prove: its reason and its instant', () => {
    const announced = sha256(whole.get('announcement.json') ?? '');
    const text = { algorithm: 'sxj-draw-1', announcement: announced, reason: 'power cut', voidedAt: '2026-03-05T00:00:00Z' };
    const beside = new Map([...whole, ['README.md', Buffer.from('notes')], ['void.json', Buffer.from(canonical(text))]] as const);
    expect(verifyDraw(beside).ok).toBe(true);
    expect(Array.from('notes', (_, at) => isRefused(beside, 'README.md', at, at)).some(Boolean)).toBe(false);
    const { length } = beside.get('void.json') ?? '';
    const passing = Array.from({ length }, (_, at) => at).filter((at) => !isRefused(beside, 'void.json', at, at % 8));
    const value = (member: string) => JSON.stringify(text).indexOf(`"${member}":"`) + member.length + 4;
    const within = (at: number, member: 'reason' | 'voidedAt') => at >= value(member) && at < value(member) + text[member].length;
    expect(passing.filter((at) => !within(at, 'reason') && !within(at, 'voidedAt'))).toEqual([]);
    expect(passing.length).toBeGreaterThan(0);
  });

  test('in any byte of any file of a small bundle is refused', () => {
    const small = revealed({
      strata: [{ items: 1, name: 'RED', quota: 1, team: [{ count: 1, role: 'enforcer' }] }],
      rosters: {
        objects: named('ENT:', 2).map((one) => objectLine(one)),
        inspectors: named('I', 2).map((one) => inspectorLine(one)),
        recusals: [{ inspector: 'I1', object: 'ENT:1' }],
        items: [{ stratum: 'RED', item: 'T1' }],
      },
    });
    expect(verifyDraw(small).ok).toBe(true);
    const passed = [...small].flatMap(([file, bytes]) =>
      Array.from(bytes, (_, at) => at)
        .filter((at) => !isRefused(small, file, at, at % 8))
        .map((at) => `${file}, byte ${at}`),
    );
    expect(passed).toEqual([]);
  });
});
