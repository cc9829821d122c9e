import { type Day, type Instant, plusMs, startOfDay } from './calendar.ts';
import type { Role } from './caller.ts';
import { type Decision, decided, denied } from './decision.ts';
import {
  type FiveItems,
  type Hazard,
  type HazardCommand,
  type HazardCommandType,
  type HazardFact,
  type HazardFactOf,
  type HazardFactType,
  type HazardReport,
  levelOf,
  OPEN_STAGES,
  ordersInForce,
  PLAN_PARTS,
  type PlanDraft,
  type PlanPart,
  STAGES,
  STOP_ORDERS,
  type Stage,
} from './hazard.ts';
import { MOST_FIXERS, ORDERS_IN_FORCE } from './hazard-bounds.ts';
import {
  type HazardRules,
  type Ladder,
  type Obligation,
  type ObligationKind,
  owed,
  type ReportRules,
  rolesOfStep,
  stepAt,
} from './hazard-deadlines.ts';
import type { HazardDenial } from './hazard-denials.ts';
import { evolveHazard } from './hazard-evolve.ts';
import { isOfCounty, isOwners, looksIn, standsIn, supervises, toldIn } from './hazard-parties.ts';
import type { PersonId } from './ids.ts';
import type { Actor } from './ledger-event.ts';
import { limitBefore, limitEnds, limitMs } from './limit.ts';

/** Who asks, and when the server received it. */
export interface HazardOccasion {
  readonly at: Instant;
  readonly actor: Actor;
}

type Answer = Decision<HazardFact, HazardDenial>;

/** In which stages a command can be asked for at all. */
export const COMMAND_STAGES: Readonly<Record<HazardCommandType, readonly Stage[]>> = {
  GradeHazard: ['registered'],
  FixOnTheSpot: ['registered'],
  AssignRectification: ['registered', 'rectifying'],
  SubmitRectification: ['rectifying'],
  AcceptRectification: ['awaiting-acceptance'],
  ReturnRectification: ['awaiting-acceptance'],
  UpgradeHazard: OPEN_STAGES,
  ReportToDepartment: OPEN_STAGES,
  FilePlan: ['awaiting-plan'],
  ApprovePlan: ['awaiting-plan-review'],
  ReturnPlan: ['awaiting-plan-review'],
  IssueOrder: OPEN_STAGES,
  LiftOrder: OPEN_STAGES,
  ApplyForEvacuationHelp: OPEN_STAGES,
  AnswerEvacuationHelp: OPEN_STAGES,
  ListForSupervision: OPEN_STAGES,
  ReportProgress: OPEN_STAGES,
  DelistFromSupervision: STAGES,
  ApplyToResume: ['awaiting-resumption'],
  ConsentToResume: ['awaiting-resumption'],
  RefuseToResume: ['awaiting-resumption'],
  RequestExtension: ['rectifying'],
  DecideExtension: ['rectifying'],
  RequestWithdrawal: OPEN_STAGES,
  ConfirmWithdrawal: OPEN_STAGES,
  RefuseWithdrawal: OPEN_STAGES,
  ReopenHazard: ['closed'],
  MarkOverdue: OPEN_STAGES,
  Escalate: OPEN_STAGES,
};

const fact = <Type extends HazardFactType>(type: Type, data: HazardFactOf<Type>['data']): HazardFactOf<Type> => ({ type, data });

/** What the county's own give only in the place of a department that there is not; the rest of theirs is theirs in every case. */
const GIVEN_IN_PLACE: readonly HazardCommandType[] = [
  'GradeHazard',
  'UpgradeHazard',
  'AcceptRectification',
  'ReturnRectification',
  'ApprovePlan',
  'ReturnPlan',
  'ConsentToResume',
  'RefuseToResume',
  'DecideExtension',
  'ConfirmWithdrawal',
  'RefuseWithdrawal',
];

/** The first instant after a day. */
const endOf = (day: Day): Instant => limitEnds(startOfDay(day), { days: 0 });

const earlier = (one: Instant, other: Instant): Instant => ([one, other].sort()[0] === one ? one : other);

/** What begins a case: it has to be verified and graded within the policy's time. */
export function reportHazard(report: HazardReport, rules: ReportRules, at: Instant): HazardFactOf<'HazardReported'> {
  const { verify } = report.finding.suspectedMajor ? rules.major : rules.general;
  return fact('HazardReported', { ...report, begins: [owed('verify', at, verify)] });
}

/**
 * What a command on a case comes to. Deadlines that have passed unnoted are noted first, so no deed done late hides that it was late.
 */
export function decideHazard(hazard: Hazard, command: HazardCommand, rules: HazardRules, occasion: HazardOccasion): Answer {
  if (!COMMAND_STAGES[command.type].includes(hazard.stage)) return denied('wrong-stage');
  const missed = missedFacts(hazard, rules, occasion.at);
  const standing = missed.reduce((state, event) => evolveHazard(state, { ...event, ...occasion }), hazard);
  const answer = judge(standing, command, rules, occasion, missed.length > 0);
  return answer.kind === 'denied' ? answer : decided(...missed, ...answer.events);
}

/**
 * The facts that a case has already come to by the passing of time. With the cure's deadline a request to extend it lapses, and nobody is
 * late any more with answering it: a deadline that was brought forward may come before that of the answer.
 */
function missedFacts(hazard: Hazard, rules: HazardRules, at: Instant): HazardFact[] {
  const late = hazard.obligations.filter(({ due, missed }) => missed === undefined && due <= at);
  const lapse = late.find(({ kind }) => kind === 'rectify')?.due;
  return late
    .filter(({ kind, due }) => kind !== 'extension' || lapse === undefined || due <= lapse)
    .sort((a, b) => (a.due === b.due ? a.kind.localeCompare(b.kind, 'en') : a.due.localeCompare(b.due, 'en')))
    .flatMap(({ kind, due }) => {
      const noted = fact('DeadlineMissed', { kind, due, next: stepAt(ladderOf(hazard, rules), due, 1) });
      const lapses = kind === 'rectify' && hazard.extensions.some(({ state }) => state === 'asked');
      return lapses ? [noted, fact('ExtensionLapsed', {})] : [noted];
    });
}

const ladderOf = (hazard: Hazard, { escalation }: HazardRules): Ladder =>
  levelOf(hazard) === 'major' ? escalation.major : escalation.general;

function judge(hazard: Hazard, command: HazardCommand, rules: HazardRules, occasion: HazardOccasion, noted: boolean): Answer {
  const { at, actor } = occasion;
  if (isOfCounty(actor.role) && GIVEN_IN_PLACE.includes(command.type) && !standsIn(hazard, actor)) {
    return denied('department-decides');
  }
  switch (command.type) {
    case 'GradeHazard':
      if (levelOf(hazard) !== undefined) return denied('already-graded');
      if (command.level === 'general') {
        const isTheirs = !hazard.finding.suspectedMajor || supervises(hazard, actor);
        return isTheirs ? decided(fact('HazardGraded', { level: 'general', begins: [] })) : denied('department-decides');
      }
      return (
        majorFault(command, rules) ??
        withReport(hazard, occasion, rules, (begins) => {
          const { level, criterion, basis } = command;
          return fact('HazardGraded', { level, criterion, basis, begins });
        })
      );
    case 'UpgradeHazard':
      if (levelOf(hazard) === undefined) return denied('not-graded');
      if (levelOf(hazard) === 'major') return denied('already-major');
      return (
        majorFault(command, rules) ??
        withReport(hazard, occasion, rules, (begins) =>
          fact('HazardUpgraded', { criterion: command.criterion, basis: command.basis, begins }),
        )
      );
    case 'ReportToDepartment':
      if (hazard.grade?.level !== 'major') return denied('only-for-major');
      return hazard.grade.reported ? denied('already-reported') : decided(fact('HazardReportedToDepartment', {}));
    case 'FixOnTheSpot': {
      if (hazard.finding.suspectedMajor && levelOf(hazard) === undefined) return denied('major-needs-plan');
      if (at >= limitEnds(hazard.finding.at, rules.onTheSpot.limit)) return denied('not-the-same-day');
      if (command.before.length === 0 || command.after.length === 0) return denied('evidence-missing');
      if (command.before.some((key) => command.after.includes(key))) return denied('before-is-after');
      const { account, before, after } = command;
      return decided(
        fact('HazardFixedOnTheSpot', { account, before, after, begins: [owed('accept', at, rules.general.accept)] }),
      );
    }
    case 'AssignRectification':
      return assign(hazard, command, rules, at);
    case 'SubmitRectification': {
      if (command.evidence.length === 0) return denied('evidence-missing');
      if (isOneTooMany(hazard, actor.id)) return denied('too-many-fixers');
      const { account, evidence, spentFen } = command;
      const begins = [owed('accept', at, rulesOf(hazard, rules).accept)];
      return decided(fact('RectificationSubmitted', { account, evidence, ...(spentFen !== undefined && { spentFen }), begins }));
    }
    case 'AcceptRectification':
      return mayAccept(hazard, actor) ?? accept(hazard, command.note);
    case 'ReturnRectification':
      return (
        mayAccept(hazard, actor) ??
        decided(fact('RectificationReturned', { reason: command.reason, begins: [cureAgain(hazard, rules, at)] }))
      );
    case 'FilePlan':
      return filePlan(hazard, command.plan, rules, at);
    case 'ApprovePlan': {
      if (hazard.stage !== 'awaiting-plan-review') return denied('wrong-stage');
      if (hazard.plan.filedBy === actor.id) return denied('filer-may-not-review');
      if (!supervises(hazard, actor)) return denied('department-decides');
      const due = endOf(hazard.plan.timeLimit);
      if (due <= at) return denied('deadline-passed');
      return decided(fact('PlanApproved', { begins: [capped(hazard, { kind: 'rectify', due, why: rules.major.rectify.why })] }));
    }
    case 'ReturnPlan':
      if (hazard.stage !== 'awaiting-plan-review') return denied('wrong-stage');
      if (hazard.plan.filedBy === actor.id) return denied('filer-may-not-review');
      if (!supervises(hazard, actor)) return denied('department-decides');
      return decided(fact('PlanReturned', { reason: command.reason, begins: [owed('plan', at, rules.major.planAgain)] }));
    case 'IssueOrder': {
      if (levelOf(hazard) !== 'major') return denied('only-for-major');
      const { authority, own } = ORDERS_IN_FORCE;
      const isFromOutside = looksIn(hazard, actor) || actor.role === 'government-head';
      if (ordersInForce(hazard).length >= (isFromOutside ? authority : own)) return denied('too-many-orders');
      const { kind, scope, document } = command;
      const no = (hazard.orders.at(-1)?.no ?? 0) + 1;
      return decided(fact('OrderIssued', { no, kind, scope, ...(document !== undefined && { document }) }));
    }
    case 'LiftOrder': {
      const order = hazard.orders.find(({ no, lifted }) => no === command.no && lifted === undefined);
      if (order === undefined) return denied('no-such-order');
      if (STOP_ORDERS.includes(order.kind)) return denied('consent-needed');
      if (!supervises(hazard, actor) && actor.role !== 'government-head') return denied('department-decides');
      return decided(fact('OrderLifted', { no: order.no, reason: command.reason }));
    }
    case 'ApplyForEvacuationHelp': {
      if (levelOf(hazard) !== 'major') return denied('only-for-major');
      if (hazard.evacuations.some(({ answer }) => answer === undefined)) return denied('help-already-asked');
      const { area, people } = command;
      return decided(fact('EvacuationHelpApplied', { area, people, begins: [owed('evacuation', at, rules.major.evacuation)] }));
    }
    case 'AnswerEvacuationHelp':
      if (hazard.evacuations.every(({ answer }) => answer !== undefined)) return denied('no-help-asked');
      if (isOwners(hazard, actor)) return denied('another-authority-decides');
      return decided(fact('EvacuationHelpAnswered', { granted: command.granted, note: command.note }));
    case 'ListForSupervision':
      return list(hazard, command, rules, occasion);
    case 'ReportProgress':
      if (!isListed(hazard)) return denied('not-listed');
      return decided(fact('ProgressReported', { text: command.text, begins: [progressOwed(rules, at)] }));
    case 'DelistFromSupervision':
      if (!isListed(hazard)) return denied('not-listed');
      if (!['awaiting-resumption', 'closed', 'withdrawn'].includes(hazard.stage)) return denied('not-accepted-yet');
      if (isOwners(hazard, actor)) return denied('another-authority-decides');
      return decided(fact('HazardDelisted', { document: command.document }));
    case 'ApplyToResume': {
      if (hazard.stage !== 'awaiting-resumption') return denied('wrong-stage');
      if (hazard.application) return denied('already-applied');
      const { assessor, assessment } = command;
      return decided(fact('ResumptionApplied', { assessor, assessment, begins: [owed('resume', at, rules.major.resume)] }));
    }
    case 'ConsentToResume':
      return mayDecideResumption(hazard, actor) ?? decided<HazardFact>(fact('ResumptionConsented', {}), fact('HazardClosed', {}));
    case 'RefuseToResume':
      return mayDecideResumption(hazard, actor) ?? decided(fact('ResumptionRefused', { reason: command.reason }));
    case 'RequestExtension':
      return requestExtension(hazard, command, rules, at);
    case 'DecideExtension':
      return decideExtension(hazard, command, rules, actor);
    case 'RequestWithdrawal':
      if (hazard.withdrawal) return denied('withdrawal-pending');
      return decided(fact('WithdrawalRequested', { reason: command.reason, begins: [owed('withdrawal', at, rules.withdrawal)] }));
    case 'ConfirmWithdrawal':
      return mayReviewWithdrawal(hazard, actor) ?? decided(fact('HazardWithdrawn', {}));
    case 'RefuseWithdrawal':
      return mayReviewWithdrawal(hazard, actor) ?? decided(fact('WithdrawalRefused', { reason: command.reason }));
    case 'ReopenHazard':
      return reopen(hazard, command, rules, occasion);
    case 'MarkOverdue': {
      const steps = hazard.obligations.flatMap(({ kind, missed }) =>
        missed && !missed.pending && missed.next <= at ? [fact('EscalationCameDue', { kind, step: missed.steps + 1 })] : [],
      );
      return steps.length > 0 || noted ? decided(...steps) : denied('nothing-due');
    }
    case 'Escalate': {
      const told = hazard.obligations.flatMap((obligation) => escalated(hazard, obligation, ladderOf(hazard, rules), at));
      return told.length > 0 ? decided(...told) : denied('nothing-to-escalate');
    }
  }
}

/** The rules of a case's level; where nobody has graded it, those of a general one. */
const rulesOf = (hazard: Hazard, rules: HazardRules) => rules[levelOf(hazard) ?? 'general'];

const isListed = ({ listing }: Hazard): boolean => listing !== undefined && listing.delisted === undefined;

const progressOwed = ({ major: { progress } }: HazardRules, at: Instant): Obligation =>
  owed('progress', at, { limit: progress.every, why: progress.why });

/**
 * By when a cure that came back has to be done. While its own deadline runs, by that; what was handed in too late goes on being late.
 * One that was in time but outlived its deadline waiting for its verdict gets the policy's one more limit, once: nobody carries a cure
 * on by handing it in again and again.
 */
function cureAgain(hazard: Hazard, rules: HazardRules, at: Instant): Obligation {
  const standing = hazard.stage === 'awaiting-acceptance' ? hazard.handedIn : undefined;
  if (standing?.missed) return standing;
  if (standing && (standing.due > at || hazard.again !== undefined)) return capped(hazard, standing);
  return capped(hazard, owed('rectify', at, rulesOf(hazard, rules).again));
}

/** Whether this would be one person more in the cure than a case remembers. */
const isOneTooMany = ({ fixers }: Hazard, person: PersonId): boolean => fixers.length >= MOST_FIXERS && !fixers.includes(person);

/** A cure under listed supervision ends with the term of the listing at the latest. */
function capped(hazard: Hazard, obligation: Obligation): Obligation {
  return hazard.listing && isListed(hazard)
    ? { ...obligation, due: earlier(obligation.due, endOf(hazard.listing.term)) }
    : obligation;
}

function majorFault({ criterion, basis }: { criterion: string; basis: string }, rules: HazardRules) {
  if (!Object.hasOwn(rules.major.criteria.values, criterion)) return denied('unknown-criterion');
  return basis.trim() === '' ? denied('basis-missing') : undefined;
}

/** Policy 二(五): a major hazard is reported while its plan is being made. What the department itself finds major, it knows. */
function withReport(
  hazard: Hazard,
  { at, actor }: HazardOccasion,
  rules: HazardRules,
  make: (begins: readonly Obligation[]) => HazardFact,
): Answer {
  const plan = owed('plan', at, rules.major.plan);
  return supervises(hazard, actor)
    ? decided<HazardFact>(make([plan]), fact('HazardReportedToDepartment', {}))
    : decided(make([plan, owed('report', at, rules.major.report)]));
}

function assign(
  hazard: Hazard,
  { rectifier, until }: Extract<HazardCommand, { type: 'AssignRectification' }>,
  rules: HazardRules,
  at: Instant,
): Answer {
  const { rectify } = rules.general;
  if (hazard.grade === undefined) return denied('not-graded');
  if (hazard.grade.level === 'major') return denied('plan-names-rectifier');
  if (isOneTooMany(hazard, rectifier)) return denied('too-many-fixers');
  const due = until === undefined ? undefined : endOf(until);
  if (due !== undefined && due <= at) return denied('deadline-passed');
  if (hazard.stage === 'rectifying') {
    const standing = owing(hazard, 'rectify');
    if (due !== undefined && standing !== undefined && due > standing.due) return denied('deadline-relaxes');
    const begins = due === undefined ? [] : [{ kind: 'rectify' as const, due, why: rectify.why }];
    return decided(fact('RectificationAssigned', { rectifier, begins }));
  }
  if (due !== undefined && due > limitEnds(at, rectify.longest)) return denied('deadline-too-long');
  const obligation = due === undefined ? owed('rectify', at, rectify) : { kind: 'rectify' as const, due, why: rectify.why };
  return decided(fact('RectificationAssigned', { rectifier, begins: [obligation] }));
}

const owing = (hazard: Hazard, of: ObligationKind): Obligation | undefined => hazard.obligations.find(({ kind }) => kind === of);

function mayAccept(hazard: Hazard, actor: Actor) {
  if (hazard.fixers.includes(actor.id)) return denied('fixer-may-not-accept');
  return levelOf(hazard) === 'major' && !supervises(hazard, actor) ? denied('department-accepts-major') : undefined;
}

/** Where an order is in force the case stays open until the department consents that work resumes. */
function accept(hazard: Hazard, note: string | undefined): Answer {
  const accepted = fact('RectificationAccepted', { ...(note !== undefined && { note }) });
  const stopped = hazard.orders.some(({ lifted }) => lifted === undefined);
  return stopped ? decided(accepted) : decided<HazardFact>(accepted, fact('HazardClosed', {}));
}

/** What a plan lacks of 五落实 and, where the county asks for them, of the six parts. */
export function missingOfPlan(
  plan: PlanDraft,
  { sixParts }: Pick<HazardRules, 'sixParts'>,
): readonly (keyof FiveItems | PlanPart)[] {
  const { responsible, measures, fundsFen, timeLimit, emergencyPlan, parts } = plan;
  const five = { responsible, measures: measures?.trim() || undefined, fundsFen, timeLimit, emergencyPlan };
  return [
    ...(Object.keys(five) as (keyof FiveItems)[]).filter((item) => five[item] === undefined),
    ...(sixParts.required ? PLAN_PARTS.filter((part) => !parts[part]?.trim()) : []),
  ];
}

function filePlan(hazard: Hazard, plan: PlanDraft, rules: HazardRules, at: Instant): Answer {
  if (hazard.grade?.level !== 'major') return denied('only-for-major');
  if (hazard.grade.reported === undefined) return denied('not-reported');
  const { responsible, measures, fundsFen, timeLimit, emergencyPlan, parts } = plan;
  if (
    missingOfPlan(plan, rules).length > 0 ||
    responsible === undefined ||
    measures === undefined ||
    fundsFen === undefined ||
    timeLimit === undefined ||
    emergencyPlan === undefined
  ) {
    return denied('plan-incomplete');
  }
  if (endOf(timeLimit) <= at) return denied('deadline-passed');
  if (endOf(timeLimit) > limitEnds(at, rules.major.rectify.longest)) return denied('deadline-too-long');
  const whole = { responsible, measures, fundsFen, timeLimit, emergencyPlan, parts };
  return decided(fact('PlanFiled', { plan: whole, begins: [owed('plan-review', at, rules.major.planReview)] }));
}

function list(
  hazard: Hazard,
  { document, term, level }: Extract<HazardCommand, { type: 'ListForSupervision' }>,
  rules: HazardRules,
  { at, actor }: HazardOccasion,
): Answer {
  if (levelOf(hazard) !== 'major') return denied('only-for-major');
  if (isListed(hazard)) return denied('already-listed');
  if (isOwners(hazard, actor)) return denied('another-authority-decides');
  if (endOf(term) <= at) return denied('deadline-passed');
  const cure = owing(hazard, 'rectify');
  const sooner = cure !== undefined && cure.missed === undefined && cure.due > endOf(term) ? [{ ...cure, due: endOf(term) }] : [];
  const begins = [progressOwed(rules, at), ...sooner];
  return decided(fact('HazardListed', { document, term, ...(level !== undefined && { level }), begins }));
}

function mayDecideResumption(hazard: Hazard, actor: Actor) {
  if (hazard.stage !== 'awaiting-resumption' || hazard.application === undefined) return denied('not-applied');
  if (hazard.application.by === actor.id) return denied('applicant-may-not-decide');
  return supervises(hazard, actor) ? undefined : denied('department-decides');
}

function requestExtension(
  hazard: Hazard,
  { until, reason }: Extract<HazardCommand, { type: 'RequestExtension' }>,
  rules: HazardRules,
  at: Instant,
): Answer {
  const { extension } = rulesOf(hazard, rules);
  const cure = owing(hazard, 'rectify');
  if (cure === undefined) return denied('wrong-stage');
  if (hazard.extensions.some(({ state }) => state === 'asked')) return denied('extension-pending');
  if (hazard.extensions.filter(({ state }) => state === 'granted').length >= extension.times) return denied('extensions-used-up');
  if (at > limitBefore(cure.due, extension.askedBefore)) return denied('asked-too-late');
  if (endOf(until) <= cure.due) return denied('extension-not-later');
  if (endOf(until) > plusMs(cure.due, limitMs(extension.longest))) return denied('extension-too-long');
  const due = earlier(limitEnds(at, extension.answeredWithin), cure.due);
  return decided(fact('ExtensionRequested', { until, reason, begins: [{ kind: 'extension', due, why: extension.why }] }));
}

/** Decided before expiry or not at all: a request that outlived its deadline has lapsed. */
function decideExtension(
  hazard: Hazard,
  { granted, note }: Extract<HazardCommand, { type: 'DecideExtension' }>,
  rules: HazardRules,
  actor: Actor,
): Answer {
  const asked = hazard.extensions.find(({ state }) => state === 'asked');
  if (asked === undefined) {
    return denied(hazard.extensions.at(-1)?.state === 'lapsed' ? 'decided-too-late' : 'no-extension-asked');
  }
  if (asked.by === actor.id) return denied('applicant-may-not-decide');
  if (levelOf(hazard) === 'major' && !supervises(hazard, actor)) return denied('department-decides');
  const said = note === undefined ? {} : { note };
  if (!granted) return decided(fact('ExtensionRefused', said));
  const { why } = rulesOf(hazard, rules).extension;
  return decided(fact('ExtensionGranted', { ...said, begins: [{ kind: 'rectify', due: endOf(asked.until), why }] }));
}

function mayReviewWithdrawal(hazard: Hazard, actor: Actor) {
  if (hazard.withdrawal === undefined) return denied('no-withdrawal-asked');
  if (hazard.withdrawal.by === actor.id) return denied('requester-may-not-review');
  const isMajor = levelOf(hazard) === 'major' || (levelOf(hazard) === undefined && hazard.finding.suspectedMajor);
  if (isMajor && !supervises(hazard, actor)) return denied('department-decides');
  return hazard.finding.source === 'inspection' && !looksIn(hazard, actor) ? denied('authority-reviews') : undefined;
}

function reopen(
  hazard: Hazard,
  { reason, evidence }: Extract<HazardCommand, { type: 'ReopenHazard' }>,
  rules: HazardRules,
  occasion: HazardOccasion,
): Answer {
  if (hazard.stage !== 'closed') return denied('wrong-stage');
  const { at } = occasion;
  if (at >= limitEnds(hazard.closedAt, rules.reopening.limit)) return denied('reopened-too-late');
  if (evidence.length === 0) return denied('evidence-missing');
  const generation = hazard.generation + 1;
  const progress = isListed(hazard) ? [progressOwed(rules, at)] : [];
  return levelOf(hazard) === 'major'
    ? withReport(hazard, occasion, rules, (begins) =>
        fact('HazardReopened', { generation, reason, evidence, begins: [...begins, ...progress] }),
      )
    : decided(fact('HazardReopened', { generation, reason, evidence, begins: [owed('rectify', at, rules.general.rectify)] }));
}

/** Tells the step that has come; after an outage every step that has come meanwhile, at once. */
function escalated(hazard: Hazard, { kind, due, missed }: Obligation, ladder: Ladder, at: Instant): HazardFact[] {
  if (missed === undefined || !missed.pending) return [];
  const roles = new Set<Role>();
  let step = missed.steps;
  do {
    step += 1;
    for (const role of toldIn(hazard, rolesOfStep(ladder, step))) roles.add(role);
  } while (stepAt(ladder, due, step + 1) <= at);
  return [fact('HazardEscalated', { kind, due, step, roles: [...roles], next: stepAt(ladder, due, step + 1), why: ladder.why })];
}
