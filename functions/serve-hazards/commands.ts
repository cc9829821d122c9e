/** What people hand in with each command. Said once: routes, validation and documentation follow from here. */
import * as z from 'zod';
import type { Day } from '../../shared/domain/calendar.ts';
import { LISTING_LEVELS, ORDER_KINDS, PLAN_PARTS } from '../../shared/domain/hazard.ts';
import type { PersonCommand, PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { evidenceKey, personId } from '../../shared/domain/ids.ts';
import { day as dayText, line, named, prose, version } from '../../shared/runtime/schemas.ts';

/** What nobody needs more of. */
const LONGEST = { text: 2_000, evidence: 50, fundsFen: 1_000_000_000_000, people: 1_000_000 };

const day = dayText.transform((text) => text as Day);
const text = prose(LONGEST.text);
const reason = text.meta({ description: '理由' });
const note = text.optional().meta({ description: '意见' });
const evidence = z.array(named(evidenceKey)).max(LONGEST.evidence);
const document = line(100).meta({ description: '文号' });
const fen = z.int().nonnegative().max(LONGEST.fundsFen).meta({ description: '金额，单位为分' });
const criterion = line(60).meta({ description: '判定情形的代码，见政策 hazards.major.criteria' });
const basis = z.string().trim().max(LONGEST.text).meta({ description: '怎样符合该情形；引用标准的写明标准名称和条款' });

/** 五落实 and the six parts. What is missing or empty is named by the refusal, so nothing is required here. */
const planText = z.string().trim().max(LONGEST.text);
const plan = z.strictObject({
  responsible: named(personId).optional().meta({ description: '责任：整改责任人' }),
  measures: planText.optional().meta({ description: '措施' }),
  fundsFen: fen.optional().meta({ description: '资金，单位为分' }),
  timeLimit: day.optional().meta({ description: '时限：整改完成的最后一天' }),
  emergencyPlan: named(evidenceKey).optional().meta({ description: '预案：应急预案文件的证据编号' }),
  parts: z.partialRecord(z.enum(PLAN_PARTS), planText).default({}).meta({ description: '治理方案的六个部分' }),
});

type Fields<Command> = Command extends PersonCommand ? Omit<Command, 'type'> : never;
/** The body of a command's route: its own fields and the version that was seen. */
export type BodyOf<Type extends PersonCommandType> = Fields<Extract<PersonCommand, { type: Type }>> & {
  readonly version: number;
};

const none = {};
const body = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...shape, version: version.meta({ description: '所见的版本；已有变化的请刷新' }) });

export const COMMANDS = {
  GradeHazard: {
    summary: '定级：一般，或重大（写明判定情形和依据）；疑似重大的定为一般，由负有监管职责的部门决定',
    body: z.discriminatedUnion('level', [
      body({ level: z.literal('general') }),
      body({ level: z.literal('major'), criterion, basis }),
    ]),
  },
  FixOnTheSpot: {
    summary: '即查即改：当日整改完毕，附整改前、整改后的照片，等待他人验收',
    body: body({ account: text, before: evidence, after: evidence }),
  },
  AssignRectification: {
    summary: '指定整改人和期限（不写期限的按政策默认）；更换整改人不能推迟期限',
    body: body({ rectifier: named(personId), until: day.optional() }),
  },
  SubmitRectification: {
    summary: '提交整改结果，等待他人验收',
    body: body({ account: text, evidence, spentFen: fen.optional() }),
  },
  AcceptRectification: {
    summary: '验收通过：一般隐患由整改人以外的人，重大隐患由负有监管职责的部门',
    body: body({ note }),
  },
  ReturnRectification: { summary: '验收不通过，退回重新整改', body: body({ reason }) },
  UpgradeHazard: { summary: '升级为重大隐患（写明判定情形和依据）', body: body({ criterion, basis }) },
  ReportToDepartment: { summary: '向负有监管职责的部门报备重大隐患', body: body(none) },
  FilePlan: {
    summary: '报送重大隐患治理方案：责任、措施、资金、时限、预案五落实和各部分内容缺一不可',
    body: body({ plan }),
  },
  ApprovePlan: { summary: '批准治理方案', body: body(none) },
  ReturnPlan: { summary: '退回治理方案', body: body({ reason }) },
  IssueOrder: {
    summary: '下达指令：停产停业、停止使用、撤出人员、疏散',
    body: body({ kind: z.enum(ORDER_KINDS), scope: text.meta({ description: '范围' }), document: document.optional() }),
  },
  LiftOrder: {
    summary: '解除撤出、疏散的指令（停产停业、停止使用随同意恢复解除）',
    body: body({ no: z.int().positive().meta({ description: '指令在本案中的序号' }), reason }),
  },
  ApplyForEvacuationHelp: {
    summary: '向当地人民政府申请配合疏散周边人员',
    body: body({ area: text, people: z.int().positive().max(LONGEST.people) }),
  },
  AnswerEvacuationHelp: { summary: '答复疏散申请', body: body({ granted: z.boolean(), note: text }) },
  ListForSupervision: {
    summary: '挂牌督办',
    body: body({
      document,
      term: day.meta({ description: '治理完成的最后一天' }),
      level: z.enum(LISTING_LEVELS).optional().meta({ description: '挂牌级别：县、州市、省；不写为县级' }),
    }),
  },
  ReportProgress: { summary: '报告挂牌督办期间的治理进展', body: body({ text }) },
  DelistFromSupervision: { summary: '摘牌（通过验收后）', body: body({ document }) },
  ApplyToResume: {
    summary: '申请恢复生产或使用',
    body: body({
      assessor: line(100).meta({ description: '评估单位或专家' }),
      assessment: named(evidenceKey).meta({ description: '评估报告的证据编号' }),
    }),
  },
  ConsentToResume: { summary: '同意恢复：解除全部指令并销号', body: body(none) },
  RefuseToResume: { summary: '不同意恢复', body: body({ reason }) },
  RequestExtension: { summary: '申请延期（须在到期前政策规定的时间之前）', body: body({ until: day, reason }) },
  DecideExtension: { summary: '答复延期申请（须在到期之前）', body: body({ granted: z.boolean(), note }) },
  RequestWithdrawal: { summary: '申请撤销误报的隐患', body: body({ reason }) },
  ConfirmWithdrawal: { summary: '复核后同意撤销', body: body(none) },
  RefuseWithdrawal: { summary: '复核后不同意撤销', body: body({ reason }) },
  ReopenHazard: { summary: '重新打开：销号后规定期限内再次出现', body: body({ reason, evidence }) },
} as const satisfies {
  readonly [Type in PersonCommandType]: { readonly summary: string; readonly body: z.ZodType<BodyOf<Type>> };
};

/** The command that a body of its route asks for. The body was read by the schema above, which is held against the command's fields. */
export function commandOf<Type extends PersonCommandType>(type: Type, { version: _, ...fields }: BodyOf<Type>): PersonCommand {
  return { type, ...fields } as unknown as PersonCommand;
}
