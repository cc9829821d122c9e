/**
 * What may be done with a task, policy 三(四): who was drawn goes, hands in what was found, also when it was nothing, and another of the
 * team signs it; what could not be inspected is followed up; what is signed is published. Facts before the visit tell nothing of it.
 */
import { dayOf, type Instant, startOfDay } from './calendar.ts';
import type { Role } from './caller.ts';
import { type Decision, decided, denied } from './decision.ts';
import type { Sha256 } from './draw.ts';
import { type Ladder, rolesOfStep, stepAt } from './hazard-deadlines.ts';
import { GOVERNMENT, type HazardId, type ItemNo, type PersonId } from './ids.ts';
import type { Actor } from './ledger-event.ts';
import { type Limit, limitEnds } from './limit.ts';
import {
  awaitsVisit,
  type DrawnTask,
  type FollowUp,
  type HandAssignment,
  type Inspection,
  type ItemResult,
  isReadyToPublish,
  type Owed,
  type OwedKind,
  type Problem,
  type Representative,
  type Task,
  type TaskFact,
} from './task.ts';
import type { TaskDenial } from './task-denials.ts';
import { drawnTask, evolveTask, visitDue } from './task-evolve.ts';
import { type TeamNeeds, teamFaults } from './task-team.ts';
import type { Why } from './why.ts';

interface Timed {
  readonly limit: Limit;
  readonly why: Why;
}

/** What the policy says of tasks of a kind of draw. */
export interface TaskRules {
  /** Why objects are drawn and visited at all: the frequency of the kind. */
  readonly visit: Why;
  /** Of each role so many go together, as they are drawn. */
  readonly team: { readonly needs: TeamNeeds; readonly why: Why };
  /** How soon after the visit its record is handed in. What comes later is taken, and says so. */
  readonly handIn: Timed;
  readonly confirmation: Timed;
  /** What was missed in its window is made up within as much time as the draw has to be revealed. */
  readonly reveal: Timed;
  readonly followUp: Timed;
  readonly publication: Timed;
  readonly escalation: Ladder;
}

/** What a visit is handed in as. */
export interface Report extends Omit<Inspection, 'by' | 'reportedAt' | 'hazards'> {
  /** The cases that are opened with it, and the item that each was found at. */
  readonly found: readonly { readonly hazard: HazardId; readonly item?: ItemNo }[];
  /** Said, and not only left out. */
  readonly nothingFound: boolean;
}

export type TaskCommand =
  | { readonly type: 'AssignTask'; readonly sent: HandAssignment; readonly digest: Sha256 }
  /** `expected`: the items that had to be answered. */
  | { readonly type: 'ReportInspection'; readonly report: Report; readonly expected: readonly ItemNo[] }
  | { readonly type: 'ConfirmInspection' }
  | { readonly type: 'ReturnInspection'; readonly reason: string }
  /** `person`: one who enforces the law and could have been sent. */
  | { readonly type: 'NameConfirmer'; readonly person: PersonId; readonly reason: string }
  | { readonly type: 'FollowUp'; readonly followUp: FollowUp }
  | { readonly type: 'ReplaceTask'; readonly iteration: number }
  | { readonly type: 'VoidTask' }
  | { readonly type: 'MarkOverdue' }
  | { readonly type: 'PublishResult'; readonly sha256: Sha256; readonly blotted?: number };

export interface TaskOccasion {
  readonly at: Instant;
  readonly actor: Actor;
}

type Decided = Decision<TaskFact, TaskDenial>;

/** A task of what was drawn. Where no team was found, one has to be sent before the window begins; in a window that runs, at once. */
export function newTask(drawn: DrawnTask, rules: Pick<TaskRules, 'visit'>): Task {
  const { day, window, drawnAt } = drawn;
  if (day !== undefined) return drawnTask(drawn, { what: 'visit', due: visitDue(day), why: rules.visit });
  const due = [window.from, drawnAt].sort().at(-1) ?? drawnAt;
  return drawnTask(drawn, { what: 'assign', due, why: rules.visit });
}

export function decideTask(task: Task, command: TaskCommand, rules: TaskRules, occasion: TaskOccasion): Decided {
  const { at } = occasion;
  switch (command.type) {
    case 'AssignTask':
      return assign(task, command, rules, at);
    case 'ReportInspection':
      return report(task, command.report, command.expected, rules, occasion);
    case 'ConfirmInspection':
      return confirm(task, occasion);
    case 'ReturnInspection':
      return giveBack(task, command.reason, rules, occasion);
    case 'NameConfirmer':
      return nameConfirmer(task, command, rules, at);
    case 'FollowUp':
      return followUp(task, command.followUp);
    case 'ReplaceTask':
      if (!awaitsVisit(task)) return denied('wrong-stage');
      return decided({ type: 'TaskReplaced', data: { iteration: command.iteration } });
    case 'VoidTask':
      return awaitsVisit(task) ? decided({ type: 'TaskVoided', data: {} }) : denied('wrong-stage');
    case 'MarkOverdue':
      return markOverdue(task, rules, occasion);
    case 'PublishResult': {
      if (!isReadyToPublish(task)) return denied('not-ready');
      const isLate = task.owed.some(({ due }) => due <= at);
      const { sha256, blotted } = command;
      return decided({ type: 'ResultPublished', data: { sha256, isLate, ...(blotted !== undefined && { blotted }) } });
    }
  }
}

function assign(
  task: Task,
  { sent, digest }: Extract<TaskCommand, { type: 'AssignTask' }>,
  rules: TaskRules,
  at: Instant,
): Decided {
  if (!awaitsVisit(task)) return denied('wrong-stage');
  if (sent.day < dayOf(at)) return denied('day-passed');
  const { from, until } = task.window;
  const begins = startOfDay(sent.day);
  if (until <= at) {
    if (begins >= limitEnds(at, rules.reveal.limit)) return denied('day-too-late');
  } else if (begins < from || begins >= until) return denied('day-outside-window');
  return decided({ type: 'TaskAssignedByHand', data: { digest } });
}

function report(
  task: Task,
  { found, nothingFound, ...handedIn }: Report,
  expected: readonly ItemNo[],
  rules: TaskRules,
  { at, actor }: TaskOccasion,
): Decided {
  if (task.stage !== 'assigned' && task.stage !== 'returned') return denied('wrong-stage');
  if (!isOfTeam(task, actor)) return denied('not-of-team');
  const before = task.inspection;
  const reason =
    whenItWas(task, handedIn) ??
    whoWent(task, handedIn, rules, actor) ??
    (handedIn.outcome === 'inspected'
      ? (whatWasAnswered(handedIn, found, before?.foundAt ?? [], expected) ??
        whetherListed(handedIn, [...(before?.hazards ?? []), ...found], nothingFound) ??
        whoSigned(handedIn.representative))
      : whatCannotBe(handedIn, found, nothingFound));
  if (reason !== undefined) return denied(reason);
  const owed: Owed[] = [
    owedFrom('confirm', at, rules.confirmation),
    owedFrom('publish', handedIn.visitedAt, rules.publication),
    ...(needsFollowUp(task, handedIn) ? [owedFrom('follow-up', at, rules.followUp)] : []),
  ];
  const foundAt = [
    ...(before?.foundAt ?? []),
    ...found.flatMap(({ hazard, item }) => (item === undefined ? [] : [{ hazard, item }])),
  ];
  const { otherDay, ...said } = handedIn;
  const data = {
    ...said,
    ...(otherDay !== undefined && isOtherDay(task, said) && { otherDay }),
    hazards: [...(before?.hazards ?? []), ...found.map(({ hazard }) => hazard)],
    ...(foundAt.length > 0 && { foundAt }),
    object: task.object,
    ...sentByHand(task),
    ...(before === undefined && { handInDue: limitEnds(said.visitedAt, rules.handIn.limit) }),
    owed,
  };
  return decided({ type: 'InspectionReported', data });
}

const sentByHand = ({ byHand, team, day }: Task): { readonly sent?: HandAssignment } =>
  byHand === undefined || day === undefined ? {} : { sent: { team, day, reason: byHand.reason } };

/** What was followed up stays so, where the record that comes again says the same. */
const needsFollowUp = ({ followUp: done, inspection: before }: Task, { outcome }: HandedIn): boolean =>
  outcome !== 'inspected' && (done === undefined || before?.outcome !== outcome);

const owedFrom = (what: OwedKind, from: Instant, { limit, why }: Timed): Owed => ({ what, due: limitEnds(from, limit), why });
const isEnforcer = ({ team }: Task, person: PersonId): boolean =>
  team.some(({ id, role }) => id === person && role === 'enforcer');
const isOfTeam = ({ team }: Task, { id }: Actor): boolean => team.some((member) => member.id === id);

type HandedIn = Omit<Report, 'found' | 'nothingFound'>;
type Found = Report['found'];

const isOtherDay = ({ day }: Task, { visitedAt }: Pick<HandedIn, 'visitedAt'>): boolean => dayOf(visitedAt) !== day;

/** Nobody can have gone before he was sent; who sets the day of the visit himself says why. */
function whenItWas(task: Task, handedIn: HandedIn): TaskDenial | undefined {
  const { visitedAt, otherDay } = handedIn;
  if (visitedAt < task.drawnAt) return 'visited-before-drawn';
  if (visitedAt < task.window.from) return 'visited-before-window';
  if (task.byHand !== undefined && visitedAt < task.byHand.at) return 'visited-before-sent';
  return isOtherDay(task, handedIn) && otherDay === undefined ? 'other-day-unexplained' : undefined;
}

function whoWent(task: Task, { present }: HandedIn, { team: { needs } }: TaskRules, actor: Actor): TaskDenial | undefined {
  const went = task.team.filter(({ id }) => present.includes(id));
  if (went.length !== present.length) return 'present-not-of-team';
  if (!present.includes(actor.id)) return 'reporter-not-present';
  return teamFaults(went, needs).length > 0 ? 'too-few-present' : undefined;
}

/** `before`: found with a record that was returned. It stays a case, whatever is said of its item now. */
function whatWasAnswered(
  { items, problems }: HandedIn,
  found: Found,
  before: NonNullable<Inspection['foundAt']>,
  expected: readonly ItemNo[],
): TaskDenial | undefined {
  const answered = new Set(items.map(({ item }) => item));
  const isAll = answered.size === items.length && items.length === expected.length && expected.every((no) => answered.has(no));
  if (!isAll) return 'items-not-all';
  if (items.some(({ result, note }) => result === 'not-applicable' && note === undefined)) return 'note-missing';
  if ([...problems, ...found].some(({ item }) => item !== undefined && !answered.has(item))) return 'items-not-all';
  const dangerous = new Set(found.flatMap(({ item }) => item ?? []));
  const isDangerous = ({ item }: ItemResult): boolean => dangerous.has(item);
  const wasDangerous = ({ item }: ItemResult): boolean => before.some((one) => one.item === item);
  if (items.some((item) => item.result === 'does-not' && !isDangerous(item) && !wasDangerous(item))) return 'finding-missing';
  return items.some((item) => item.result !== 'does-not' && isDangerous(item)) ? 'finding-contradicts' : undefined;
}

function whetherListed(
  { problems }: { readonly problems: readonly Problem[] },
  found: readonly unknown[],
  nothingFound: boolean,
): TaskDenial | undefined {
  const isEmpty = problems.length === 0 && found.length === 0;
  if (isEmpty && !nothingFound) return 'list-not-said';
  return !isEmpty && nothingFound ? 'list-contradicts' : undefined;
}

function whoSigned(representative: Representative | undefined): TaskDenial | undefined {
  if (representative === undefined) return 'representative-missing';
  const { signed, evidence, reason } = representative;
  if (signed === 'signed') return evidence.length === 0 ? 'signed-sheet-missing' : undefined;
  return reason === undefined ? 'reason-missing' : undefined;
}

function whatCannotBe({ items, problems }: HandedIn, found: Found, nothingFound: boolean): TaskDenial | undefined {
  const isEmpty = items.length === 0 && problems.length === 0 && found.length === 0 && !nothingFound;
  return isEmpty ? undefined : 'nothing-was-inspected';
}

function confirm(task: Task, { actor }: TaskOccasion): Decided {
  if (task.stage !== 'reported' || task.inspection === undefined) return denied('wrong-stage');
  const { by } = task.inspection;
  const reason = whoJudges(task, task.inspection, actor);
  if (reason !== undefined) return denied(reason);
  const isSigned = task.confirmer?.id === actor.id || isEnforcer(task, by) || isEnforcer(task, actor.id);
  return isSigned ? decided({ type: 'InspectionConfirmed', data: {} }) : denied('no-enforcer-signs');
}

/** Another of those who were there, or whom the dispatcher named. */
function whoJudges(task: Task, { by, present }: Inspection, { id }: Actor): TaskDenial | undefined {
  if (by === id) return 'reporter-may-not-confirm';
  if (task.confirmer?.id === id) return undefined;
  if (!task.team.some((member) => member.id === id)) return 'not-of-team';
  return present.includes(id) ? undefined : 'was-not-there';
}

function giveBack(task: Task, reason: string, { handIn }: TaskRules, { at, actor }: TaskOccasion): Decided {
  if (task.stage !== 'reported' || task.inspection === undefined) return denied('wrong-stage');
  const refused = whoJudges(task, task.inspection, actor);
  if (refused !== undefined) return denied(refused);
  return decided({ type: 'InspectionReturned', data: { reason, owed: [owedFrom('hand-in', at, handIn)] } });
}

/** Also of a record that was returned: then it stands as it was handed in, and he judges it. */
function nameConfirmer(
  { stage, inspection }: Task,
  { person: confirmer, reason }: Extract<TaskCommand, { type: 'NameConfirmer' }>,
  { confirmation }: TaskRules,
  at: Instant,
): Decided {
  if (inspection === undefined || (stage !== 'reported' && stage !== 'returned')) return denied('wrong-stage');
  if (inspection.by === confirmer) return denied('confirmer-reported');
  return decided({ type: 'ConfirmerNamed', data: { confirmer, reason, owed: [owedFrom('confirm', at, confirmation)] } });
}

function followUp({ stage, inspection, owed }: Task, handedIn: FollowUp): Decided {
  const isHandedIn = stage === 'reported' || stage === 'returned' || stage === 'confirmed';
  if (inspection === undefined || !isHandedIn) return denied('wrong-stage');
  if (inspection.outcome === 'inspected') return denied('no-follow-up-needed');
  if (!owed.some(({ what }) => what === 'follow-up')) return denied('already-followed-up');
  if (inspection.outcome === 'closed-down' && handedIn.register === undefined) return denied('register-missing');
  return decided({ type: 'FollowUpRecorded', data: handedIn });
}

/** What has come due is noted, and told up the ladder as far as it has come; after an outage every step that has come meanwhile, at once. */
function markOverdue(task: Task, { escalation }: TaskRules, occasion: TaskOccasion): Decided {
  const { at } = occasion;
  const noted = task.owed
    .filter(({ due, missed }) => missed === undefined && due <= at)
    .map(({ what, due }): TaskFact => ({ type: 'TaskOverdue', data: { what, due, next: stepAt(escalation, due, 1) } }));
  const marked = noted.reduce((state, fact) => evolveTask(state, { ...fact, ...occasion }), task);
  const told = marked.owed.flatMap((owed) => escalated(task, owed, escalation, at));
  return noted.length + told.length > 0 ? decided(...noted, ...told) : denied('nothing-overdue');
}

function escalated(task: Task, { what, due, missed }: Owed, ladder: Ladder, at: Instant): TaskFact[] {
  if (missed === undefined || missed.next > at) return [];
  const roles = new Set<Role>();
  let step = missed.steps;
  do {
    step += 1;
    for (const role of rolesOfStep(ladder, step)) roles.add(toldFor(task, role));
  } while (stepAt(ladder, due, step + 1) <= at);
  const next = stepAt(ladder, due, step + 1);
  return [{ type: 'TaskEscalated', data: { what, due, step, roles: [...roles], next, why: ladder.why } }];
}

/** The government's draws have no department over them: the committee office is told in its head's place. */
const toldFor = ({ authority }: Task, role: Role): Role =>
  authority === GOVERNMENT && role === 'department-head' ? 'committee-officer' : role;
