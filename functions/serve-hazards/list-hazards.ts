import type * as z from 'zod';
import type { HazardPage } from '../../shared/data/hazard-store.ts';
import { mayDo } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { type Hazard, levelOf } from '../../shared/domain/hazard.ts';
import { overdueAt } from '../../shared/domain/hazard-deadlines.ts';
import { enterpriseOf } from '../../shared/domain/owner.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listHazards as route } from './api.ts';
import type { ServeHazards } from './serve-hazards.ts';
import { subjectsFor } from './subjects.ts';
import { lineOf } from './views.ts';

type Query = Request<typeof route>['query'];
type Read = (limit: number, cursor: string | undefined) => Promise<HazardPage>;

/** So often is read on for one page before it is answered as it is, with the cursor to go on from. */
const MOST_READS = 20;

/** Cases that were ended, colour by colour: the cursor says which colour and where in it. */
const endedCases =
  ({ hazards, county }: ServeHazards): Read =>
  async (limit, cursor) => {
    const [, name, rest] = cursor === undefined ? [] : (/^([A-Z]+)(?:\.(.+))?$/.exec(cursor) ?? ['', 'NONE']);
    const colour = name === undefined ? COLOURS[0] : COLOURS.find((each) => each === name);
    if (colour === undefined) throw new Problem(400, 'cursor-malformed', '翻页标记无效，请从第一页重新查询。');
    const page = await hazards.ofColour(county, colour, limit, rest);
    const next = page.cursor === undefined ? COLOURS[COLOURS.indexOf(colour) + 1] : `${colour}.${page.cursor}`;
    return { items: page.items, ...(next !== undefined && { cursor: next }) };
  };

function isWanted(hazard: Hazard, { stage, level, overdue }: Query, at: Instant): boolean {
  if (stage !== undefined && hazard.stage !== stage) return false;
  if (level !== undefined && levelOf(hazard) !== level) return false;
  return overdue === undefined || (overdueAt(hazard, at) !== undefined) === (overdue === 'true');
}

/** Where to read: the cases of an enterprise or of an owner's public areas, the county's open ones by their urgency, or its ended ones. */
async function sourceOf(deps: ServeHazards, caller: Caller, { enterprise, areasOf, stage }: Query): Promise<Read> {
  if (areasOf !== undefined) {
    if (enterprise !== undefined) throw new Problem(422, 'enterprise-or-area', '企业和公共区域的责任单位只能写一个。');
    return (limit, cursor) => deps.hazards.ofOwner(areasOf, limit, cursor);
  }
  if (enterprise !== undefined || (caller.owner !== undefined && enterpriseOf(caller.owner) !== undefined)) {
    const { owner } = await enterpriseFor(deps.register, deps.county, caller, 'ReadHazard', enterprise);
    return (limit, cursor) => deps.hazards.ofOwner(owner, limit, cursor);
  }
  if (stage === 'closed' || stage === 'withdrawn') return endedCases(deps);
  return (limit, cursor) => deps.hazards.openByDeadline(deps.county, limit, cursor);
}

/**
 * A page of what the caller may see. What he may not see, or did not ask for, is passed over; a read never goes further than the page
 * has room for, so the cursor stands exactly behind what was answered.
 */
export const listHazards =
  (deps: ServeHazards) =>
  async ({ query, caller, at }: Request<typeof route>): Promise<z.input<typeof route.output>> => {
    const read = await sourceOf(deps, caller, query);
    const subjectsOf = subjectsFor(deps.register, caller);
    const items: z.input<typeof route.output>['items'] = [];
    let cursor = query.cursor;
    for (let reads = 0; reads < MOST_READS && items.length < query.limit; reads++) {
      const page = await read(query.limit - items.length, cursor);
      const wanted = page.items.filter(({ hazard }) => isWanted(hazard, query, at));
      const subjectOf = await subjectsOf(wanted.map(({ hazard }) => hazard));
      for (const { hazard, version } of wanted) {
        if (mayDo(caller, 'ReadHazard', subjectOf(hazard))) items.push(lineOf(hazard, version, at));
      }
      cursor = page.cursor;
      if (cursor === undefined) return { items };
    }
    return { items, ...(cursor !== undefined && { cursor }) };
  };
