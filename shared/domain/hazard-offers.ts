/** What may be asked for in a case: the commands that people give, and which of them this person would not be refused outright. */
import { type Day, dayOf } from './calendar.ts';
import { type Hazard, type HazardCommand, STOP_ORDERS } from './hazard.ts';
import type { HazardRules } from './hazard-deadlines.ts';
import { COMMAND_STAGES, decideHazard, type HazardOccasion } from './hazard-decide.ts';
import { HAZARD_DENIALS } from './hazard-denials.ts';
import { evidenceKey } from './ids.ts';

/** What people ask for; the rest is the system's own. */
export type PersonCommand = Exclude<HazardCommand, { readonly type: 'MarkOverdue' | 'Escalate' }>;
export type PersonCommandType = PersonCommand['type'];

/** Something that might be handed in: what is asked is whether anything could be, so its content does not matter. */
type Sample = { readonly [Type in PersonCommandType]: (hazard: Hazard, day: Day) => Extract<PersonCommand, { type: Type }> };
const SAMPLES: Sample = {
  /** That a suspected major hazard is none, not everybody may say; that it is one, everybody who grades. */
  GradeHazard: ({ finding }) =>
    finding.suspectedMajor
      ? { type: 'GradeHazard', level: 'major', criterion: '', basis: '' }
      : { type: 'GradeHazard', level: 'general' },
  FixOnTheSpot: () => ({ type: 'FixOnTheSpot', account: '', before: [], after: [] }),
  AssignRectification: ({ reportedBy }) => ({ type: 'AssignRectification', rectifier: reportedBy.id }),
  SubmitRectification: () => ({ type: 'SubmitRectification', account: '', evidence: [] }),
  AcceptRectification: () => ({ type: 'AcceptRectification' }),
  ReturnRectification: () => ({ type: 'ReturnRectification', reason: '' }),
  UpgradeHazard: () => ({ type: 'UpgradeHazard', criterion: '', basis: '' }),
  ReportToDepartment: () => ({ type: 'ReportToDepartment' }),
  FilePlan: () => ({ type: 'FilePlan', plan: { parts: {} } }),
  ApprovePlan: () => ({ type: 'ApprovePlan' }),
  ReturnPlan: () => ({ type: 'ReturnPlan', reason: '' }),
  IssueOrder: () => ({ type: 'IssueOrder', kind: 'withdraw', scope: '' }),
  LiftOrder: ({ orders }) => {
    const inForce = orders.filter(({ lifted }) => lifted === undefined);
    const order = inForce.find(({ kind }) => !STOP_ORDERS.includes(kind)) ?? inForce[0];
    return { type: 'LiftOrder', no: order?.no ?? 0, reason: '' };
  },
  ApplyForEvacuationHelp: () => ({ type: 'ApplyForEvacuationHelp', area: '', people: 0 }),
  AnswerEvacuationHelp: () => ({ type: 'AnswerEvacuationHelp', granted: true, note: '' }),
  ListForSupervision: (_, term) => ({ type: 'ListForSupervision', document: '', term }),
  ReportProgress: () => ({ type: 'ReportProgress', text: '' }),
  DelistFromSupervision: () => ({ type: 'DelistFromSupervision', document: '' }),
  ApplyToResume: ({ finding }) => ({ type: 'ApplyToResume', assessor: '', assessment: finding.evidence[0] ?? NO_EVIDENCE }),
  ConsentToResume: () => ({ type: 'ConsentToResume' }),
  RefuseToResume: () => ({ type: 'RefuseToResume', reason: '' }),
  RequestExtension: (_, until) => ({ type: 'RequestExtension', until, reason: '' }),
  DecideExtension: () => ({ type: 'DecideExtension', granted: false }),
  RequestWithdrawal: () => ({ type: 'RequestWithdrawal', reason: '' }),
  ConfirmWithdrawal: () => ({ type: 'ConfirmWithdrawal' }),
  RefuseWithdrawal: () => ({ type: 'RefuseWithdrawal', reason: '' }),
  ReopenHazard: () => ({ type: 'ReopenHazard', reason: '', evidence: [] }),
};

const NO_EVIDENCE = evidenceKey(`evidence/${'0'.repeat(18)}/${'0'.repeat(64)}.pdf`);

export const PERSON_COMMANDS = Object.keys(SAMPLES) as PersonCommandType[];

/**
 * The commands that this person could give now, as far as the case and he himself are concerned: what he would hand in may still be
 * refused. What his role may do at all, the access table says.
 */
export const commandsOffered = (hazard: Hazard, rules: HazardRules, occasion: HazardOccasion): readonly PersonCommandType[] =>
  PERSON_COMMANDS.filter((type) => {
    if (!COMMAND_STAGES[type].includes(hazard.stage)) return false;
    const answer = decideHazard(hazard, SAMPLES[type](hazard, dayOf(occasion.at)), rules, occasion);
    return answer.kind === 'decided' || HAZARD_DENIALS[answer.reason].about === 'content';
  });
