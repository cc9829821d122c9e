/** What people call the codes that several places say: each has one name, whoever says it. Names of one thing alone stand beside it. */
import type { Role } from './caller.ts';
import type { Colour, Standing } from './colour.ts';
import type { ExportKind } from './export.ts';
import type { OrderKind } from './hazard.ts';
import type { ObligationKind } from './hazard-deadlines.ts';
import type { OwedKind } from './task.ts';

/** As the policy calls them; a test compares them with it. */
export const COLOUR_NAMES: Readonly<Record<Colour, string>> = { RED: '红色', ORANGE: '橙色', YELLOW: '黄色', BLUE: '蓝色' };
export const STANDING_NAMES: Readonly<Record<Standing, string>> = { ...COLOUR_NAMES, NONE: '未定等级' };

export const LEVEL_NAMES: Readonly<Record<'general' | 'major', string>> = { general: '一般隐患', major: '重大隐患' };

/** As the policy calls them; a test compares them with it. */
export const ORDER_NAMES: Readonly<Record<OrderKind, string>> = {
  'stop-production': '停产停业',
  'stop-use': '停止使用相关设施设备',
  withdraw: '撤出作业人员',
  evacuate: '疏散周边人员',
};

export const OBLIGATION_NAMES: Readonly<Record<ObligationKind, string>> = {
  verify: '核实定级',
  report: '报备',
  plan: '上报治理方案',
  'plan-review': '审查治理方案',
  rectify: '整改',
  accept: '验收',
  resume: '审查恢复生产',
  extension: '审批延期',
  withdrawal: '审查撤销',
  evacuation: '答复疏散',
  progress: '报告整改进展',
};

export const OWED_NAMES: Readonly<Record<OwedKind, string>> = {
  assign: '派员',
  visit: '现场检查',
  'hand-in': '提交检查记录',
  confirm: '复核签字',
  'follow-up': '后续处理',
  publish: '公示',
};

export const GRID_GAP_NAMES: Readonly<Record<string, string>> = {
  'no-township': '未确定所属乡镇',
  'no-cell': '未划入网格',
  'no-person-in-cell': '网格没有责任人',
  'no-department': '未确定监管部门',
  'no-line': '没有对应的行业监管岗位',
  'no-person-in-line': '监管岗位没有责任人',
};

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  head: '主要负责人',
  'safety-manager': '安全管理人员',
  'workshop-head': '车间负责人',
  'team-leader': '班组长',
  'post-holder': '岗位人员',
  'township-officer': '乡镇工作人员',
  'township-head': '乡镇负责人',
  'department-officer': '部门工作人员',
  'department-head': '部门负责人',
  'committee-officer': '安委办',
  'government-head': '县政府',
  'prefecture-officer': '州级',
  expert: '专家',
  auditor: '审计人员',
  operator: '系统运维',
  system: '系统自动',
};

export const EXPORT_KIND_NAMES: Readonly<Record<ExportKind, string>> = {
  day: '日导出包',
  month: '月导出包',
  range: '区间导出包',
  enterprise: '单个企业',
  hazard: '单个隐患',
  record: '单条记录',
};
