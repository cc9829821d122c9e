/**
 * Why a command on a case is refused: the code that programs read and the sentence that people read, once for all of them. `case`: not
 * as the case stands; `person`: not by this person; `content`: not with what was handed in.
 */
interface Denial {
  readonly about: 'case' | 'person' | 'content';
  readonly says: string;
}

export const HAZARD_DENIALS = {
  'wrong-stage': { about: 'case', says: '该隐患目前所处阶段不能进行此操作，请刷新后查看可进行的操作。' },
  'already-graded': { about: 'case', says: '该隐患已定级；需要升级为重大隐患的，请用“升级”。' },
  'not-graded': { about: 'case', says: '该隐患尚未定级，请先定级。' },
  'already-major': { about: 'case', says: '该隐患已是重大隐患。' },
  'only-for-major': { about: 'case', says: '此操作只适用于重大隐患；无法保证安全的，请先升级为重大隐患。' },
  'unknown-criterion': { about: 'content', says: '判定依据不在政策所列情形之内，请从判定情形中选择。' },
  'basis-missing': { about: 'content', says: '判定为重大隐患须写明依据。' },
  'major-needs-plan': { about: 'case', says: '重大或疑似重大隐患不能即查即改：须先判定，并按治理方案整改。' },
  'not-the-same-day': { about: 'case', says: '即查即改须在发现当日完成；已过当日的，请指定整改人限期整改。' },
  'evidence-missing': { about: 'content', says: '请附整改证据；即查即改须有整改前、整改后的照片。' },
  'before-is-after': { about: 'content', says: '整改前与整改后的照片不得相同，请分别拍摄上传。' },
  'deadline-passed': { about: 'content', says: '期限应在今天或之后。' },
  'deadline-too-long': { about: 'content', says: '期限超过了政策规定的最长时限。' },
  'deadline-relaxes': { about: 'content', says: '更换整改人不能推迟期限；需要推迟的，请申请延期。' },
  'plan-names-rectifier': { about: 'case', says: '重大隐患的整改责任人以批准的治理方案为准。' },
  'not-reported': { about: 'case', says: '请先向负有监管职责的部门报备该重大隐患。' },
  'already-reported': { about: 'case', says: '该重大隐患已报备，无需重复。' },
  'plan-incomplete': { about: 'content', says: '治理方案不完整：责任、措施、资金、时限、预案五落实和各部分内容缺一不可。' },
  'fixer-may-not-accept': { about: 'person', says: '验收人不得是整改人，请由他人验收。' },
  'department-accepts-major': {
    about: 'person',
    says: '重大隐患须由负有监管职责的部门验收；公共区域没有其他部门监管的，由安委办或县政府验收。',
  },
  'filer-may-not-review': { about: 'person', says: '方案的报送人不得审查自己的方案。' },
  'too-many-orders': { about: 'case', says: '有效的指令已达上限，请先解除不再需要的指令，或由部门下达范围更大的指令。' },
  'too-many-fixers': { about: 'content', says: '参与整改的人员已达上限，请由已参与的人员继续整改。' },
  'no-such-order': { about: 'case', says: '没有这道指令，或已解除。' },
  'consent-needed': { about: 'case', says: '停产停业、停止使用的指令只能在验收后经部门同意恢复时解除。' },
  'help-already-asked': { about: 'case', says: '疏散申请正在等待政府答复，无需重复。' },
  'no-help-asked': { about: 'case', says: '没有等待答复的疏散申请。' },
  'already-listed': { about: 'case', says: '该隐患已挂牌督办。' },
  'not-listed': { about: 'case', says: '该隐患未在挂牌督办中。' },
  'not-accepted-yet': { about: 'case', says: '该隐患尚未通过验收，不能摘牌。' },
  'already-applied': { about: 'case', says: '恢复申请正在审查，无需重复。' },
  'not-applied': { about: 'case', says: '没有待审查的恢复申请。' },
  'applicant-may-not-decide': { about: 'person', says: '申请人不得审批自己的申请。' },
  'extension-pending': { about: 'case', says: '延期申请正在等待答复，无需重复。' },
  'extensions-used-up': { about: 'case', says: '延期次数已用完，请按期整改。' },
  'asked-too-late': { about: 'case', says: '申请延期太迟：应在到期前政策规定的时间之前提出。' },
  'extension-not-later': { about: 'content', says: '申请的日期应晚于现在的期限。' },
  'extension-too-long': { about: 'content', says: '申请的日期超过了政策规定的延期上限。' },
  'no-extension-asked': { about: 'case', says: '没有等待答复的延期申请。' },
  'decided-too-late': { about: 'case', says: '原期限已到，延期申请已失效。' },
  'department-decides': {
    about: 'person',
    says: '这一事项须由负有监管职责的部门决定；公共区域没有其他部门监管的，由安委办或县政府决定。',
  },
  'another-authority-decides': { about: 'person', says: '不能监督自己负责的区域，请由其他有权的机关办理。' },
  'withdrawal-pending': { about: 'case', says: '撤销申请正在等待复核，无需重复。' },
  'no-withdrawal-asked': { about: 'case', says: '没有等待复核的撤销申请。' },
  'requester-may-not-review': { about: 'person', says: '撤销须由申请人以外的人复核。' },
  'authority-reviews': {
    about: 'person',
    says: '检查发现的隐患，须由负有监管职责的部门或所在乡镇复核撤销；复核的不能是该区域的责任单位。',
  },
  'reopened-too-late': { about: 'case', says: '已过可重新打开的期限，请作为新隐患上报。' },
  'nothing-due': { about: 'case', says: '没有到期事项。' },
  'nothing-to-escalate': { about: 'case', says: '没有需要上报的逾期事项。' },
} as const satisfies Record<string, Denial>;

export type HazardDenial = keyof typeof HAZARD_DENIALS;
