/**
 * A hazard (隐患) from its report to its closing. Policy 二(五): a major hazard is reported to the department at once and cured by
 * a plan with all of 五落实; where safety cannot be assured meanwhile, production or use stops and people leave. Each stage has
 * exactly its own fields. Overdue, stopped, listed and extended are no stages: they follow from obligations, orders and requests.
 */
import type { Day, Instant } from './calendar.ts';
import type { Role } from './caller.ts';
import type { Colour, Standing } from './colour.ts';
import type { Obligation, ObligationKind } from './hazard-deadlines.ts';
import {
  type CountyCode,
  type EvidenceKey,
  type HazardId,
  hazardId,
  type ObjectId,
  type PersonId,
  type RiskNo,
  type TaskId,
  type TownshipCode,
} from './ids.ts';
import type { Actor } from './ledger-event.ts';
import { areaObject, enterpriseObject } from './object.ts';
import { enterpriseOf, type Owner } from './owner.ts';
import type { Why } from './why.ts';

/** Where a case stands. `closed` and `withdrawn` are its ends. */
export const STAGES = [
  'registered',
  'awaiting-plan',
  'awaiting-plan-review',
  'rectifying',
  'awaiting-acceptance',
  'awaiting-resumption',
  'closed',
  'withdrawn',
] as const;
export type Stage = (typeof STAGES)[number];

/** The stages in which somebody still has to act. */
export const OPEN_STAGES = [
  'registered',
  'awaiting-plan',
  'awaiting-plan-review',
  'rectifying',
  'awaiting-acceptance',
  'awaiting-resumption',
] as const satisfies readonly Stage[];
export type OpenStage = (typeof OPEN_STAGES)[number];

/** What people call the stages. */
export const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  registered: '已登记，待定级',
  'awaiting-plan': '待报治理方案',
  'awaiting-plan-review': '方案待审查',
  rectifying: '整改中',
  'awaiting-acceptance': '待验收',
  'awaiting-resumption': '待恢复生产',
  closed: '已销号',
  withdrawn: '已撤销（不属实）',
};

/** How it came to be known. */
export const SOURCES = ['self-check', 'staff-report', 'inspection'] as const;
export type Source = (typeof SOURCES)[number];

/** What was found, where and by whom. */
export interface Finding {
  /** When it was found, as claimed; never later than the report. */
  readonly at: Instant;
  readonly source: Source;
  readonly place: string;
  readonly description: string;
  readonly evidence: readonly EvidenceKey[];
  /** The risk point whose control failed; in a public area always its risk. */
  readonly risk?: RiskNo;
  /** The check round that found it. */
  readonly round?: string;
  /** The task of the inspection that found it. */
  readonly inspection?: TaskId;
  /** The finder thinks that it is major: it has to be judged within the time for those. */
  readonly suspectedMajor?: true;
}

export interface GeneralGrade {
  readonly level: 'general';
  readonly by: PersonId;
  readonly at: Instant;
}

/** A major hazard names the criterion that makes it one, and how it is met. */
export interface MajorGrade {
  readonly level: 'major';
  readonly criterion: string;
  readonly basis: string;
  readonly by: PersonId;
  readonly at: Instant;
  /** When the department with the duty of supervision was told (报备). */
  readonly reported?: { readonly at: Instant; readonly by: PersonId };
}

export type Grade = GeneralGrade | MajorGrade;

/** 五落实 of policy 二(五), as they have to be: a named person, measures, a number, a date, a document. */
export interface FiveItems {
  readonly responsible: PersonId;
  readonly measures: string;
  readonly fundsFen: number;
  /** The last day of the cure. */
  readonly timeLimit: Day;
  readonly emergencyPlan: EvidenceKey;
}

export const PLAN_PARTS = ['aims', 'methods', 'means', 'people', 'schedule', 'safety'] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];

/** A plan as it is handed in: whatever is missing is named when it is refused. */
export type PlanDraft = { readonly [Item in keyof FiveItems]?: FiveItems[Item] | undefined } & {
  readonly parts: Partial<Readonly<Record<PlanPart, string>>>;
};

export interface FiledPlan extends FiveItems {
  readonly parts: Partial<Readonly<Record<PlanPart, string>>>;
  readonly filedBy: PersonId;
  readonly filedAt: Instant;
}

export interface ApprovedPlan extends FiledPlan {
  readonly approvedBy: PersonId;
  readonly approvedAt: Instant;
}

/** Who cures it and by what right: nobody works on a major hazard without an approved plan. */
export type Cure =
  | { readonly grade: GeneralGrade; readonly rectifier: PersonId }
  | { readonly grade: MajorGrade; readonly rectifier: PersonId; readonly plan: ApprovedPlan };

/** What was handed in as a cure, and what became of it. A returned attempt stays. */
export interface Attempt {
  readonly by: PersonId;
  readonly at: Instant;
  readonly account: string;
  readonly evidence: readonly EvidenceKey[];
  readonly spentFen?: number;
  readonly onTheSpot?: true;
  readonly verdict?: { readonly accepted: boolean; readonly by: PersonId; readonly at: Instant; readonly note?: string };
}

export const ORDER_KINDS = ['stop-production', 'stop-use', 'withdraw', 'evacuate'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** These are lifted by the consent to resume and by nothing less. */
export const STOP_ORDERS: readonly OrderKind[] = ['stop-production', 'stop-use'];

export interface Order {
  /** Its number within the case, from 1. */
  readonly no: number;
  readonly kind: OrderKind;
  readonly scope: string;
  readonly document?: string;
  readonly issuer: Actor;
  readonly at: Instant;
  readonly lifted?: { readonly by: PersonId; readonly at: Instant; readonly reason: string };
}

export interface ExtensionRequest {
  readonly until: Day;
  readonly reason: string;
  readonly by: PersonId;
  readonly at: Instant;
  /** `lapsed`: the deadline passed before anybody decided. */
  readonly state: 'asked' | 'granted' | 'refused' | 'lapsed';
  readonly decided?: { readonly by: PersonId; readonly at: Instant; readonly note?: string };
}

/** An application to the county government to help evacuate those who may be affected. */
export interface EvacuationHelp {
  readonly by: PersonId;
  readonly at: Instant;
  readonly area: string;
  readonly people: number;
  readonly answer?: { readonly granted: boolean; readonly note: string; readonly by: PersonId; readonly at: Instant };
}

/** Whose list it is: 县级、州市级、省级. */
export const LISTING_LEVELS = ['county', 'prefecture', 'province'] as const;
export type ListingLevel = (typeof LISTING_LEVELS)[number];

/** 挂牌督办. */
export interface Listing {
  readonly document: string;
  /** Absent where it was not said: the county's own. */
  readonly level?: ListingLevel;
  /** The day by which the cure has to be finished. */
  readonly term: Day;
  readonly by: PersonId;
  readonly at: Instant;
  readonly progress: readonly { readonly by: PersonId; readonly at: Instant; readonly text: string }[];
  readonly delisted?: { readonly document: string; readonly by: PersonId; readonly at: Instant };
}

export interface WithdrawalRequest {
  readonly by: PersonId;
  readonly at: Instant;
  readonly reason: string;
}

/** A closing that was: reopening counts against it. */
export interface Closing {
  readonly generation: number;
  readonly by: PersonId;
  readonly at: Instant;
}

/** A deadline that was missed. It stays with the case to its end, also after the thing was done. */
export interface Missed {
  readonly kind: ObligationKind;
  readonly due: Instant;
  readonly why: Why;
  /** When it was done after all, and how many steps of the ladder had been told by then. */
  readonly met?: Instant;
  readonly steps?: number;
}

/** What a case has in every stage. */
export interface CaseFile {
  readonly id: HazardId;
  readonly county: CountyCode;
  /** Of the risk point when it was found: the partition, which never moves. */
  readonly colour: Colour;
  readonly owner: Owner;
  readonly township?: TownshipCode;
  /** The department that sees to the cure; a public area may have none but its owner's own, which is none (`hazard-parties.ts`). */
  readonly supervisor?: Owner;
  /** 1, and one more with each reopening. */
  readonly generation: number;
  readonly finding: Finding;
  readonly reportedBy: Actor;
  readonly reportedAt: Instant;
  readonly obligations: readonly Obligation[];
  readonly missed: readonly Missed[];
  /** When a return gave the cure its one more limit. It gets none again. */
  readonly again?: Instant;
  readonly attempts: readonly Attempt[];
  /** Who had a hand in the cure of this generation: none of them may accept it. */
  readonly fixers: readonly PersonId[];
  readonly orders: readonly Order[];
  readonly extensions: readonly ExtensionRequest[];
  readonly evacuations: readonly EvacuationHelp[];
  readonly listing?: Listing;
  readonly withdrawal?: WithdrawalRequest;
  readonly closings: readonly Closing[];
}

interface Registered {
  readonly stage: 'registered';
  /** Graded as general and not yet given to a rectifier. */
  readonly grade?: GeneralGrade;
}
interface AwaitingPlan {
  readonly stage: 'awaiting-plan';
  readonly grade: MajorGrade;
  /** The plan that came back, and why. */
  readonly returned?: { readonly plan: FiledPlan; readonly by: PersonId; readonly at: Instant; readonly reason: string };
}
interface AwaitingPlanReview {
  readonly stage: 'awaiting-plan-review';
  readonly grade: MajorGrade;
  readonly plan: FiledPlan;
}
type Rectifying = { readonly stage: 'rectifying' } & Cure;
type AwaitingAcceptance = {
  readonly stage: 'awaiting-acceptance';
  /** The deadline of what was handed in. If it comes back, that is still its deadline. */
  readonly handedIn?: Obligation;
} & Cure;
interface AwaitingResumption {
  readonly stage: 'awaiting-resumption';
  readonly grade: MajorGrade;
  readonly rectifier: PersonId;
  readonly plan: ApprovedPlan;
  readonly accepted: { readonly by: PersonId; readonly at: Instant };
  readonly application?: ResumeApplication;
  readonly refused?: { readonly by: PersonId; readonly at: Instant; readonly reason: string };
}
export interface ResumeApplication {
  readonly by: PersonId;
  readonly at: Instant;
  /** Who assessed that it is safe again: own experts or a qualified body. */
  readonly assessor: string;
  readonly assessment: EvidenceKey;
}
type Closed = { readonly stage: 'closed'; readonly acceptedBy: PersonId; readonly closedAt: Instant } & Cure;
interface Withdrawn {
  readonly stage: 'withdrawn';
  readonly grade?: Grade;
  readonly reason: string;
  readonly confirmedBy: PersonId;
  readonly withdrawnAt: Instant;
}

type AtStage =
  | Registered
  | AwaitingPlan
  | AwaitingPlanReview
  | Rectifying
  | AwaitingAcceptance
  | AwaitingResumption
  | Closed
  | Withdrawn;

export type Hazard = CaseFile & AtStage;
export type HazardAt<S extends Stage> = CaseFile & Extract<AtStage, { stage: S }>;

export const isOpen = (hazard: Hazard): hazard is HazardAt<OpenStage> =>
  hazard.stage !== 'closed' && hazard.stage !== 'withdrawn';

/** The level it was graded at; `undefined` while nobody has graded it. */
export const levelOf = (hazard: Hazard): Grade['level'] | undefined => hazard.grade?.level;

export const ordersInForce = (hazard: Hazard): readonly Order[] => hazard.orders.filter(({ lifted }) => lifted === undefined);

/** What people and schedules ask for. Who asks, and when, is the occasion's. `ReportHazard` begins a case and stands apart. */
export type HazardCommand =
  | { readonly type: 'GradeHazard'; readonly level: 'general' }
  | { readonly type: 'GradeHazard'; readonly level: 'major'; readonly criterion: string; readonly basis: string }
  | {
      readonly type: 'FixOnTheSpot';
      readonly account: string;
      readonly before: readonly EvidenceKey[];
      readonly after: readonly EvidenceKey[];
    }
  | { readonly type: 'AssignRectification'; readonly rectifier: PersonId; readonly until?: Day | undefined }
  | {
      readonly type: 'SubmitRectification';
      readonly account: string;
      readonly evidence: readonly EvidenceKey[];
      readonly spentFen?: number | undefined;
    }
  | { readonly type: 'AcceptRectification'; readonly note?: string | undefined }
  | { readonly type: 'ReturnRectification'; readonly reason: string }
  | { readonly type: 'UpgradeHazard'; readonly criterion: string; readonly basis: string }
  | { readonly type: 'ReportToDepartment' }
  | { readonly type: 'FilePlan'; readonly plan: PlanDraft }
  | { readonly type: 'ApprovePlan' }
  | { readonly type: 'ReturnPlan'; readonly reason: string }
  | { readonly type: 'IssueOrder'; readonly kind: OrderKind; readonly scope: string; readonly document?: string | undefined }
  | { readonly type: 'LiftOrder'; readonly no: number; readonly reason: string }
  | { readonly type: 'ApplyForEvacuationHelp'; readonly area: string; readonly people: number }
  | { readonly type: 'AnswerEvacuationHelp'; readonly granted: boolean; readonly note: string }
  | {
      readonly type: 'ListForSupervision';
      readonly document: string;
      readonly term: Day;
      readonly level?: ListingLevel | undefined;
    }
  | { readonly type: 'ReportProgress'; readonly text: string }
  | { readonly type: 'DelistFromSupervision'; readonly document: string }
  | { readonly type: 'ApplyToResume'; readonly assessor: string; readonly assessment: EvidenceKey }
  | { readonly type: 'ConsentToResume' }
  | { readonly type: 'RefuseToResume'; readonly reason: string }
  | { readonly type: 'RequestExtension'; readonly until: Day; readonly reason: string }
  | { readonly type: 'DecideExtension'; readonly granted: boolean; readonly note?: string | undefined }
  | { readonly type: 'RequestWithdrawal'; readonly reason: string }
  | { readonly type: 'ConfirmWithdrawal' }
  | { readonly type: 'RefuseWithdrawal'; readonly reason: string }
  | { readonly type: 'ReopenHazard'; readonly reason: string; readonly evidence: readonly EvidenceKey[] }
  | { readonly type: 'MarkOverdue' }
  | { readonly type: 'Escalate' };

export type HazardCommandType = HazardCommand['type'];

/** What begins a case. */
export type HazardReport = Pick<CaseFile, 'id' | 'county' | 'colour' | 'owner' | 'township' | 'supervisor' | 'finding'>;

/** Deadlines that a fact begins; the policy that gave them is in force on its day and is not asked again. */
interface Begins {
  readonly begins: readonly Obligation[];
}
type Nothing = Readonly<Record<string, never>>;

interface FactData {
  HazardReported: HazardReport & Begins;
  HazardGraded: (
    | { readonly level: 'general' }
    | { readonly level: 'major'; readonly criterion: string; readonly basis: string }
  ) &
    Begins;
  HazardFixedOnTheSpot: {
    readonly account: string;
    readonly before: readonly EvidenceKey[];
    readonly after: readonly EvidenceKey[];
  } & Begins;
  RectificationAssigned: { readonly rectifier: PersonId } & Begins;
  RectificationSubmitted: {
    readonly account: string;
    readonly evidence: readonly EvidenceKey[];
    readonly spentFen?: number;
  } & Begins;
  RectificationAccepted: { readonly note?: string };
  RectificationReturned: { readonly reason: string } & Begins;
  HazardUpgraded: { readonly criterion: string; readonly basis: string } & Begins;
  HazardReportedToDepartment: Nothing;
  PlanFiled: { readonly plan: FiveItems & Pick<FiledPlan, 'parts'> } & Begins;
  PlanApproved: Begins;
  PlanReturned: { readonly reason: string } & Begins;
  OrderIssued: { readonly no: number; readonly kind: OrderKind; readonly scope: string; readonly document?: string };
  OrderLifted: { readonly no: number; readonly reason: string };
  EvacuationHelpApplied: { readonly area: string; readonly people: number } & Begins;
  EvacuationHelpAnswered: { readonly granted: boolean; readonly note: string };
  HazardListed: Pick<Listing, 'document' | 'term' | 'level'> & Begins;
  ProgressReported: { readonly text: string } & Begins;
  HazardDelisted: { readonly document: string };
  ResumptionApplied: { readonly assessor: string; readonly assessment: EvidenceKey } & Begins;
  ResumptionConsented: Nothing;
  ResumptionRefused: { readonly reason: string };
  ExtensionRequested: { readonly until: Day; readonly reason: string } & Begins;
  ExtensionGranted: { readonly note?: string } & Begins;
  ExtensionRefused: { readonly note?: string };
  ExtensionLapsed: Nothing;
  WithdrawalRequested: { readonly reason: string } & Begins;
  WithdrawalRefused: { readonly reason: string };
  HazardWithdrawn: Nothing;
  HazardClosed: Nothing;
  HazardReopened: { readonly generation: number; readonly reason: string; readonly evidence: readonly EvidenceKey[] } & Begins;
  /** The deadline passed and the thing was not done. `next`: when it is first told. */
  DeadlineMissed: { readonly kind: ObligationKind; readonly due: Instant; readonly next: Instant };
  /** The next step of the ladder has come; somebody has to tell it. */
  EscalationCameDue: { readonly kind: ObligationKind; readonly step: number };
  /** It was told to those of the step. */
  HazardEscalated: {
    readonly kind: ObligationKind;
    readonly due: Instant;
    readonly step: number;
    readonly roles: readonly Role[];
    readonly next: Instant;
    readonly why: Why;
  };
}

export type HazardFactType = keyof FactData;

export interface HazardFactOf<Type extends HazardFactType> {
  readonly type: Type;
  readonly data: FactData[Type];
}

/** What a rule answers. */
export type HazardFact = { [Type in HazardFactType]: HazardFactOf<Type> }[HazardFactType];

/** The same with its time and its doer, as the ledger has it. */
export type HazardEvent = HazardFact & { readonly at: Instant; readonly actor: Actor };

/** The enterprise or public area that a case is of. */
export function objectOfHazard({
  owner,
  township,
  finding: { risk },
}: Pick<CaseFile, 'owner' | 'township' | 'finding'>): ObjectId {
  const uscc = enterpriseOf(owner);
  if (uscc !== undefined) return enterpriseObject(uscc);
  if (township === undefined || risk === undefined) throw new Error(`a hazard of ${owner} names no public area`);
  return areaObject(township, risk);
}

/** The partition of a case: the colour of its risk point, or else the enterprise's, or else the lowest. */
export const colourFor = (...standings: readonly (Standing | undefined)[]): Colour =>
  standings.find((standing) => standing !== undefined && standing !== 'NONE') ?? 'BLUE';

/** The subject of a case's events in the ledger. */
export const hazardSubject = (id: HazardId): `HAZ#${string}` => `HAZ#${id}`;

const LETTERS: Readonly<Record<Colour, string>> = { RED: 'R', ORANGE: 'O', YELLOW: 'Y', BLUE: 'B' };

/** The colour under which a hazard's record stands, read from its id. */
export const colourOfHazard = (id: HazardId): Colour => {
  switch (id[0]) {
    case 'R':
      return 'RED';
    case 'O':
      return 'ORANGE';
    case 'Y':
      return 'YELLOW';
    default:
      return 'BLUE';
  }
};

/** The id of a hazard: the letter of its colour and what the caller derived from the command that reports it. */
export const hazardIdWith = (colour: Colour, derived: string): HazardId => hazardId(`${LETTERS[colour]}${derived}`);
