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
type Place = { readonly in: `${ExchangeTable}.${string}` } | { readonly lost: string };
type Places<T> = { readonly [Member in keyof T]-?: Place };

const within = (place: `${ExchangeTable}.${string}`): Place => ({ in: place });
const lost = (why: string): Place => ({ lost: why });
const NONE = lost('交换表没有相应的列');
const PERSONS = lost('个人信息不随表上报：以岗位代替，或由企业在平台补填');

const ENTERPRISE: Places<EnterpriseContent> = {
  name: NONE,
  township: NONE,
  industry: NONE,
  supervisor: NONE,
  address: NONE,
  contacts: PERSONS,
  workshops: lost('只随风险单元的责任部门上报'),
};

const RISK: Places<Omit<RiskPoint, 'content'>> = {
  owner: within('unit.creditCode'),
  no: lost('以编号的哈希作为 id，编号本身没有列'),
  township: lost('公共区域没有统一社会信用代码，不上报'),
  department: lost('公共区域没有统一社会信用代码，不上报'),
  grades: within('unit.riskLevel'),
  addedIn: NONE,
  changedIn: NONE,
  retired: within('unit.deleted'),
  version: NONE,
};

const CONTENT: Places<RiskContent> = {
  name: within('unit.riskUnitName'),
  location: NONE,
  coordinates: NONE,
  workshop: within('unit.hazardDep'),
  team: NONE,
  post: within('unit.hazardLiablePerson'),
  identifiedOn: NONE,
  dimensions: NONE,
  participants: PERSONS,
  factorCode: NONE,
  majorInstallation: lost('备案编号为 object.hazardCode；级别没有相应的列'),
  mainRisk: within('event.riskEventName'),
  accidents: NONE,
  possibleHazards: NONE,
  consequences: NONE,
  controls: within('measure.riskMeasureDesc'),
  emergency: NONE,
  reporting: NONE,
  responsible: PERSONS,
};

const MEASURE: Places<Control> = {
  kind: lost('只归入 dataSrc、classify1 和 classify2'),
  level: lost('没有层级的列；岗位见 unit.hazardLiablePerson'),
  text: within('measure.riskMeasureDesc'),
  unit: within('measure.classify3'),
  person: PERSONS,
};

const ROUND: Places<RoundData> = {
  pages: NONE,
  hash: NONE,
  device: NONE,
  checkedAt: within('record.checkTime'),
  claimed: within('record.checkTime'),
  onTime: lost('是否按时由排查周期推算，没有列'),
  late: lost('是否按时由排查周期推算，没有列'),
  already: lost('是否按时由排查周期推算，没有列'),
  notDue: lost('是否按时由排查周期推算，没有列'),
  answers: within('record.checkStatus'),
  notApplicable: lost('记为“其他”，理由没有列'),
  hazards: within('hazard.checkRecordId'),
};

const HAZARD: Places<CaseFile> = {
  id: lost('以编号的哈希作为 id，编号本身没有列'),
  county: NONE,
  colour: NONE,
  owner: within('hazard.creditCode'),
  township: NONE,
  supervisor: NONE,
  generation: lost('重新打开的次数没有列'),
  finding: lost('隐患记到风险点：riskMeasureId 取该点的第 1 条措施'),
  reportedBy: lost('registrant 填岗位'),
  reportedAt: within('hazard.registTime'),
  obligations: lost('只有整改期限（dangerManageDeadline）'),
  missed: NONE,
  again: NONE,
  attempts: lost('只有最后一次整改的说明和照片'),
  fixers: PERSONS,
  orders: NONE,
  extensions: lost('只有延期后的整改期限'),
  evacuations: NONE,
  listing: NONE,
  withdrawal: NONE,
  closings: NONE,
};

const STOP: Places<Suspension> = {
  id: lost('以编号的哈希作为 id，编号本身没有列'),
  kind: within('stop.stopReason'),
  scope: within('stop.riskUnitId'),
  from: within('stop.stopStartTime'),
  until: within('stop.stopEndTime'),
  reason: within('stop.stopReason'),
  approvedBy: within('stop.createBy'),
  approver: PERSONS,
  approvedAt: within('stop.createDate'),
  lifted: within('stop.stopEndTime'),
};

/** A member of a record of ours that is lost, by its table. */
export interface Loss {
  readonly table: ExchangeTable;
  readonly of: string;
  readonly why: string;
}

/** What our fixed windows become: the tables have neither a week nor half a month, and count from the start of the task. */
const WINDOWS: Loss = {
  table: 'task',
  of: 'cadence',
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

const lostOf = (places: object): readonly (readonly [member: string, why: string])[] =>
  Object.entries<Place>({ ...places }).flatMap(([member, place]) => ('lost' in place ? [[member, place.lost] as const] : []));

export const LOSSES: readonly Loss[] = [
  ...RECORDS.flatMap(([table, record, places]) =>
    lostOf(places).map(([member, why]) => ({ table, of: `${record}.${member}`, why })),
  ),
  WINDOWS,
];

/** The columns in which something of ours stands, `table.column`. */
export const HELD: readonly string[] = RECORDS.flatMap(([, , places]) =>
  Object.values<Place>({ ...places }).flatMap((place) => ('in' in place ? [place.in] : [])),
);
