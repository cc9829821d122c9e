/** Who visits each drawn object, on which day, for which items. */
import type { Announcement } from './announcement.ts';
import { isSkilled } from './feasibility.ts';
import type { Selected } from './result.ts';
import { gathered, type InspectorLine } from './rosters.ts';
import type { Chosen } from './selection.ts';
import { ranked, type Tickets } from './tickets.ts';

/** What an inspector has in a draw so far. */
interface Load {
  total: number;
  readonly onDay: Map<string, number>;
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

/** The loads of a draw. */
function ledgerOf(standing: Assigning['standing']) {
  const loads = new Map<string, Load>();
  const add = ({ day, team }: Pick<Selected, 'day' | 'team'>): void => {
    for (const inspector of team) {
      const load = loads.get(inspector) ?? { total: 0, onDay: new Map() };
      loads.set(inspector, load);
      load.total += 1;
      if (day !== null) load.onDay.set(day, (load.onDay.get(day) ?? 0) + 1);
    }
  };
  standing.forEach(add);
  return {
    add,
    total: (inspector: string): number => loads.get(inspector)?.total ?? 0,
    onDay: (inspector: string, day: string): number => loads.get(inspector)?.onDay.get(day) ?? 0,
  };
}

/** The drawn objects with day, team and items, strata in announced order, each by rank. Chance decides, never the order of a roster. */
export function assign(chosen: ReadonlyMap<string, readonly Chosen[]>, given: Assigning): readonly Selected[] {
  const { strata, days, perDay, recusedFrom, tickets } = given;
  const loads = ledgerOf(given.standing);
  const byRole = gathered(given.inspectors, ({ role }) => role);
  const absences = new Map(given.inspectors.map(({ inspector, absent }) => [inspector, new Set(absent)]));

  const visitOf = (
    team: Announcement['strata'][number]['team'],
    { object, skill }: Pick<Chosen, 'object' | 'skill'>,
  ): Pick<Selected, 'day' | 'team'> => {
    const recused = recusedFrom.get(object);
    const ableTo = (one: InspectorLine): boolean =>
      loads.total(one.inspector) < one.capacity && !recused?.has(one.inspector) && isSkilled(one, skill);
    // Ranked once: who is away or busy on a candidate day is passed over there, which keeps the order of the others.
    const entries = team.map(({ role, count }) => {
      const able = (byRole.get(role) ?? []).filter(ableTo).map(({ inspector }) => inspector);
      return { count, able: ranked(able, (inspector) => tickets.inspector(object, inspector)) };
    });
    const candidates = days.length === 0 ? [null] : ranked(days, (day) => tickets.day(object, day));
    for (const day of candidates) {
      const isFree = (inspector: string): boolean =>
        day === null || (!absences.get(inspector)?.has(day) && loads.onDay(inspector, day) < perDay);
      const groups = entries.map(({ count, able }) => ({ count, taken: able.filter(isFree).slice(0, count) }));
      if (groups.every(({ count, taken }) => taken.length === count)) return { day, team: groups.flatMap(({ taken }) => taken) };
    }
    return { day: null, team: [] };
  };

  return strata.flatMap(({ name, team, items }) =>
    (chosen.get(name) ?? []).map(({ rank, ticket, ...one }) => {
      const visit = visitOf(team, one);
      loads.add(visit);
      const ofStratum = items === 0 ? [] : (given.items.get(name) ?? []);
      const drawn = ranked(ofStratum, (item) => tickets.item(one.object, item)).slice(0, items);
      return { day: visit.day, items: drawn, object: one.object, rank, stratum: name, team: visit.team, ticket };
    }),
  );
}
