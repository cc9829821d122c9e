/**
 * Which members of an event are of a person. It is total: a fact of a new kind does not compile until it is said here. Beside these every
 * text is of a person in which a telephone or identity number stands, whatever the member.
 */
import { isCommitment, pathName, textsIn, withTexts } from './commitment.ts';
import { PERSONAL_COLUMNS } from './exchange.ts';
import { evidenceKey, objectId } from './ids.ts';
import type { Fact } from './ledger-event.ts';
import type { LedgerFact } from './ledger-fact.ts';
import { isOwner } from './owner.ts';
import { personalDataIn } from './personal-data.ts';

type Under<Member extends string, Path extends string> = Path extends '' ? Member : `${Member}.${Path}`;
/** The paths of the texts of a value; `*` is any item of a list. */
type TextPath<Value> = Value extends string
  ? ''
  : Value extends readonly (infer Item)[]
    ? Under<'*', TextPath<Item>>
    : Value extends object
      ? { [Member in keyof Value & string]: Under<Member, TextPath<NonNullable<Value[Member]>>> }[keyof Value & string]
      : never;

const NONE = [] as const;
const OF_ENTERPRISE = ['contacts.*.name', 'contacts.*.phone'] as const;
const OF_RISK = ['content.participants.*.names.*', 'content.controls.*.person', 'content.responsible'] as const;
const OF_GRADES = ['grades.inherent.experts.*', 'grades.residual.experts.*'] as const;
/** The number of somebody's certificate names him as his identity number does. */
const OF_INSPECTOR = ['certificate.no'] as const;
/** As the platform knows them: whoever named them may have used their names. */
const OF_SUBSCRIPTION = ['mentions.users.*'] as const;
const OF_EXCHANGE = PERSONAL_COLUMNS.map((column) => `row.${column}` as const);

/** Everybody is named by an opaque id, which is no personal data here; what is listed is what people are called, reached or known by. */
const PERSONAL_MEMBERS: { readonly [F in LedgerFact as F['type']]: readonly TextPath<F['data']>[] } = {
  EnterpriseRegistered: OF_ENTERPRISE,
  EnterpriseChanged: OF_ENTERPRISE,
  RiskListChanged: NONE,
  RiskListSigned: NONE,
  OverallGradeFollowed: NONE,
  OverallGradeAdjusted: NONE,
  SuspensionApproved: ['approver'],
  SuspensionLifted: NONE,
  RiskAdded: [...OF_RISK, ...OF_GRADES],
  RiskChanged: OF_RISK,
  RiskRegraded: OF_GRADES,
  RiskRetired: NONE,
  KeyUnitDesignated: NONE,
  DesignationEnded: NONE,
  GridCellSet: NONE,
  GridLineSet: NONE,
  GridAssigned: NONE,
  GridGapFound: NONE,
  GridGapEscalated: NONE,
  GridGapClosed: NONE,

  RoundSubmitted: NONE,
  PeriodSealed: NONE,
  SealAmended: NONE,
  HazardListSubmitted: NONE,

  HazardReported: NONE,
  HazardGraded: NONE,
  HazardUpgraded: NONE,
  HazardReopened: NONE,
  HazardFixedOnTheSpot: NONE,
  RectificationAssigned: NONE,
  RectificationSubmitted: NONE,
  RectificationAccepted: NONE,
  RectificationReturned: NONE,
  HazardReportedToDepartment: NONE,
  PlanFiled: ['plan.parts.people'],
  PlanApproved: NONE,
  PlanReturned: NONE,
  OrderIssued: NONE,
  OrderLifted: NONE,
  EvacuationHelpApplied: NONE,
  EvacuationHelpAnswered: NONE,
  HazardListed: NONE,
  ProgressReported: NONE,
  HazardDelisted: NONE,
  ResumptionApplied: ['assessor'],
  ResumptionConsented: NONE,
  ResumptionRefused: NONE,
  ExtensionRequested: NONE,
  ExtensionGranted: NONE,
  ExtensionRefused: NONE,
  ExtensionLapsed: NONE,
  WithdrawalRequested: NONE,
  WithdrawalRefused: NONE,
  HazardWithdrawn: NONE,
  HazardClosed: NONE,
  DeadlineMissed: NONE,
  EscalationCameDue: NONE,
  HazardEscalated: NONE,

  InspectorRegistered: OF_INSPECTOR,
  InspectorChanged: OF_INSPECTOR,
  /** Why somebody is ill or away, and to whom he is related, is his. */
  AbsencesDeclared: ['absences.*.reason'],
  InterestDeclared: ['reason'],
  InterestLifted: ['reason'],
  InspectorRetired: ['because'],
  ItemListKept: NONE,
  InspectionPlanned: NONE,
  DrawRefused: NONE,
  DrawAsked: NONE,
  DrawMissed: NONE,
  NothingToDraw: NONE,
  DrawAnnounced: NONE,
  RandomnessEntered: NONE,
  RandomnessSettled: NONE,
  RandomnessMissing: NONE,
  ObjectsReplaced: NONE,
  DrawDrawn: NONE,
  DrawAssigned: NONE,
  DrawInspected: NONE,
  DrawNotRevealed: NONE,
  DrawVoided: NONE,
  FilesLost: NONE,
  DrawRevealed: NONE,
  TaskAssigned: NONE,
  TaskAssignedByHand: NONE,
  InspectionReported: NONE,
  InspectionConfirmed: NONE,
  InspectionReturned: NONE,
  ConfirmerNamed: NONE,
  FollowUpRecorded: NONE,
  TaskReplaced: NONE,
  TaskVoided: NONE,
  TaskOverdue: NONE,
  TaskEscalated: NONE,
  ResultPublished: NONE,

  SubscriptionMade: OF_SUBSCRIPTION,
  SubscriptionChanged: OF_SUBSCRIPTION,
  AddressReplaced: NONE,
  SecretRotated: NONE,
  SubscriptionDisabled: NONE,
  SubscriptionEnabled: NONE,
  SubscriptionEnded: NONE,
  MessageDelivered: NONE,
  MessageOffered: NONE,
  RemindersDropped: NONE,
  MessageDead: NONE,
  ReceiverFailing: NONE,
  FeedRead: NONE,
  TestAsked: NONE,
  ReplayAsked: NONE,
  RedriveAsked: NONE,

  SealingKeyAdopted: NONE,
  SealingKeyRetired: NONE,
  /** Why somebody asks after an enterprise, why an audit is held or ends, and why a person's data goes, may name him. */
  ExportBegun: ['reason'],
  ExportClosed: NONE,
  ExportRead: NONE,
  SaltsRead: NONE,
  AuditOpened: ['reason'],
  AuditEnded: ['because'],
  ExportSeen: NONE,
  ReadRefused: NONE,
  PersonalDataRemoved: ['reason'],
  ExchangeRowReceived: OF_EXCHANGE,
};

const MEMBERS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  Object.entries<readonly string[]>(PERSONAL_MEMBERS).map(([type, paths]) => [type, paths.map((path) => path.split('.'))]),
);

/** Names and hashes that programs made: digits in them are nobody's number. */
const MADE = new Set([
  ...['id', 'no', 'round', 'key', 'subject', 'of', 'about', 'target', 'receiver', 'file', 'files', 'message'],
  ...['hash', 'sha256', 'digest', 'announcement', 'previous', 'randomness', 'value', 'manifest', 'root', 'vkey'],
  ...['enterprise', 'creditCode', 'riskUnitId', 'riskEventId', 'riskMeasureId', 'checkTaskId', 'checkRecordId'],
]);
const isMade = (path: readonly string[], text: string): boolean =>
  MADE.has(path.findLast((name) => !/^\d+$/.test(name)) ?? '') || evidenceKey.is(text) || objectId.is(text) || isOwner(text);

/** Seven digits, as the shortest number of a person has more: most texts have none, and are not looked at any further. */
const DIGITS = /(?:[0-9\uFF10-\uFF19][^0-9\uFF10-\uFF19A-Za-z\u4E00-\u9FFF]{0,3}){7}/;
const NOBODY = { persons: [], notPersons: [] };
const holdsNumber = (text: string): boolean => DIGITS.test(text) && personalDataIn(text, NOBODY).length > 0;

const isAt = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length && pattern.every((name, place) => name === '*' || name === path[place]);

/** A text of an event that is of a person, by its member path in the event. */
export interface PersonalText {
  readonly path: string;
  readonly value: string;
}

const DATA = 'data';

/** Every text of an event that is of a person. */
export function personalTexts({ type, data }: Fact): readonly PersonalText[] {
  const members = MEMBERS.get(type) ?? [];
  const found: PersonalText[] = [];
  for (const { path, text } of textsIn(data)) {
    if (text === '') continue;
    const isPersonal = members.some((pattern) => isAt(pattern, path)) || (!isMade(path, text) && holdsNumber(text));
    if (isPersonal) found.push({ path: pathName([DATA, ...path]), value: text });
  }
  return found;
}

/** How many items a transaction takes for facts: each one, and one more for the salts where something in it is of a person. */
export const itemsOfFacts = (facts: readonly Fact[]): number =>
  facts.reduce((items, fact) => items + (personalTexts(fact).length > 0 ? 2 : 1), 0);

/** Whether something of a person stands in an event as it is: events of before there were commitments have it so. */
export const standsInClear = (event: Fact): boolean => personalTexts(event).some(({ value }) => !isCommitment(value));

/** The event with commitments in the place of texts, by their paths. */
export const withCommitments = <Event extends Fact>(event: Event, commitments: ReadonlyMap<string, string>): Event => ({
  ...event,
  data: withTexts(event.data, ({ path }) => commitments.get(pathName(path)), [DATA]),
});
