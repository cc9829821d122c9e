import type * as z from 'zod';
import { commandRecord } from '../../shared/data/asked.ts';
import type { HazardListStore, SubmittedList } from '../../shared/data/hazard-list-store.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { monthBounds } from '../../shared/domain/figures.ts';
import { type Hazard, isOpen, levelOf } from '../../shared/domain/hazard.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import type { Enterprise } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readHazardList, submitHazardList } from './api.ts';

type ListOut = z.input<typeof readHazardList.output>;
type Submitted = z.input<typeof submitHazardList.output>;

const SLICE = 200;

export interface Lists {
  readonly county: CountyCode;
  readonly lists: HazardListStore;
  readonly hazards: Pick<HazardStore, 'ofOwner'>;
}

/** Whether a hazard belongs into a month's list: it was found by the month's end, and was not finished before it began. */
function isOf(hazard: Hazard, from: Instant, until: Instant): boolean {
  if (hazard.finding.at >= until) return false;
  if (isOpen(hazard)) return true;
  const ended = hazard.stage === 'closed' ? hazard.closedAt : hazard.stage === 'withdrawn' ? hazard.withdrawnAt : until;
  return ended >= from;
}

async function hazardsOf(
  { hazards }: Lists,
  { owner }: Enterprise,
  { from, until }: ReturnType<typeof monthBounds>,
): Promise<Hazard[]> {
  const found: Hazard[] = [];
  let cursor: string | undefined;
  do {
    const slice = await hazards.ofOwner(owner, SLICE, cursor);
    found.push(...slice.items.map(({ hazard }) => hazard).filter((hazard) => isOf(hazard, from, until)));
    cursor = slice.cursor;
  } while (cursor !== undefined);
  return found.sort((a, b) => (a.finding.at < b.finding.at ? -1 : 1));
}

const isLate = ({ firstAt, hazards }: SubmittedList, until: Instant): boolean =>
  firstAt >= until || hazards.some(({ listedAt }) => listedAt >= until);

/** What has become of a month's list: it has to hold every hazard of the month by its end (二(五)). */
function stateOf(submitted: SubmittedList | undefined, until: Instant, at: Instant): ListOut['state'] {
  if (submitted === undefined) return at < until ? 'open' : 'overdue';
  return isLate(submitted, until) ? 'submitted-late' : 'submitted';
}

/** A month's list for people: what was found, what of it was submitted, and until when it has to be (二(五)). */
function listOut(
  county: CountyCode,
  { uscc }: Enterprise,
  month: string,
  hazards: readonly Hazard[],
  submitted: SubmittedList | undefined,
  at: Instant,
): ListOut {
  const { until } = monthBounds(month);
  const listed = new Map(submitted?.hazards.map(({ id, listedAt }) => [id, listedAt]));
  return {
    enterprise: uscc,
    month,
    until,
    why: policyFor(county, at).monthlyList.why,
    state: stateOf(submitted, until, at),
    version: submitted?.version ?? 0,
    ...(submitted && { submittedAt: submitted.submittedAt, submittedBy: submitted.submittedBy }),
    complete: submitted !== undefined && hazards.every(({ id }) => listed.has(id)),
    items: hazards.map((hazard) => {
      const level = levelOf(hazard);
      const listedAt = listed.get(hazard.id);
      return {
        id: hazard.id,
        stage: hazard.stage,
        ...(level !== undefined && { level }),
        place: hazard.finding.place,
        description: hazard.finding.description,
        foundAt: hazard.finding.at,
        listed: listedAt !== undefined,
        ...(listedAt !== undefined && { listedAt }),
      };
    }),
  };
}

/** The month's list as it stands. */
export const readList =
  (deps: Lists) =>
  async (enterprise: Enterprise, month: string, at: Instant): Promise<ListOut> => {
    const [submitted, hazards] = await Promise.all([
      deps.lists.load(enterprise.uscc, month),
      hazardsOf(deps, enterprise, monthBounds(month)),
    ]);
    return listOut(deps.county, enterprise, month, hazards, submitted, at);
  };

/**
 * Submits the list with all that stands in it now. It may be submitted again when more was found; when it was first, and when each
 * hazard came into it, stays. The answer is kept with the command, so the list itself is not in it.
 */
export const submitList =
  (deps: Lists) =>
  async (enterprise: Enterprise, request: Request<typeof submitHazardList>): Promise<Submitted> => {
    const { at, caller, params, body } = request;
    const bounds = monthBounds(params.month);
    if (at < bounds.from) throw new Problem(422, 'month-not-begun', '这个月还没有开始，不能提交清单。');
    const before = await deps.lists.load(enterprise.uscc, params.month);
    const version = before?.version ?? 0;
    if (version !== body.version) {
      throw new Problem(409, 'stale-version', '清单已有新的提交，请刷新后再提交。', { version });
    }
    const hazards = await hazardsOf(deps, enterprise, bounds);
    const listedBefore = new Map(before?.hazards.map((one) => [one.id, one.listedAt]));
    const submitted: SubmittedList = {
      version: version + 1,
      hazards: hazards.map((hazard) => ({ id: hazard.id, listedAt: listedBefore.get(hazard.id) ?? at })),
      submittedAt: at,
      submittedBy: caller.id,
      firstAt: before?.firstAt ?? at,
    };
    const answer: Submitted = {
      month: params.month,
      version: submitted.version,
      state: stateOf(submitted, bounds.until, at),
      submittedAt: at,
      complete: true,
      count: hazards.length,
    };
    const actor = { id: caller.id, role: caller.role, owner: enterprise.owner };
    await deps.lists.submit(
      enterprise.uscc,
      params.month,
      submitted,
      body.note,
      { at, county: deps.county, actor },
      commandRecord(request, answer),
    );
    return answer;
  };
