/**
 * What is owed in a case and until when. A deadline is stored with its reason; it is missed the moment it passes, and from then on
 * told up the ladder of the policy until the thing is done. The miss itself stays visible until the case is closed.
 */
import { type Instant, instant, plusMs } from './calendar.ts';
import type { Role } from './caller.ts';
import { type Hazard, isOpen, type OrderKind, type PlanPart, type Stage } from './hazard.ts';
import { type Limit, limitEnds, limitMs } from './limit.ts';
import type { Why } from './why.ts';

export const OBLIGATION_KINDS = [
  'verify',
  'report',
  'plan',
  'plan-review',
  'rectify',
  'accept',
  'resume',
  'extension',
  'withdrawal',
  'evacuation',
  'progress',
] as const;
export type ObligationKind = (typeof OBLIGATION_KINDS)[number];

export interface Obligation {
  readonly kind: ObligationKind;
  /** The first instant that is too late. */
  readonly due: Instant;
  readonly why: Why;
  /** Since it was missed: how many steps of the ladder were told, when the next one comes, whether it has come and is not yet told. */
  readonly missed?: { readonly steps: number; readonly next: Instant; readonly pending: boolean };
}

/** The stage's own obligation, which names its deadline; the others run beside it. */
export const STAGE_OBLIGATION: Readonly<Record<Stage, ObligationKind | undefined>> = {
  registered: 'verify',
  'awaiting-plan': 'plan',
  'awaiting-plan-review': 'plan-review',
  rectifying: 'rectify',
  'awaiting-acceptance': 'accept',
  'awaiting-resumption': 'resume',
  closed: undefined,
  withdrawn: undefined,
};

interface Timed {
  readonly limit: Limit;
  readonly why: Why;
}
interface Rectify extends Timed {
  readonly longest: Limit;
}
interface Extension {
  readonly askedBefore: Limit;
  readonly answeredWithin: Limit;
  readonly times: number;
  readonly longest: Limit;
  readonly why: Why;
}
export interface Ladder {
  readonly levels: readonly { readonly after: Limit; readonly roles: readonly Role[] }[];
  readonly thenEvery: Limit;
  readonly why: Why;
}

/** What the policy says of hazards (`Policy['hazards']`). No number of it is written in the domain. */
export interface HazardRules {
  readonly onTheSpot: Timed;
  readonly general: {
    readonly verify: Timed;
    readonly rectify: Rectify;
    readonly accept: Timed;
    readonly again: Timed;
    readonly extension: Extension;
  };
  readonly major: {
    readonly verify: Timed;
    readonly report: Timed;
    readonly plan: Timed;
    readonly planReview: Timed;
    readonly planAgain: Timed;
    readonly rectify: Rectify;
    readonly accept: Timed;
    readonly again: Timed;
    readonly extension: Extension;
    readonly progress: { readonly every: Limit; readonly why: Why };
    readonly evacuation: Timed;
    readonly resume: Timed;
    readonly orders: { readonly values: Readonly<Record<OrderKind, string>> };
    readonly criteria: { readonly values: Readonly<Record<string, string>> };
  };
  readonly sixParts: { readonly required: boolean; readonly values: Readonly<Record<PlanPart, string>> };
  readonly withdrawal: Timed;
  readonly reopening: Timed;
  readonly escalation: { readonly general: Ladder; readonly major: Ladder };
}

/** What of it a report asks: by when the hazard is verified and graded. */
export type ReportRules = { readonly [Level in 'general' | 'major']: Pick<HazardRules[Level], 'verify'> };

/** An obligation that begins at an instant. */
export const owed = (kind: ObligationKind, from: Instant, { limit, why }: Timed): Obligation => ({
  kind,
  due: limitEnds(from, limit),
  why,
});

/** Where no deadline runs: a stopped enterprise that has not applied to resume may take its time. */
export const NO_DEADLINE: Instant = instant('9999-12-31T00:00:00.000Z');

const earliest = (instants: readonly Instant[]): Instant => [...instants].sort()[0] ?? NO_DEADLINE;

/** When the case next needs looking at: the first deadline to come, or the next step of the ladder for one that was missed. */
export const attentionAt = (hazard: Hazard): Instant =>
  earliest(hazard.obligations.map(({ due, missed }) => missed?.next ?? due));

/** The deadline of the stage, with its reason. */
export const stageDeadline = (hazard: Hazard): Obligation | undefined =>
  hazard.obligations.find(({ kind }) => kind === STAGE_OBLIGATION[hazard.stage]);

export interface Overdue {
  /** The earliest deadline that was missed and is not met; where all are met by now, the earliest that was missed. */
  readonly since: Instant;
  /** The most steps of the ladder that were told. */
  readonly steps: number;
  /** A step has come and was not told yet: somebody has to run `Escalate`. */
  readonly pending: boolean;
  /** When the last of it was done after all. */
  readonly met?: Instant;
}

/** Whether something is overdue at an instant, also where no sweep has noted it yet. What was done late stays so until the case ends. */
export function overdueAt(hazard: Hazard, at: Instant): Overdue | undefined {
  if (!isOpen(hazard)) return undefined;
  const late = hazard.obligations.filter(({ due, missed }) => missed !== undefined || due <= at);
  if (late.length === 0) return doneLate(hazard);
  return {
    since: earliest(late.map(({ due }) => due)),
    steps: Math.max(...late.map(({ missed }) => missed?.steps ?? 0)),
    pending: late.some(({ missed }) => missed?.pending === true),
  };
}

/** What was missed since the case was opened, or opened again, and is done by now. */
function doneLate({ missed, closings }: Hazard): Overdue | undefined {
  const before = closings.at(-1)?.at;
  const late = missed.filter(({ due }) => before === undefined || due > before);
  const met = late
    .flatMap((miss) => miss.met ?? [])
    .sort()
    .at(-1);
  if (met === undefined) return undefined;
  return {
    since: earliest(late.map(({ due }) => due)),
    steps: Math.max(...late.map(({ steps }) => steps ?? 0)),
    pending: false,
    met,
  };
}

/** Whether the record says that a step of the ladder waits to be told. */
export const awaitsEscalation = (hazard: Hazard): boolean => hazard.obligations.some(({ missed }) => missed?.pending === true);

/** What a wait in `stage` has come to, as the record says; `undefined` while nothing has happened that ends it. */
export function outcomeOf(hazard: Hazard, stage: Stage): { readonly stage: Stage; readonly overdue?: true } | undefined {
  if (hazard.stage !== stage) return { stage: hazard.stage };
  return awaitsEscalation(hazard) ? { stage, overdue: true } : undefined;
}

/** Step `step` of a ladder, counted from 1: whom it tells. After the last step its people are told again and again. */
export const rolesOfStep = ({ levels }: Ladder, step: number): readonly Role[] =>
  levels[Math.min(step, levels.length) - 1]?.roles ?? [];

/** When step `step` comes for a deadline that was `due`. */
export function stepAt({ levels, thenEvery }: Ladder, due: Instant, step: number): Instant {
  const after = levels[Math.min(step, levels.length) - 1]?.after;
  const repeats = Math.max(0, step - levels.length);
  return plusMs(due, (after === undefined ? 0 : limitMs(after)) + repeats * limitMs(thenEvery));
}
