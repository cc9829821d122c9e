/** The year's coverage (三(四)), from the records of the draws and of the visits. */
import type * as z from 'zod';
import { cursorOf, startOf } from '../../shared/data/cursor.ts';
import { type Listed, pageFrom } from '../../shared/data/standings.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { colourOfKind, type DrawKind, familyOf } from '../../shared/domain/draw-kind.ts';
import { isDrawnFrom } from '../../shared/domain/draw-pool.ts';
import type { Department, DrawPeriod } from '../../shared/domain/ids.ts';
import {
  type Coverage,
  coverageOfStratum,
  coverageOfTasks,
  gatheredCoverage,
  isStanding,
  NOTHING,
  partsOfStratum,
  sumCoverage,
  visitStateOf,
} from '../../shared/domain/inspection-coverage.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { Task } from '../../shared/domain/task.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import { townshipsOf } from '../../shared/policy/divisions.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { listNotVisited, readCoverage } from './api.ts';
import { type HasObjects, objectsIn, windowsOf } from './coverage-windows.ts';
import type { coverageOut, notVisitedOut } from './inspectors-out.ts';
import { authoritiesFor, type Keeping, nameOfIndustry } from './keeping.ts';
import { drawsOf } from './workload.ts';

export type CoverageView = z.input<typeof coverageOut>['authorities'][number];
type NotVisited = z.input<typeof notVisitedOut>;

/** A draw with its visits and what they come to, stratum by stratum. */
export interface Counted {
  readonly draw: Draw;
  readonly tasks: readonly Task[];
  readonly strata: readonly (readonly [string, Coverage])[];
  readonly total: Coverage;
}

const isOfYear = (year: string, period: DrawPeriod): boolean => period.startsWith(year);
const isRandom = (kind: DrawKind): boolean => familyOf(kind) === 'RANDOM';

export function serveCoverage(deps: Keeping) {
  const { county, tasks } = deps;

  /** The draws of a year that were not made void, by number. */
  const drawsOfYear = async (authority: Department, year: string): Promise<readonly Draw[]> => {
    const found: Draw[] = [];
    for await (const draw of drawsOf(deps, authority)) if (isOfYear(year, draw.period) && draw.stage !== 'void') found.push(draw);
    return found.sort((a, b) => a.number - b.number);
  };
  const tasksOf = async ({ authority, number }: Draw): Promise<readonly Task[]> =>
    (await tasks.ofDraw(county, authority, number)).map(({ task }) => task).sort((a, b) => (a.id < b.id ? -1 : 1));

  const count = async (draw: Draw, at: Instant): Promise<Counted> => {
    const found = await tasksOf(draw);
    const strata = draw.strata.map((stratum) => {
      const own = found.filter(({ stratum: name }) => name === stratum.name);
      return [stratum.name, coverageOfStratum(draw, stratum, own, at)] as const;
    });
    strata.push(...(await liftedIn(deps, draw)));
    return { draw, tasks: found, strata, total: strata.reduce((sum, [, each]) => sumCoverage(sum, each), NOTHING) };
  };

  const viewOf = async (
    authority: Department,
    year: string,
    at: Instant,
    policy: Policy,
    hasObjects: HasObjects,
  ): Promise<CoverageView> => {
    const all = await Promise.all((await drawsOfYear(authority, year)).map((draw) => count(draw, at)));
    const random = all.filter(({ draw }) => isRandom(draw.kind));
    const strata = random.flatMap(({ strata: own }) => own);
    const colours = gatheredCoverage(strata.map(([name, each]) => [partsOfStratum(name).colour, each]));
    const industries = gatheredCoverage(strata.map(([name, each]) => [partsOfStratum(name).industry, each]));
    const townships = gatheredCoverage(
      random.flatMap(({ draw, tasks: own }) =>
        own.filter((task) => isToldOf(task, draw)).map((task) => [task.township, coverageOfTasks([task], at)] as const),
      ),
    );
    const names = townshipsOf(county);
    return {
      authority,
      authorityName: nameOfAuthority(authority, policy),
      total: random.reduce((sum, { total }) => sumCoverage(sum, total), NOTHING),
      byColour: COLOURS.flatMap((colour) => {
        const found = colours.get(colour);
        return found === undefined ? [] : [{ colour, ...found, why: policy.randomChecks[colour].why }];
      }),
      byIndustry: [...industries]
        .sort()
        .map(([industry, found]) => ({ industry, industryName: nameOfIndustry(industry, policy), ...found })),
      byTownship: [...townships].sort().map(([township, { objects: _, gap: __, ...found }]) => ({
        township,
        townshipName: names.get(township) ?? township,
        ...found,
      })),
      windows: await windowsOf(deps, { authority, year, all, at, policy, hasObjects }),
      gaps: all.flatMap(({ draw: { number, kind, period, strata: announced } }) =>
        announced
          .filter(({ wanted, quota }) => quota < wanted)
          .map(({ name, wanted, quota }) => ({ number, kind, period, stratum: name, wanted, quota })),
      ),
    };
  };

  /** Visits that were drawn and did not find their object inspected in time, from behind a cursor on. */
  async function* notVisited(
    authorities: readonly Department[],
    year: string,
    at: Instant,
    cursor: string | undefined,
  ): AsyncGenerator<Listed<NotVisited>> {
    const { authority: from, number: behind = '0', task: last = '' } = startOf(cursor).exclusiveStartKey ?? {};
    const first = from === undefined ? 0 : authorities.map(String).indexOf(from);
    for (const authority of first < 0 ? [] : authorities.slice(first)) {
      for (const draw of await drawsOfYear(authority, year)) {
        if (authority === from && draw.number < Number(behind)) continue;
        for (const task of await tasksOf(draw)) {
          if (authority === from && draw.number === Number(behind) && task.id <= last) continue;
          const item = isToldOf(task, draw) ? notVisitedOf(task, at) : undefined;
          const key = { authority, number: String(draw.number), task: task.id };
          if (item !== undefined) yield { item, cursor: cursorOf(key).cursor ?? '' };
        }
      }
    }
  }

  return {
    async readCoverage({ query, caller, at }: Request<typeof readCoverage>) {
      const policy = policyFor(county, at);
      const asked = authoritiesFor(caller, 'ReadInspectionCoverage', query.authority, policy);
      const authorities: CoverageView[] = [];
      const hasObjects = objectsIn(deps.register);
      for (const authority of asked) authorities.push(await viewOf(authority, query.year, at, policy, hasObjects));
      return { year: query.year, at, authorities };
    },

    async listNotVisited({ query, caller, at }: Request<typeof listNotVisited>) {
      const { year, authority, colour, township, limit, cursor } = query;
      const asked = authoritiesFor(caller, 'ReadInspectionCoverage', authority, policyFor(county, at));
      return pageFrom(
        notVisited(asked, year, at, cursor),
        limit,
        (one) => (colour === undefined || one.colour === colour) && (township === undefined || one.township === township),
      );
    },
  };
}

/**
 * Objects that a draw by chance left out since they stood still, and that began again within its window: nobody was sent to them. When a
 * lifted stop would have ended is not kept, so they are no more than the draw has counted as left out.
 */
async function liftedIn(
  { stops, register }: Pick<Keeping, 'stops' | 'register'>,
  { authority, kind, leftOut, announcedAt, window }: Draw,
): Promise<readonly (readonly [string, Coverage])[]> {
  const colour = colourOfKind(kind);
  const found = new Map<string, readonly [string, Coverage]>();
  if (colour === undefined || leftOut === undefined || leftOut.suspended === 0) return [];
  for await (const { uscc, suspension } of stops()) {
    const { scope, from, lifted, approvedAt } = suspension;
    if (scope.of !== 'enterprise' || lifted === undefined || approvedAt > announcedAt || from > window.from) continue;
    if (lifted.at <= announcedAt || lifted.at >= window.until) continue;
    const owner = enterpriseOwner(creditCode(uscc));
    const stored = await register.owner(owner);
    if (stored?.enterprise === undefined || stored.overall.colour !== colour) continue;
    const { industry, supervisor } = stored.enterprise;
    if (isDrawnFrom({ owner, supervisor }, authority, kind)) found.set(uscc, [`${colour}.${industry}`, GAP]);
  }
  return [...found.values()].slice(0, leftOut.suspended);
}

const GAP: Coverage = { ...NOTHING, objects: 1, due: 1, gap: 1 };

/** Whether it tells nothing ahead: the visit was handed in, or its draw was shown. Before that nobody but the team knows of it, however late they are. */
const isToldOf = ({ inspection }: Task, { revealedAt }: Draw): boolean => inspection !== undefined || revealedAt !== undefined;

function notVisitedOf(task: Task, at: Instant): NotVisited | undefined {
  const { authority, number, kind, period, object, colour, township, inspection } = task;
  const state = visitStateOf(task, at);
  if (!isStanding(task) || state === 'inTime' || state === 'running') return undefined;
  return {
    ...{ authority, number, kind, period, object, colour, township },
    state: state === 'notInspected' ? 'not-inspected' : state,
    ...(inspection !== undefined && { outcome: inspection.outcome }),
  };
}
