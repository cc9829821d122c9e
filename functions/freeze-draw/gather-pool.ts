/** What the register and the directories say at the instant of the freezing, put together for a pool. */

import type { DrawStore } from '../../shared/data/draw-store.ts';
import { drawableObjects } from '../../shared/data/drawable-objects.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { InspectorStore } from '../../shared/data/inspector-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { type Day, dayOf, type Instant, periodAt, plusDays, startOfDay } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import type { Due } from '../../shared/domain/draw-calendar.ts';
import { colourOfKind } from '../../shared/domain/draw-kind.ts';
import { isDrawnFrom, type Pooling, type PoolObject } from '../../shared/domain/draw-pool.ts';
import { levelOf, objectOfHazard } from '../../shared/domain/hazard.ts';
import type { CountyCode, Department, ObjectId } from '../../shared/domain/ids.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import { enterpriseOf } from '../../shared/domain/owner.ts';
import type { Suspension } from '../../shared/domain/register-suspension.ts';

export interface PoolSources {
  readonly county: CountyCode;
  readonly authorities: readonly Department[];
  readonly register: Pick<RegisterStore, 'owner' | 'eachEnterpriseFrom' | 'eachRiskFrom'>;
  /** Every stop of the county. */
  readonly stops: () => AsyncIterable<{ readonly uscc: string; readonly suspension: Suspension }>;
  readonly hazards: Pick<HazardStore, 'openByDeadline'>;
  readonly inspectors: Pick<InspectorStore, 'eachFrom'>;
  readonly lists: Pick<ItemListStore, 'items' | 'plan'>;
  readonly tasks: Pick<TaskStore, 'eachVisit' | 'openByDue'>;
  readonly draws: Pick<DrawStore, 'openByDue'>;
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
    const sent = await visitsInWindow(sources, window);
    return {
      authority,
      kind,
      objects: await objectsOf(sources, due, days, at),
      inspectors,
      sentTo: ({ id }) => sent.get(id) ?? 0,
      promised: await promisedTo(sources, due),
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

/** How often each inspector is sent somewhere within the window already, by whichever authority. */
async function visitsInWindow(
  { tasks, county, authorities }: PoolSources,
  { from, until }: Due['window'],
): Promise<ReadonlyMap<string, number>> {
  const sent = new Map<string, number>();
  const [first, last] = [dayOf(from), dayOf(plusDays(until, -1))];
  for (const authority of authorities) {
    for await (const { task } of pages((cursor) => tasks.openByDue(county, authority, PAGE, cursor))) {
      if (task.day === undefined || task.day < first || task.day > last) continue;
      for (const { id } of task.team) sent.set(id, (sent.get(id) ?? 0) + 1);
    }
  }
  return sent;
}

/** Visits that draws of the same authority will ask for in this window, which were announced before and are not drawn. */
async function promisedTo({ draws }: PoolSources, { authority, window }: Due): Promise<number> {
  let visits = 0;
  for await (const { draw } of pages((cursor) => draws.openByDue(PAGE, cursor))) {
    const overlaps = draw.window.from < window.until && window.from < draw.window.until;
    const isPending = draw.stage === 'announced' || draw.stage === 'drawn';
    if (draw.authority !== authority || !overlaps || !isPending) continue;
    const whole = Date.parse(draw.window.until) - Date.parse(draw.window.from);
    const shared =
      Math.min(Date.parse(draw.window.until), Date.parse(window.until)) -
      Math.max(Date.parse(draw.window.from), Date.parse(window.from));
    const objects = draw.strata.reduce((sum, { quota }) => sum + quota, 0);
    visits += Math.ceil((objects * draw.teamSize * shared) / whole);
  }
  return visits;
}
