/**
 * What a draw draws from: the objects of an authority in strata with their quotas, those who may go, and who must not go where. Made of
 * the register and the directories when the draw is frozen; the algorithm takes it from there.
 */
import type { Day } from './calendar.ts';
import { COLOURS, type Colour } from './colour.ts';
import type { Stratum } from './draw.ts';
import { colourOfKind, type DrawFamily, type DrawKind, familyOf } from './draw-kind.ts';
import { type Asking, type PoolInspector, quotasWithin, type TeamEntry } from './draw-room.ts';
import type { Department, ObjectId, TownshipCode } from './ids.ts';
import { GOVERNMENT } from './ids.ts';
import { type InspectionItem, isItemFor } from './inspection-item.ts';
import type { InspectionPlan } from './inspection-plan.ts';
import type { Inspector } from './inspector.ts';
import { AREA_INDUSTRY } from './object.ts';
import { departmentOwner, isDepartment, type Owner } from './owner.ts';
import { awayOn, perMonthOf, recusals } from './recusal.ts';

/** An object as a draw looks at it. */
export interface PoolObject {
  readonly object: ObjectId;
  readonly colour: Colour;
  /** A code of the policy's industries, or `area`. */
  readonly industry: string;
  readonly township: TownshipCode;
  readonly owner: Owner;
  /** The department that answers for it. */
  readonly supervisor?: Owner | undefined;
  readonly isKeyUnit: boolean;
  readonly hasOpenMajorHazard: boolean;
  /** What keeps it out of the draw. */
  readonly visitedInWindow: boolean;
  readonly suspended: boolean;
}

export interface QuotaRule {
  readonly kinds: readonly DrawFamily[];
  readonly colour?: Colour | undefined;
  readonly industry?: string | undefined;
  readonly township?: string | undefined;
  readonly share?: { readonly of: number; readonly in: number };
  readonly count?: number;
}

/** What a policy says of pools. */
export interface PoolRules {
  readonly inspectors: { readonly atLeast: number };
  readonly experts: { readonly kinds: readonly DrawFamily[]; readonly count: number };
  readonly quotas: { readonly rules: readonly QuotaRule[] };
  readonly weights: { readonly plain: number; readonly keyUnit: number; readonly openMajorHazard: number };
  readonly items: { readonly perTask: number };
  readonly visits: { readonly perDay: number; readonly perMonth: number };
  readonly leftOut: { readonly reasons: readonly ('visited-in-window' | 'suspended')[] };
}

/** A stratum as it is announced. */
export interface PoolStratum extends Stratum {
  /** How many items are drawn for each object; 0: all that applied when it was frozen. */
  readonly items: number;
  readonly team: readonly TeamEntry[];
}

export interface Pool {
  readonly strata: readonly PoolStratum[];
  /** For which there is no room at all: no part of the draw, and shown beside it with what the policy asks. */
  readonly unserved: readonly PoolStratum[];
  readonly objects: readonly {
    readonly stratum: string;
    readonly object: ObjectId;
    readonly weight: number;
    readonly skill: string | null;
  }[];
  readonly inspectors: readonly PoolInspector[];
  readonly recusals: readonly { readonly inspector: string; readonly object: ObjectId }[];
  readonly items: readonly { readonly stratum: string; readonly item: string }[];
  readonly leftOut: { readonly visited: number; readonly suspended: number };
}

export interface Pooling {
  readonly authority: Department;
  readonly kind: DrawKind;
  /** Those of the authority's colour; what is not its own is passed over here. */
  readonly objects: readonly PoolObject[];
  readonly inspectors: readonly Inspector[];
  /** The days of the window on which an inspector is sent somewhere already, a day once for each visit. */
  readonly sentOn: (inspector: Inspector) => readonly Day[];
  /** Visits of the window that draws announced before and not drawn will ask of him. */
  readonly promised: (inspector: Inspector) => number;
  readonly days: readonly Day[];
  /** How many months the window has. */
  readonly months: number;
  readonly items: readonly InspectionItem[];
  readonly plan?: InspectionPlan | undefined;
}

/**
 * Whether an object is in the draws of an authority. A department's are those that it supervises or owns; the government supervises all,
 * and draws by chance those that no department answers for.
 */
export function isDrawnFrom(
  { supervisor, owner }: Pick<PoolObject, 'supervisor' | 'owner'>,
  authority: Department,
  kind: DrawKind,
): boolean {
  const answering = supervisor ?? owner;
  if (authority !== GOVERNMENT) return answering === departmentOwner(authority);
  return familyOf(kind) !== 'RANDOM' || !isDepartment(answering);
}

const isPlanned = ({ industry, township }: PoolObject, plan: InspectionPlan | undefined): boolean =>
  plan === undefined ||
  ((plan.industries.length === 0 || plan.industries.includes(industry)) &&
    (plan.townships.length === 0 || plan.townships.includes(township)));

/** The rule that holds: of those that fit the last. */
const ruleFor = (object: PoolObject, family: DrawFamily, rules: readonly QuotaRule[]): QuotaRule | undefined =>
  rules.findLast(
    ({ kinds, colour, industry, township }) =>
      kinds.includes(family) &&
      (colour === undefined || colour === object.colour) &&
      (industry === undefined || industry === object.industry) &&
      (township === undefined || township === object.township),
  );

/** `RED.hazardous-chemicals`; with the township where its rule is that township's alone. */
const stratumOf = ({ colour, industry, township }: PoolObject, rule: QuotaRule | undefined): string =>
  [colour, industry, ...(rule?.township === undefined ? [] : [township])].join('.');

/** What a rule asks of so many objects: a share rounded up, at least one, never more than there are. */
export function wantedOf(rule: QuotaRule | undefined, objects: number): number {
  if (rule?.count !== undefined) return Math.min(objects, rule.count);
  const { of, in: whole } = rule?.share ?? { of: 1, in: 1 };
  const share = (BigInt(objects) * BigInt(of) + BigInt(whole) - 1n) / BigInt(whole);
  return Math.min(objects, Math.max(1, Number(share)));
}

const weightOf = (object: PoolObject, family: DrawFamily, { plain, keyUnit, openMajorHazard }: PoolRules['weights']): number =>
  family === 'RANDOM' ? plain : Math.max(plain, object.isKeyUnit ? keyUnit : 0, object.hasOpenMajorHazard ? openMajorHazard : 0);

/** An area asks for no skill of an industry. */
const skillOf = ({ industry }: PoolObject): string | null => (industry === AREA_INDUSTRY ? null : industry);

/** Whether an authority may send an inspector at all: a department its own, the government everybody. */
export const isSentBy = ({ retired, content }: Pick<Inspector, 'retired' | 'content'>, authority: Department): boolean =>
  retired === undefined && (authority === GOVERNMENT || content.authority === authority);

const MOST_CAPACITY = 10_000;

/**
 * Who may go, with how often in the window: by the month, by the days on which he is there, less what he is sent to already. A day that
 * other draws have filled is one on which he is away.
 */
function inspectorsOf(
  { authority, inspectors, sentOn, promised, days, months }: Pooling,
  { visits }: PoolRules,
): readonly PoolInspector[] {
  const going = inspectors.filter((one) => isSentBy(one, authority));
  return going.map((inspector) => {
    const sent = sentOn(inspector);
    const taken = new Map<Day, number>();
    for (const day of sent) taken.set(day, (taken.get(day) ?? 0) + 1);
    const away = new Set(awayOn(inspector, days));
    const leftOn = (day: Day): number => (away.has(day) ? 0 : Math.max(0, visits.perDay - (taken.get(day) ?? 0)));
    const most = Math.min(
      perMonthOf(inspector, visits.perMonth) * months - sent.length,
      days.reduce((sum, day) => sum + leftOn(day), 0),
      MOST_CAPACITY,
    );
    const { role, skills } = inspector.content;
    return {
      inspector: inspector.id,
      role,
      capacity: Math.max(0, most - Math.ceil(promised(inspector))),
      skills: skills.includes('*') ? '*' : [...skills].sort(),
      absent: days.filter((day) => leftOn(day) === 0),
    };
  });
}

const precedence = (stratum: string): number => COLOURS.findIndex((colour) => stratum.startsWith(`${colour}.`));

/** The pool of a draw. Neither strata nor unserved ones: there is nothing to draw. */
export function poolOf(pooling: Pooling, rules: PoolRules): Pool {
  const { authority, kind, plan, items } = pooling;
  const family = familyOf(kind);
  const colour = colourOfKind(kind);
  const leftOut = { visited: 0, suspended: 0 };
  const byStratum = new Map<string, { rule: QuotaRule | undefined; industry: string; members: PoolObject[] }>();
  for (const object of pooling.objects) {
    if (!isDrawnFrom(object, authority, kind) || !isPlanned(object, plan) || (colour !== undefined && object.colour !== colour))
      continue;
    if (object.visitedInWindow && rules.leftOut.reasons.includes('visited-in-window')) leftOut.visited++;
    else if (object.suspended && rules.leftOut.reasons.includes('suspended')) leftOut.suspended++;
    else {
      const rule = ruleFor(object, family, rules.quotas.rules);
      const name = stratumOf(object, rule);
      const stratum = byStratum.get(name);
      if (stratum === undefined) byStratum.set(name, { rule, industry: object.industry, members: [object] });
      else stratum.members.push(object);
    }
  }

  const inspectors = inspectorsOf(pooling, rules);
  const team: readonly TeamEntry[] = [
    { role: 'enforcer', count: rules.inspectors.atLeast },
    ...(rules.experts.kinds.includes(family) ? [{ role: 'expert' as const, count: rules.experts.count }] : []),
  ];
  const names = [...byStratum.keys()].sort((a, b) => precedence(a) - precedence(b) || (a < b ? -1 : 1));
  const asking = names.flatMap((name): Asking[] => {
    const { rule, members } = byStratum.get(name) ?? { rule: undefined, members: [] };
    const [first] = members;
    if (first === undefined) return [];
    return [{ name, skill: skillOf(first), wanted: wantedOf(rule, members.length), precedence: precedence(name) }];
  });
  const quotas = quotasWithin(inspectors, team, asking);
  const strata: PoolStratum[] = [];
  const unserved: PoolStratum[] = [];
  const itemLines: Pool['items'][number][] = [];
  for (const { name, wanted } of asking) {
    const stratum = byStratum.get(name);
    if (stratum === undefined) continue;
    const { industry, members } = stratum;
    const applying = items.filter((item) => isItemFor(item, family, industry));
    const drawn = applying.length > rules.items.perTask ? rules.items.perTask : 0;
    const quota = quotas.get(name) ?? 0;
    const one = { name, objects: members.length, quota, wanted, items: drawn, team };
    if (quota === 0) unserved.push(one);
    else {
      strata.push(one);
      itemLines.push(...applying.map(({ no }) => ({ stratum: name, item: no })));
    }
  }

  const away = recusals(pooling.inspectors);
  const going = new Set(inspectors.map(({ inspector }) => inspector));
  const served = strata.map(({ name }) => name);
  const objects = served.flatMap((name) =>
    (byStratum.get(name)?.members ?? []).map((object) => ({
      stratum: name,
      object: object.object,
      weight: weightOf(object, family, rules.weights),
      skill: skillOf(object),
    })),
  );
  const kept = served.flatMap((name) => byStratum.get(name)?.members ?? []);
  const recused = kept.flatMap((object) =>
    away(object)
      .filter((id) => going.has(id))
      .map((inspector) => ({ inspector, object: object.object })),
  );
  return { strata, unserved, objects, inspectors, recusals: recused, items: itemLines, leftOut };
}
