/**
 * Why a command on key units or the grid is refused. `state`: not as it stands; `person`: not by this person; `content`: not with what
 * was handed in.
 */
interface Denial {
  readonly about: 'state' | 'person' | 'content';
  readonly says: string;
}

export const SUPERVISION_DENIALS = {
  'level-of-another': { about: 'person', says: '州级重点由州级人员确定，县（市）级重点由安委办或县（市）政府确定。' },
  'kind-of-another-level': {
    about: 'content',
    says: '这一级不确定这一种重点：州级确定重点县（市），县（市）级确定重点乡镇，两级都可确定重点企业或重点环节和点段。',
  },
  'unknown-unit': { about: 'content', says: '没有这个县（市）、乡镇或企业，请核对代码；企业须已登记。' },
  'term-backwards': { about: 'content', says: '期限的最后一天不能早于第一天。' },
  'term-over': { about: 'content', says: '期限已经过去，请填写今天或今天以后的最后一天。' },
  'term-begun': {
    about: 'content',
    says: '期限的第一天不能早于今天；文件所定的第一天已过的，请从今天起确定，并在理由中写明文件所定的日期。',
  },
  'already-designated': { about: 'state', says: '它在这段时间内已被确定为这一级的重点，请先终止原来的，或改期限。' },
  'other-kind-chosen': {
    about: 'state',
    says: '这一级在这段时间内已选定另一种：重点企业与重点环节和点段只能二者择一。请先终止已确定的，或改期限。',
  },
  'quota-exceeded': { about: 'state', says: '超出政策规定的数量，请先终止已确定的，再确定新的。' },
  'record-full': { about: 'state', says: '这一级现有和将来的重点太多，请先终止不再需要的。' },
  'not-designated': { about: 'state', says: '没有这一编号的重点，请刷新后核对。' },
  'designation-over': { about: 'state', says: '这一重点已经终止或期满，无需再终止。' },
  'unknown-township': { about: 'content', says: '本县（市）没有这个乡镇代码，请从本县（市）的乡镇中选择。' },
  'unknown-department': { about: 'content', says: '政策中没有这个部门代码，请从政策所列部门中选择。' },
  'unknown-industry': { about: 'content', says: '政策中没有这个行业代码，请从政策所列行业中选择；公共区域填 area，全部填 *。' },
  'too-many-cells': { about: 'content', says: '一个乡镇的网格太多，请合并。' },
  'no-such-cell': { about: 'content', says: '该乡镇没有这个网格，请先设置网格，再指定。' },
} as const satisfies Record<string, Denial>;

export type SupervisionDenial = keyof typeof SUPERVISION_DENIALS;

/** A refusal with its sentence and the field that it is about. */
export interface SupervisionDenied {
  readonly kind: 'denied';
  readonly reason: SupervisionDenial;
  readonly says: string;
  readonly field?: string;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What a rule of key units or of the grid answers: facts to record (none where nothing changes), or a refusal. */
export type SupervisionRuling<Fact> = { readonly kind: 'decided'; readonly events: readonly Fact[] } | SupervisionDenied;

export const notSupervised = (
  reason: SupervisionDenial,
  more: Pick<SupervisionDenied, 'field' | 'members'> = {},
): SupervisionDenied => ({ kind: 'denied', reason, says: SUPERVISION_DENIALS[reason].says, ...more });
