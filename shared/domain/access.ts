/**
 * The one table that says which role may do which operation on whose data. It is total: a route names its operation, and an
 * operation that is not a key here does not compile. What is not granted is refused.
 */
import type { Caller, Role } from './caller.ts';
import { type CountyCode, type Department, GOVERNMENT, type PersonId, type TownshipCode } from './ids.ts';
import { departmentOwner, type Owner } from './owner.ts';

/**
 * On whose data: `own` enterprise, township or department; those of the own `township`; those `supervised`; the whole `county`; that
 * of the `team` that one belongs to, whatever else he is; of all the `offices` of the county and what they oversee, and a person's own only
 * where it is his; what is of the county's `government` itself, and of none of its departments; what is `public`.
 */
export type Scope =
  | 'own'
  | 'township'
  | 'supervised'
  | 'county'
  | 'team'
  | 'own-or-team'
  | 'offices-or-team'
  | 'government'
  | 'government-or-team'
  | 'public';

type Grants = Partial<Record<Role, Scope>>;

const enterprise = (...roles: Role[]): Grants => Object.fromEntries(roles.map((role) => [role, 'own']));

/** Everybody of the enterprise. */
const STAFF = enterprise('head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder');
/** Those who keep the enterprise's register. */
const KEEPERS = enterprise('head', 'safety-manager');
/** The authorities over the data that is theirs to look at. */
const AUTHORITIES: Grants = {
  'township-officer': 'township',
  'township-head': 'township',
  'department-officer': 'supervised',
  'department-head': 'supervised',
  'committee-officer': 'county',
  'government-head': 'county',
  'prefecture-officer': 'county',
};
const DEPARTMENT: Grants = { 'department-officer': 'supervised', 'department-head': 'supervised' };
const REGISTRARS: Grants = { ...DEPARTMENT, 'committee-officer': 'county' };
const AREA_OWNERS: Grants = {
  'township-officer': 'own',
  'township-head': 'own',
  'department-officer': 'own',
  'department-head': 'own',
};
const AREA_HEADS: Grants = { 'township-head': 'own', 'department-head': 'own' };
/** Townships for what is their own. */
const TOWNSHIP: Grants = { 'township-officer': 'own', 'township-head': 'own' };
/** Who stands in the place of a department where none supervises but the owner's own: only there, the domain says. */
const STAND_INS: Grants = { 'committee-officer': 'county', 'government-head': 'county' };
const READERS: Grants = { ...STAFF, ...AUTHORITIES };
/** What is published: whoever signs in may read it, whosever it is. */
const EVERYBODY: Grants = Object.fromEntries([...Object.keys(READERS), 'expert', 'auditor'].map((role) => [role, 'public']));
/** Whoever may find a hazard: everybody of the enterprise, and those who come to inspect it. */
const FINDERS: Grants = { ...STAFF, ...DEPARTMENT, 'township-officer': 'township', 'township-head': 'township' };
/** Those who direct the work where it is done. */
const DIRECTORS = enterprise('head', 'safety-manager', 'workshop-head');
const WITHDRAWAL_REVIEWERS: Grants = {
  ...KEEPERS,
  ...DEPARTMENT,
  ...STAND_INS,
  'township-officer': 'township',
  'township-head': 'township',
};
/** Who answers for listed supervision (挂牌督办), beside the department that leads it. */
const SUPERVISORS: Grants = { 'department-head': 'supervised', 'committee-officer': 'county', 'government-head': 'county' };

/** Who sends inspectors out: the head of the department whose draw it is; for the government's draws the committee and the government. */
const DISPATCHERS: Grants = { 'department-head': 'own', 'committee-officer': 'government', 'government-head': 'government' };
/** Who keeps an authority's directory, its items and its plans. */
const DIRECTORS_OF_DRAWS: Grants = { 'department-officer': 'own', ...DISPATCHERS };
/** Those who were drawn to go, or sent: a directory may hold everybody who enforces the law, whatever his office. */
const TEAM: Grants = {
  'department-officer': 'team',
  'department-head': 'team',
  'committee-officer': 'team',
  'government-head': 'team',
  expert: 'team',
};
/** They, and who sends them. */
const TEAM_AND_DISPATCHERS: Grants = {
  ...TEAM,
  'department-head': 'own-or-team',
  'committee-officer': 'government-or-team',
  'government-head': 'government-or-team',
};
const OVERSEERS: Grants = {
  'committee-officer': 'county',
  'government-head': 'county',
  'prefecture-officer': 'county',
};
/**
 * An auditor reads what an open audit of his is about, in bundles, each reading on the ledger (`serve-exports`): what is published, and the
 * policy, beside. What the county works with, with the names and numbers in it, is not his.
 */
const AUDITED: Grants = { ...OVERSEERS, auditor: 'county' };
/** What is connected for a person by his name is his alone, whatever his office: he is told days of visits that nobody else may know. */
const orHisOwn = (grants: Grants): Grants => Object.fromEntries(Object.keys(grants).map((role) => [role, 'own-or-team']));
/**
 * Who says where reminders go: an enterprise, township or department for its own, the county's offices for all of these, and each for
 * himself. Not the operator: who connects a robot of his own to any scope reads everything through it.
 */
const SUBSCRIBERS: Grants = {
  ...{ 'workshop-head': 'team', 'team-leader': 'team', 'post-holder': 'team', expert: 'team' },
  ...orHisOwn({ ...KEEPERS, ...TOWNSHIP, ...DEPARTMENT }),
  ...{ 'committee-officer': 'offices-or-team', 'government-head': 'offices-or-team' },
};
/** That there is one, and how it stands, the county's offices see of all of them; to end what goes astray gives nothing away. */
const ENDERS: Grants = { ...SUBSCRIBERS, 'committee-officer': 'county', 'government-head': 'county' };
const READERS_OF_SUBSCRIPTIONS: Grants = {
  ...ENDERS,
  ...orHisOwn(STAFF),
  ...{ 'prefecture-officer': 'county', operator: 'county' },
};
/** What is told says what a hazard is: the operator sees that a channel fails and that something was told, not what. */
const READERS_OF_FEEDS: Grants = { ...SUBSCRIBERS, ...orHisOwn(STAFF), 'prefecture-officer': 'offices-or-team' };

export const ACCESS = {
  ReadPolicy: { ...READERS, expert: 'county', operator: 'county', auditor: 'county' },

  RegisterEnterprise: REGISTRARS,
  ChangeEnterprise: { ...KEEPERS, ...REGISTRARS },
  ReadEnterprise: READERS,
  AdjustOverallGrade: REGISTRARS,
  AddRisk: KEEPERS,
  ChangeRisk: KEEPERS,
  RegradeRisk: KEEPERS,
  RetireRisk: enterprise('head'),
  ReadRisk: READERS,
  SignRiskList: enterprise('head'),
  ApproveSuspension: enterprise('head'),
  LiftSuspension: KEEPERS,
  ReadSuspension: READERS,

  AddArea: AREA_OWNERS,
  ChangeArea: AREA_OWNERS,
  RegradeArea: AREA_OWNERS,
  RetireArea: AREA_HEADS,
  ReadArea: AUTHORITIES,
  SignAreaList: AREA_HEADS,

  ImportList: { ...KEEPERS, ...REGISTRARS, operator: 'county' },
  ReadImport: { ...KEEPERS, ...REGISTRARS, operator: 'county' },

  ReadDuties: READERS,
  SubmitRound: STAFF,
  ReadRound: READERS,
  UploadEvidence: FINDERS,
  ReadEvidence: READERS,
  SubmitHazardList: KEEPERS,
  ReadHazardList: READERS,
  ReadFigures: READERS,

  /**
   * Those who own a public area do for it what an enterprise's people do for theirs. A department's `supervised` holds what it owns too:
   * the domain tells the owner from who sees to the cure.
   */
  ReportHazard: FINDERS,
  ReadHazard: READERS,
  GradeHazard: { ...KEEPERS, ...TOWNSHIP, ...DEPARTMENT, ...STAND_INS },
  UpgradeHazard: { ...KEEPERS, ...TOWNSHIP, ...DEPARTMENT, ...STAND_INS },
  FixOnTheSpot: { ...STAFF, ...AREA_OWNERS },
  AssignRectification: { ...DIRECTORS, ...AREA_OWNERS },
  SubmitRectification: { ...STAFF, ...AREA_OWNERS },
  /** A general hazard by another of the owner's, a major one by the department: the domain tells them apart, and from the fixer. */
  AcceptRectification: { ...DIRECTORS, ...TOWNSHIP, ...DEPARTMENT, ...STAND_INS },
  ReturnRectification: { ...DIRECTORS, ...TOWNSHIP, ...DEPARTMENT, ...STAND_INS },
  ReportToDepartment: { ...KEEPERS, ...AREA_OWNERS },
  FilePlan: { ...KEEPERS, ...AREA_OWNERS },
  ApprovePlan: { ...DEPARTMENT, ...STAND_INS },
  ReturnPlan: { ...DEPARTMENT, ...STAND_INS },
  /** 二(五): the owner itself has to stop where safety cannot be assured; only the department says when it is over. */
  IssueOrder: { ...KEEPERS, ...TOWNSHIP, ...DEPARTMENT, 'government-head': 'county' },
  LiftOrder: { ...DEPARTMENT, ...STAND_INS },
  ApplyForEvacuationHelp: { ...KEEPERS, ...AREA_OWNERS },
  /** 当地人民政府: the county's, and the township's where the hazard lies. */
  AnswerEvacuationHelp: { 'township-head': 'township', 'government-head': 'county' },
  ListForSupervision: SUPERVISORS,
  ReportProgress: { ...KEEPERS, ...AREA_OWNERS },
  DelistFromSupervision: SUPERVISORS,
  ApplyToResume: { ...KEEPERS, ...AREA_OWNERS },
  ConsentToResume: { ...DEPARTMENT, ...STAND_INS },
  RefuseToResume: { ...DEPARTMENT, ...STAND_INS },
  RequestExtension: { ...DIRECTORS, ...AREA_OWNERS },
  DecideExtension: { ...KEEPERS, ...TOWNSHIP, ...DEPARTMENT, ...STAND_INS },
  RequestWithdrawal: FINDERS,
  /** What an inspection found, an authority reviews: the domain tells it from what the owner found itself. */
  ConfirmWithdrawal: WITHDRAWAL_REVIEWERS,
  RefuseWithdrawal: WITHDRAWAL_REVIEWERS,
  ReopenHazard: FINDERS,

  RegisterInspector: DIRECTORS_OF_DRAWS,
  ChangeInspector: DIRECTORS_OF_DRAWS,
  RetireInspector: DIRECTORS_OF_DRAWS,
  ReadInspector: { ...DIRECTORS_OF_DRAWS, ...OVERSEERS, expert: 'team' },
  /** One's own absence and interest: everybody of the directory says his himself, and the department may say it for him. */
  DeclareAbsence: { ...DIRECTORS_OF_DRAWS, expert: 'team' },
  DeclareInterest: { ...DIRECTORS_OF_DRAWS, expert: 'team' },
  LiftInterest: DISPATCHERS,
  KeepItems: DIRECTORS_OF_DRAWS,
  ReadItems: EVERYBODY,
  PlanInspection: DIRECTORS_OF_DRAWS,
  ReadPlans: { ...DIRECTORS_OF_DRAWS, ...OVERSEERS },
  ReadCapacity: { ...DIRECTORS_OF_DRAWS, ...OVERSEERS },

  OpenDraw: DISPATCHERS,
  /** The announcement, the stage and the counts; what was drawn only after the reveal. */
  ReadDraw: EVERYBODY,
  /** Two persons, so that none can choose: the second may be of the committee. */
  EnterRandomness: { ...DIRECTORS_OF_DRAWS, 'committee-officer': 'county', 'government-head': 'county' },
  VoidDraw: DISPATCHERS,
  ReplaceObjects: DISPATCHERS,

  ReadTask: TEAM_AND_DISPATCHERS,
  /** That it is late, and who has to act: for whoever the ladder tells. Nothing of object, team or day. */
  ReadTaskOutline: {
    ...TEAM,
    'department-officer': 'own-or-team',
    'department-head': 'own-or-team',
    'committee-officer': 'county',
    'government-head': 'county',
  },
  AssignTask: DISPATCHERS,
  ReportInspection: TEAM,
  ConfirmInspection: TEAM,
  ReturnInspection: TEAM,
  NameConfirmer: DISPATCHERS,
  FollowUp: DISPATCHERS,
  /** What a visit found, once it was handed in. */
  ReadInspection: READERS,
  ReadInspectionCoverage: { ...DIRECTORS_OF_DRAWS, ...OVERSEERS },

  KeepSubscription: SUBSCRIBERS,
  EndSubscription: ENDERS,
  ReadSubscription: READERS_OF_SUBSCRIPTIONS,
  /** That an enterprise's channel fails: for those who are told so in its place. Nothing of what is told there. */
  ReadSubscriptionState: { ...DEPARTMENT, 'township-officer': 'township', 'township-head': 'township' },
  TestSubscription: SUBSCRIBERS,
  /** Sends once more what was told, or what nobody took. */
  ReplayMessages: SUBSCRIBERS,
  ReadFeed: READERS_OF_FEEDS,
  ReadDeliveries: READERS_OF_SUBSCRIPTIONS,

  DesignateKeyUnit: { 'committee-officer': 'county', 'government-head': 'county', 'prefecture-officer': 'county' },
  EndDesignation: { 'committee-officer': 'county', 'government-head': 'county', 'prefecture-officer': 'county' },
  ReadKeyUnits: READERS,
  /** 网格化, 三(四): the township names who answers in its cells, the department who answers in its line. */
  SetGridCell: { 'township-officer': 'own', 'township-head': 'own', 'committee-officer': 'county' },
  SetGridLine: { 'department-officer': 'own', 'department-head': 'own', 'committee-officer': 'county' },
  AssignGrid: { 'township-head': 'own', 'department-head': 'own', 'committee-officer': 'county' },
  ReadGrid: AUTHORITIES,

  /**
   * The provincial exchange tables, as they came, with the names in them: an enterprise its own rows, the county's offices and whoever connects
   * a platform those of all. Auditors have them in the bundles, within their audits.
   */
  ImportExchange: { ...KEEPERS, 'committee-officer': 'county', operator: 'county' },
  ReadExchange: { ...KEEPERS, ...DEPARTMENT, ...STAND_INS, operator: 'county' },

  ReadLedger: OVERSEERS,

  /** Bundles of the sealed ledger (导出). An enterprise's keepers have those of their own alone, an auditor those that an open audit of his is about. */
  RequestExport: { ...KEEPERS, ...STAND_INS, auditor: 'county' },
  ReadExport: { ...KEEPERS, ...AUDITED },
  /** What stands in them as commitments. */
  ReadSalts: { 'committee-officer': 'county', auditor: 'county' },
  OpenAudit: STAND_INS,
  EndAudit: STAND_INS,
  ReadAudit: AUDITED,
  RemovePersonalData: STAND_INS,
  ReadDocumentation: { ...READERS, expert: 'county', operator: 'county', auditor: 'county', system: 'county' },
} as const satisfies Record<string, Grants>;

export type Operation = keyof typeof ACCESS;

/** Whose record it is: what a grant is held against. */
export interface Subject {
  readonly county: CountyCode;
  readonly owner?: Owner;
  readonly township?: TownshipCode;
  /** The department with the duty of supervision (负有安全生产监督管理职责的部门). */
  readonly supervisor?: Owner;
  /** Those who were drawn to inspect it; or the one person whose own it is. */
  readonly team?: readonly PersonId[];
  /** It is the county government's own: a draw of its, what belongs to it. */
  readonly isGovernments?: boolean;
}

/** What an authority has of its own: its directory, its items and plans, its draws. */
export const subjectOfAuthority = (county: CountyCode, authority: Department): Subject =>
  authority === GOVERNMENT ? { county, isGovernments: true } : { county, owner: departmentOwner(authority) };

/** The scope in which the caller may do the operation at all; `undefined`: never. */
export const grantOf = (caller: Caller, operation: Operation): Scope | undefined => (ACCESS[operation] as Grants)[caller.role];

const isOwn = ({ owner }: Caller, subject: Subject): boolean => owner !== undefined && subject.owner === owner;
const isOfTeam = ({ id }: Caller, { team }: Subject): boolean => team?.includes(id) === true;

/** Whether the caller may do the operation on this record. */
export function mayDo(caller: Caller, operation: Operation, subject: Subject): boolean {
  if (subject.county !== caller.county) return false;
  switch (grantOf(caller, operation)) {
    case undefined:
      return false;
    case 'county':
    case 'public':
      return true;
    case 'own':
      return isOwn(caller, subject);
    case 'supervised':
      return caller.owner !== undefined && (subject.supervisor === caller.owner || subject.owner === caller.owner);
    case 'team':
      return isOfTeam(caller, subject);
    case 'own-or-team':
      return isOwn(caller, subject) || isOfTeam(caller, subject);
    case 'offices-or-team':
      return subject.team === undefined || isOfTeam(caller, subject);
    case 'government':
      return subject.isGovernments === true;
    case 'government-or-team':
      return subject.isGovernments === true || isOfTeam(caller, subject);
    case 'township':
      return (
        caller.owner !== undefined &&
        (subject.owner === caller.owner || (subject.township !== undefined && caller.owner === `TOWN:${subject.township}`))
      );
  }
}
