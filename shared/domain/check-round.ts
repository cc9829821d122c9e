/**
 * A round of checks: what one person found at many risk points, submitted together (policy 二(五)). One event for each duty page it
 * touches says everything that was claimed, when it was received, and what it cleared; the answer to the client is read off the
 * events, so the same round sent again gets the same answer.
 */
import { type Cadence, type Instant, type Period, periodAt, windowOf } from './calendar.ts';
import type { Colour, Standing } from './colour.ts';
import type { PageVersion } from './duty-name.ts';
import {
  type Cadences,
  clearSlot,
  type DutyPage,
  type DutyPoint,
  type Exceptions,
  hasSlot,
  isSealed,
  pointOf,
} from './duty-page.ts';
import type { HazardId, RiskNo } from './ids.ts';

/** 正常, 发现隐患, 不适用. */
export const RESULTS = ['normal', 'hazard', 'not-applicable'] as const;
export type Result = (typeof RESULTS)[number];

/**
 * What the API reads at most: points of a round, hazards of a point, letters of a text, items of evidence. The policy's own limits are
 * within these and are told with their reason.
 */
export const MOST_IN_A_ROUND = { points: 1_000, hazards: 20, text: 2_000, evidence: 50 } as const;

/** What somebody claims to have found at a point. */
export interface Check {
  readonly no: RiskNo;
  readonly claimedAt: Instant;
  readonly result: Result;
  /** One letter for each item of the checklist: `y` in order, `n` not, `x` does not apply. */
  readonly answers?: string;
  /** Why the check does not apply. */
  readonly reason?: string;
}

/** What the check did for the duty: `not-due` and `already` are recorded and clear nothing. */
export const OUTCOMES = ['on-time', 'late', 'already', 'not-due'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** An amendment of what was sealed: misses that were made up late, or that a check received in time had settled. */
export interface Amendment {
  readonly page: DutyPage;
  readonly period: Period;
  readonly exceptions: Exceptions;
  readonly madeUpLate: readonly RiskNo[];
  readonly onTime: readonly RiskNo[];
}

/** What a round did to one page. */
export interface PageChecks {
  /** The page as it was read. */
  readonly before: DutyPage;
  /** The page as it is to be written; the same object where nothing changes. */
  readonly after: DutyPage;
  readonly outcomes: ReadonlyMap<RiskNo, Outcome>;
  /** The checks of points that stand on it. */
  readonly checks: readonly Check[];
  /** Those whose details stand in this page's event: each point has one such page, that of its present colour. */
  readonly details: readonly Check[];
}

export interface RoundDecision {
  readonly pages: readonly PageChecks[];
  readonly amendments: readonly Amendment[];
  /** Points that stand on no duty page: unknown, or on a list that nobody has signed yet. */
  readonly unknown: readonly RiskNo[];
}

/** What was sealed of a page for a period; needed for every sealed period that a check claims. */
export type SealedOf = (page: DutyPage, period: Period) => Exceptions | undefined;

/** The sealed periods that these checks claim, page by page: what `decideRound` will ask for. */
export function claimedSealed(pages: readonly DutyPage[], checks: readonly Check[], cadences: Cadences) {
  return pages.flatMap((page) => {
    const periods = checks
      .filter(({ no }) => pointOf(page, no) !== undefined)
      .map(({ claimedAt }) => periodAt(cadences[page.colour], claimedAt))
      .filter((period) => isSealed(page, period));
    return [...new Set(periods)].map((period) => ({ page, period }));
  });
}

const runsOn = (page: DutyPage, no: RiskNo): boolean => pointOf(page, no)?.spans.some(({ to }) => to === undefined) === true;

/** The page of the point's present colour: where its duty runs, else the last where it had one. */
function homeOf(pages: readonly DutyPage[], no: RiskNo): DutyPage | undefined {
  const standing = pages.filter((page) => pointOf(page, no) !== undefined);
  return standing.find((page) => runsOn(page, no)) ?? standing[0];
}

/** Where a point that is on one of the pages stands in the register: a duty moves together with its risk, and ends when that is retired. */
export const standingOn = (pages: readonly DutyPage[], no: RiskNo): Standing =>
  pages.find((page) => runsOn(page, no))?.colour ?? 'NONE';

/** The colour that a hazard found at the point is filed under. */
export const colourOf = (pages: readonly DutyPage[], no: RiskNo): Colour | undefined => homeOf(pages, no)?.colour;

/** What a check does to a slot that is sealed: a check received in time is on time even when the seal was quicker. */
function sealedOutcome(exceptions: Exceptions | undefined, no: RiskNo, inTime: boolean): Outcome {
  const is = (nos: readonly RiskNo[] | undefined): boolean => nos?.includes(no) === true;
  if (is(exceptions?.missed)) return inTime ? 'on-time' : 'late';
  if (is(exceptions?.madeUpLate)) return inTime ? 'on-time' : 'already';
  if (is(exceptions?.suspended)) return inTime ? 'on-time' : 'not-due';
  return 'already';
}

/** Decides what a round clears. Each point stands in it once, and no claim lies after `receivedAt`. */
export function decideRound(
  pages: readonly DutyPage[],
  checks: readonly Check[],
  cadences: Cadences,
  sealedOf: SealedOf,
  receivedAt: Instant,
): RoundDecision {
  const amended = new Map<string, { page: DutyPage; period: Period; late: RiskNo[]; onTime: RiskNo[] }>();
  const decided = pages.map((before, index): PageChecks => {
    const cadence = cadences[before.colour];
    const outcomes = new Map<RiskNo, Outcome>();
    const cleared: Record<RiskNo, DutyPoint> = {};
    for (const { no, claimedAt } of checks) {
      const point = pointOf(before, no);
      if (point === undefined) continue;
      const period = periodAt(cadence, claimedAt);
      if (!isSealed(before, period)) {
        const clearing = clearSlot(point, cadence, claimedAt, receivedAt);
        outcomes.set(no, clearing.outcome);
        if ('point' in clearing) cleared[no] = clearing.point;
        continue;
      }
      const inTime = receivedAt < windowOf(cadence, period).until;
      const outcome = hasSlot(point, period) ? sealedOutcome(sealedOf(before, period), no, inTime) : 'not-due';
      outcomes.set(no, outcome);
      if (outcome !== 'on-time' && outcome !== 'late') continue;
      const key = `${index}:${period}`;
      const amendment = amended.get(key) ?? { page: before, period, late: [], onTime: [] };
      amended.set(key, amendment);
      (outcome === 'late' ? amendment.late : amendment.onTime).push(no);
    }
    const details = checks.filter(({ no }) => homeOf(pages, no) === before);
    const isChanged = Object.keys(cleared).length > 0;
    const after = isChanged ? { ...before, points: { ...before.points, ...cleared } } : before;
    return { before, after, outcomes, details, checks: checks.filter(({ no }) => outcomes.has(no)) };
  });
  return {
    pages: decided.filter(({ details, outcomes }) => details.length > 0 || [...outcomes.values()].some((is) => is !== 'not-due')),
    amendments: [...amended.values()].map(({ page, period, late, onTime }) => ({
      page,
      period,
      madeUpLate: late,
      onTime,
      exceptions: amend(sealedOf(page, period), late, onTime),
    })),
    unknown: checks.map(({ no }) => no).filter((no) => homeOf(pages, no) === undefined),
  };
}

/** What was sealed, once some of it was made up late and some turned out to have been on time. */
export function amend(sealed: Exceptions | undefined, late: readonly RiskNo[], onTime: readonly RiskNo[]): Exceptions {
  const settled = new Set([...late, ...onTime]);
  const left = (nos: readonly RiskNo[] = []): readonly RiskNo[] => nos.filter((no) => !settled.has(no));
  return {
    missed: left(sealed?.missed),
    suspended: left(sealed?.suspended),
    madeUpLate: [...left(sealed?.madeUpLate), ...late],
  };
}

/** What the ledger keeps of a round for one page. Names are short lists, so that twenty points fit a kilobyte. */
export interface RoundData {
  /** The pages that were written with it, at which versions. */
  readonly pages: readonly PageVersion[];
  /** SHA-256 of the request: the same round sent again is told from another one with its number. */
  readonly hash: string;
  readonly device?: string;
  /** The time claimed for the round; `claimed` has the points that claim another. */
  readonly checkedAt: Instant;
  readonly claimed?: Readonly<Record<string, Instant>>;
  readonly onTime?: readonly RiskNo[];
  readonly late?: readonly RiskNo[];
  readonly already?: readonly RiskNo[];
  readonly notDue?: readonly RiskNo[];
  readonly answers?: Readonly<Record<string, string>>;
  readonly notApplicable?: Readonly<Record<string, string>>;
  readonly hazards?: Readonly<Record<string, readonly HazardId[]>>;
}

export type RoundSubmitted = { readonly type: 'RoundSubmitted'; readonly data: RoundData };
/** What of a page was not checked on time in a period that has ended. */
export type PeriodSealed = {
  readonly type: 'PeriodSealed';
  readonly data: Exceptions & {
    readonly cadence: Cadence;
    readonly period: string;
    /** How far the page is sealed from then on: periods without exceptions are sealed too, and say nothing. */
    readonly through: Period;
    readonly pages: RoundData['pages'];
  };
};
export type SealAmended = {
  readonly type: 'SealAmended';
  readonly data: { readonly round: string; readonly madeUpLate: readonly RiskNo[]; readonly onTime: readonly RiskNo[] };
};

const LISTS = { 'on-time': 'onTime', late: 'late', already: 'already', 'not-due': 'notDue' } as const satisfies Record<
  Outcome,
  keyof RoundData
>;

const dictionary = <Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> | undefined =>
  entries.length === 0 ? undefined : Object.fromEntries(entries);

/** The fact that a round is, for one page. */
export function roundData(
  { outcomes, checks, details }: PageChecks,
  claim: Pick<RoundData, 'hash' | 'device' | 'checkedAt' | 'pages'>,
  hazards: ReadonlyMap<RiskNo, readonly HazardId[]>,
): RoundData {
  const lists = OUTCOMES.flatMap((outcome) => {
    const nos = [...outcomes].filter(([, is]) => is === outcome).map(([no]) => no);
    return nos.length === 0 ? [] : [[LISTS[outcome], nos] as const];
  });
  const claimed = dictionary(
    checks.filter(({ claimedAt }) => claimedAt !== claim.checkedAt).map(({ no, claimedAt }) => [no, claimedAt]),
  );
  const answers = dictionary(details.flatMap(({ no, answers }) => (answers ? [[no, answers] as const] : [])));
  const notApplicable = dictionary(
    details.flatMap(({ no, result, reason }) => (result === 'not-applicable' ? [[no, reason ?? ''] as const] : [])),
  );
  const found = dictionary(
    details.flatMap(({ no }) => {
      const ids = hazards.get(no);
      return ids === undefined ? [] : [[no, ids] as const];
    }),
  );
  return {
    ...claim,
    ...Object.fromEntries(lists),
    ...(claimed && { claimed }),
    ...(answers && { answers }),
    ...(notApplicable && { notApplicable }),
    ...(found && { hazards: found }),
  };
}

/** What a round did, point by point, as its events say. A point on two pages has the better of its outcomes. */
export function outcomesOf(
  rounds: readonly RoundData[],
): readonly { riskNo: RiskNo; outcome: Outcome; hazards: readonly HazardId[] }[] {
  const best = new Map<RiskNo, Outcome>();
  const hazards = new Map<string, readonly HazardId[]>();
  for (const outcome of OUTCOMES) {
    for (const no of rounds.flatMap((data) => data[LISTS[outcome]] ?? [])) if (!best.has(no)) best.set(no, outcome);
  }
  for (const data of rounds) for (const [no, ids] of Object.entries(data.hazards ?? {})) hazards.set(no, ids);
  return [...best]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([riskNo, outcome]) => ({ riskNo, outcome, hazards: hazards.get(riskNo) ?? [] }));
}
