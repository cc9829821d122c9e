/** Why a draw is not announced, or was missed, in a sentence that says what to do. */
export const REFUSALS: Readonly<Record<string, string>> = {
  'no-such-period': '该机关没有这一种类、这一周期的抽查，请核对种类和周期',
  'already-drawn': '本月的部门检查已按另一种类（专项检查或专家检查）公告，每月只抽一次',
  'window-over': '本期剩余时间内已没有可安排检查的日期，本期抽查缺失，请在下期如实说明',
  'no-capacity': '检查人员在本期内已没有余力，一个对象也无法安排，请补充检查人员或调整其专业、证件、不在岗日期和工作量',
  void: '本期抽查作废后未能重新公告，本期抽查缺失，请在下期如实说明',
  outage: '本期始终未能公告（系统中断），有无应抽查的对象未曾核对，请在下期如实说明',
  'changed-file': '公告的文件已被改动或丢失，未能抽取',
  infeasible: '有对象无法配齐检查人员，请补充或调整检查人员名录、资格、回避或检查人员的工作量',
  'inspector-twice': '检查人员名录中有人重复，请更正',
  'object-twice': '对象名录中有对象重复，请更正',
  'empty-stratum': '有一层没有对象',
  'quota-above-stratum': '有一层的抽取数量大于对象总数',
  'recusal-unknown': '回避名单中有名录以外的人员或对象',
  'few-items': '抽查事项不足',
  'few-bits': '公共随机数的位数不足，请联系系统管理员调整部署中的随机数来源',
};

export const refusalSays = (code: string, detail?: string): string =>
  `${REFUSALS[code] ?? '公告的内容不合规定，请联系系统管理员'}。${detail === undefined ? '' : `（${detail}）`}`;
