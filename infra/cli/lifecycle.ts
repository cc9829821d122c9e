/**
 * The lifecycle of a hazard as the domain really has it: every command is tried on every kind of case that commands can bring about,
 * and what happened is noted. Nothing here says where a command leads.
 */
import { dayOf, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { type Hazard, type HazardCommand, type HazardCommandType, STOP_ORDERS, type Stage } from '../../shared/domain/hazard.ts';
import { attentionAt } from '../../shared/domain/hazard-deadlines.ts';
import { decideHazard, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { countyCode, evidenceKey, hazardId, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';

/** A command that was carried out on a case in one stage and left it in this or another. */
export interface Step {
  readonly from: Stage;
  readonly to: Stage;
  /** The command, with the level where it gives one. */
  readonly by: string;
}

const COUNTY = countyCode('533102');
const NOW = instant('2026-03-02T01:00:00.000Z');
const RULES = policyFor(COUNTY, NOW).hazards;
const [CRITERION = ''] = Object.keys(RULES.major.criteria.values);
const photo = (hash: string) => evidenceKey(`evidence/91533102MA6K1A2B1X/${hash.repeat(64)}.jpg`);
const PHOTO = photo('a');

const person = (id: string, role: Role): Actor => ({ id: personId(id), role });
const ACTORS = [
  person('leader', 'team-leader'),
  person('manager', 'safety-manager'),
  person('officer', 'department-officer'),
  person('chief', 'department-head'),
];
const RECTIFIER = personId('leader');

const inDays = (from: Instant, days: number) => dayOf(plusDays(from, days));
const text = '…';

/** For every command there is, what somebody might ask for. A command more does not compile without its line. */
const SAMPLES: { readonly [Type in HazardCommandType]: (hazard: Hazard) => readonly Extract<HazardCommand, { type: Type }>[] } = {
  GradeHazard: () => [
    { type: 'GradeHazard', level: 'general' },
    { type: 'GradeHazard', level: 'major', criterion: CRITERION, basis: text },
  ],
  FixOnTheSpot: () => [{ type: 'FixOnTheSpot', account: text, before: [photo('b')], after: [PHOTO] }],
  AssignRectification: () => [{ type: 'AssignRectification', rectifier: RECTIFIER }],
  SubmitRectification: () => [{ type: 'SubmitRectification', account: text, evidence: [PHOTO] }],
  AcceptRectification: () => [{ type: 'AcceptRectification' }],
  ReturnRectification: () => [{ type: 'ReturnRectification', reason: text }],
  UpgradeHazard: () => [{ type: 'UpgradeHazard', criterion: CRITERION, basis: text }],
  ReportToDepartment: () => [{ type: 'ReportToDepartment' }],
  FilePlan: () => [
    {
      type: 'FilePlan',
      plan: {
        ...{ responsible: RECTIFIER, measures: text, fundsFen: 1, timeLimit: inDays(NOW, 2), emergencyPlan: PHOTO },
        parts: { aims: text, methods: text, means: text, people: text, schedule: text, safety: text },
      },
    },
  ],
  ApprovePlan: () => [{ type: 'ApprovePlan' }],
  ReturnPlan: () => [{ type: 'ReturnPlan', reason: text }],
  IssueOrder: () => [
    { type: 'IssueOrder', kind: 'stop-use', scope: text },
    { type: 'IssueOrder', kind: 'evacuate', scope: text },
  ],
  LiftOrder: ({ orders }) => orders.map(({ no }) => ({ type: 'LiftOrder', no, reason: text })),
  ApplyForEvacuationHelp: () => [{ type: 'ApplyForEvacuationHelp', area: text, people: 1 }],
  AnswerEvacuationHelp: () => [{ type: 'AnswerEvacuationHelp', granted: true, note: text }],
  ListForSupervision: () => [{ type: 'ListForSupervision', document: text, term: inDays(NOW, 2) }],
  ReportProgress: () => [{ type: 'ReportProgress', text }],
  DelistFromSupervision: () => [{ type: 'DelistFromSupervision', document: text }],
  ApplyToResume: () => [{ type: 'ApplyToResume', assessor: text, assessment: PHOTO }],
  ConsentToResume: () => [{ type: 'ConsentToResume' }],
  RefuseToResume: () => [{ type: 'RefuseToResume', reason: text }],
  RequestExtension: ({ obligations }) =>
    obligations
      .filter(({ kind }) => kind === 'rectify')
      .map(({ due }) => ({ type: 'RequestExtension', until: inDays(due, 0), reason: text })),
  DecideExtension: () => [
    { type: 'DecideExtension', granted: true },
    { type: 'DecideExtension', granted: false },
  ],
  RequestWithdrawal: () => [{ type: 'RequestWithdrawal', reason: text }],
  ConfirmWithdrawal: () => [{ type: 'ConfirmWithdrawal' }],
  RefuseWithdrawal: () => [{ type: 'RefuseWithdrawal', reason: text }],
  ReopenHazard: () => [{ type: 'ReopenHazard', reason: text, evidence: [PHOTO] }],
  MarkOverdue: () => [{ type: 'MarkOverdue' }],
  Escalate: () => [{ type: 'Escalate' }],
};

/** What bears on the commands of a case: its stage, its level and whether somebody wants it withdrawn, with each other thing by itself. */
const aspectsOf = (hazard: Hazard): readonly string[] => {
  const { stage, grade, orders, extensions, withdrawal, evacuations, listing, generation } = hazard;
  const inForce = orders.filter(({ lifted }) => lifted === undefined).map(({ kind }) => kind);
  const aspects = {
    isReported: grade?.level === 'major' && grade.reported !== undefined,
    isStopped: inForce.some((kind) => STOP_ORDERS.includes(kind)),
    isEvacuated: inForce.some((kind) => !STOP_ORDERS.includes(kind)),
    extension: extensions.at(-1)?.state,
    isHelpAsked: evacuations.some(({ answer }) => answer === undefined),
    isListed: listing !== undefined && listing.delisted === undefined,
    hasApplied: stage === 'awaiting-resumption' && hazard.application !== undefined,
    isReopened: generation > 1,
  };
  return Object.entries(aspects).map((aspect) => JSON.stringify([stage, grade?.level, withdrawal !== undefined, ...aspect]));
};

function reported(): Hazard {
  const owner = enterpriseOwner(creditCode('91350100M000100Y43'));
  const finding = { at: NOW, source: 'self-check', place: text, description: text, evidence: [] } as const;
  const report = { id: hazardId('R0123456789ABCDEF'), county: COUNTY, colour: 'RED', owner, finding } as const;
  return evolveHazard(undefined, {
    ...reportHazard(report, RULES, NOW),
    at: NOW,
    actor: ACTORS[0] ?? person('nobody', 'system'),
  });
}

const nameOf = (command: HazardCommand): string => ('level' in command ? `${command.type} (${command.level})` : command.type);

/** Every step that the domain allows, once. A case is looked at when something about it was not seen in its stage before. */
export function stepsOfLifecycle(): readonly Step[] {
  const steps = new Map<string, Step>();
  const cases = [reported()];
  const seen = new Set<string>();
  for (const hazard of cases) {
    const commands = Object.values(SAMPLES).flatMap((samples) => samples(hazard) as readonly HazardCommand[]);
    for (const command of commands) {
      for (const actor of ACTORS) {
        for (const at of [NOW, attentionAt(hazard)]) {
          const answer = decideHazard(hazard, command, RULES, { at, actor });
          if (answer.kind === 'denied') continue;
          const after = answer.events.reduce<Hazard>((state, fact) => evolveHazard(state, { ...fact, at, actor }), hazard);
          const step = { from: hazard.stage, to: after.stage, by: nameOf(command) };
          steps.set(JSON.stringify(step), step);
          const unseen = aspectsOf(after).filter((aspect) => !seen.has(aspect));
          if (at !== NOW || unseen.length === 0) continue;
          for (const aspect of unseen) seen.add(aspect);
          cases.push(after);
        }
      }
    }
  }
  return [...steps.values()];
}
