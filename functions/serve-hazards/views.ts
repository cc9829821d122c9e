/** Cases as people see them: deadlines with their reasons, names for codes, and what the person who looks may do next. */
import type * as z from 'zod';
import type { StoredHazard } from '../../shared/data/hazard-store.ts';
import { mayDo, type Subject } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type ApprovedPlan, type FiledPlan, type Hazard, levelOf, STAGE_NAMES } from '../../shared/domain/hazard.ts';
import { type Obligation, overdueAt, stageDeadline } from '../../shared/domain/hazard-deadlines.ts';
import { commandsOffered } from '../../shared/domain/hazard-offers.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { caseLine, caseOut, caseStands } from './case-out.ts';

type Line = z.input<typeof caseLine>;
type Stands = z.input<typeof caseStands>;
type Whole = z.input<typeof caseOut>;

const obligationOf = ({ kind, due, why, missed }: Obligation, at: Instant): Whole['obligations'][number] => ({
  kind,
  due,
  isOverdue: missed !== undefined || due <= at,
  stepsTold: missed?.steps ?? 0,
  why,
});

/** Where a case stands. */
export function standsOf(hazard: Hazard, version: number, at: Instant): Stands {
  const { id, owner, township, supervisor, colour, stage } = hazard;
  const level = levelOf(hazard);
  const deadline = stageDeadline(hazard);
  const overdue = overdueAt(hazard, at);
  return {
    id,
    owner,
    ...(township !== undefined && { township }),
    ...(supervisor !== undefined && { supervisor }),
    colour,
    stage,
    stageName: STAGE_NAMES[stage],
    ...(level !== undefined && { level }),
    ...(deadline && { deadline: obligationOf(deadline, at) }),
    ...(overdue && {
      overdue: { since: overdue.since, steps: overdue.steps, ...(overdue.met !== undefined && { metAt: overdue.met }) },
    }),
    version,
  };
}

/** A case as a line of a list. */
export function lineOf(hazard: Hazard, version: number, at: Instant): Line {
  const { finding, reportedAt } = hazard;
  return {
    ...standsOf(hazard, version, at),
    place: finding.place,
    description: finding.description,
    ...(finding.risk !== undefined && { risk: finding.risk }),
    suspectedMajor: finding.suspectedMajor === true,
    foundAt: finding.at,
    reportedAt,
    ...('rectifier' in hazard && { rectifier: hazard.rectifier }),
  };
}

const planOf = (plan: FiledPlan | ApprovedPlan): NonNullable<Whole['plan']> => ({ ...plan, parts: { ...plan.parts } });

function gradeOf({ grade }: Hazard, policyAt: (at: Instant) => Policy): Whole['grade'] {
  if (grade === undefined) return undefined;
  const { criteria } = policyAt(grade.at).hazards.major;
  if (grade.level === 'general') return { ...grade, why: criteria.why };
  const says = Object.hasOwn(criteria.values, grade.criterion) ? criteria.values[grade.criterion] : undefined;
  return { ...grade, ...(says !== undefined && { criterionSays: says }), why: criteria.why };
}

/** What belongs to the stage and not to the case. */
function ofStage(hazard: Hazard): Partial<Whole> {
  switch (hazard.stage) {
    case 'registered':
      return {};
    case 'awaiting-plan': {
      const { returned } = hazard;
      return returned ? { returnedPlan: { ...returned, plan: planOf(returned.plan) } } : {};
    }
    case 'awaiting-plan-review':
      return { plan: planOf(hazard.plan) };
    case 'rectifying':
    case 'awaiting-acceptance':
      return { rectifier: hazard.rectifier, ...('plan' in hazard && { plan: planOf(hazard.plan) }) };
    case 'awaiting-resumption': {
      const { rectifier, plan, accepted, application, refused } = hazard;
      return {
        rectifier,
        plan: planOf(plan),
        accepted,
        resumption: { ...(application && { application }), ...(refused && { refused }) },
      };
    }
    case 'closed':
      return { rectifier: hazard.rectifier, closedAt: hazard.closedAt, ...('plan' in hazard && { plan: planOf(hazard.plan) }) };
    case 'withdrawn':
      return { withdrawn: { by: hazard.confirmedBy, at: hazard.withdrawnAt, reason: hazard.reason } };
  }
}

/** A case, and whose it is today. */
export interface Seen extends StoredHazard {
  readonly subject: Subject;
}

/** The whole of a case for one who may see it, with what he may do now. */
export function wholeOf(
  { hazard, version, subject }: Seen,
  caller: Caller,
  at: Instant,
  policyAt: (at: Instant) => Policy,
): Whole {
  const { hazards: rules } = policyAt(at);
  const { finding, generation, reportedBy, reportedAt, listing, withdrawal } = hazard;
  const grade = gradeOf(hazard, policyAt);
  const actor = { id: caller.id, role: caller.role, ...(caller.owner && { owner: caller.owner }) };
  const mine = commandsOffered(hazard, rules, { at, actor }).filter((type) => mayDo(caller, type, subject));
  return {
    ...standsOf(hazard, version, at),
    generation,
    finding: { ...finding, evidence: [...finding.evidence], suspectedMajor: finding.suspectedMajor === true },
    reportedBy,
    reportedAt,
    ...(grade && { grade }),
    obligations: hazard.obligations
      .map((obligation) => obligationOf(obligation, at))
      .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0)),
    missed: hazard.missed.map(({ kind, due, met, why }) => ({ kind, due, ...(met !== undefined && { metAt: met }), why })),
    attempts: hazard.attempts.map(({ onTheSpot, ...attempt }) => ({
      ...attempt,
      evidence: [...attempt.evidence],
      onTheSpot: onTheSpot === true,
    })),
    fixers: [...new Set(hazard.fixers)],
    orders: hazard.orders.map((order) => ({ ...order, kindName: rules.major.orders.values[order.kind] })),
    extensions: [...hazard.extensions],
    evacuations: [...hazard.evacuations],
    ...(listing && { listing: { ...listing, progress: [...listing.progress] } }),
    ...(withdrawal && { withdrawal }),
    closings: [...hazard.closings],
    ...ofStage(hazard),
    commands: mine,
  };
}
