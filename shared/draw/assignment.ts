/** Who visits each drawn object, on which day, for which items. */
import type { Announcement } from './announcement.ts';
import { isSkilled } from './feasibility.ts';
import type { Selected } from './result.ts';
import type { InspectorLine } from './rosters.ts';
import type { Chosen } from './selection.ts';
import { firstRanked, ranked, type Tickets } from './tickets.ts';

/** An inspector, and what he has in a draw so far. */
interface Person {
  readonly line: InspectorLine;
  readonly absent: ReadonlySet<string>;
  readonly onDay: Map<string, number>;
  total: number;
}

/** Everything that decides an assignment beside what was drawn. */
export interface Assigning {
  readonly strata: Announcement['strata'];
  readonly days: readonly string[];
  readonly perDay: number;
  readonly inspectors: readonly InspectorLine[];
  readonly recusedFrom: ReadonlyMap<string, ReadonlySet<string>>;
  readonly items: ReadonlyMap<string, readonly string[]>;
  readonly tickets: Tickets;
  /** What was assigned in earlier iterations and still stands. */
  readonly standing: readonly Pick<Selected, 'day' | 'team'>[];
}

/** The visit of an object that no team is found for. */
const NOBODY: Pick<Selected, 'day' | 'team'> = { day: null, team: [] };

/** The inspectors of a draw with their loads. */
function peopleOf(inspectors: readonly InspectorLine[]) {
  const people = inspectors.map((line): Person => ({ line, absent: new Set(line.absent), onDay: new Map(), total: 0 }));
  const byId = new Map(people.map((one) => [one.line.inspector, one]));
  const known = new Map<string, readonly Person[]>();
  return {
    add({ day, team }: Pick<Selected, 'day' | 'team'>): void {
      for (const inspector of team) {
        const one = byId.get(inspector);
        if (one === undefined) continue;
        one.total += 1;
        if (day !== null) one.onDay.set(day, (one.onDay.get(day) ?? 0) + 1);
      }
    },
    /** Who has the role and the skill: looked up once for each pair of them. */
    able(role: string, skill: string | null): readonly Person[] {
      const key = `${role}\t${skill ?? '-'}`;
      const found = known.get(key) ?? people.filter(({ line }) => line.role === role && isSkilled(line, skill));
      known.set(key, found);
      return found;
    },
  };
}

/** The drawn objects with day, team and items, strata in announced order, each by rank. Chance decides, never the order of a roster. */
export function assign(chosen: ReadonlyMap<string, readonly Chosen[]>, given: Assigning): readonly Selected[] {
  const { strata, days, perDay, recusedFrom, tickets } = given;
  const people = peopleOf(given.inspectors);
  given.standing.forEach(people.add);

  const visitOf = (
    team: Announcement['strata'][number]['team'],
    { object, skill }: Pick<Chosen, 'object' | 'skill'>,
  ): Pick<Selected, 'day' | 'team'> => {
    const recused = recusedFrom.get(object);
    const entries = team.map(({ role, count }) => {
      const able = people.able(role, skill);
      return { count, able: able.filter(({ line, total }) => total < line.capacity && !recused?.has(line.inspector)) };
    });
    const visitOn = (day: string | null): Pick<Selected, 'day' | 'team'> | undefined => {
      const isFree = ({ absent, onDay }: Person): boolean => day === null || ((onDay.get(day) ?? 0) < perDay && !absent.has(day));
      const groups = entries.map(({ count, able }) => ({ count, free: able.filter(isFree) }));
      if (groups.some(({ count, free }) => free.length < count)) return undefined;
      // Only now are tickets asked of inspectors, and only of those who can go: a large draw spends its time on tickets.
      const ticket = (inspector: string): string => tickets.inspector(object, inspector);
      const ids = (free: readonly Person[]) => free.map(({ line }) => line.inspector);
      return { day, team: groups.flatMap(({ count, free }) => firstRanked(ids(free), count, ticket)) };
    };
    if (days.length === 0) return visitOn(null) ?? NOBODY;
    const byDay = new Map(days.map((day) => [day, tickets.day(object, day)]));
    const ofDay = (day: string): string => byDay.get(day) ?? '';
    // Most objects are visited on the first day that chance names: the others are put in order only where it does not do.
    const [first = ''] = firstRanked(days, 1, ofDay);
    const visit = visitOn(first);
    if (visit !== undefined) return visit;
    for (const day of ranked(days, ofDay).slice(1)) {
      const later = visitOn(day);
      if (later !== undefined) return later;
    }
    return NOBODY;
  };

  return strata.flatMap(({ name, team, items }) =>
    (chosen.get(name) ?? []).map(({ rank, ticket, ...one }) => {
      const visit = visitOf(team, one);
      people.add(visit);
      const ofStratum = items === 0 ? [] : (given.items.get(name) ?? []);
      const drawn = ranked(ofStratum, (item) => tickets.item(one.object, item)).slice(0, items);
      return { day: visit.day, items: drawn, object: one.object, rank, stratum: name, team: visit.team, ticket };
    }),
  );
}
