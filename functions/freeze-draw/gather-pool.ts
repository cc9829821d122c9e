/** What the register and the directories say at the instant of the freezing, put together for a pool. */

import type { DrawStore } from '../../shared/data/draw-store.ts';
import { drawableObjects } from '../../shared/data/drawable-objects.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { InspectorStore } from '../../shared/data/inspector-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { type Day, dayOf, type Instant, periodAt, plusDays, startOfDay, type Window } from '../../shared/domain/calendar.ts';
import { COLOURS, STANDINGS } from '../../shared/domain/colour.ts';
import type { Due } from '../../shared/domain/draw-calendar.ts';
import { colourOfKind } from '../../shared/domain/draw-kind.ts';
import { isDrawnFrom, isSentBy, type Pooling, type PoolObject } from '../../shared/domain/draw-pool.ts';
import { levelOf, objectOfHazard } from '../../shared/domain/hazard.ts';
import { type CountyCode, type Department, GOVERNMENT, type ObjectId } from '../../shared/domain/ids.ts';
import { isStanding } from '../../shared/domain/inspection-coverage.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import { enterpriseOf } from '../../shared/domain/owner.ts';
import type { Suspension } from '../../shared/domain/register-suspension.ts';
import type { Task } from '../../shared/domain/task.ts';

export interface PoolSources {
  readonly county: CountyCode;
  readonly authorities: readonly Department[];
  readonly register: Pick<RegisterStore, 'owner' | 'eachEnterpriseFrom' | 'eachRiskFrom'>;
  /** Every stop of the county. */
  readonly stops: () => AsyncIterable<{ readonly uscc: string; readonly suspension: Suspension }>;
  readonly hazards: Pick<HazardStore, 'openByDeadline'>;
  readonly inspectors: Pick<InspectorStore, 'eachFrom'>;
  readonly lists: Pick<ItemListStore, 'items' | 'plan'>;
  readonly tasks: Pick<TaskStore, 'eachVisit' | 'openByDue' | 'ofDraw'>;
  readonly draws: Pick<DrawStore, 'openByDue' | 'ofStanding'>;
  /** Objects designated as key units at an instant. */
  readonly keyUnits: (at: Instant) => Promise<ReadonlySet<ObjectId>>;
}

/** The pool of a draw before the policy's rules are laid on it. */
export type GatherPool = (due: Due, days: readonly Day[], at: Instant) => Promise<Pooling>;

const PAGE = 200;

async function* pages<Item>(
  read: (cursor: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly cursor?: string }>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Enterprises that stand still as a whole on every day on which they could be visited. */
async function standingStill({ stops }: PoolSources, days: readonly Day[]): Promise<ReadonlySet<string>> {
  const [first, last] = [days[0], days.at(-1)];
  const still = new Set<string>();
  if (first === undefined || last === undefined) return still;
  for await (const { uscc, suspension } of stops()) {
    const { scope, from, until, lifted } = suspension;
    if (scope.of !== 'enterprise' || lifted !== undefined) continue;
    if (from <= startOfDay(first) && until >= plusDays(startOfDay(last), 1)) still.add(uscc);
  }
  return still;
}

export const gatherPool =
  (sources: PoolSources): GatherPool =>
  async (due, days, at) => {
    const { authority, kind, period, window } = due;
    const [plan, items] = await Promise.all([sources.lists.plan(authority, period), sources.lists.items(authority)]);
    const inspectors: Inspector[] = [];
    for await (const { item } of sources.inspectors.eachFrom()) inspectors.push(item.inspector);
    const [sent, promised] = [await daysSentOn(sources, due), await promisedIn(sources, due, inspectors)];
    return {
      authority,
      kind,
      objects: await objectsOf(sources, due, days, at),
      inspectors,
      sentOn: ({ id }) => sent.get(id) ?? [],
      promised: ({ id }) => promised.get(id) ?? 0,
      days,
      months: periodAt('month', plusDays(window.until, -1)) - periodAt('month', window.from) + 1,
      items: items?.state.items ?? [],
      plan: plan?.state.kind === kind ? plan.state : undefined,
    };
  };

async function objectsOf(sources: PoolSources, due: Due, days: readonly Day[], at: Instant): Promise<PoolObject[]> {
  const { register, county } = sources;
  const colour = colourOfKind(due.kind);
  const [visited, major, keyUnits, still] = await Promise.all([
    visitedIn(sources, due.window),
    withMajorHazards(sources, county),
    sources.keyUnits(at),
    standingStill(sources, days),
  ]);
  const seen = new Map<ObjectId, PoolObject>();
  for await (const one of drawableObjects(register, colour === undefined ? COLOURS : [colour])) {
    const { object, owner } = one;
    if (!isDrawnFrom(one, due.authority, due.kind)) continue;
    const uscc = enterpriseOf(owner);
    seen.set(object, {
      ...one,
      isKeyUnit: keyUnits.has(object),
      hasOpenMajorHazard: major.has(object),
      visitedInWindow: visited.has(object),
      suspended: uscc !== undefined && still.has(uscc),
    });
  }
  return [...seen.values()];
}

async function visitedIn({ tasks, county }: PoolSources, { from, until }: Due['window']): Promise<ReadonlySet<ObjectId>> {
  const visited = new Set<ObjectId>();
  for await (const { object, at } of tasks.eachVisit(county)) if (at >= from && at < until) visited.add(object);
  return visited;
}

async function withMajorHazards({ hazards }: PoolSources, county: CountyCode): Promise<ReadonlySet<ObjectId>> {
  const found = new Set<ObjectId>();
  for await (const { hazard } of pages((cursor) => hazards.openByDeadline(county, PAGE, cursor)))
    if (levelOf(hazard) === 'major') found.add(objectOfHazard(hazard));
  return found;
}

const overlaps = (a: Window, b: Window): boolean => a.from < b.until && b.from < a.until;

/** Those whose draws send the same inspectors: the government sends everybody's, a department its own. */
const sendsSame = (one: Department, other: Department): boolean => one === other || one === GOVERNMENT || other === GOVERNMENT;

/** The days of the window on which each inspector is sent somewhere already: to what is open, by whichever authority, and to what was done. */
async function daysSentOn(
  { tasks, draws, county, authorities }: PoolSources,
  { authority: own, window }: Due,
): Promise<ReadonlyMap<string, readonly Day[]>> {
  const found = new Map<string, Task>();
  for (const authority of authorities) {
    for await (const { task } of pages((cursor) => tasks.openByDue(county, authority, PAGE, cursor))) found.set(task.id, task);
    if (!sendsSame(own, authority)) continue;
    for (const standing of STANDINGS) {
      for await (const { draw } of pages((cursor) => draws.ofStanding(standing, PAGE, cursor, authority))) {
        if (draw.stage === 'announced' || !overlaps(draw.window, window)) continue;
        for (const { task } of await tasks.ofDraw(county, authority, draw.number)) found.set(task.id, task);
      }
    }
  }
  const sent = new Map<string, Day[]>();
  const [first, last] = [dayOf(window.from), dayOf(plusDays(window.until, -1))];
  for (const { day, team, stage } of found.values()) {
    if (day === undefined || day < first || day > last || !isStanding({ stage })) continue;
    for (const { id } of team) {
      const days = sent.get(id);
      if (days === undefined) sent.set(id, [day]);
      else days.push(day);
    }
  }
  return sent;
}

/** How many visits of this window draws that were announced before and are not drawn will ask of each inspector, if they ask all alike. */
async function promisedIn(
  { draws }: PoolSources,
  { authority, window }: Due,
  inspectors: readonly Inspector[],
): Promise<ReadonlyMap<string, number>> {
  const promised = new Map<string, number>();
  for await (const { draw } of pages((cursor) => draws.openByDue(PAGE, cursor))) {
    const isPending = draw.stage === 'announced' || draw.stage === 'drawn';
    if (!isPending || !sendsSame(authority, draw.authority) || !overlaps(draw.window, window)) continue;
    const whole = Date.parse(draw.window.until) - Date.parse(draw.window.from);
    const shared =
      Math.min(Date.parse(draw.window.until), Date.parse(window.until)) -
      Math.max(Date.parse(draw.window.from), Date.parse(window.from));
    const objects = draw.strata.reduce((sum, { quota }) => sum + quota, 0);
    const going = inspectors.filter((one) => isSentBy(one, draw.authority));
    const each = (objects * draw.teamSize * shared) / whole / going.length;
    for (const { id } of going) promised.set(id, (promised.get(id) ?? 0) + each);
  }
  return promised;
}
