/**
 * What of our records the exchange tables have no place for. It is total over the members of each record: a new one does not compile until it is
 * said here whether the tables hold it.
 */
import type { RoundData } from '../domain/check-round.ts';
import type { ExchangeTable } from '../domain/exchange.ts';
import type { CaseFile } from '../domain/hazard.ts';
import type { EnterpriseContent } from '../domain/register-owner.ts';
import type { Control, RiskContent, RiskPoint } from '../domain/register-risk.ts';
import type { Suspension } from '../domain/register-suspension.ts';

/** Where it stands in the tables, or in what way it is lost. */
type Place = { readonly in: `${ExchangeTable}.${string}` } | { readonly lost: string; readonly name: string };
type Places<T> = { readonly [Member in keyof T]-?: Place };

const within = (place: `${ExchangeTable}.${string}`): Place => ({ in: place });
const lost = (name: string, why: string): Place => ({ name, lost: why });
const none = (name: string): Place => lost(name, '交换表没有相应的列');
const persons = (name: string): Place => lost(name, '个人信息不随表上报：以岗位代替，或由企业在平台补填');

const ENTERPRISE: Places<EnterpriseContent> = {
  name: none('企业名称'),
  township: none('所在乡镇'),
  industry: none('行业领域'),
  supervisor: none('监管部门'),
  address: none('地址'),
  contacts: persons('联系人'),
  workshops: lost('车间名录', '只随风险单元的责任部门上报'),
};

const RISK: Places<Omit<RiskPoint, 'content'>> = {
  owner: within('unit.creditCode'),
  no: lost('风险点编号', '以编号的哈希作为 id，编号本身没有列'),
  township: lost('公共区域乡镇', '公共区域没有统一社会信用代码，不上报'),
  department: lost('公共区域责任部门', '公共区域没有统一社会信用代码，不上报'),
  grades: within('unit.riskLevel'),
  addedIn: none('列入清单的版次'),
  changedIn: none('改动清单的版次'),
  retired: within('unit.deleted'),
  version: none('记录版次'),
};

const CONTENT: Places<RiskContent> = {
  name: within('unit.riskUnitName'),
  location: none('所在位置'),
  coordinates: none('坐标'),
  workshop: within('unit.hazardDep'),
  team: none('班组'),
  post: within('unit.hazardLiablePerson'),
  identifiedOn: none('辨识日期'),
  dimensions: none('辨识方面'),
  participants: persons('辨识人员'),
  factorCode: none('危险有害因素代码'),
  majorInstallation: lost('重大危险源级别', '备案编号为 object.hazardCode；级别没有相应的列'),
  mainRisk: within('event.riskEventName'),
  accidents: none('可能发生的事故类别'),
  possibleHazards: none('可能引发的事故隐患'),
  consequences: none('事故后果'),
  controls: within('measure.riskMeasureDesc'),
  emergency: none('应急措施'),
  reporting: none('报告方式'),
  responsible: persons('责任人'),
};

const MEASURE: Places<Control> = {
  kind: lost('管控措施类别', '只归入 dataSrc、classify1 和 classify2'),
  level: lost('管控层级', '没有层级的列；岗位见 unit.hazardLiablePerson'),
  text: within('measure.riskMeasureDesc'),
  unit: within('measure.classify3'),
  person: persons('管控责任人'),
};

const ROUND: Places<RoundData> = {
  pages: none('排查涉及的风险等级'),
  hash: none('提交内容的哈希'),
  device: none('终端'),
  checkedAt: within('record.checkTime'),
  claimed: within('record.checkTime'),
  onTime: lost('按时完成的风险点', '是否按时由排查周期推算，没有列'),
  late: lost('补查的风险点', '是否按时由排查周期推算，没有列'),
  already: lost('本周期已查的风险点', '是否按时由排查周期推算，没有列'),
  notDue: lost('未到期的风险点', '是否按时由排查周期推算，没有列'),
  answers: within('record.checkStatus'),
  notApplicable: lost('不适用的理由', '记为“其他”，理由没有列'),
  hazards: within('hazard.checkRecordId'),
};

const HAZARD: Places<CaseFile> = {
  id: lost('隐患编号', '以编号的哈希作为 id，编号本身没有列'),
  county: none('县'),
  colour: none('发现时的风险等级'),
  owner: within('hazard.creditCode'),
  township: none('乡镇'),
  supervisor: none('监管部门'),
  generation: lost('重新打开次数', '重新打开的次数没有列'),
  finding: lost(
    '对应的排查内容',
    '隐患记到风险点：riskMeasureId 和 checkRecordId 取该次排查在该点第 1 条答“有隐患”的措施，不是排查发现的取第 1 条措施',
  ),
  reportedBy: lost('登记人', 'registrant 填岗位'),
  reportedAt: within('hazard.registTime'),
  obligations: lost('各环节时限', '只有整改期限（dangerManageDeadline）'),
  missed: none('逾期记录'),
  again: none('重复发生'),
  attempts: lost('历次整改', '只有最后一次整改的说明和照片'),
  fixers: persons('整改人员'),
  orders: none('停产停用指令'),
  extensions: lost('延期记录', '只有延期后的整改期限'),
  evacuations: none('撤人记录'),
  listing: none('挂牌督办'),
  withdrawal: none('撤回理由'),
  closings: none('历次销号'),
};

const STOP: Places<Suspension> = {
  id: lost('停用编号', '以编号的哈希作为 id，编号本身没有列'),
  kind: within('stop.stopReason'),
  scope: within('stop.riskUnitId'),
  from: within('stop.stopStartTime'),
  until: within('stop.stopEndTime'),
  reason: within('stop.stopReason'),
  approvedBy: within('stop.createBy'),
  approver: persons('批准人'),
  approvedAt: within('stop.createDate'),
  lifted: within('stop.stopEndTime'),
};

/** A member of a record of ours that is lost, by its table. */
export interface Loss {
  readonly table: ExchangeTable;
  readonly of: string;
  /** As people call it. */
  readonly name: string;
  readonly why: string;
}

/** What our fixed windows become: the tables have neither a week nor half a month, and count from the start of the task. */
const WINDOWS: Loss = {
  table: 'task',
  of: 'cadence',
  name: '排查周期的固定起止',
  why: '表中没有周和半月：周记为 7 天，半月记为 15 天，从任务开始时间起算；自然周、上下半月的固定起止以本系统为准',
};

const RECORDS = [
  ['object', 'enterprise', ENTERPRISE],
  ['unit', 'risk', RISK],
  ['unit', 'risk.content', CONTENT],
  ['measure', 'risk.content.controls', MEASURE],
  ['record', 'round', ROUND],
  ['hazard', 'hazard', HAZARD],
  ['stop', 'stop', STOP],
] as const;

const lostOf = (places: object): readonly Pick<Loss, 'of' | 'name' | 'why'>[] =>
  Object.entries<Place>({ ...places }).flatMap(([of, place]) =>
    'lost' in place ? [{ of, name: place.name, why: place.lost }] : [],
  );

export const LOSSES: readonly Loss[] = [
  ...RECORDS.flatMap(([table, record, places]) => lostOf(places).map((loss) => ({ ...loss, table, of: `${record}.${loss.of}` }))),
  WINDOWS,
];

/** The columns in which something of ours stands, `table.column`. */
export const HELD: readonly string[] = RECORDS.flatMap(([, , places]) =>
  Object.values<Place>({ ...places }).flatMap((place) => ('in' in place ? [place.in] : [])),
);
