/** Why a command on a task is refused. `case`: not as the task stands; `person`: not by this person; `content`: not with what was handed in. */
interface Denial {
  readonly about: 'case' | 'person' | 'content';
  readonly says: string;
}

export const TASK_DENIALS = {
  'wrong-stage': { about: 'case', says: '该任务目前所处阶段不能进行此操作，请刷新后查看。' },
  'not-of-team': { about: 'person', says: '您不是该任务的检查人员。' },
  'day-passed': { about: 'content', says: '检查日期应在今天或之后。' },
  'day-outside-window': { about: 'content', says: '检查日期应在本期抽查的周期之内。' },
  'day-too-late': { about: 'content', says: '本期已过，补做的检查应安排在公开时限的天数之内，请改近日期。' },
  'visited-before-drawn': { about: 'content', says: '检查时间早于抽取时间，请核对。' },
  'visited-before-window': { about: 'content', says: '检查时间早于本期抽查的周期，请核对。' },
  'visited-before-sent': { about: 'content', says: '检查时间早于派员时间，请核对。' },
  'other-day-unexplained': { about: 'content', says: '不在抽到或派定的日期检查的，请写明理由（otherDay）。' },
  'present-not-of-team': { about: 'content', says: '到场人员须是派往该任务的检查人员，每人一次。' },
  'reporter-not-present': { about: 'person', says: '检查记录由到场的检查人员提交。' },
  'too-few-present': { about: 'content', says: '到场的执法人员或专家不足规定人数，不能开展检查。' },
  'items-not-all': { about: 'content', says: '检查事项须逐项作答，一项不漏、不重、不多，请刷新任务后补全。' },
  'note-missing': { about: 'content', says: '不适用的检查事项须写明理由。' },
  'finding-missing': {
    about: 'content',
    says: '不符合的检查事项须列为隐患，并在隐患中注明事项编号；只列为问题的，该事项不写不符合。',
  },
  'finding-contradicts': { about: 'content', says: '列有隐患的检查事项须写不符合，请核对。' },
  'list-not-said': { about: 'content', says: '没有发现问题和隐患的，也须写明（nothingFound）。' },
  'list-contradicts': { about: 'content', says: '已列出问题或隐患的，不能写没有发现。' },
  'nothing-was-inspected': { about: 'content', says: '未能检查的，不填检查事项、问题和隐患。' },
  'representative-missing': { about: 'content', says: '请写明被检查单位代表是否签字。' },
  'signed-sheet-missing': { about: 'content', says: '代表已签字的，请附签字页。' },
  'reason-missing': { about: 'content', says: '代表拒签或不在场的，请写明理由。' },
  'reporter-may-not-confirm': { about: 'person', says: '提交人不能复核自己的检查记录，请由到场的另一名检查人员复核。' },
  'confirmer-reported': { about: 'content', says: '复核人不能是提交人，请另定一人。' },
  'was-not-there': { about: 'person', says: '检查记录由到场的检查人员复核，或由派员的人另定复核人。' },
  'no-enforcer-signs': { about: 'person', says: '提交人和复核人中须有执法人员，请由到场的执法人员复核。' },
  'no-follow-up-needed': { about: 'case', says: '该对象已检查，没有需要后续处理的。' },
  'already-followed-up': { about: 'case', says: '后续处理已记录。' },
  'register-missing': { about: 'content', says: '已关闭停业的，请写明登记册作了哪些变更。' },
  'nothing-overdue': { about: 'case', says: '没有新的逾期。' },
  'not-ready': { about: 'case', says: '尚未复核或尚待后续处理，不能公示。' },
} as const satisfies Record<string, Denial>;

export type TaskDenial = keyof typeof TASK_DENIALS;
