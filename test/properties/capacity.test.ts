/** What the flow says is possible, held against trying every way in which small teams could be sent. */
import fc from 'fast-check';
import type { Day } from '../../shared/domain/calendar.ts';
import { capacityOf, spread, type VisitsDue } from '../../shared/domain/capacity.ts';
import { department, personId } from '../../shared/domain/ids.ts';
import type { Inspector, InspectorRole } from '../../shared/domain/inspector.ts';

const JULY = ['2026-07-01', '2026-07-02', '2026-07-03'] as Day[];
const RULES = { perDay: 1, perMonth: 2 };
const SKILLS = ['a', 'b'];

const inspector = fc
  .record({
    role: fc.constantFrom<InspectorRole>('enforcer', 'enforcer', 'expert'),
    skills: fc.constantFrom(['*'], ['a'], ['b']),
    perMonth: fc.constantFrom(0, 1, 2, 3),
    away: fc.subarray(JULY),
    until: fc.constantFrom('2026-07-02', '2027-01-01', '2027-01-01'),
  })
  .map(
    ({ away, until, ...content }) =>
      (at: number): Inspector => ({
        id: personId(`p${at}`),
        content: { ...content, authority: department('YJJ'), certificate: { no: '1', until: until as Day } },
        absences: away.map((day) => ({ from: day, to: day, reason: 'away' })),
        interests: [],
      }),
  );
const inspectors = fc.array(inspector, { maxLength: 4 }).map((made) => made.map((make, at) => make(at)));

const due = fc.record({
  visits: fc.integer({ min: 0, max: 3 }),
  skill: fc.constantFrom<string | null>(...SKILLS, null),
  team: fc.constantFrom<VisitsDue['team']>(
    [{ role: 'enforcer', count: 2 }],
    [{ role: 'enforcer', count: 1 }],
    [
      { role: 'enforcer', count: 1 },
      { role: 'expert', count: 1 },
    ],
  ),
});
const dues = fc
  .array(due, { maxLength: 3 })
  .map((all) => all.map((one): VisitsDue => ({ ...one, days: JULY, mayGo: () => true })));

/** How often each may go, said as the rule is said. */
const mostOf = ({ content, absences }: Inspector): number => {
  const there = JULY.filter((day) => day <= content.certificate.until && !absences.some(({ from }) => from === day));
  return Math.min(content.perMonth ?? RULES.perMonth, there.length * RULES.perDay);
};

const isThere = ({ content, absences }: Inspector, day: Day): boolean =>
  day <= content.certificate.until && !absences.some(({ from }) => from === day);

const isFit = ({ skill }: VisitsDue, { content }: Inspector): boolean =>
  skill === null || content.skills.includes('*') || content.skills.includes(skill);

/** How many teams the days have, said as the rule is said: day by day, team by team. */
function roomOf(due: VisitsDue, all: readonly Inspector[]): number {
  let room = 0;
  for (const day of JULY) {
    let there = all.filter((one) => isThere(one, day) && isFit(due, one) && mostOf(one) > 0);
    for (;;) {
      const team = due.team.flatMap(({ role, count }) => there.filter(({ content }) => content.role === role).slice(0, count));
      if (team.length < due.team.reduce((sum, { count }) => sum + count, 0)) break;
      there = there.filter((one) => !team.includes(one)); // once a day
      room += 1;
    }
  }
  return room;
}

/** Every set of so many of them. */
function* choose<T>(from: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) yield [];
  else for (const [at, one] of from.entries()) for (const rest of choose(from.slice(at + 1), count - 1)) yield [one, ...rest];
}

/** Whether each of these visits can have a team: by trying all. */
function canAll(visits: readonly VisitsDue[], all: readonly Inspector[], left: ReadonlyMap<Inspector, number>): boolean {
  const [first, ...rest] = visits;
  if (first === undefined) return true;
  const teams = first.team.reduce<readonly (readonly Inspector[])[]>(
    (made, { role, count }) => {
      const able = all.filter((one) => one.content.role === role && (left.get(one) ?? 0) > 0 && isFit(first, one));
      return made.flatMap((team) => [...choose(able, count)].map((more) => [...team, ...more]));
    },
    [[]],
  );
  return teams.some((team) =>
    canAll(rest, all, new Map([...left].map(([one, most]) => [one, team.includes(one) ? most - 1 : most]))),
  );
}

test('the visits that can be made are those that can be made by trying everything, the first served first', () => {
  fc.assert(
    fc.property(dues, inspectors, (asked, all) => {
      const left = new Map(all.map((one) => [one, mostOf(one)]));
      const had: VisitsDue[] = [];
      const expected = asked.map((one) => {
        let feasible = 0;
        const room = roomOf(one, all);
        while (feasible < Math.min(one.visits, room) && canAll([...had, one], all, left)) {
          had.push(one);
          feasible += 1;
        }
        return feasible;
      });
      const { dues: found, bottlenecks } = capacityOf(asked, all, ['2026-07'], RULES);
      expect(found.map(({ feasible }) => feasible)).toEqual(expected);
      expect(found.map(({ visits }) => visits)).toEqual(asked.map(({ visits }) => visits));
      const isEnough = found.every(({ feasible, visits }) => feasible === visits);
      expect(bottlenecks.length === 0).toBe(isEnough);
      for (const { needed, available, dues: short, role, inspectors: those, isOfDays } of bottlenecks) {
        expect(available).toBeLessThan(needed);
        expect(short.length).toBeGreaterThan(0);
        if (isOfDays) {
          for (const one of short) expect(roomOf(one, all)).toBeLessThan(one.visits);
          continue;
        }
        // Those who are named, sent to these visits alone, are still too few.
        const alone = capacityOf(
          short.map((one) => ({ ...one, team: one.team.filter((each) => each.role === role) })),
          all.filter(({ id }) => those.includes(id)),
          ['2026-07'],
          RULES,
        );
        expect(alone.dues.some(({ feasible, visits }) => feasible < visits)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test('two who are never there on the same day are no team', () => {
  const one = (id: string, ...away: Day[]): Inspector => ({
    id: personId(id),
    content: {
      ...{ role: 'enforcer', authority: department('YJJ'), skills: ['*'] },
      certificate: { no: '1', until: '2027-01-01' as Day },
    },
    absences: away.map((day) => ({ from: day, to: day, reason: 'away' })),
    interests: [],
  });
  const [first = '' as Day, second = '' as Day] = JULY;
  const asked: VisitsDue = {
    visits: 1,
    skill: null,
    team: [{ role: 'enforcer', count: 2 }],
    days: [first, second],
    mayGo: () => true,
  };
  const { dues: found, bottlenecks } = capacityOf([asked], [one('a', first), one('b', second)], ['2026-07'], RULES);
  expect(found).toMatchObject([{ visits: 1, feasible: 0 }]);
  expect(bottlenecks).toMatchObject([{ isOfDays: true, available: 0, needed: 2, inspectors: ['a', 'b'] }]);
});

test('parts of a whole sum to it and keep within one of their share', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }), (whole, weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      const parts = spread(whole, weights);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(sum === 0 ? 0 : whole);
      for (const [at, part] of parts.entries()) {
        if (sum > 0) expect(Math.abs(part - (whole * (weights[at] ?? 0)) / sum)).toBeLessThan(1);
      }
    }),
    { numRuns: 100 },
  );
});
