/** The windows of a year in which an authority had to draw, also those in which it did not. */
import { type DrawableObject, drawableObjects } from '../../shared/data/drawable-objects.ts';
import { type Instant, instant, periodAt, startOfDay, windowOf } from '../../shared/domain/calendar.ts';
import { saidOf } from '../../shared/domain/draw.ts';
import {
  cadenceOfKind,
  colourOfKind,
  DRAW_KIND_NAMES,
  DRAW_KINDS,
  type DrawKind,
  drawPeriodName,
  isDrawnBy,
} from '../../shared/domain/draw-kind.ts';
import { isDrawnFrom } from '../../shared/domain/draw-pool.ts';
import type { Department, DrawPeriod } from '../../shared/domain/ids.ts';
import { NOTHING } from '../../shared/domain/inspection-coverage.ts';
import { type Policy, policiesOf } from '../../shared/policy/load.ts';
import type { Counted, CoverageView } from './coverage.ts';
import type { Keeping } from './keeping.ts';

/** Whether the register has anything that an authority would draw by a kind. */
export type HasObjects = (authority: Department, kind: DrawKind) => Promise<boolean>;

/** Reads the register only as far as it is asked, and once. */
export function objectsIn(register: Keeping['register']): HasObjects {
  const objects = drawableObjects(register);
  const met: DrawableObject[] = [];
  const kept = new Set<string>();
  const isOf =
    (authority: Department, kind: DrawKind) =>
    (object: DrawableObject): boolean => {
      const colour = colourOfKind(kind);
      return (colour === undefined || colour === object.colour) && isDrawnFrom(object, authority, kind);
    };
  return async (authority, kind) => {
    const isWanted = isOf(authority, kind);
    if (met.some(isWanted)) return true;
    for (;;) {
      const { value, done } = await objects.next();
      if (done === true) return false;
      // One of each colour and department says all that is asked.
      const same = `${value.colour} ${value.supervisor ?? value.owner}`;
      if (kept.has(same)) continue;
      kept.add(same);
      met.push(value);
      if (isWanted(value)) return true;
    }
  };
}

interface Asked {
  readonly authority: Department;
  readonly year: string;
  readonly all: readonly Counted[];
  readonly at: Instant;
  readonly policy: Policy;
  readonly hasObjects: HasObjects;
}

/** Every window that has begun since the county began and for which there are objects, and every one that was drawn for. */
export async function windowsOf(
  { county, lists, draws }: Keeping,
  { authority, year, all, at, policy, hasObjects }: Asked,
): Promise<CoverageView['windows']> {
  const begin = instant(`${year}-01-01T00:00:00+08:00`);
  const whole = windowOf('year', periodAt('year', begin));
  const since = startOfDay(policiesOf(county).since);
  const { series } = await draws.series(authority);
  /** A department's month is one of two kinds, as its plan says. */
  const isOtherKind = async (kind: DrawKind, period: DrawPeriod): Promise<boolean> => {
    if (kind !== 'SPECIAL' && kind !== 'EXPERT') return false;
    if (all.some(({ draw }) => draw.period === period && (draw.kind === 'SPECIAL' || draw.kind === 'EXPERT'))) return true;
    return ((await lists.plan(authority, period))?.state.kind ?? 'SPECIAL') !== kind;
  };
  const found: CoverageView['windows'] = [];
  for (const kind of DRAW_KINDS.filter((each) => isDrawnBy(each, authority))) {
    const cadence = cadenceOfKind(kind, policy);
    for (let number = periodAt(cadence, begin); windowOf(cadence, number).from < whole.until; number++) {
      const period = drawPeriodName(cadence, number);
      const { from, until } = windowOf(cadence, number);
      const row = { kind, kindName: DRAW_KIND_NAMES[kind], period, isRunning: until > at };
      const held = all.find(({ draw }) => draw.kind === kind && draw.period === period);
      if (held !== undefined) {
        found.push({ ...row, number: held.draw.number, ...held.total });
        continue;
      }
      if (from > at || from < since || (await isOtherKind(kind, period))) continue;
      if (!(await hasObjects(authority, kind))) continue;
      const said = saidOf(series, kind).find((one) => one.period === period);
      found.push({ ...row, ...NOTHING, says: said?.says ?? '这一周期没有进行抽查；按现有名册，本部门有应抽查的对象。' });
    }
  }
  return found;
}
