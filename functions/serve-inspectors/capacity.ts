/** Whether the inspectors of a county are enough for a quarter, asked of the register and the directories as they are now. */
import type * as z from 'zod';
import { type DrawableObject, drawableObjects } from '../../shared/data/drawable-objects.ts';
import { type Cadence, type Instant, instant, periodAt, plusDays, type Window, windowOf } from '../../shared/domain/calendar.ts';
import { type Bottleneck, capacityOf, type VisitsDue } from '../../shared/domain/capacity.ts';
import { visitDays } from '../../shared/domain/draw-calendar.ts';
import {
  cadenceOfKind,
  DRAW_KIND_NAMES,
  DRAW_KINDS,
  type DrawKind,
  drawPeriodName,
  isDrawnBy,
} from '../../shared/domain/draw-kind.ts';
import { isDrawnFrom, poolOf } from '../../shared/domain/draw-pool.ts';
import { type Department, type DrawPeriod, department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { partsOfStratum } from '../../shared/domain/inspection-coverage.ts';
import type { InspectionPlan } from '../../shared/domain/inspection-plan.ts';
import type { Inspector, InspectorRole } from '../../shared/domain/inspector.ts';
import { AREA_INDUSTRY } from '../../shared/domain/object.ts';
import { awayOn, perMonthOf, recusals } from '../../shared/domain/recusal.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readCapacity } from './api.ts';
import type { capacityOut } from './inspectors-out.ts';
import { authoritiesFor, type Keeping, nameOfIndustry } from './keeping.ts';

type CapacityView = z.input<typeof capacityOut>['authorities'][number];
type BottleneckView = CapacityView['bottlenecks'][number];

/** One stratum of a draw that the calendar has in the quarter. */
interface Due extends VisitsDue {
  readonly authority: Department;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly until: Instant;
  readonly stratum: string;
  readonly objects: number;
}

const ROLE_NAMES: Readonly<Record<InspectorRole, string>> = { enforcer: '执法人员', expert: '专家' };

const quarterWindow = (quarter: string): Window => {
  const [year = '', number = '1'] = quarter.split('-Q');
  const first = String(Number(number) * 3 - 2).padStart(2, '0');
  return windowOf('quarter', periodAt('quarter', instant(`${year}-${first}-01T00:00:00+08:00`)));
};

/** The periods of a cadence that lie in a window, or reach into it. */
const periodsIn = (cadence: Cadence, { from, until }: Window): readonly number[] => {
  const [first, last] = [periodAt(cadence, from), periodAt(cadence, plusDays(until, -1))];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
};

const monthsIn = (window: Window): readonly string[] => periodsIn('month', window).map((month) => drawPeriodName('month', month));

const mayGo =
  (authority: Department) =>
  ({ content }: Inspector): boolean =>
    authority === GOVERNMENT || content.authority === authority;

export function serveCapacity(deps: Keeping) {
  const { county, inspectors, lists, register } = deps;

  /** Everything that the calendar has in the quarter; the window that ends first, first, as the draws themselves come. */
  const duesIn = async (quarter: Window, objects: readonly DrawableObject[], policy: Policy): Promise<readonly Due[]> => {
    const { drawing, randomChecks, supervision } = policy;
    const all = [GOVERNMENT, ...Object.keys(policy.departments.values).map(department)];
    const found = all.map(async (authority) => {
      const dues: Due[] = [];
      for (const kind of DRAW_KINDS.filter((each) => isDrawnBy(each, authority))) {
        const own = objects.filter((object) => isDrawnFrom(object, authority, kind));
        if (own.length === 0) continue;
        const cadence = cadenceOfKind(kind, { randomChecks, supervision });
        for (const number of periodsIn(cadence, quarter)) {
          const period = drawPeriodName(cadence, number);
          const plan = kind.startsWith('RANDOM') ? undefined : (await lists.plan(authority, period))?.state;
          if ((kind === 'SPECIAL' || kind === 'EXPERT') && (plan?.kind ?? 'SPECIAL') !== kind) continue;
          dues.push(...stratumDues({ authority, kind, period, window: windowOf(cadence, number), plan, objects: own }, drawing));
        }
      }
      return dues;
    });
    return (await Promise.all(found)).flat().sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
  };

  return {
    async readCapacity({ query, caller, at }: Request<typeof readCapacity>) {
      const policy = policyFor(county, at);
      const asked = authoritiesFor(caller, 'ReadCapacity', query.authority, policy);
      const quarter = quarterWindow(query.quarter);
      const objects: DrawableObject[] = [];
      for await (const object of drawableObjects(register)) objects.push(object);
      const everybody: Inspector[] = [];
      for await (const { item } of inspectors.eachFrom()) {
        if (item.inspector.retired === undefined) everybody.push(item.inspector);
      }
      const dues = await duesIn(quarter, objects, policy);
      const capacity = capacityOf(dues, everybody, monthsIn(quarter), policy.drawing.visits);
      const authorities = asked.map((authority): CapacityView => {
        const all = capacity.dues.filter(({ due }) => due.authority === authority);
        const own = all.filter(({ visits }) => visits > 0);
        const those = everybody.filter(mayGo(authority));
        const short = shortagesOf(capacity.bottlenecks, authority, those);
        const [visits, feasible] = [
          own.reduce((sum, one) => sum + one.visits, 0),
          own.reduce((sum, one) => sum + one.feasible, 0),
        ];
        const refused = [
          ...unstaffedTexts(
            all.flatMap(({ due, visits }) => (visits === 0 ? [due] : [])),
            those,
            policy,
          ),
          ...recusedTexts(
            objects,
            authority,
            those,
            all.map(({ due }) => due),
            policy,
          ),
        ];
        return {
          authority,
          authorityName: nameOfAuthority(authority, policy),
          inspectors: those.length,
          visits,
          feasible,
          isEnough: visits === feasible && refused.length === 0,
          demands: own.map(({ due, ...counted }) => ({ ...demandOf(due, policy), objects: due.objects, ...counted })),
          bottlenecks: short.map(({ isShared: _, ...bottleneck }) => bottleneck),
          says: [...short.map((each) => shortageText(each, policy)), ...refused, ...expiringTexts(those, quarter)],
          why: [policy.drawing.visits.why, policy.drawing.inspectors.why, policy.drawing.quotas.why],
        };
      });
      return { quarter: query.quarter, authorities };
    },
  };
}

interface Drawing {
  readonly authority: Department;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly window: Window;
  readonly plan: InspectionPlan | undefined;
  readonly objects: readonly DrawableObject[];
}

/** The strata of a draw as it would be announced, with what the policy asks of each; who could go is asked afterwards. */
function stratumDues({ authority, kind, period, window, plan, objects }: Drawing, drawing: Policy['drawing']): readonly Due[] {
  const days = visitDays(plusDays(window.from, -1), window, drawing.visits.weekdays);
  const plain = { isKeyUnit: false, hasOpenMajorHazard: false, visitedInWindow: false, suspended: false };
  const pooling = {
    ...{ authority, kind, plan, days, objects: objects.map((object) => ({ ...object, ...plain })) },
    ...{ inspectors: [], sentOn: () => [], promised: () => 0, months: 1, items: [] },
  };
  return poolOf(pooling, drawing).unserved.map(({ name, objects, wanted, team }) => {
    const { industry } = partsOfStratum(name);
    const skill = industry === AREA_INDUSTRY ? null : industry;
    const until = window.until;
    return { authority, kind, period, until, stratum: name, objects, visits: wanted, team, skill, days, mayGo: mayGo(authority) };
  });
}

function demandOf({ kind, period, stratum }: Due, policy: Policy) {
  const { colour, industry } = partsOfStratum(stratum);
  return {
    kind,
    kindName: DRAW_KIND_NAMES[kind],
    period,
    ...(colour !== undefined && { colour }),
    industry,
    industryName: nameOfIndustry(industry, policy),
  };
}

const industriesOf = (dues: readonly Due[], authority: Department): string[] => [
  ...new Set(dues.filter((due) => due.authority === authority).map(({ stratum }) => partsOfStratum(stratum).industry)),
];

/** A shortage as an authority is told of it: the same in several months is one. */
interface Short extends BottleneckView {
  /** It competes with others for the same inspectors. */
  readonly isShared: boolean;
}

/** Of the inspectors those that are the authority's to know. */
function shortagesOf(all: readonly Bottleneck<Due>[], authority: Department, those: readonly Inspector[]): readonly Short[] {
  const known = new Set(those.map(({ id }) => id));
  const merged = new Map<string, Short>();
  for (const { role, month, dues, inspectors, needed, available, isOfDays } of all) {
    if (!dues.some((due) => due.authority === authority)) continue;
    const said = {
      ...{ role, isOfDays },
      industries: industriesOf(dues, authority),
      inspectors: inspectors.filter((id) => known.has(id)),
      isShared: dues.some((due) => due.authority !== authority),
    };
    const before = merged.get(JSON.stringify(said));
    merged.set(JSON.stringify(said), {
      ...said,
      months: [...new Set([...(before?.months ?? []), month])],
      needed: (before?.needed ?? 0) + needed,
      available: (before?.available ?? 0) + available,
    });
  }
  return [...merged.values()];
}

function shortageText(short: Short, policy: Policy): string {
  const { role, months, needed, available, industries, inspectors, isShared, isOfDays } = short;
  const what = industries.map((industry) => nameOfIndustry(industry, policy)).join('、');
  const shared = isShared ? '（与其他部门、安委办的抽查合计）' : '';
  if (isOfDays && inspectors.length > 0) {
    return `${months.join('、')} ${what}的检查须${ROLE_NAMES[role]} ${needed} 人次与同组人员同日前往，共同在岗的日子最多能派 ${available} 人次：请错开请假、更换到期证件，或增加具备这些行业资质的人员。`;
  }
  const who = inspectors.length === 0 ? `没有能检查的${ROLE_NAMES[role]}` : `能检查的${ROLE_NAMES[role]} ${inspectors.length} 人`;
  return `${months.join('、')} ${what}的检查${shared}需要${ROLE_NAMES[role]} ${needed} 人次，${who}，最多 ${available} 人次，缺 ${needed - available} 人次：请在名录中增加具备这些行业资质的${ROLE_NAMES[role]}，或提高其每月数量、调整请假、更换到期证件；仍不够的，抽查只按检查力量抽取，差额在覆盖情况中列为缺口。`;
}

/** Those of a role who could go somewhere in the window: who has no month and no day for it has no place in the draw. */
const ableFor = (
  { days }: Due,
  those: readonly Inspector[],
  role: InspectorRole,
  industry: string,
  { drawing: { visits } }: Policy,
): readonly Inspector[] =>
  those.filter(
    (one) =>
      one.content.role === role &&
      isSkilled(one.content, industry) &&
      perMonthOf(one, visits.perMonth) > 0 &&
      awayOn(one, days).length < days.length,
  );

/** Strata that no team could ever go to, of which no visit falls into the quarter: a draw could not serve them, or nobody. */
function unstaffedTexts(dues: readonly Due[], those: readonly Inspector[], policy: Policy): string[] {
  return dues.flatMap((due) => {
    const { industry } = partsOfStratum(due.stratum);
    return due.team.flatMap(({ role, count }) => {
      const able = ableFor(due, those, role, industry, policy).length;
      if (able >= count) return [];
      return `${due.period} ${nameOfIndustry(industry, policy)}只有 ${able} 名${ROLE_NAMES[role]}能去，至少要 ${count} 名：请增加人员，否则这一期不抽取，记为缺口。`;
    });
  });
}

/** Objects that no team could ever go to, because too many keep away: the freezing would refuse the whole draw. */
function recusedTexts(
  objects: readonly DrawableObject[],
  authority: Department,
  those: readonly Inspector[],
  dues: readonly Due[],
  policy: Policy,
): string[] {
  const awayFrom = recusals(those);
  return objects.flatMap((object) => {
    const away = awayFrom(object);
    if (away.length === 0) return [];
    const { industry, colour } = object;
    const coming = dues.filter(({ kind, stratum }) => {
      const parts = partsOfStratum(stratum);
      return isDrawnFrom(object, authority, kind) && parts.industry === industry && parts.colour === colour;
    });
    const texts = coming.flatMap((due) =>
      due.team.flatMap(({ role, count }) => {
        const able = ableFor(due, those, role, industry, policy).filter(({ id }) => !away.includes(id)).length;
        if (able >= count) return [];
        return `${object.object} 回避后只有 ${able} 名${ROLE_NAMES[role]}能去，至少要 ${count} 名：请增加能检查${nameOfIndustry(industry, policy)}的人员，否则抽查无法公告。`;
      }),
    );
    return [...new Set(texts)];
  });
}

const isSkilled = ({ skills }: Inspector['content'], industry: string): boolean =>
  industry === AREA_INDUSTRY || skills.includes('*') || skills.includes(industry);

const expiringTexts = (those: readonly Inspector[], { until }: Window): string[] =>
  those.flatMap(({ id, content: { certificate } }) =>
    instant(`${certificate.until}T23:59:59+08:00`) < until
      ? [`${id} 的证件 ${certificate.until} 到期，此后不再派员：请换证后修改有效期。`]
      : [],
  );
