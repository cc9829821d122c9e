/** Indexes of what is published of draws, items and plans: derived from the tables, and put only where they say something new. */
import * as z from 'zod';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { ItemListStore, Unpublished } from '../../shared/data/item-list-store.ts';
import {
  authorityIndex,
  type DrawEntry,
  type DrawIndex,
  drawIndex,
  type PublishedFiles,
  planIndex,
  publishedKeys,
} from '../../shared/data/published.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { DRAW_STAGE_NAMES, type Draw, drawIdOf, type Sha256 } from '../../shared/domain/draw.ts';
import { DRAW_KIND_NAMES } from '../../shared/domain/draw-kind.ts';
import type { CountyCode, Department } from '../../shared/domain/ids.ts';
import { ANNOUNCEMENT_FILE } from '../../shared/draw/bundle.ts';
import { fileOf } from '../../shared/draw/rosters.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { filesOf } from '../../workflows/inspection-draw/bundle-of.ts';

export interface PublishDraws {
  readonly county: CountyCode;
  readonly files: PublishedFiles;
  readonly draws: Pick<DrawStore, 'load' | 'series'>;
  readonly itemLists: Pick<ItemListStore, 'unpublished' | 'published'>;
  readonly policyAt: (at: Instant) => Policy;
}

/** What lies open of a draw as it stands. */
function openFiles(draw: Draw, { drawing }: Policy): readonly (readonly [string, Sha256])[] {
  if (draw.revealedAt !== undefined) return [...filesOf(draw)];
  const objects = drawing.directory.publish === 'objects' ? [[fileOf('objects'), draw.files.objects] as const] : [];
  return [[ANNOUNCEMENT_FILE, draw.announcement], ...objects];
}

function entryOf(draw: Draw, policyAt: PublishDraws['policyAt']): DrawEntry {
  const { number, kind, period, stage, announcedAt, drawAt, revealBy, revealedAt, because } = draw;
  return {
    ...{ number, drawId: drawIdOf(draw), kind, kindName: DRAW_KIND_NAMES[kind], period },
    ...{ stage, stageName: DRAW_STAGE_NAMES[stage], announcedAt, drawAt, revealBy },
    ...(revealedAt !== undefined && { revealedAt }),
    ...(because !== undefined && { because }),
    ...(draw.void && { void: { reason: draw.void.reason, at: draw.void.at } }),
    strata: draw.strata.map((stratum) => ({ ...stratum })),
    ...(draw.leftOut !== undefined && { leftOut: { ...draw.leftOut } }),
    ...(draw.lost !== undefined && { lost: [...draw.lost] }),
    files: openFiles(draw, policyAt(announcedAt)).map(([file, sha256]) => ({ file, sha256 })),
  };
}

async function putIfNew(files: PublishedFiles, key: string, before: string | undefined, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  if (text !== before) await files.put(key, text);
}

/** An authority's draws. What was revealed does not change any more, so only what was not is looked up again. */
async function indexDrawsOf(
  { county, files, draws, policyAt }: PublishDraws,
  authority: Department,
  at: Instant,
): Promise<DrawIndex> {
  const key = publishedKeys(county).drawsOf(authority);
  const [before, { series }] = [await files.read(key), await draws.series(authority)];
  const known = new Map((before === undefined ? [] : drawIndex.parse(JSON.parse(before)).draws).map((one) => [one.number, one]));
  const entries: DrawEntry[] = [];
  for (let number = 1; number <= series.number; number++) {
    const entry = known.get(number);
    const isDone = entry?.revealedAt !== undefined;
    const stored = isDone ? undefined : await draws.load({ authority, number });
    if (isDone) entries.push(entry);
    else if (stored !== undefined) entries.push(entryOf(stored.draw, policyAt));
  }
  const missed = series.missed?.map(({ kind, ...one }) => ({ kind, kindName: DRAW_KIND_NAMES[kind], ...one }));
  const index = { authority, authorityName: nameOfAuthority(authority, policyAt(at)), draws: entries, ...(missed && { missed }) };
  if (entries.length > 0 || missed !== undefined) await putIfNew(files, key, before, index);
  return index;
}

/** Every authority's index, and the one of all of them. */
export async function indexDraws(deps: PublishDraws, authorities: readonly Department[], at: Instant): Promise<void> {
  const { county, files } = deps;
  const found = await Promise.all(authorities.map((authority) => indexDrawsOf(deps, authority, at)));
  const drawn = found.filter(({ draws, missed }) => draws.length > 0 || missed !== undefined);
  const whole = authorityIndex.parse({
    authorities: drawn.map(({ draws, missed: _, ...authority }) => ({
      ...authority,
      draws: draws.map(({ number, kind, period, stage, stageName }) => ({ number, kind, period, stage, stageName })),
    })),
  });
  const key = publishedKeys(county).draws;
  if (drawn.length > 0) await putIfNew(files, key, await files.read(key), whole);
}

/** Lists of items and plans that were kept and lie open nowhere yet: the file, then the index, and only then it counts as published. */
export async function publishKept(deps: PublishDraws, at: Instant): Promise<number> {
  const { files, itemLists } = deps;
  const waiting = await itemLists.unpublished(at);
  for (const one of waiting) {
    await files.put(one.key, one.body);
    await indexKept(deps, one);
    await itemLists.published(one);
  }
  return waiting.length;
}

const versioned = z.looseObject({ version: z.int() });

async function indexKept({ files, county }: PublishDraws, { kept, body }: Unpublished): Promise<void> {
  const keys = publishedKeys(county);
  if (kept.of === 'items') {
    const at = keys.itemsOf(kept.is.state.authority);
    const lies = await files.read(at);
    if (lies === undefined || versioned.parse(JSON.parse(lies)).version <= kept.is.version) await files.put(at, body);
    return;
  }
  const { authority, period } = kept.is.state;
  const key = keys.plansOf(authority);
  const before = await files.read(key);
  const plans = before === undefined ? [] : planIndex.parse(JSON.parse(before)).plans;
  const others = plans.filter((plan) => plan.period !== period || plan.version > kept.is.version);
  const isNewest = others.every((plan) => plan.period !== period);
  const own = planIndex.shape.plans.element.parse(JSON.parse(body));
  const all = [...others, ...(isNewest ? [own] : [])].sort((a, b) => (a.period < b.period ? -1 : 1));
  await putIfNew(files, key, before, { plans: all });
}
