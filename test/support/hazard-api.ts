import { servedHazards } from '../../functions/serve-hazards/served.ts';
import type { HazardFactType } from '../../shared/domain/hazard.ts';
import type { PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { hazardId, riskNo, type TownshipCode } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { departmentOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { type RiskPoint, riskSubject } from '../../shared/domain/register-risk.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall } from './api-call.ts';
import { enterprise, people as party, photo, township } from './hazard-case.ts';
import { MemoryCounty } from './memory-county.ts';
import { county, testIssuer } from './tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const other = 'ENT:91350100M000100Y43' as const;
const person = (id: string, role: Actor['role'], owner?: Actor['owner']) => ({ id, role, ...(owner && { owner }) });
export const people = {
  ...party,
  zhou: person('zhou', 'post-holder', enterprise),
  prefecture: person('prefecture', 'prefecture-officer'),
  stranger: person('stranger', 'head', other),
  otherDepartment: person('other-department', 'department-officer', departmentOwner('ZJJ')),
  otherTownship: person('other-township', 'township-officer', 'TOWN:533102102'),
} as const;
export type Who = keyof typeof people;

const registered = (owner: RegisterOwner['owner'], supervisor: string): RegisterOwner => ({
  ...newOwner(owner),
  enterprise: {
    name: '合成样例厂',
    township,
    industry: 'chemicals',
    supervisor: departmentOwner(supervisor),
    contacts: [],
    workshops: [],
  },
  overall: { colour: 'ORANGE', rule: 'ORANGE' },
});

type Answer = { status: number; body: Record<string, unknown> & { id?: string; version?: number } };

/** The API of hazards over tables in memory, with people to ask it. */
export async function hazardsApi() {
  const memory = new MemoryCounty();
  const { rules, tokenOf } = await testIssuer();
  const register = new Map<string, RegisterOwner>(
    [enterprise, other].map((owner) => [owner, registered(owner, owner === enterprise ? 'YJJ' : 'ZJJ')]),
  );
  const risks = new Map<string, RiskPoint>([aRisk, ...AREAS].map((risk) => [riskSubject(risk), risk]));
  /** The owners and risks that were looked up in the register, as often as they were. */
  const looked: string[] = [];
  /** The enterprise comes under another department and lies in another township from now on. */
  const move = (supervisor: string, to: TownshipCode) => {
    const { enterprise: content, ...rest } = registered(enterprise, supervisor);
    register.set(enterprise, { ...rest, ...(content && { enterprise: { ...content, township: to } }) });
  };
  /** An area of the register is as this says from now on. */
  const setArea = (area: RiskPoint) => risks.set(riskSubject(area), area);
  /** Keys of evidence that was never uploaded; every other has arrived. */
  const lost = new Set<string>();
  const handler = apiHandler({
    service: 'test',
    environment: {
      ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
      ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
    },
    tokens: rules,
    answerOf: memory.answerOf,
    routes: servedHazards({
      county,
      hazards: memory.hazards,
      ledger: memory.events,
      register: {
        owner: async (owner) => {
          looked.push(owner);
          return register.get(owner);
        },
        risk: async (key) => {
          looked.push(riskSubject(key));
          return risks.get(riskSubject(key));
        },
      },
      evidence: { arrived: async (keys) => keys.filter((key) => !lost.has(key)) },
      policyAt: (at) => policyFor(county, at),
    }),
  });
  const call = apiCall(handler);
  let keys = 0;
  const ask = async (
    who: Who,
    when: string,
    routeKey: string,
    { id, body, key, query }: { id?: string; body?: unknown; key?: string; query?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const answer = await call(routeKey, {
      token: await tokenOf(people[who] as Parameters<typeof tokenOf>[0]),
      ...(id !== undefined && { params: { id } }),
      ...(query && { query }),
      ...(body !== undefined && { body }),
      headers: { 'x-simulated-at': `2026-${when}:00+08:00`, 'idempotency-key': key ?? `command-${++keys}` },
    });
    return { status: answer.status, body: answer.body };
  };
  const report = (who: Who, when: string, found: object = {}, key?: string) =>
    ask(who, when, 'POST /v1/hazards', {
      body: {
        foundAt: `2026-${when}:00+08:00`,
        place: '一号储罐区',
        description: '可燃气体报警器失灵',
        evidence: [photo('found')],
        ...found,
      },
      ...(key && { key }),
    });
  const read = (who: Who, when: string, id: string) => ask(who, when, 'GET /v1/hazards/{id}', { id });
  /** Gives a command on the version that stands. */
  const give = async (who: Who, when: string, id: string, type: PersonCommandType, body: object = {}, key?: string) => {
    const version = (await memory.hazards.load(county, hazardId(id)))?.version;
    return ask(who, when, pathOf(type), { id, body: { ...body, version }, ...(key && { key }) });
  };
  return { memory, lost, looked, move, setArea, ask, report, read, give };
}

const aRisk = {
  owner: enterprise,
  no: riskNo('R1'),
  addedIn: 1,
  changedIn: 1,
  version: 1,
  grades: { inherent: grade('RED'), residual: grade('RED') },
  content: {
    ...{ name: '储罐', location: '罐区', dimensions: [], participants: [], mainRisk: '', accidents: [], possibleHazards: '' },
    ...{ consequences: '', controls: [], emergency: '', reporting: '', responsible: '李四' },
  },
} as const;

/** Risks of public areas in the township: its own, its own in the block of a department, and that department's. */
const anArea = (no: string, owner: RiskPoint['owner'], department?: RiskPoint['department']): RiskPoint => ({
  ...aRisk,
  ...{ owner, township, no: riskNo(no) },
  ...(department && { department }),
});
export const AREAS = [
  anArea('A1', townshipOwner(township)),
  anArea('A2', townshipOwner(township), departmentOwner('YJJ')),
  anArea('A3', departmentOwner('YJJ'), departmentOwner('YJJ')),
] as const;

function grade(colour: 'RED') {
  return { colour, explanation: '专家评定', method: 'EXPERTS', experts: ['甲'], reason: '储量大' } as const;
}

export const pathOf = (type: PersonCommandType): string =>
  `POST /v1/hazards/{id}/${type.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`;

export const plan = {
  responsible: 'zhao',
  measures: '更换报警器并加装联锁',
  fundsFen: 1_250_000,
  timeLimit: '2026-04-15',
  emergencyPlan: photo('emergency-plan'),
  parts: { aims: '消除', methods: '更换', means: '自筹', people: '安全部', schedule: '四月', safety: '停用期间巡查' },
};
export const major = { criterion: 'hard-to-cure', basis: '须停产并经一定时间整改' };

export type Given = readonly [who: Who, when: string, type: PersonCommandType, body?: object];

/** Lives of cases in which every command is given once at least, by somebody who may. */
export const LIVES: Readonly<Record<string, readonly Given[]>> = {
  'on the spot': [
    ['li', '03-02T10:00', 'FixOnTheSpot', { account: '已复位', before: [photo('a')], after: [photo('b')] }],
    ['wang', '03-02T11:00', 'AcceptRectification', { note: '属实' }],
    ['wang', '03-20T09:00', 'ReopenHazard', { reason: '再次失灵', evidence: [photo('again')] }],
  ],
  'by a limit, with an extension, returned once': [
    ['wang', '03-02T10:00', 'GradeHazard', { level: 'general' }],
    ['wang', '03-02T10:05', 'AssignRectification', { rectifier: 'li', until: '2026-03-08' }],
    ['wang', '03-05T10:00', 'RequestExtension', { until: '2026-03-12', reason: '配件未到' }],
    ['zhao', '03-05T15:00', 'DecideExtension', { granted: true }],
    ['li', '03-06T10:00', 'SubmitRectification', { account: '已更换', evidence: [photo('new')], spentFen: 5000 }],
    ['zhao', '03-06T11:00', 'ReturnRectification', { reason: '未接线' }],
    ['li', '03-06T15:00', 'SubmitRectification', { account: '已接线', evidence: [photo('wired')] }],
    ['zhao', '03-06T16:00', 'AcceptRectification'],
  ],
  'a false report': [
    ['li', '03-02T10:00', 'RequestWithdrawal', { reason: '误报' }],
    ['wang', '03-02T11:00', 'RefuseWithdrawal', { reason: '请再核实' }],
    ['li', '03-02T12:00', 'RequestWithdrawal', { reason: '已核实，确为误报' }],
    ['wang', '03-02T13:00', 'ConfirmWithdrawal'],
  ],
  'a major one': [
    ['wang', '03-02T10:00', 'GradeHazard', { level: 'general' }],
    ['wang', '03-02T10:10', 'UpgradeHazard', major],
    ['wang', '03-02T10:20', 'ReportToDepartment'],
    ['duan', '03-02T10:30', 'IssueOrder', { kind: 'stop-use', scope: '一号储罐', document: '瑞应急〔2026〕1号' }],
    ['duan', '03-02T10:31', 'IssueOrder', { kind: 'withdraw', scope: '罐区' }],
    ['wang', '03-02T10:40', 'ApplyForEvacuationHelp', { area: '罐区外 200 米', people: 60 }],
    ['governor', '03-02T11:00', 'AnswerEvacuationHelp', { granted: true, note: '已通知社区' }],
    ['committee', '03-03T09:00', 'ListForSupervision', { document: '瑞安委〔2026〕2号', term: '2026-04-20' }],
    ['wang', '03-04T09:00', 'FilePlan', { plan }],
    ['duan', '03-05T09:00', 'ReturnPlan', { reason: '预案不具体' }],
    ['wang', '03-06T09:00', 'FilePlan', { plan }],
    ['yang', '03-07T09:00', 'ApprovePlan'],
    ['duan', '03-08T09:00', 'LiftOrder', { no: 2, reason: '已隔离' }],
    ['wang', '03-20T09:00', 'ReportProgress', { text: '设备已到货' }],
    ['li', '04-01T09:00', 'SubmitRectification', { account: '已整改', evidence: [photo('cured')] }],
    ['duan', '04-02T09:00', 'AcceptRectification', { note: '现场核查' }],
    ['committee', '04-02T10:00', 'DelistFromSupervision', { document: '瑞安委〔2026〕9号' }],
    ['zhao', '04-03T09:00', 'ApplyToResume', { assessor: '省安科院', assessment: photo('assessment') }],
    ['yang', '04-04T09:00', 'RefuseToResume', { reason: '报告缺页' }],
    ['zhao', '04-05T09:00', 'ApplyToResume', { assessor: '省安科院', assessment: photo('assessment-2') }],
    ['yang', '04-06T09:00', 'ConsentToResume'],
  ],
};

/** What each command comes to in the ledger. */
export const FACTS: Readonly<Record<PersonCommandType, HazardFactType>> = {
  GradeHazard: 'HazardGraded',
  FixOnTheSpot: 'HazardFixedOnTheSpot',
  AssignRectification: 'RectificationAssigned',
  SubmitRectification: 'RectificationSubmitted',
  AcceptRectification: 'RectificationAccepted',
  ReturnRectification: 'RectificationReturned',
  UpgradeHazard: 'HazardUpgraded',
  ReportToDepartment: 'HazardReportedToDepartment',
  FilePlan: 'PlanFiled',
  ApprovePlan: 'PlanApproved',
  ReturnPlan: 'PlanReturned',
  IssueOrder: 'OrderIssued',
  LiftOrder: 'OrderLifted',
  ApplyForEvacuationHelp: 'EvacuationHelpApplied',
  AnswerEvacuationHelp: 'EvacuationHelpAnswered',
  ListForSupervision: 'HazardListed',
  ReportProgress: 'ProgressReported',
  DelistFromSupervision: 'HazardDelisted',
  ApplyToResume: 'ResumptionApplied',
  ConsentToResume: 'ResumptionConsented',
  RefuseToResume: 'ResumptionRefused',
  RequestExtension: 'ExtensionRequested',
  DecideExtension: 'ExtensionGranted',
  RequestWithdrawal: 'WithdrawalRequested',
  ConfirmWithdrawal: 'HazardWithdrawn',
  RefuseWithdrawal: 'WithdrawalRefused',
  ReopenHazard: 'HazardReopened',
};

export async function live(api: Awaited<ReturnType<typeof hazardsApi>>, ...steps: readonly Given[]): Promise<string> {
  const { body } = await api.report('li', '03-02T09:00');
  const id = body.id ?? '';
  for (const [who, when, type, own] of steps) {
    const answer = await api.give(who, when, id, type, own);
    if (answer.status !== 200) throw new Error(`${type} by ${who}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return id;
}
export const life = (name: string): readonly Given[] => LIVES[name] ?? [];
export const until = (name: string, type: PersonCommandType): readonly Given[] =>
  life(name).slice(
    0,
    life(name).findIndex(([, , given]) => given === type),
  );
