/** The result of an inspection as everybody may read it (公示): no person, no evidence, no name but the object's. */
import * as z from 'zod';
import { hashOf } from '../../shared/data/draw-files.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import { type PublishedFiles, publishedKeys, type ResultIndex } from '../../shared/data/published.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { drawIdOf, type Sha256 } from '../../shared/domain/draw.ts';
import { DRAW_KIND_NAMES } from '../../shared/domain/draw-kind.ts';
import { levelOf } from '../../shared/domain/hazard.ts';
import type { CountyCode, TaskId } from '../../shared/domain/ids.ts';
import { partsOfObject } from '../../shared/domain/object.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { withoutPersonalData } from '../../shared/domain/personal-data.ts';
import { type Inspection, OUTCOME_NAMES, type Task } from '../../shared/domain/task.ts';
import { areaKey } from '../../shared/runtime/area-in-sight.ts';

export interface Publishing {
  readonly county: CountyCode;
  readonly files: PublishedFiles;
  readonly tasks: Pick<TaskStore, 'ofDraw'>;
  readonly hazards: Pick<HazardStore, 'load'>;
  readonly register: Pick<RegisterStore, 'owner' | 'risk'>;
  readonly itemLists: Pick<ItemListStore, 'items'>;
}

/** What a file is recorded by. */
export interface PublishedResult {
  readonly sha256: Sha256;
  /** Absent where nothing had to be blotted out. */
  readonly blotted?: number;
}

type Entry = ResultIndex['results'][number];

const RESULTS = { conforms: '符合', 'does-not': '不符合', 'not-applicable': '不适用' } as const;

async function objectOf({ register }: Publishing, { object }: Task): Promise<Record<string, string>> {
  const parts = partsOfObject(object);
  if (parts.of === 'area') {
    const area = await register.risk(areaKey(parts));
    const name = area && `${area.content.name}（${area.content.location}）`;
    return { object, township: parts.township, no: parts.no, ...(name !== undefined && { name }) };
  }
  const name = (await register.owner(enterpriseOwner(parts.uscc)))?.enterprise?.name;
  return { object, uscc: parts.uscc, ...(name !== undefined && { name }) };
}

/** How many of each level, as they are graded by now. */
async function hazardsOf({ hazards, county }: Publishing, { inspection }: Task) {
  const found = await Promise.all((inspection?.hazards ?? []).map((id) => hazards.load(county, id)));
  const counts = { general: 0, major: 0, ungraded: 0 };
  for (const stored of found) counts[(stored && levelOf(stored.hazard)) ?? 'ungraded']++;
  return { total: found.length, ...counts };
}

const isLateAt = ({ owed }: Task, at: Instant): boolean => owed.some(({ what, due }) => what === 'publish' && due <= at);

/** Blots out what should not have come in, and counts it: texts that were taken before they were looked at, and names known only since. */
async function blotting({ register }: Publishing, { object }: Task) {
  const parts = partsOfObject(object);
  const enterprise = parts.of === 'enterprise' ? (await register.owner(enterpriseOwner(parts.uscc)))?.enterprise : undefined;
  const known = {
    persons: (enterprise?.contacts ?? []).map(({ name }) => name),
    notPersons: enterprise === undefined ? [] : [enterprise.name],
  };
  let passages = 0;
  return {
    passages: () => passages,
    clean(text: string): string {
      const { text: clean, blotted } = withoutPersonalData(text, known);
      passages += blotted;
      return clean;
    },
  };
}

const blottedIn = z.looseObject({ blotted: z.int().positive().optional() });

/** The file. Of what was looked at, not of who looked. */
async function resultOf(deps: Publishing, task: Task, at: Instant): Promise<object> {
  const { inspection, followUp } = task;
  if (inspection === undefined) throw new Error(`${task.id} was not inspected`);
  const { outcome, visitedAt, otherDay, items, problems, hazards, representative } = inspection;
  const list = await deps.itemLists.items(task.authority);
  const { clean, passages } = await blotting(deps, task);
  const names = new Map((list?.state.items ?? []).map(({ no, name }) => [no, name]));
  return {
    task: task.id,
    draw: { drawId: drawIdOf(task), kind: task.kind, kindName: DRAW_KIND_NAMES[task.kind], period: task.period },
    object: await objectOf(deps, task),
    day: dayOf(visitedAt),
    ...(task.day !== undefined && { drawnDay: task.day }),
    ...(otherDay !== undefined && { otherDay: clean(otherDay) }),
    isSentByHand: task.byHand !== undefined,
    ...(task.byHand && { sentBecause: clean(task.byHand.reason) }),
    outcome,
    outcomeName: OUTCOME_NAMES[outcome],
    items: items.map(({ item, result }) => ({ item, name: names.get(item) ?? null, result, resultName: RESULTS[result] })),
    problems: problems.map(({ text, item }) => ({ text: clean(text), ...(item !== undefined && { item }) })),
    hazards: await hazardsOf(deps, task),
    nothingFound: outcome === 'inspected' && problems.length === 0 && hazards.length === 0,
    ...(representative && { representative: representative.signed }),
    ...(followUp && {
      followUp: {
        day: dayOf(followUp.at),
        text: clean(followUp.text),
        ...(followUp.document !== undefined && { document: clean(followUp.document) }),
        ...(followUp.register !== undefined && { register: clean(followUp.register) }),
      },
    }),
    publishedAt: at,
    isLate: isLateAt(task, at),
    ...(passages() > 0 && { blotted: passages() }),
  };
}

/**
 * Puts the files of these tasks of one draw, then names them in its index; answers their hashes. They are recorded only then, so a crash
 * leaves all of it to be done again. A file that lies there is left as it is, and its hash is what is recorded: sweeps that overlap, and
 * one that goes on where another broke off, come to the same bytes.
 */
export async function publishResults(
  deps: Publishing,
  tasks: readonly Task[],
  at: Instant,
): Promise<ReadonlyMap<TaskId, PublishedResult>> {
  const keys = publishedKeys(deps.county);
  const results = new Map<TaskId, PublishedResult>();
  for (const task of tasks) {
    const text = JSON.stringify(await resultOf(deps, task, at));
    const lies = await deps.files.putOnce(keys.result(task.authority, task.number, task.id), text);
    const { blotted } = blottedIn.parse(JSON.parse(lies));
    results.set(task.id, { sha256: hashOf(Buffer.from(lies)), ...(blotted !== undefined && { blotted }) });
  }
  const own = tasks.flatMap((task) =>
    task.inspection === undefined ? [] : [entryOf(task, task.inspection, at, isLateAt(task, at))],
  );
  const [first] = tasks;
  if (first !== undefined) await indexResults(deps, first, own);
  return results;
}

const entryOf = ({ id }: Task, { outcome }: Inspection, publishedAt: Instant, isLate: boolean): Entry => ({
  ...{ task: id, outcome, publishedAt, isLate },
});

const TRIES = 5;

/**
 * The index of a draw, from what is recorded and what is about to be. It is looked at again after it was put, so whoever puts it last has
 * put all that was recorded by then: what another sweep records later, that one puts.
 */
export async function indexResults(
  deps: Publishing,
  draw: Pick<Task, 'authority' | 'number'>,
  own: readonly Entry[] = [],
): Promise<void> {
  const key = publishedKeys(deps.county).resultsOf(draw.authority, draw.number);
  let text = await indexOf(deps, draw, own);
  for (let put = 0; put < TRIES; put++) {
    await deps.files.put(key, text);
    const now = await indexOf(deps, draw, own);
    if (now === text) return;
    text = now;
  }
}

async function indexOf(
  { county, tasks }: Publishing,
  { authority, number }: Pick<Task, 'authority' | 'number'>,
  own: readonly Entry[],
): Promise<string> {
  const recorded = (await tasks.ofDraw(county, authority, number)).flatMap(({ task }) => {
    const { inspection, published, late } = task;
    const isLate = late.some(({ what }) => what === 'publish');
    return inspection && published ? [entryOf(task, inspection, published.at, isLate)] : [];
  });
  const known = new Set(recorded.map(({ task }) => task));
  const results = [...recorded, ...own.filter(({ task }) => !known.has(task))].sort((a, b) => (a.task < b.task ? -1 : 1));
  const index: ResultIndex = { authority, number, results };
  return JSON.stringify(index);
}
