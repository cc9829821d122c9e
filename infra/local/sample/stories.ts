/** The stories of hazards that the month tells, each with what can go wrong in it: who finds what, when, and what becomes of it. */
import type { PersonId } from '../../../shared/domain/ids.ts';
import { type Act, on } from './act.ts';
import { caseActs, does, type Finding, foundInRound, reported, type Step } from './cases.ts';
import type { SampleCounty, SampleEnterprise, SampleRisk } from './county.ts';
import type { Random } from './random.ts';
import { type Staff, staffOf } from './staff.ts';

/** One point of an enterprise, with everybody who has to do with it. */
export interface Setting extends Omit<Staff, 'at'>, ReturnType<Staff['at']> {
  readonly enterprise: SampleEnterprise;
  readonly risk: SampleRisk;
}

const finding = ({ risk }: Setting, isMajor = false): Finding => {
  const name = risk.possibleHazards.split('、')[0] ?? risk.possibleHazards;
  return { risk, name, description: `${risk.name}：${name}（样例）`, isMajor };
};

const gradeGeneral = (at: ReturnType<typeof on>, by: Setting['manager']) => does('GradeHazard', at, by, { level: 'general' });
const submit = (at: ReturnType<typeof on>, by: Setting['manager'], account = '已按措施整改到位，附整改后照片') =>
  does('SubmitRectification', at, by, async ({ photo }) => ({ account, evidence: [await photo('整改后')] }));

/** Found, graded and given to the team leader on one day. */
const assigned = (scene: Setting, day: number): Step[] => [
  foundInRound(on(day, '9:10'), scene.postHolder, finding(scene)),
  gradeGeneral(on(day, '10:00'), scene.manager),
  does('AssignRectification', on(day, '10:20'), scene.workshopHead, { rectifier: scene.teamLeader.id }),
];

export const straight = (scene: Setting, day: number, takes: number): Step[] => [
  ...assigned(scene, day),
  submit(on(day + takes, '15:30'), scene.teamLeader),
  does('AcceptRectification', on(day + takes, '17:10'), scene.manager, { note: '现场复查合格' }),
];

export const fixedOnTheSpot = (scene: Setting, day: number): Step[] => [
  foundInRound(on(day, '9:20'), scene.postHolder, finding(scene)),
  does('FixOnTheSpot', on(day, '9:50'), scene.postHolder, async ({ photo }) => ({
    account: '当场整改完毕',
    before: [await photo('整改前')],
    after: [await photo('整改后')],
  })),
  does('AcceptRectification', on(day, '16:00'), scene.workshopHead, {}),
];

const returned = (scene: Setting): Step[] => [
  ...assigned(scene, 4),
  submit(on(7, '15:00'), scene.teamLeader, '已更换，尚未试运行'),
  does('AcceptRectification', on(7, '16:00'), scene.teamLeader, {}, 'forbidden'),
  does('ReturnRectification', on(8, '10:00'), scene.manager, { reason: '未试运行，证据不足' }),
  submit(on(9, '14:00'), scene.workshopHead, '已试运行两小时，正常'),
  does('AcceptRectification', on(9, '15:00'), scene.workshopHead, {}, 'fixer-may-not-accept'),
  does('AcceptRectification', on(9, '17:00'), scene.manager, { note: '试运行正常' }),
];

const extensionGranted = (scene: Setting): Step[] => [
  ...assigned(scene, 3),
  does('RequestExtension', on(8, '9:00'), scene.workshopHead, { until: '2026-06-18', reason: '配件须从昆明调运' }),
  does('DecideExtension', on(8, '15:00'), scene.manager, { granted: true, note: '期间加强巡查' }),
  submit(on(16, '10:00'), scene.teamLeader),
  does('AcceptRectification', on(16, '16:00'), scene.manager, {}),
];

const extensionRefused = (scene: Setting): Step[] => [
  ...assigned(scene, 9),
  does('RequestExtension', on(12, '9:00'), scene.workshopHead, { until: '2026-06-28', reason: '人手不足' }),
  does('DecideExtension', on(12, '14:00'), scene.manager, { granted: false, note: '人手由公司调配，按期整改' }),
  submit(on(15, '11:00'), scene.teamLeader),
  does('AcceptRectification', on(15, '16:30'), scene.manager, {}),
];

/** The township finds it, the enterprise does nothing: told step by step up to the safety commission, and still open. */
const overdue = (scene: Setting): Step[] => [
  reported(on(2, '10:00'), scene.townshipOfficer, finding(scene)),
  gradeGeneral(on(2, '16:00'), scene.officer),
  does('AssignRectification', on(3, '9:00'), scene.head, { rectifier: scene.workshopHead.id }),
];

/** Late as well, but done in the end. */
const overdueThenDone = (scene: Setting): Step[] => [
  reported(on(5, '10:30'), scene.officer, finding(scene)),
  gradeGeneral(on(5, '15:00'), scene.officer),
  does('AssignRectification', on(6, '9:00'), scene.head, { rectifier: scene.workshopHead.id }),
  submit(on(20, '9:00'), scene.workshopHead, '经督促已整改'),
  does('AcceptRectification', on(20, '15:00'), scene.manager, {}),
];

const withdrawn = (scene: Setting): Step[] => [
  reported(on(11, '8:50'), scene.postHolder, finding(scene)),
  does('RequestWithdrawal', on(11, '14:00'), scene.manager, { reason: '经核实为检修挂牌，不属实' }),
  does('ConfirmWithdrawal', on(11, '14:30'), scene.manager, {}, 'requester-may-not-review'),
  does('ConfirmWithdrawal', on(12, '9:30'), scene.officer, {}),
];

const withdrawalRefused = (scene: Setting): Step[] => [
  reported(on(13, '8:50'), scene.postHolder, finding(scene)),
  does('RequestWithdrawal', on(13, '10:00'), scene.teamLeader, { reason: '认为不属实' }),
  does('RefuseWithdrawal', on(13, '15:00'), scene.manager, { reason: '现场复核确有此隐患' }),
  gradeGeneral(on(13, '15:10'), scene.manager),
  does('AssignRectification', on(13, '15:20'), scene.manager, { rectifier: scene.teamLeader.id }),
  submit(on(17, '10:00'), scene.teamLeader),
  does('AcceptRectification', on(17, '15:00'), scene.workshopHead, {}),
];

const reopened = (scene: Setting): Step[] => [
  ...straight(scene, 2, 2),
  does('ReopenHazard', on(18, '9:00'), scene.postHolder, async ({ photo }) => ({
    reason: '同一部位再次出现',
    evidence: [await photo('再次出现')],
  })),
  submit(on(20, '10:00'), scene.teamLeader, '更换总成'),
  does('AcceptRectification', on(20, '16:00'), scene.manager, { note: '连续三日正常' }),
];

const plan = (responsible: PersonId, timeLimit: string) => ({
  responsible,
  measures: '停用相关设施，更换失效部件，加装联锁并由第三方检测',
  fundsFen: 12_600_000,
  timeLimit,
  parts: {
    aims: '消除隐患，恢复本质安全',
    methods: '更换、加装、检测',
    means: '企业自筹，设备已订购',
    people: '主要负责人牵头，安全部实施',
    schedule: '月内完成',
    safety: '整改期间停产，专人值守，应急预案已备案',
  },
});

const criterion = 'hard-to-cure';
const basis = '危害和整改难度大，须局部停产并经一定时间整改方能消除';

/** The whole way of a major hazard: every refusal on it, stop, supervision, evacuation, acceptance, resumption, delisting. */
const major = (scene: Setting): Step[] => [
  foundInRound(on(2, '8:40'), scene.teamLeader, finding(scene, true)),
  does(
    'FixOnTheSpot',
    on(2, '8:50'),
    scene.teamLeader,
    async ({ photo }) => ({ account: '先行处置', before: [await photo('处置前')], after: [await photo('处置后')] }),
    'major-needs-plan',
  ),
  does('GradeHazard', on(2, '11:00'), scene.manager, { level: 'major', criterion, basis }),
  does('FilePlan', on(2, '11:10'), scene.manager, { plan: plan(scene.head.id, '2026-06-22') }, 'not-reported'),
  does('ReportToDepartment', on(2, '11:30'), scene.manager, {}),
  does('IssueOrder', on(2, '14:00'), scene.officer, {
    kind: 'stop-production',
    scope: scene.risk.workshop,
    document: '瑞应急停〔2026〕1号',
  }),
  does('IssueOrder', on(2, '14:10'), scene.head, { kind: 'withdraw', scope: `${scene.risk.place}全部作业人员` }),
  does('ApplyForEvacuationHelp', on(2, '14:20'), scene.head, { area: '厂界外50米', people: 12 }),
  does('AnswerEvacuationHelp', on(2, '15:30'), scene.government, { granted: true, note: '由属地组织，已安置' }),
  does(
    'FilePlan',
    on(3, '10:00'),
    scene.manager,
    { plan: { ...plan(scene.head.id, '2026-06-22'), fundsFen: undefined } },
    'plan-incomplete',
  ),
  does('FilePlan', on(4, '10:00'), scene.manager, async ({ paper }) => ({
    plan: { ...plan(scene.head.id, '2026-06-30'), emergencyPlan: await paper('应急预案') },
  })),
  does('ReturnPlan', on(5, '16:00'), scene.officer, { reason: '时限过长，缺少第三方检测的时间安排' }),
  does('FilePlan', on(6, '10:00'), scene.manager, async ({ paper }) => ({
    plan: { ...plan(scene.head.id, '2026-06-22'), emergencyPlan: await paper('应急预案') },
  })),
  does('ApprovePlan', on(8, '15:00'), scene.officer, {}),
  does('ListForSupervision', on(9, '9:00'), scene.departmentHead, { document: '瑞安督〔2026〕1号', term: '2026-06-24' }),
  does('LiftOrder', on(10, '9:00'), scene.officer, { no: 2, reason: '已封闭隔离，允许检修人员进入' }),
  does('ReportProgress', on(12, '17:00'), scene.manager, { text: '部件到货，开始安装' }),
  does('ReportProgress', on(18, '17:00'), scene.manager, { text: '安装完毕，等待检测' }),
  does('DelistFromSupervision', on(18, '17:30'), scene.departmentHead, { document: '瑞安督摘〔2026〕1号' }, 'not-accepted-yet'),
  does('SubmitRectification', on(20, '15:00'), scene.head, async ({ photo, paper }) => ({
    account: '全部措施落实，第三方检测合格',
    evidence: [await photo('整改后'), await paper('检测报告')],
    spentFen: 11_980_000,
  })),
  does('AcceptRectification', on(21, '9:00'), scene.manager, {}, 'department-accepts-major'),
  does('AcceptRectification', on(22, '10:00'), scene.officer, { note: '现场验收合格' }),
  does('LiftOrder', on(22, '10:30'), scene.officer, { no: 1, reason: '已验收' }, 'consent-needed'),
  does('ApplyToResume', on(22, '15:00'), scene.manager, async ({ paper }) => ({
    assessor: '样例安全评价中心',
    assessment: await paper('复产评估'),
  })),
  does('RefuseToResume', on(23, '10:00'), scene.officer, { reason: '评估报告缺少签章' }),
  does('ApplyToResume', on(24, '9:00'), scene.manager, async ({ paper }) => ({
    assessor: '样例安全评价中心',
    assessment: await paper('复产评估（签章）'),
  })),
  does('ConsentToResume', on(25, '11:00'), scene.officer, {}),
  does('DelistFromSupervision', on(25, '15:00'), scene.departmentHead, { document: '瑞安督摘〔2026〕1号' }),
];

/** A general hazard turns out to be major when the department looks at it; at the month's end its cure is still going on. */
const upgraded = (scene: Setting): Step[] => [
  ...assigned(scene, 10),
  does('UpgradeHazard', on(12, '10:00'), scene.officer, { criterion, basis }),
  does('IssueOrder', on(12, '10:10'), scene.officer, { kind: 'stop-use', scope: scene.risk.name }),
  does('FilePlan', on(16, '10:00'), scene.manager, async ({ paper }) => ({
    plan: { ...plan(scene.workshopHead.id, '2026-07-31'), emergencyPlan: await paper('应急预案') },
  })),
  does('ApprovePlan', on(18, '10:00'), scene.departmentHead, {}),
  does('RequestExtension', on(26, '10:00'), scene.workshopHead, { until: '2026-08-31', reason: '设备制造周期较长' }),
  does('DecideExtension', on(27, '10:00'), scene.manager, { granted: true }, 'department-decides'),
  does('DecideExtension', on(29, '10:00'), scene.officer, { granted: true, note: '停用期间不得恢复' }),
];

/** The month ends in the middle of some. */
const unfinished = (scene: Setting, turn: number): Step[] =>
  [
    [foundInRound(on(30, '16:10'), scene.postHolder, finding(scene))],
    assigned(scene, 28),
    [...assigned(scene, 27), submit(on(30, '11:00'), scene.teamLeader)],
    [
      foundInRound(on(27, '9:30'), scene.teamLeader, finding(scene, true)),
      does('GradeHazard', on(27, '10:30'), scene.manager, {
        level: 'major',
        criterion: 'outside-causes',
        basis: '受上游来水影响，单位自身难以排除',
      }),
      does('ReportToDepartment', on(27, '11:00'), scene.head, {}),
    ],
    [
      foundInRound(on(24, '9:30'), scene.teamLeader, finding(scene, true)),
      does('GradeHazard', on(24, '10:30'), scene.officer, { level: 'major', criterion, basis }),
      does('FilePlan', on(29, '15:00'), scene.manager, async ({ paper }) => ({
        plan: { ...plan(scene.workshopHead.id, '2026-07-20'), emergencyPlan: await paper('应急预案') },
      })),
    ],
  ][turn] ?? [];

/** What the month has to tell of hazards, beside its everyday ones. */
export const HAZARD_STORIES = {
  'fixed-on-the-spot': (scene) => fixedOnTheSpot(scene, 3),
  'returned-then-accepted': returned,
  'extension-granted': extensionGranted,
  'extension-refused': extensionRefused,
  overdue,
  'overdue-then-done': overdueThenDone,
  withdrawn,
  'withdrawal-refused': withdrawalRefused,
  reopened,
  major,
  upgraded,
  'unfinished-registered': (scene) => unfinished(scene, 0),
  'unfinished-rectifying': (scene) => unfinished(scene, 1),
  'unfinished-acceptance': (scene) => unfinished(scene, 2),
  'unfinished-plan': (scene) => unfinished(scene, 3),
  'unfinished-review': (scene) => unfinished(scene, 4),
} as const satisfies Record<string, (scene: Setting) => Step[]>;

/** The stories in which the enterprise leaves things lie. */
const NEGLECTED: readonly string[] = ['overdue', 'overdue-then-done'] satisfies (keyof typeof HAZARD_STORIES)[];
/** Of a hundred enterprises that are not absent, how many have an everyday hazard; of a hundred of those, how many are fixed at once. */
const EVERYDAY = { found: 60, onTheSpot: 40, lastDay: 22 };

/** One of the enterprise's points, by chance; the graver ones come first where the story is of a major hazard. */
function settingOf(sample: SampleCounty, enterprise: SampleEnterprise, random: Random): Setting {
  const risk = random.pick(sample.risks.filter(({ uscc }) => uscc === enterprise.uscc));
  const { at, ...staff } = staffOf(sample, enterprise);
  return { enterprise, risk, ...staff, ...at(risk) };
}

export function planHazards(sample: SampleCounty, random: Random): Act[] {
  const wanting = (...behaviours: string[]) =>
    random.shuffled(sample.enterprises.filter(({ behaviour }) => behaviours.includes(behaviour)));
  const [careful, careless] = [wanting('diligent'), wanting('sloppy')];
  const told = Object.entries<(scene: Setting) => Step[]>(HAZARD_STORIES).flatMap(([story, steps]) => {
    const enterprise = (NEGLECTED.includes(story) ? careless : careful).pop();
    if (enterprise === undefined) throw new Error(`the sample has nobody left for ${story}`);
    return caseActs(story, enterprise, steps(settingOf(sample, enterprise, random)));
  });
  const everyday = wanting('diligent', 'sloppy').flatMap((enterprise, index) => {
    if (!random.percent(EVERYDAY.found)) return [];
    const scene = settingOf(sample, enterprise, random);
    const [day, takes] = [4 + random.below(EVERYDAY.lastDay - 3), 1 + random.below(5)];
    const steps = random.percent(EVERYDAY.onTheSpot) ? fixedOnTheSpot(scene, day) : straight(scene, day, takes);
    return caseActs('everyday', enterprise, steps, index + 1);
  });
  return [...told, ...everyday];
}
