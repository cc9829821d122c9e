/**
 * What of all that the bus tells is a reminder to somebody, and why the rest is none. It is total: a fact of a new kind does not compile
 * until it is said here.
 */
import type { LedgerFact } from './ledger-fact.ts';
import type { Notice } from './notice.ts';
import type { ReminderKind } from './reminder.ts';

type ToldType = LedgerFact['type'] | Notice['type'];

const IN_PLACE = 'whoever did it knows, and nobody else has to act on it';
const IN_CASE = 'the case shows it; what is owed then is told before its deadline';
const OWN = 'it says what became of reminders: reminding of it would go round in circles';

/** The kinds that it becomes, or why it becomes none. */
export const REMINDING = {
  PeriodOpened: ['checks-due'],
  PeriodEnding: ['checks-ending'],
  ListEnding: ['list-ending'],
  FormDue: ['form-due'],
  DeadlineNear: ['deadline-near'],
  TaskNear: ['task-near'],
  TaskNotice: ['task-assigned', 'task-withdrawn'],

  EnterpriseRegistered: IN_PLACE,
  EnterpriseChanged: IN_PLACE,
  RiskListChanged: IN_PLACE,
  RiskListSigned: 'the checks that it begins are told when their period opens',
  OverallGradeFollowed: 'it follows from the risks, which the enterprise itself changed',
  OverallGradeAdjusted: IN_PLACE,
  SuspensionApproved: 'what is excused by it is left out of what is told of the period',
  SuspensionLifted: 'the checks are told when their period opens, and before it ends',
  RiskAdded: IN_PLACE,
  RiskChanged: IN_PLACE,
  RiskRegraded: 'the checks of the new colour are told when their period opens, and before it ends',
  RiskRetired: IN_PLACE,
  KeyUnitDesignated: IN_PLACE,
  DesignationEnded: IN_PLACE,
  GridCellSet: IN_PLACE,
  GridLineSet: IN_PLACE,
  GridAssigned: IN_PLACE,
  GridGapFound: ['grid-gap'],
  GridGapEscalated: ['grid-gap'],
  GridGapClosed: 'nothing is left to do',

  RoundSubmitted: 'what it found is a hazard, and reported as one',
  PeriodSealed: ['checks-missed'],
  SealAmended: 'what was missed and is made up owes nothing; it is not told any more where it was not yet',
  HazardListSubmitted: 'nothing is left to do',

  HazardReported: ['hazard-reported'],
  HazardGraded: ['hazard-major'],
  HazardUpgraded: ['hazard-major'],
  HazardReopened: ['hazard-major', 'hazard-assigned'],
  HazardFixedOnTheSpot: ['hazard-waiting'],
  RectificationAssigned: ['hazard-assigned'],
  RectificationSubmitted: ['hazard-waiting'],
  RectificationAccepted: 'it closes the case, or whoever was stopped applies to resume when he can',
  RectificationReturned: ['hazard-waiting'],
  HazardReportedToDepartment: 'the department was told of the major hazard when it was graded',
  PlanFiled: ['hazard-waiting'],
  PlanApproved: ['hazard-assigned'],
  PlanReturned: ['hazard-waiting'],
  OrderIssued: ['order-issued'],
  OrderLifted: ['order-lifted'],
  EvacuationHelpApplied: ['evacuation-asked'],
  EvacuationHelpAnswered: ['evacuation-answered'],
  HazardListed: ['hazard-listed'],
  ProgressReported: IN_CASE,
  HazardDelisted: IN_CASE,
  ResumptionApplied: ['hazard-waiting'],
  ResumptionConsented: ['order-lifted'],
  ResumptionRefused: 'no deadline runs: whoever is stopped applies again when he can',
  ExtensionRequested: ['hazard-waiting'],
  ExtensionGranted: IN_CASE,
  ExtensionRefused: IN_CASE,
  ExtensionLapsed: 'with it the deadline of the cure was missed, which is told',
  WithdrawalRequested: ['hazard-waiting'],
  WithdrawalRefused: IN_CASE,
  HazardWithdrawn: ['order-lifted'],
  HazardClosed: 'nothing is left to do',
  DeadlineMissed: ['deadline-missed'],
  EscalationCameDue: 'the step is told when it is recorded as told',
  HazardEscalated: ['deadline-missed'],

  InspectorRegistered: IN_PLACE,
  InspectorChanged: IN_PLACE,
  AbsencesDeclared: IN_PLACE,
  InterestDeclared: IN_PLACE,
  InterestLifted: IN_PLACE,
  InspectorRetired: IN_PLACE,
  ItemListKept: IN_PLACE,
  InspectionPlanned: IN_PLACE,
  DrawRefused: ['draw-trouble'],
  DrawAsked: 'it is announced, or refused, at once',
  DrawMissed: ['draw-trouble'],
  NothingToDraw: 'nobody has to act on it',
  DrawAnnounced: ['draw-announced'],
  RandomnessEntered: IN_PLACE,
  RandomnessSettled: 'the draw goes on by itself',
  RandomnessMissing: ['draw-trouble'],
  ObjectsReplaced: IN_PLACE,
  DrawDrawn: 'whom it sends is told by the notice of each task',
  DrawAssigned: 'whom it sends is told by the notice of each task',
  DrawInspected: 'the reveal comes by itself',
  DrawNotRevealed: ['draw-trouble'],
  DrawVoided: ['draw-trouble'],
  FilesLost: ['draw-trouble'],
  DrawRevealed: 'it lies open, and nobody has to act on it',
  TaskAssigned: 'the notice names whom it sends, the ledger does not',
  TaskAssignedByHand: 'the notice names whom it sends, the ledger does not',
  InspectionReported: 'who has to sign it was there, and is told before the deadline',
  InspectionConfirmed: 'the result is published by itself',
  InspectionReturned: 'who has to hand it in again was there, and is told before the deadline',
  ConfirmerNamed: 'the notice names him, the ledger does not',
  FollowUpRecorded: IN_PLACE,
  TaskReplaced: 'the notice names who does not go, the ledger does not',
  TaskVoided: 'the notice names who does not go, the ledger does not',
  TaskOverdue: ['task-overdue'],
  TaskEscalated: ['task-overdue'],
  ResultPublished: 'it lies open, and nobody has to act on it',

  SubscriptionMade: IN_PLACE,
  SubscriptionChanged: IN_PLACE,
  AddressReplaced: IN_PLACE,
  SecretRotated: IN_PLACE,
  SubscriptionDisabled: ['channel-failing'],
  SubscriptionEnabled: IN_PLACE,
  SubscriptionEnded: IN_PLACE,
  MessageDelivered: OWN,
  MessageOffered: OWN,
  RemindersDropped: OWN,
  MessageDead: ['channel-failing'],
  ReceiverFailing: ['channel-failing'],
  FeedRead: OWN,
  TestAsked: 'its message was made ready with it',
  ReplayAsked: OWN,
  RedriveAsked: OWN,

  SealingKeyAdopted: 'whoever deployed it knows, and readers are told by the published keys',
  SealingKeyRetired: 'whoever deployed it knows, and readers are told by the published keys',
  ExportBegun: 'it goes on by itself',
  ExportClosed: 'who waits for it sees it in the list of exports',
  ExportRead: 'it is for those who look at who read what',
  SaltsRead: 'it is for those who look at who read what',
  AuditOpened: IN_PLACE,
  AuditEnded: IN_PLACE,
  ExportSeen: 'it is for those who look at who read what',
  ReadRefused: 'it is for those who look at who read what',
  PersonalDataRemoved: IN_PLACE,
  ExchangeRowReceived: 'what of it has to be done here the report of gaps says',
} as const satisfies Readonly<Record<ToldType, string | readonly [ReminderKind, ...ReminderKind[]]>>;

type Reminding = typeof REMINDING;
/** The types of which reminders come. */
export type RemindingType = { [Type in keyof Reminding]: Reminding[Type] extends string ? never : Type }[keyof Reminding];

/** Whether reminders come of what is told. */
export const isReminding = (type: string): type is RemindingType =>
  Object.hasOwn(REMINDING, type) && typeof Object.entries(REMINDING).find(([name]) => name === type)?.[1] !== 'string';

/** What the queue of reminders wants of the bus. */
export const REMINDING_TYPES: readonly RemindingType[] = Object.keys(REMINDING).filter(isReminding);
