/**
 * The eight provincial exchange tables as data: from here come what is checked of a row, the headings of the files, and what a platform's
 * profile may rename. Codes are texts, times are of the county's zone to the second, and a Chinese character counts as one.
 */
import type { ExchangeRow, ExchangeTable } from '../domain/exchange.ts';

export type ColumnKind = 'id' | 'text' | 'code' | 'integer' | 'time' | 'day' | 'credit-code' | 'telephone';

/** Where the parent of a row is looked for. */
export interface ParentColumn {
  readonly table: ExchangeTable;
  readonly column: 'id' | 'hazardCode';
  /** The row tells what happened: it stays, and may still come, when its parent is deleted. */
  readonly isHistory?: true;
}

export interface ExchangeColumn {
  readonly name: string;
  readonly heading: string;
  readonly kind: ColumnKind;
  /** Always, or of rows of which this holds. A row that is deleted needs none but those of all tables. */
  readonly isRequired: boolean | ((row: ExchangeRow) => boolean);
  /** Of a text. */
  readonly most?: number;
  /** Of a whole number. */
  readonly range?: readonly [least: number, greatest: number];
  /** What each code stands for. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly parent?: ParentColumn;
}

type Required = ExchangeColumn['isRequired'];
type Column = (name: string, heading: string, isRequired?: Required) => ExchangeColumn;

const text =
  (most: number): Column =>
  (name, heading, isRequired = false) => ({ name, heading, kind: 'text', isRequired, most });
const code =
  (codes: Readonly<Record<string, string>>): Column =>
  (name, heading, isRequired = false) => ({ name, heading, kind: 'code', isRequired, codes });
const whole =
  (least: number, greatest: number): Column =>
  (name, heading, isRequired = false) => ({ name, heading, kind: 'integer', isRequired, range: [least, greatest] });
const of =
  (kind: ColumnKind): Column =>
  (name, heading, isRequired = false) => ({ name, heading, kind, isRequired });
const link =
  (table: ExchangeTable, column: ParentColumn['column'] = 'id'): Column =>
  (name, heading, isRequired = true) => ({
    ...(column === 'id' ? of('id') : text(50))(name, heading, isRequired),
    parent: { table, column },
  });

export const NOT_DELETED = '0';
export const DELETED = '1';
export const ACCEPTED = '9';
export const isDeleted = (row: ExchangeRow): boolean => row.deleted === DELETED;

const happened =
  (table: ExchangeTable, column: ParentColumn['column'] = 'id'): Column =>
  (name, heading, isRequired = true) => ({
    ...link(table, column)(name, heading, isRequired),
    parent: { table, column, isHistory: true },
  });

/** The columns of all tables. */
const COMMON: readonly ExchangeColumn[] = [
  of('id')('id', '编号', true),
  of('credit-code')('creditCode', '统一社会信用代码', true),
  code({ [NOT_DELETED]: '正常', [DELETED]: '已删除' })('deleted', '删除标志', true),
  of('time')('createDate', '创建时间', true),
  text(100)('createBy', '创建人'),
  of('time')('updateDate', '最后修改时间', true),
  text(100)('updateBy', '最后修改人'),
];

const LEVELS = { 0: '重大风险', 1: '较大风险', 2: '一般风险', 3: '低风险' };
const SOURCES = { 1: '自动化监测', 2: '隐患排查' };
const CLASSES = { 1: '工程技术', 2: '维护保养', 3: '操作行为', 4: '应急措施' };
const SUBCLASSES = {
  ...{ '1-1': '工艺控制', '1-2': '关键设备/部件', '1-3': '安全附件', '1-4': '安全仪表', '1-5': '其它' },
  ...{ '2-1': '动设备', '2-2': '静设备', '2-3': '其它' },
  ...{ '3-1': '人员资质', '3-2': '操作记录', '3-3': '交接班', '3-4': '其它' },
  ...{ '4-1': '应急设施', '4-2': '个体防护', '4-3': '消防设施', '4-4': '应急预案', '4-5': '其它' },
};
export const CYCLE_UNITS = { 小时: '小时', 天: '天', 月: '月', 年: '年' } as const;
export type CycleUnit = keyof typeof CYCLE_UNITS;
/** The wording of 2 contradicts itself where it comes from: it is data here. */
const WORK_DAYS = { 0: '每天', 1: '法定工作日', 2: '非法定工作日' };
const WORK_TYPES = { 0: '日常', 1: '主要负责人', 2: '技术负责人', 3: '操作负责人' };
const GUARDED = { 0: '否', 1: '是' };
const CHECK_STATES = { 0: '正常', 1: '存在隐患', 2: '其他' };
const DANGER_LEVELS = { 0: '一般隐患', 1: '重大隐患' };
const DANGER_SOURCES = {
  ...{ 1: '日常排查', 2: '综合性排查', 3: '专业性排查', 4: '季节性排查', 5: '重点时段及节假日前排查' },
  ...{ 6: '事故类比排查', 7: '复产复工前排查', 8: '外聘专家诊断式排查', 9: '管控措施失效', 10: '其他' },
};
const MANAGED = { 0: '即查即改', 1: '限期整改' };
const DANGER_TYPES = { 1: '安全', 2: '工艺', 3: '电气', 4: '仪表', 5: '消防', 6: '总图', 7: '设备', 8: '其他' };
const CATEGORIES = { 0: '其他', 1: '主要负责人登记', 2: '技术负责人登记', 3: '操作负责人登记' };
/** Of what is registered and not graded yet; the platforms that profiles are of do not have it. */
export const UNCONFIRMED = '-1';
const DANGER_STATES = { 0: '整改中', 1: '待验收', [ACCEPTED]: '已验收', [UNCONFIRMED]: '待确认' };
const CAUSES = { 1: '人的不安全行为', 2: '物的不安全状态', 3: '管理上的缺陷' };
const LINKS = {
  ...{ 1: '设计', 2: '产品质量缺陷', 3: '仓储', 4: '项目施工', 5: '开停车' },
  ...{ 6: '使用操作', 7: '维护保养', 8: '维修', 9: '变更', 10: '运输等' },
};

const byHours: Required = ({ checkCycleUnit }) => checkCycleUnit === CYCLE_UNITS.小时;
const byHeads: Required = ({ workType }) => ['1', '2', '3'].includes(String(workType));
const isAccepted: Required = ({ dangerState }) => dangerState === ACCEPTED;
const isOfCheck: Required = ({ checkRecordId }) => checkRecordId !== undefined;

export interface ExchangeTableRules {
  readonly title: string;
  readonly columns: readonly ExchangeColumn[];
}

const table = (title: string, ...columns: readonly ExchangeColumn[]): ExchangeTableRules => ({
  title,
  columns: [...COMMON, ...columns],
});

export const TABLES: Readonly<Record<ExchangeTable, ExchangeTableRules>> = {
  object: table('风险对象', text(50)('hazardCode', '风险对象编码', true), text(50)('objectCode', '非重大危险源的对象编码')),
  unit: table(
    '风险单元',
    link('object', 'hazardCode')('hazardCode', '风险对象编码'),
    text(100)('hazardDep', '责任部门', true),
    text(100)('hazardLiablePerson', '责任人', true),
    text(200)('riskUnitName', '风险单元名称', true),
    code(LEVELS)('riskLevel', '风险等级'),
  ),
  event: table('风险事件', link('unit')('riskUnitId', '风险单元编号'), text(500)('riskEventName', '风险事件名称', true)),
  measure: table(
    '管控措施',
    link('event')('riskEventId', '风险事件编号'),
    code(SOURCES)('dataSrc', '管控方式', true),
    text(1000)('riskMeasureDesc', '管控措施描述', true),
    code(CLASSES)('classify1', '管控措施分类 1', true),
    code(SUBCLASSES)('classify2', '管控措施分类 2', true),
    text(200)('classify3', '管控措施分类 3'),
    text(1000)('troubleshootContent', '隐患排查内容', true),
  ),
  task: table(
    '排查任务',
    link('measure')('riskMeasureId', '管控措施编号'),
    text(1000)('troubleshootContent', '隐患排查内容', true),
    whole(1, 9999)('checkCycle', '巡检周期', true),
    code(CYCLE_UNITS)('checkCycleUnit', '巡检周期单位', true),
    of('time')('taskStartTime', '任务开始时间', true),
    text(8)('workStartTime', '工作开始时间', byHours),
    text(8)('workEndTime', '工作结束时间', byHours),
    code(WORK_DAYS)('workDayType', '工作日类型', true),
    code(WORK_TYPES)('workType', '任务类型', true),
    whole(1, 10)('taskNum', '包保任务项', byHeads),
  ),
  record: table(
    '排查记录',
    happened('task')('checkTaskId', '排查任务编号'),
    of('time')('checkTime', '排查时间', true),
    of('telephone')('mobileMe', '排查人手机号'),
    code(GUARDED)('isDefend', '是否包保任务', true),
    code(CHECK_STATES)('checkStatus', '排查结果', true),
  ),
  hazard: table(
    '隐患',
    happened('object', 'hazardCode')('hazardCode', '风险对象编码'),
    happened('measure')('riskMeasureId', '管控措施编号', isOfCheck),
    happened('record')('checkRecordId', '排查记录编号', false),
    text(300)('dangerName', '隐患名称', true),
    code(DANGER_LEVELS)('dangerLevel', '隐患等级', true),
    of('time')('registTime', '登记时间', true),
    text(100)('registrant', '登记人', true),
    code(DANGER_SOURCES)('dangerSrc', '隐患来源', true),
    text(36)('enforcementId', '执法检查编号'),
    code(MANAGED)('dangerManageType', '治理类型', true),
    code(DANGER_TYPES)('hazardDangerType', '隐患类型', true),
    code(CATEGORIES)('hazardCategory', '隐患登记类别', true),
    text(2000)('dangerDesc', '隐患描述', true),
    text(1000)('dangerReason', '原因分析'),
    text(1000)('controlMeasures', '控制措施'),
    text(100)('cost', '资金（万元）'),
    text(100)('liablePerson', '整改责任人'),
    of('day')('dangerManageDeadline', '整改期限'),
    text(50)('checkAcceptPerson', '验收人', isAccepted),
    of('time')('checkAcceptTime', '验收时间', isAccepted),
    text(1000)('checkAcceptComment', '验收情况'),
    code(DANGER_STATES)('dangerState', '隐患状态', true),
    code(CAUSES)('managementClassification', '管理分类'),
    code(LINKS)('occurrenceLink', '发生环节'),
    text(4000)('dangerImg', '隐患照片（证据编号）'),
    text(4000)('dangerAcceptImg', '验收照片（证据编号）'),
    text(4000)('dangerOtherImg', '其他照片（证据编号）'),
  ),
  stop: table(
    '停用检修',
    happened('object', 'hazardCode')('hazardCode', '风险对象编码'),
    happened('unit')('riskUnitId', '风险单元编号', false),
    of('time')('stopStartTime', '停用开始时间', true),
    of('time')('stopEndTime', '停用结束时间', true),
    text(500)('stopReason', '停用原因', true),
  ),
};

export const columnOf = (of: ExchangeTable, name: string): ExchangeColumn | undefined =>
  TABLES[of].columns.find((column) => column.name === name);

const isRequiredIn = (row: ExchangeRow, { isRequired }: ExchangeColumn): boolean =>
  typeof isRequired === 'function' ? isRequired(row) : isRequired;

/** Which columns of which tables name a row of a table as the parent that has to outlive them. */
export const childrenOf = (
  parent: ExchangeTable,
): readonly { readonly table: ExchangeTable; readonly column: ExchangeColumn }[] =>
  (Object.keys(TABLES) as ExchangeTable[]).flatMap((each) =>
    TABLES[each].columns.flatMap((column) =>
      column.parent?.table === parent && column.parent.isHistory === undefined ? [{ table: each, column }] : [],
    ),
  );

/** What a row has to say. One that is deleted may be nothing but what all tables have. */
export const requiredOf = (of: ExchangeTable, row: ExchangeRow): readonly ExchangeColumn[] =>
  (isDeleted(row) ? COMMON : TABLES[of].columns).filter((column) => isRequiredIn(row, column));
