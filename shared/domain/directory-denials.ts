/**
 * Why a command on a directory, a list of items or a plan is refused. `state`: not as it stands; `person`: not by this person;
 * `content`: not with what was handed in.
 */
interface Denial {
  readonly about: 'state' | 'person' | 'content';
  readonly says: string;
}

export const DIRECTORY_DENIALS = {
  'in-a-directory': {
    about: 'state',
    says: '这名人员已在一份检查人员名录中，一人只能列入一份；调动的，请先由原部门办理退出，再由新部门列入。',
  },
  'inspector-retired': { about: 'state', says: '这名人员已退出名录，不能再修改；重新检查的，请重新列入名录。' },
  'unknown-authority': { about: 'content', says: '政策中没有这个部门代码，请从政策所列部门中选择，安委办填 GOV。' },
  'unknown-skill': { about: 'content', says: '政策中没有这个行业代码，请从政策所列行业中选择；能检查全部行业的只填 *。' },
  'certificate-expired': { about: 'content', says: '证件已过有效期，请换证后填写新的有效期。' },
  'employer-of-enforcer': { about: 'content', says: '只有专家填写所在单位；执法人员与企业有利害关系的，请声明回避。' },
  'absence-backwards': { about: 'content', says: '请假的最后一天不能早于第一天。' },
  'absence-in-the-past': { about: 'content', says: '已经过去的日子不能补填或改写请假，请从今天起填写。' },
  'absences-overlap': { about: 'content', says: '有两段请假的日期重叠，请合并为一段。' },
  'unknown-interest': { about: 'content', says: '政策中没有这一种利害关系，请从规则 drawing.interests 所列的选择。' },
  'unknown-object': { about: 'content', says: '登记簿中没有这个对象或单位，请核对信用代码、乡镇代码、部门代码或公共区域编号。' },
  'interest-declared': { about: 'state', says: '对这一对象或单位已声明回避，无需再次声明。' },
  'too-many-interests': { about: 'state', says: '这名人员声明的回避太多，不宜再列入检查人员名录。' },
  'no-such-interest': { about: 'state', says: '没有这一编号的回避，请刷新后核对。' },
  'interest-lifted': { about: 'state', says: '这一回避已经解除。' },
  'not-by-oneself': { about: 'person', says: '回避不能由本人解除，请由本部门其他派员人核实后解除。' },
  'item-twice': { about: 'content', says: '清单中有两项编号相同，请为每项编不同的编号。' },
  'items-too-long': { about: 'content', says: '清单的文字太多，一次存不下，请精简抽查依据和备注。' },
  'kind-of-another': {
    about: 'content',
    says: '部门只能计划专项检查或专家检查，安委办只能计划综合督查；请按政策规定的种类填写。',
  },
  'period-of-another': { about: 'content', says: '这不是这类检查的一期：部门按月（如 2026-06），综合督查按季度（如 2026-Q2）。' },
  'period-over': { about: 'state', says: '这一期已经结束，不能再制定计划。' },
  'already-announced': {
    about: 'state',
    says: '这一期的抽查已经公告，计划不能再改；确需更改的，由派员人作废该次抽查并写明理由。',
  },
  'unknown-township': { about: 'content', says: '本县（市）没有这个乡镇代码，请从本县（市）的乡镇中选择。' },
} as const satisfies Record<string, Denial>;

export type DirectoryDenial = keyof typeof DIRECTORY_DENIALS;

/** A refusal with its sentence and the field that it is about. */
export interface DirectoryDenied {
  readonly kind: 'denied';
  readonly reason: DirectoryDenial;
  readonly says: string;
  readonly field?: string;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What a rule of the directories answers: facts to record (none where nothing changes), or a refusal. */
export type DirectoryRuling<Fact> = { readonly kind: 'decided'; readonly events: readonly Fact[] } | DirectoryDenied;

export const notAllowed = (reason: DirectoryDenial, more: Pick<DirectoryDenied, 'field' | 'members'> = {}): DirectoryDenied => ({
  kind: 'denied',
  reason,
  says: DIRECTORY_DENIALS[reason].says,
  ...more,
});
