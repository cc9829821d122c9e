import type { DrawFiles } from '../../shared/data/draw-files.ts';
import { publishedFolder } from '../../shared/data/draw-files.ts';
import type { DrawPage, DrawStore, StoredDraw } from '../../shared/data/draw-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { mayDo, type Operation, type Subject } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { STANDINGS, type Standing } from '../../shared/domain/colour.ts';
import { saidOf } from '../../shared/domain/draw.ts';
import { DRAW_KIND_NAMES, DRAW_KINDS, standingOfKind } from '../../shared/domain/draw-kind.ts';
import { type CountyCode, type Department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import { fileOf } from '../../shared/draw/rosters.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import { filesOf } from '../../workflows/inspection-draw/bundle-of.ts';
import type {
  readBundle as bundleRoute,
  listDraws as listRoute,
  readDraw as readRoute,
  readRefusals as refusalsRoute,
} from './api.ts';
import { lineOf, wholeOf } from './draws-out.ts';

export interface ServeDraws {
  readonly county: CountyCode;
  readonly draws: DrawStore;
  readonly files: DrawFiles;
  readonly tasks: Pick<TaskStore, 'load' | 'ofDraw'>;
  /** The policy in force at an instant. */
  readonly policyAt: (at: Instant) => Policy;
}

/** Whose a draw is: the department's, or the county government's own. */
export const subjectOf = (county: CountyCode, authority: Department): Subject =>
  authority === GOVERNMENT ? { county, isGovernments: true } : { county, owner: departmentOwner(authority) };

export function refuseUnless(county: CountyCode, caller: Caller, operation: Operation, authority: Department): void {
  if (!mayDo(caller, operation, subjectOf(county, authority)))
    throw new Problem(403, 'forbidden', '只有抽查机关的负责人或其授权人员可以这样做。', { operation });
}

/** A draw is announced to everybody: who may read draws at all may read every one. */
export async function drawAt(
  { draws }: Pick<ServeDraws, 'draws'>,
  ref: { authority: Department; number: number },
): Promise<StoredDraw> {
  const stored = await draws.load(ref);
  if (stored === undefined) throw new Problem(404, 'not-found', '没有找到这次抽查，请核对抽查机关和编号。');
  return stored;
}

/** So often is read on for one page before it is answered as it is, with the cursor to go on from. */
const MOST_READS = 20;

const malformed = () => new Problem(400, 'cursor-malformed', '翻页标记无效，请从第一页重新查询。');

/** Partition by partition: the cursor says which, and where in it. */
async function pageOf(
  { draws }: ServeDraws,
  standings: readonly Standing[],
  authority: Department | undefined,
  limit: number,
  cursor: string | undefined,
): Promise<DrawPage> {
  const [, name, rest] = cursor === undefined ? [] : (/^([A-Z]+)(?:\.(.+))?$/.exec(cursor) ?? ['', '?']);
  const standing = name === undefined ? standings[0] : standings.find((each) => each === name);
  if (standing === undefined) throw malformed();
  const page = await draws.ofStanding(standing, limit, rest, authority);
  const next = page.cursor === undefined ? standings[standings.indexOf(standing) + 1] : `${standing}.${page.cursor}`;
  return { items: page.items, ...(next !== undefined && { cursor: next }) };
}

export const listDraws =
  (deps: ServeDraws) =>
  async ({ query: { limit, cursor: from, authority, kind, stage }, at }: Request<typeof listRoute>) => {
    const standings = kind === undefined ? STANDINGS : [standingOfKind(kind)];
    const items: ReturnType<typeof lineOf>[] = [];
    let cursor = from;
    for (let reads = 0; reads < MOST_READS && items.length < limit; reads++) {
      const page = await pageOf(deps, standings, authority, limit - items.length, cursor);
      for (const stored of page.items) {
        const { draw } = stored;
        if ((kind === undefined || draw.kind === kind) && (stage === undefined || draw.stage === stage))
          items.push(lineOf(stored, at));
      }
      cursor = page.cursor;
      if (cursor === undefined) return { items };
    }
    return { items, ...(cursor !== undefined && { cursor }) };
  };

export const readDraw =
  (deps: ServeDraws) =>
  async ({ params, at }: Request<typeof readRoute>) =>
    wholeOf(await drawAt(deps, params), at);

/** What is published of a draw now. */
export const readBundle =
  (deps: ServeDraws) =>
  async ({ params }: Request<typeof bundleRoute>) => {
    const { draw } = await drawAt(deps, params);
    const isDirectoryPublic = deps.policyAt(draw.announcedAt).drawing.directory.publish === 'objects';
    const open = new Map([
      ['announcement.json', draw.announcement],
      ...(isDirectoryPublic ? [[fileOf('objects'), draw.files.objects] as const] : []),
    ]);
    const files = draw.revealedAt === undefined ? open : new Map([...open, ...filesOf(draw)]);
    const folder = publishedFolder(draw);
    const path = `/public/draws/${draw.authority}/${draw.number}`;
    return { folder, files: [...files].map(([file, sha256]) => ({ file, path: `${path}/${file}`, sha256 })) };
  };

/** Why an authority's draws could not be announced: it may name an object of the directory, so it is for those who can mend it. */
export const readRefusals =
  ({ county, draws }: ServeDraws) =>
  async ({ query: { authority }, caller }: Request<typeof refusalsRoute>) => {
    refuseUnless(county, caller, 'OpenDraw', authority);
    const { series } = await draws.series(authority);
    return {
      items: DRAW_KINDS.flatMap((kind) =>
        saidOf(series, kind).map((said) => ({ kind, kindName: DRAW_KIND_NAMES[kind], ...said })),
      ),
    };
  };
