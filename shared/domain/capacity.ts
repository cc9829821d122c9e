/**
 * Whether these inspectors can meet these frequencies (三(四)), asked before a draw has to say so. Month by month: the visits of a draw are
 * spread over its window as chance spreads them, by the days on which a team can be found. In a month, a visit takes `count` different
 * inspectors of each role, nobody goes twice to one visit, and nobody goes more often than his month and his days allow. A team goes
 * together, so a month has no more visits of a draw than teams on its days. So the most that is possible is a maximum flow from visits to
 * inspectors within the room of the days, and where it is not enough, a smallest cut names who is short of whom.
 */
import type { Day } from './calendar.ts';
import type { TeamEntry } from './draw-room.ts';
import { flowNetwork } from './flow.ts';
import type { PersonId } from './ids.ts';
import type { Inspector, InspectorRole } from './inspector.ts';
import { awayOn, perMonthOf } from './recusal.ts';

/** `2026-07` */
export type Month = string;
export const monthOf = (day: Day): Month => day.slice(0, 'yyyy-mm'.length);

/** Visits of one stratum of one draw. */
export interface VisitsDue {
  readonly visits: number;
  readonly team: readonly TeamEntry[];
  /** `null`: any inspector will do. */
  readonly skill: string | null;
  /** Days of the window on which visits may fall. */
  readonly days: readonly Day[];
  /** Who may be sent by this authority. */
  readonly mayGo: (inspector: Inspector) => boolean;
}

export interface CapacityRules {
  readonly perDay: number;
  readonly perMonth: number;
}

/** Visits of a month that are short of inspectors of a role, together: who could go is not enough for all of them. */
export interface Bottleneck<Due> {
  readonly role: InspectorRole;
  readonly month: Month;
  readonly dues: readonly Due[];
  readonly inspectors: readonly PersonId[];
  /** Inspectors times visits. */
  readonly needed: number;
  /** Of them the most that can be had. */
  readonly available: number;
  /** There may be enough of them, and they are not there on the same days. */
  readonly isOfDays: boolean;
}

export interface Capacity<Due> {
  /** Of each, in the order that was given: the visits that fall into the months, and those for which there are teams. Who stands first gets his first. */
  readonly dues: readonly { readonly due: Due; readonly visits: number; readonly feasible: number }[];
  readonly bottlenecks: readonly Bottleneck<Due>[];
}

const isAble = ({ content, retired }: Inspector, role: InspectorRole, skill: string | null): boolean =>
  retired === undefined &&
  content.role === role &&
  (skill === null || content.skills.includes('*') || content.skills.includes(skill));

/** Parts of a whole in proportion to weights: rounded down, and what is left goes to the largest remainders, the earlier first. */
export function spread(whole: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const parts = weights.map((weight) => Math.floor((whole * weight) / sum));
  const left = whole - parts.reduce((a, b) => a + b, 0);
  const remainders = weights.map((weight, index) => ({ index, remainder: (whole * weight) % sum }));
  const favoured = new Set(
    remainders
      .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
      .slice(0, left)
      .map(({ index }) => index),
  );
  return parts.map((part, index) => part + (favoured.has(index) ? 1 : 0));
}

interface Worker {
  readonly inspector: Inspector;
  /** How often he can go in each month. */
  readonly most: ReadonlyMap<Month, number>;
  readonly away: ReadonlySet<Day>;
}

function byMonth(days: readonly Day[]): ReadonlyMap<Month, readonly Day[]> {
  const months = new Map<Month, Day[]>();
  for (const day of days) {
    const known = months.get(monthOf(day));
    if (known === undefined) months.set(monthOf(day), [day]);
    else known.push(day);
  }
  return months;
}

function workerOf(inspector: Inspector, days: readonly Day[], { perDay, perMonth }: CapacityRules): Worker {
  const away = new Set(awayOn(inspector, days));
  const most = [...byMonth(days)].map(([month, all]) => {
    const there = all.filter((day) => !away.has(day)).length;
    return [month, Math.min(perMonthOf(inspector, perMonth), there * perDay)] as const;
  });
  return { inspector, away, most: new Map(most) };
}

/** One due of a month, with those who could go. */
interface Group {
  readonly due: number;
  /** Those for which the days have room. */
  readonly visits: number;
  readonly team: readonly { readonly role: InspectorRole; readonly count: number; readonly able: readonly Worker[] }[];
}

/** How many teams of a role its days have, together: on each as often as those who are there can go, and none where they are too few. */
function teamsOn(day: Day, { count, able }: Group['team'][number], { perDay }: CapacityRules): number {
  const there = able.filter(({ away, most }) => !away.has(day) && (most.get(monthOf(day)) ?? 0) > 0).length;
  return there < count ? 0 : Math.floor((there * perDay) / count);
}

/** What of a due falls into a month, and for how many visits its days have teams. */
interface MonthOfDue {
  readonly visits: number;
  readonly room: number;
}

/** The visits of each month of a due: where there are days with a team, chance falls on these; else on any of its days, which have no room. */
function monthsOf({ visits, days }: VisitsDue, team: Group['team'], rules: CapacityRules): ReadonlyMap<Month, MonthOfDue> {
  const roomOn = (day: Day): number => Math.min(...team.map((entry) => teamsOn(day, entry, rules)));
  const staffed = days.filter((day) => roomOn(day) > 0);
  const months = [...byMonth(staffed.length > 0 ? staffed : days)];
  const parts = spread(
    visits,
    months.map(([, each]) => each.length),
  );
  return new Map(
    months.map(([month, each], index) => [
      month,
      { visits: parts[index] ?? 0, room: each.reduce((sum, day) => sum + roomOn(day), 0) },
    ]),
  );
}

/** The network of one role in one month: visits on the left, inspectors with their months on the right. */
function networkOf(groups: readonly Group[], role: InspectorRole, month: Month) {
  const flow = flowNetwork();
  const [source, sink] = [flow.node(), flow.node()];
  const workers = new Map<Worker, number>();
  const nodeOf = (worker: Worker): number => {
    const known = workers.get(worker);
    if (known !== undefined) return known;
    const node = flow.node();
    workers.set(worker, node);
    flow.edge(node, sink, worker.most.get(month) ?? 0);
    return node;
  };
  const places = new Map(
    groups.flatMap((group) => {
      const entry = group.team.find((each) => each.role === role);
      if (entry === undefined) return [];
      const node = flow.node();
      const into = entry.able.map((worker) => flow.edge(node, nodeOf(worker), 0));
      return [[group, { node, asked: flow.edge(source, node, 0), into, ...entry }] as const];
    }),
  );
  return {
    remember: flow.remember,
    /** Asks for teams for so many more visits, and answers how many inspectors are still wanting. Nobody is in one team twice. */
    ask(group: Group, visits: number): number {
      const asked = places.get(group);
      if (asked === undefined) return 0;
      const needed = visits * asked.count;
      flow.widen(asked.asked, needed);
      for (const edge of asked.into) flow.widen(edge, visits);
      return needed - flow.send(source, sink, needed);
    },
    /** The groups behind the cut: whoever is short, and whoever competes with him. */
    short(): readonly {
      readonly group: Group;
      readonly able: readonly Worker[];
      readonly needed: number;
      readonly had: number;
    }[] {
      const near = flow.reached(source);
      return [...places].flatMap(([group, { node, asked, able, count }]) =>
        near.has(node) ? [{ group, able, needed: group.visits * count, had: flow.flowIn(asked) }] : [],
      );
    },
  };
}

type Short = ReturnType<ReturnType<typeof networkOf>['short']>[number];

/** Those that share an inspector, however far apart, are short of each other; others are short on their own. */
function together(all: readonly Short[]): readonly (readonly Short[])[] {
  const parts: Short[][] = [];
  for (const one of all) {
    const able = new Set(one.able);
    const joined = parts.filter((part) => part.some((other) => other.able.some((worker) => able.has(worker))));
    for (const part of joined) parts.splice(parts.indexOf(part), 1);
    parts.push([...joined.flat(), one]);
  }
  return parts;
}

/** How many visits of each group get a team in a month: the first gets all that is possible, then the second of what is left. */
function filled(groups: readonly Group[], roles: readonly InspectorRole[], month: Month): readonly number[] {
  const networks = roles.map((role) => networkOf(groups, role, month));
  const isHad = (group: Group, visits: number): boolean => {
    const before = networks.map(({ remember }) => remember());
    const had = networks.every((network) => network.ask(group, visits) === 0);
    if (!had) for (const undo of before) undo();
    return had;
  };
  return groups.map((group) => {
    if (isHad(group, group.visits)) return group.visits;
    let visits = 0;
    while (visits < group.visits && isHad(group, 1)) visits++;
    return visits;
  });
}

/** What is possible in the months, of what is due; who stands first in `dues` is served first. */
export function capacityOf<Due extends VisitsDue>(
  dues: readonly Due[],
  inspectors: readonly Inspector[],
  months: readonly Month[],
  rules: CapacityRules,
): Capacity<Due> {
  const days = [...new Set(dues.flatMap((due) => due.days))].sort();
  const workers = inspectors.map((inspector) => workerOf(inspector, days, rules));
  const spreads = dues.map((due) => {
    const team = due.team.map(({ role, count }) => ({
      role,
      count,
      able: workers.filter(({ inspector }) => due.mayGo(inspector) && isAble(inspector, role, due.skill)),
    }));
    return { team, in: monthsOf(due, team, rules) };
  });
  const roles = [...new Set(dues.flatMap(({ team }) => team.map(({ role }) => role)))];
  const totals = dues.map((due) => ({ due, visits: 0, feasible: 0 }));
  const bottlenecks: Bottleneck<Due>[] = [];

  for (const month of months) {
    const groups = spreads.flatMap(({ team, in: parts }, due): Group[] => {
      const { visits, room } = parts.get(month) ?? { visits: 0, room: 0 };
      const total = totals[due];
      if (total !== undefined) total.visits += visits;
      const asked = dues[due];
      if (asked !== undefined && room < visits) bottlenecks.push(...daysShort(asked, { visits, room }, team, month, rules));
      return visits > 0 ? [{ due, visits: Math.min(visits, room), team }] : [];
    });
    const found = roles.flatMap((role) => shortagesOf(groups, role, month).map((parts) => ({ role, parts })));
    for (const { role, parts } of found) {
      bottlenecks.push({
        role,
        month,
        dues: parts.flatMap(({ group }) => dues[group.due] ?? []),
        inspectors: [...new Set(parts.flatMap(({ able }) => able.map(({ inspector }) => inspector.id)))].sort(),
        needed: parts.reduce((sum, { needed }) => sum + needed, 0),
        available: parts.reduce((sum, { had }) => sum + had, 0),
        isOfDays: false,
      });
    }
    const feasible = found.length === 0 ? groups.map(({ visits }) => visits) : filled(groups, roles, month);
    for (const [index, { due }] of groups.entries()) {
      const total = totals[due];
      if (total !== undefined) total.feasible += feasible[index] ?? 0;
    }
  }
  return { dues: totals, bottlenecks };
}

/** What the days have no teams for: of the roles that are too few by themselves, or else of all, who are not there together. */
function daysShort<Due extends VisitsDue>(
  due: Due,
  { visits, room }: MonthOfDue,
  team: Group['team'],
  month: Month,
  rules: CapacityRules,
): readonly Bottleneck<Due>[] {
  const days = due.days.filter((day) => monthOf(day) === month);
  const alone = team.filter((entry) => days.reduce((sum, day) => sum + teamsOn(day, entry, rules), 0) < visits);
  return (alone.length > 0 ? alone : team).map(({ role, count, able }) => ({
    ...{ role, month, dues: [due], needed: visits * count, available: room * count, isOfDays: true },
    inspectors: able.map(({ inspector }) => inspector.id).sort(),
  }));
}

/** Everything asked for at once; what is behind the cut, in parts that have nothing to do with each other. */
function shortagesOf(groups: readonly Group[], role: InspectorRole, month: Month): readonly (readonly Short[])[] {
  const network = networkOf(groups, role, month);
  const wanting = groups.reduce((sum, group) => sum + network.ask(group, group.visits), 0);
  return wanting === 0 ? [] : together(network.short());
}
