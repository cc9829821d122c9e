/**
 * What happened, in a line that a safety manager understands. It is total: a fact of a new kind does not compile until it has its name here.
 * A record of another version is read all the same: what this code does not know of it is left out.
 */
import { DRAW_KIND_NAMES } from '../domain/draw-kind.ts';
import type { ExchangeTable } from '../domain/exchange.ts';
import type { LedgerFact } from '../domain/ledger-fact.ts';
import {
  EXPORT_KIND_NAMES,
  GRID_GAP_NAMES,
  LEVEL_NAMES,
  OBLIGATION_NAMES,
  ORDER_NAMES,
  OWED_NAMES,
  ROLE_NAMES,
  STANDING_NAMES,
} from '../domain/names.ts';
import type { ReadRefusal } from '../domain/seen.ts';
import { OUTCOME_NAMES } from '../domain/task.ts';
import { type Reading, readingOf } from './reading.ts';

type Type = LedgerFact['type'];
type DataOf<Of extends Type> = Extract<LedgerFact, { readonly type: Of }>['data'];
type Parts = readonly (string | undefined)[];
/** The name, and what of the data is said after it. */
type Told<Of extends Type> = readonly [name: string, says?: (of: Reading<DataOf<Of>>) => Parts];

const SIDES = { township: '乡镇一侧', department: '部门一侧' };
const SOURCES = { 'self-check': '企业自查', 'staff-report': '员工报告', inspection: '监督检查' };
const SUSPENSIONS = { 'production-stop': '停产', maintenance: '检修', 'out-of-use': '停用' };
const INSPECTORS = { enforcer: '执法人员', expert: '专家' };
const LEVELS = { prefecture: '州级', county: '县级' };
const EXCHANGE_NAMES: Readonly<Record<ExchangeTable, string>> = {
  object: '风险对象',
  unit: '风险单元',
  event: '风险事件',
  measure: '管控措施',
  task: '排查任务',
  record: '排查记录',
  hazard: '隐患',
  stop: '停用检修',
};
const READ_REFUSED: Readonly<Record<ReadRefusal, string>> = {
  'no-audit': '没有进行中的审计任务',
  'other-days': '不在审计任务的日期之内',
  'no-personal-data': '审计任务不含个人信息',
  'not-own': '不是本企业申请的',
};
const MENDED = { mended: '已明确责任人', 'no-target': '已不需要' };

const because = (of: Reading<{ readonly because: string }>): Parts => [of.text('原因', 'because')];
const reason = (of: Reading<{ readonly reason: string }>): Parts => [of.text('理由', 'reason')];
const note = (of: Reading<{ readonly note: string }>): Parts => [of.text('说明', 'note')];
const enterprise = (of: Reading<DataOf<'EnterpriseRegistered'>>): Parts => [of.text('', 'name'), of.text('行业', 'industry')];
const criterion = (of: Reading<{ readonly criterion: string; readonly basis: string }>): Parts => [
  of.text('判定标准', 'criterion'),
  of.text('依据', 'basis'),
];
const inspector = (of: Reading<DataOf<'InspectorRegistered'>>): Parts => [
  of.named(INSPECTORS, 'role'),
  of.text('单位', 'authority'),
  of.time('证件有效期至', 'certificate', 'until'),
];
const drawing = (of: Reading<{ readonly kind: string; readonly period: string }>): Parts => [
  of.named(DRAW_KIND_NAMES, 'kind'),
  of.text('', 'period'),
];
const trouble = (of: Reading<DataOf<'DrawMissed'>>): Parts => [...drawing(of), of.text('', 'says')];
const message = (of: Reading<DataOf<'MessageDelivered'>>): Parts => [
  of.text('消息', 'message'),
  of.count('提醒', '条', 'reminders'),
];
const owed = (of: Reading<{ readonly what: string; readonly due: string }>): Parts => [
  of.named(OWED_NAMES, 'what'),
  of.time('期限', 'due'),
];
const exported = (of: Reading<{ readonly kind: string }>): string | undefined => of.named(EXPORT_KIND_NAMES, 'kind');

/** Every type of fact. */
const TOLD: { readonly [Of in Type]: Told<Of> } = {
  EnterpriseRegistered: ['企业登记', enterprise],
  EnterpriseChanged: ['企业信息变更', enterprise],
  RiskListChanged: ['风险清单变更', (of) => [of.text('清单版本', 'list'), of.count('变更', '处', 'changes')]],
  RiskListSigned: ['风险清单签署', (of) => [of.text('清单版本', 'list')]],
  OverallGradeFollowed: ['企业总体等级随风险确定', (of) => [of.named(STANDING_NAMES, 'rule'), ...because(of)]],
  OverallGradeAdjusted: ['部门调整企业总体等级', (of) => [of.named(STANDING_NAMES, 'colour'), ...reason(of)]],
  SuspensionApproved: [
    '批准停产检修停用',
    (of) => [of.named(SUSPENSIONS, 'kind'), of.time('自', 'from'), of.time('至', 'until'), ...reason(of)],
  ],
  SuspensionLifted: ['停产检修停用提前结束', because],
  RiskAdded: [
    '新增风险点',
    (of) => [of.text('编号', 'no'), of.text('', 'content', 'name'), of.named(STANDING_NAMES, 'grades', 'residual', 'colour')],
  ],
  RiskChanged: ['风险点信息变更', (of) => [of.text('', 'content', 'name')]],
  RiskRegraded: ['风险点重新定级', (of) => [of.named(STANDING_NAMES, 'from'), of.named(STANDING_NAMES, 'to'), ...because(of)]],
  RiskRetired: ['风险点注销', because],
  KeyUnitDesignated: [
    '确定重点单位',
    (of) => [of.named(LEVELS, 'level'), of.text('自', 'from'), of.text('至', 'until'), ...reason(of)],
  ],
  DesignationEnded: ['解除重点单位', (of) => [of.named(LEVELS, 'level'), of.text('编号', 'no'), ...because(of)]],
  GridCellSet: ['乡镇网格责任人', (of) => [of.text('片区', 'part'), of.text('职务', 'responsible', 'post')]],
  GridLineSet: ['部门网格责任人', (of) => [of.text('行业', 'industry'), of.text('职务', 'responsible', 'post')]],
  GridAssigned: ['指定网格责任', (of) => [of.text('', 'target')]],
  GridGapFound: ['发现网格责任缺口', (of) => [of.named(SIDES, 'side'), of.named(GRID_GAP_NAMES, 'why'), of.time('应于', 'due')]],
  GridGapEscalated: [
    '网格责任缺口逾期上报',
    (of) => [of.named(SIDES, 'side'), of.each(ROLE_NAMES, 'roles'), of.time('期限', 'due')],
  ],
  GridGapClosed: ['网格责任缺口消除', (of) => [of.named(SIDES, 'side'), of.named(MENDED, 'because')]],

  RoundSubmitted: [
    '提交排查',
    (of) => [
      of.count('按时', '点', 'onTime'),
      of.count('逾期补查', '点', 'late'),
      of.count('已查过', '点', 'already'),
      of.count('未到期', '点', 'notDue'),
      of.count('不适用', '点', 'notApplicable'),
      of.count('发现隐患', '点', 'hazards'),
      of.time('排查时间', 'checkedAt'),
    ],
  ],
  PeriodSealed: [
    '排查周期结算',
    (of) => [
      of.text('周期', 'period'),
      of.count('漏查', '点', 'missed'),
      of.count('逾期补查', '点', 'madeUpLate'),
      of.count('停产检修免查', '点', 'suspended'),
    ],
  ],
  SealAmended: ['排查结算更正', (of) => [of.count('补查', '点', 'madeUpLate'), of.count('改为按时', '点', 'onTime')]],
  HazardListSubmitted: ['提交月度隐患清单', (of) => [of.text('月份', 'month'), of.count('隐患', '项', 'hazards'), ...note(of)]],

  HazardReported: [
    '隐患登记',
    (of) => [
      of.text('', 'finding', 'place'),
      of.text('', 'finding', 'description'),
      of.named(SOURCES, 'finding', 'source'),
      of.is('finding', 'suspectedMajor') ? '疑似重大' : undefined,
      of.count('证据', '件', 'finding', 'evidence'),
    ],
  ],
  HazardGraded: ['隐患定级', (of) => [of.named(LEVEL_NAMES, 'level'), ...criterion(of)]],
  HazardFixedOnTheSpot: ['隐患即查即改', (of) => [of.text('', 'account'), of.count('整改后证据', '件', 'after')]],
  RectificationAssigned: ['指派整改', (of) => [of.text('整改人', 'rectifier')]],
  RectificationSubmitted: [
    '提交整改',
    (of) => [of.text('', 'account'), of.count('证据', '件', 'evidence'), of.yuan('投入', 'spentFen')],
  ],
  RectificationAccepted: ['整改验收通过', note],
  RectificationReturned: ['整改退回', reason],
  HazardUpgraded: ['升级为重大隐患', criterion],
  HazardReportedToDepartment: ['重大隐患报备'],
  PlanFiled: [
    '上报治理方案',
    (of) => [of.text('', 'plan', 'measures'), of.yuan('资金', 'plan', 'fundsFen'), of.text('时限', 'plan', 'timeLimit')],
  ],
  PlanApproved: ['治理方案批准'],
  PlanReturned: ['治理方案退回', reason],
  OrderIssued: ['下达指令', (of) => [of.named(ORDER_NAMES, 'kind'), of.text('范围', 'scope'), of.text('文书', 'document')]],
  OrderLifted: ['解除指令', (of) => [of.text('编号', 'no'), ...reason(of)]],
  EvacuationHelpApplied: ['请求协助疏散', (of) => [of.text('范围', 'area'), of.text('人数', 'people')]],
  EvacuationHelpAnswered: ['疏散协助答复', (of) => [of.is('granted') ? '同意' : '不同意', ...note(of)]],
  HazardListed: ['挂牌督办', (of) => [of.text('文书', 'document'), of.text('期限', 'term')]],
  ProgressReported: ['报告整改进展', (of) => [of.text('', 'text')]],
  HazardDelisted: ['督办摘牌', (of) => [of.text('文书', 'document')]],
  ResumptionApplied: ['申请恢复生产', (of) => [of.text('评估', 'assessor')]],
  ResumptionConsented: ['同意恢复生产'],
  ResumptionRefused: ['不同意恢复生产', reason],
  ExtensionRequested: ['申请延期', (of) => [of.text('延至', 'until'), ...reason(of)]],
  ExtensionGranted: ['批准延期', note],
  ExtensionRefused: ['不批准延期', note],
  ExtensionLapsed: ['延期申请失效'],
  WithdrawalRequested: ['申请撤销隐患', reason],
  WithdrawalRefused: ['不同意撤销隐患', reason],
  HazardWithdrawn: ['隐患撤销（不属实）'],
  HazardClosed: ['隐患销号'],
  HazardReopened: ['隐患重新打开', reason],
  DeadlineMissed: ['逾期', (of) => [of.named(OBLIGATION_NAMES, 'kind'), of.time('期限', 'due')]],
  EscalationCameDue: ['应逐级上报', (of) => [of.named(OBLIGATION_NAMES, 'kind')]],
  HazardEscalated: [
    '逾期上报',
    (of) => [of.named(OBLIGATION_NAMES, 'kind'), of.each(ROLE_NAMES, 'roles'), of.time('期限', 'due')],
  ],

  InspectorRegistered: ['检查人员入库', inspector],
  InspectorChanged: ['检查人员信息变更', inspector],
  AbsencesDeclared: ['检查人员不在岗登记', (of) => [of.count('', '段', 'absences')]],
  InterestDeclared: ['登记回避事项', (of) => [of.text('', 'in'), ...reason(of)]],
  InterestLifted: ['解除回避事项', (of) => [of.text('编号', 'no'), ...reason(of)]],
  InspectorRetired: ['检查人员退出', because],
  ItemListKept: ['抽查事项清单更新', (of) => [of.text('单位', 'authority'), of.count('事项', '项', 'items')]],
  InspectionPlanned: ['抽查计划', (of) => [...drawing(of), of.text('主题', 'theme')]],
  DrawRefused: ['抽查不能进行', trouble],
  DrawAsked: ['申请抽查', (of) => [...drawing(of), ...reason(of)]],
  DrawMissed: ['本期未抽查', trouble],
  NothingToDraw: ['本期无可抽查对象', drawing],
  DrawAnnounced: ['抽查公告', (of) => [...drawing(of), of.time('抽签时间', 'drawAt')]],
  RandomnessEntered: ['录入公共随机数', (of) => [of.text('来源', 'source')]],
  RandomnessSettled: ['公共随机数齐备'],
  RandomnessMissing: ['公共随机数未到', (of) => [of.time('自', 'since')]],
  ObjectsReplaced: ['替换抽查对象', (of) => [of.text('对象数', 'objects')]],
  DrawDrawn: ['抽签完成', (of) => [of.text('抽中', 'selected'), of.text('待人工派员', 'unassigned')]],
  DrawAssigned: ['抽查任务派发'],
  DrawInspected: ['抽查检查完毕', (of) => [of.text('任务', 'tasks')]],
  DrawNotRevealed: ['抽查逾期未公开', (of) => [of.time('自', 'since')]],
  DrawVoided: ['抽查作废', reason],
  FilesLost: ['抽查文件缺失', (of) => [of.count('', '个文件', 'files')]],
  DrawRevealed: ['抽查结果公开', (of) => [of.count('', '个文件', 'files')]],
  TaskAssigned: ['检查任务派发'],
  TaskAssignedByHand: ['检查任务人工派员'],
  InspectionReported: [
    '提交检查记录',
    (of) => [
      of.named(OUTCOME_NAMES, 'outcome'),
      of.time('检查时间', 'visitedAt'),
      of.text('', 'account'),
      of.count('问题', '个', 'problems'),
      of.count('隐患', '项', 'hazards'),
    ],
  ],
  InspectionConfirmed: ['检查记录复核签字'],
  InspectionReturned: ['检查记录退回', reason],
  ConfirmerNamed: ['指定复核人', reason],
  FollowUpRecorded: ['后续处理', (of) => [of.text('', 'text'), of.text('文书', 'document')]],
  TaskReplaced: ['检查任务被替换'],
  TaskVoided: ['检查任务作废'],
  TaskOverdue: ['检查任务逾期', owed],
  TaskEscalated: ['检查任务逾期上报', (of) => [...owed(of), of.each(ROLE_NAMES, 'roles')]],
  ResultPublished: ['检查结果公示', (of) => [of.is('isLate') ? '逾期公示' : undefined]],

  SubscriptionMade: ['接入提醒渠道', (of) => [of.text('', 'name'), of.text('', 'channel')]],
  SubscriptionChanged: ['提醒渠道变更', (of) => [of.text('', 'name')]],
  AddressReplaced: ['更换提醒渠道地址', (of) => [of.text('', 'host')]],
  SecretRotated: ['更换提醒渠道密钥', (of) => [of.time('旧密钥用至', 'until')]],
  SubscriptionDisabled: ['提醒渠道停用', because],
  SubscriptionEnabled: ['提醒渠道启用'],
  SubscriptionEnded: ['提醒渠道结束'],
  MessageDelivered: ['提醒已送达', message],
  MessageOffered: ['提醒已放入订阅', message],
  MessageDead: ['提醒未送达', (of) => [...message(of), ...because(of)]],
  RemindersDropped: ['提醒已不需要', (of) => [of.count('提醒', '条', 'reminders')]],
  ReceiverFailing: ['提醒渠道连续失败', (of) => [of.text('失败次数', 'failures'), of.text('', 'says')]],
  FeedRead: ['订阅已读取', (of) => [of.text('读至消息', 'through')]],
  TestAsked: ['测试提醒渠道'],
  ReplayAsked: ['重新发送提醒', (of) => [of.text('消息数', 'messages'), of.time('自', 'from'), of.time('至', 'until')]],
  RedriveAsked: ['重新投递未送达的提醒', (of) => [of.text('提醒数', 'reminders')]],

  SealingKeyAdopted: ['启用封存签名密钥', (of) => [of.text('', 'vkey')]],
  SealingKeyRetired: ['停用封存签名密钥', (of) => [of.text('', 'vkey')]],
  ExportBegun: ['开始导出', (of) => [exported(of), of.text('自', 'from'), of.text('至', 'to'), ...reason(of)]],
  ExportClosed: ['导出完成', (of) => [exported(of), of.text('序号', 'sequence'), of.text('事件数', 'events')]],
  ExportRead: ['读取导出文件', (of) => [of.count('', '个文件', 'files'), of.text('审计任务', 'audit')]],
  SaltsRead: ['读取个人信息盐值', (of) => [of.text('值数', 'values'), of.text('审计任务', 'audit')]],
  ExportSeen: ['查阅导出包', (of) => [of.text('导出包', 'export'), of.text('审计任务', 'audit')]],
  ReadRefused: ['拒绝查阅导出包', (of) => [of.text('导出包', 'export'), of.named(READ_REFUSED, 'code')]],
  AuditOpened: [
    '开启审计任务',
    (of) => [
      of.text('审计人', 'auditor'),
      of.text('自', 'from'),
      of.text('至', 'to'),
      of.time('有效期至', 'until'),
      ...reason(of),
    ],
  ],
  AuditEnded: ['结束审计任务', because],
  PersonalDataRemoved: ['删除个人信息', (of) => [of.text('值数', 'values'), of.text('事件数', 'events'), ...reason(of)]],
  ExchangeRowReceived: ['收到交换数据', (of) => [of.named(EXCHANGE_NAMES, 'table'), of.text('编号', 'row', 'id')]],
};

const isKnown = (type: string): type is Type => Object.hasOwn(TOLD, type);

/** What people call a type; one that this version does not know is called by its code. */
export const typeName = (type: string): string => (isKnown(type) ? TOLD[type][0] : type);

/** The line. */
export function whatHappened(type: string, data: unknown): string {
  if (!isKnown(type)) return type;
  const [name, says] = TOLD[type];
  const parts = says?.(readingOf(data)).filter((part) => part !== undefined) ?? [];
  return parts.length === 0 ? name : `${name}：${parts.join('，')}`;
}
