/**
 * Why a command on the register is refused: the code that programs read and the sentence that people read, once for the API and for
 * the import. `state`: not as the register stands; `person`: not by this person; `content`: not with what was handed in.
 */
interface Denial {
  readonly about: 'state' | 'person' | 'content';
  readonly says: string;
}

export const REGISTER_DENIALS = {
  'already-registered': { about: 'state', says: '这家企业已经登记；需要修改的请用“修改企业信息”。' },
  'not-registered': { about: 'state', says: '这家企业尚未登记，请先由监管部门登记，或在同一文件的“企业”工作表中填写。' },
  'out-of-scope': { about: 'person', says: '这一行不属于您的管辖范围，没有导入，请由其所属单位或监管部门导入。' },
  'registrar-needed': { about: 'person', says: '企业的登记，以及乡镇、行业和监管部门的修改，须由监管部门或安委办进行。' },
  'unknown-township': { about: 'content', says: '本县（市）没有这个乡镇代码，请从本县（市）的乡镇中选择。' },
  'unknown-industry': { about: 'content', says: '政策中没有这个行业代码，请从政策所列行业中选择。' },
  'unknown-department': { about: 'content', says: '政策中没有这个部门代码，请从政策所列部门中选择。' },
  'too-many-workshops': { about: 'content', says: '一家企业登记的车间太多，请合并车间，较小的车间可写作班组。' },
  'adjustment-direction': { about: 'content', says: '政策不允许向这个方向调整整体等级。' },
  'same-as-rule': { about: 'content', says: '与按规则确定的等级相同，无需调整；要取消已有调整的，请用“恢复按规则确定”。' },
  'not-adjusted': { about: 'state', says: '整体等级没有经过调整，已按规则确定。' },
  'number-used': { about: 'state', says: '这个编号已有登记，请换一个编号；需要修改的请用“修改”。' },
  'number-retired': { about: 'state', says: '这个编号属于已停用的风险，不能再用，请换一个编号。' },
  'other-owner': { about: 'state', says: '这个编号的公共区域由另一单位负责，请换一个编号，或由该单位修改。' },
  retired: { about: 'state', says: '该风险已停用，不能再修改。' },
  'unknown-accident': { about: 'content', says: '事故类别不在政策所用的标准版本中，请核对版本和代码。' },
  'assessment-refused': { about: 'content', says: '评定不符合评分表，请核对取值。' },
  'laxer-needs-head': { about: 'person', says: '已生效的风险下调等级，须由负责人本人提交。' },
  'controls-need-head': {
    about: 'person',
    says: '已生效的风险删减、改写管控措施或降低其责任层级，须由负责人本人提交；增加措施、更换责任人不受此限。',
  },
  'installation-needs-head': {
    about: 'person',
    says: '已生效的风险取消重大危险源标记或降低其级别，须由负责人本人提交。',
  },
  'head-retires': { about: 'person', says: '停用风险须由负责人本人提交。' },
  'page-full': {
    about: 'content',
    says: '同一车间同一等级的风险点太多，系统一次存不下，请按车间分开登记，或把同类风险点合并。',
  },
  'change-too-wide': { about: 'content', says: '这次改动涉及的风险点和车间太多，一次存不下，请分次提交。' },
  'nothing-to-sign': { about: 'state', says: '清单在上次签字后没有改动，无需再签。' },
  'list-changed': { about: 'state', says: '清单与您所见的不同，请重新查看后再签字。' },
  'ungraded-points': { about: 'state', says: '清单中还有未评定等级的风险，请先评定，再由负责人签字。' },
  'block-department-missing': {
    about: 'state',
    says: '清单中较大以上的公共区域风险还没有写明分块负责的部门，请先补充，再由负责人签字。',
  },
  'not-the-signer': { about: 'person', says: '清单只能由单位负责人签字。' },
  'unknown-workshop': { about: 'content', says: '没有这个车间，请从已登记的车间中选择。' },
  'unknown-points': { about: 'content', says: '有的风险点编号不存在或已停用，请核对。' },
  'suspension-backwards': { about: 'content', says: '结束时间应晚于开始时间。' },
  'suspension-over': {
    about: 'content',
    says: '结束时间已过：停产、检修、停用须在结束以前批准，只免去批准之后到期的排查，不能补批。',
  },
  'suspension-too-short': { about: 'content', says: '短于政策规定的一次最短期限，这样短的停产、检修、停用不免排查。' },
  'suspension-too-long': { about: 'content', says: '超过政策规定的一次最长期限，到期请重新批准。' },
  'suspension-ended': { about: 'state', says: '这次停产、检修或停用已经结束，无需提前结束。' },
} as const satisfies Record<string, Denial>;

export type RegisterDenial = keyof typeof REGISTER_DENIALS;

/** A refusal with the sentence for this case, the field that it is about, and what would have been right. */
export interface Denied {
  readonly kind: 'denied';
  readonly reason: RegisterDenial;
  readonly says: string;
  /** Of what was handed in: `township`, `residual.L`. */
  readonly field?: string | undefined;
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/** What a rule of the register answers: facts to record (none where nothing changes), or a refusal. */
export type Ruling<Fact> = { readonly kind: 'decided'; readonly events: readonly Fact[] } | Denied;

export const refused = (reason: RegisterDenial, more: Partial<Omit<Denied, 'kind' | 'reason'>> = {}): Denied => ({
  kind: 'denied',
  reason,
  says: REGISTER_DENIALS[reason].says,
  ...more,
});
