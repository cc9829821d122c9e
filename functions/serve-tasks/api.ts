import * as z from 'zod';
import { evidenceKey, itemNo, personId, riskNo, taskId, townshipCode } from '../../shared/domain/ids.ts';
import { OUTCOMES } from '../../shared/domain/task.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import {
  creditCode,
  day,
  instantOut,
  instantText,
  line,
  named,
  page,
  pageOf,
  prose,
  version,
} from '../../shared/runtime/schemas.ts';
import { inspectionLine, inspectionOut, taskLine, taskOut, taskOutline, taskRisk, taskStands } from './tasks-out.ts';

/** What nobody needs more of; together less than one record holds, and the cases of one visit, two items each, less than a transaction. */
const MOST = { text: 2_000, note: 200, items: 200, problems: 50, hazards: 40, evidence: 50, team: 20 };

const params = z.strictObject({ id: named(taskId) });
const seen = { version: version.meta({ description: '所见的版本；已有变化的请刷新' }) };
const evidence = z.array(named(evidenceKey)).max(MOST.evidence).default([]);

export const listTasks = defineRoute({
  operation: 'ReadTask',
  method: 'GET',
  path: '/v1/tasks',
  summary:
    '检查任务：检查人员看派给自己的，派员的人看本机关抽查的未办结任务，最急的在前。一页可能不满，以有无 cursor 判断是否还有',
  query: z.strictObject({
    stage: z
      .enum(['unassigned', 'assigned', 'reported', 'returned', 'confirmed'])
      .optional()
      .meta({ description: '只看这一阶段的' }),
    overdue: z.enum(['true', 'false']).optional().meta({ description: 'true 只看有逾期的；false 只看没有逾期的' }),
    day: day.optional().meta({ description: '只看这一天检查的' }),
    mine: z.enum(['true']).optional().meta({ description: '派员的人也是检查人员的：只看派给自己的' }),
    ...page,
  }),
  output: pageOf(taskLine),
});

export const readTask = defineRoute({
  operation: 'ReadTask',
  method: 'GET',
  path: '/v1/tasks/{id}',
  summary: '一项检查任务的全部情况：对象、风险和措施、抽到的事项、未办结的隐患、最近的检查、检查人员、期限和依据',
  params,
  output: taskOut,
});

export const readTaskOutline = defineRoute({
  operation: 'ReadTaskOutline',
  method: 'GET',
  path: '/v1/tasks/{id}/outline',
  summary:
    '一项检查任务办到哪一步：哪个机关的，还差什么、最迟何时、依据什么、由谁办理。给被逐级上报告知的人，不含对象、人员和未到的检查日期',
  params,
  output: taskOutline,
});

export const listTaskRisks = defineRoute({
  operation: 'ReadTask',
  method: 'GET',
  path: '/v1/tasks/{id}/risks',
  summary: '检查对象的全部风险和管控措施（一企一标准），按编号',
  params,
  query: z.strictObject(page),
  output: pageOf(taskRisk),
});

export const assignTask = defineRoute({
  operation: 'AssignTask',
  method: 'POST',
  path: '/v1/tasks/{id}/assign',
  summary: '人工派员：没有抽到人员的，或抽到的不能去的。人员须持证、有资格、不须回避、当日在岗；写明理由，公开可见',
  params,
  body: z.strictObject({
    team: z.array(named(personId)).min(1).max(MOST.team),
    day: day.meta({ description: '检查日期' }),
    reason: prose(MOST.text).meta({ description: '理由' }),
    ...seen,
  }),
  output: taskStands,
});

export const uploadTaskEvidence = defineRoute({
  operation: 'ReportInspection',
  method: 'POST',
  path: '/v1/tasks/{id}/evidence',
  summary: '申请上传检查的一件证据，存在被检查对象名下：答复短期有效的表单，限定编号、类型和大小',
  params,
  body: z.strictObject({
    type: z.string().max(60).meta({ description: '文件类型，如 image/jpeg' }),
    bytes: z.int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '应为文件内容的 SHA-256（64 位小写十六进制）' }),
  }),
  output: z.strictObject({
    key: named(evidenceKey),
    url: z.string(),
    fields: z.record(z.string(), z.string()),
    expiresAt: instantOut,
    why: whySchema,
  }),
  status: 201,
});

const hazard = z.strictObject({
  place: line(200),
  description: prose(MOST.text),
  level: z.enum(['general', 'major']).default('general').meta({ description: '检查人员初判：一般或重大，由核实最终判定' }),
  risk: named(riskNo).optional().meta({ description: '所属风险点的编号；公共区域的不写' }),
  item: named(itemNo).optional().meta({ description: '所属抽查事项' }),
  evidence,
});

export const reportInspection = defineRoute({
  operation: 'ReportInspection',
  method: 'POST',
  path: '/v1/tasks/{id}/report',
  summary: '提交检查记录：逐项结果、问题和隐患清单（没有的也要写明）、证据、被检查单位代表签字情况；隐患随即立案',
  params,
  body: z.strictObject({
    outcome: z
      .enum(OUTCOMES)
      .meta({ description: 'inspected 已检查；not-found 未找到；refused 拒绝检查；closed-down 已关闭停业' }),
    visitedAt: instantText.meta({ description: '检查时间（与服务器收到时间一并留存）' }),
    otherDay: line(MOST.note)
      .optional()
      .meta({ description: '不在抽到或派定的日期检查的，写明理由；将随结果公示，请勿写个人姓名' }),
    present: z.array(named(personId)).min(1).max(MOST.team).meta({ description: '到场的检查人员，含提交人' }),
    account: prose(MOST.text).meta({ description: '检查情况' }),
    items: z
      .array(
        z.strictObject({
          item: named(itemNo),
          result: z
            .enum(['conforms', 'does-not', 'not-applicable'])
            .meta({ description: 'conforms 符合；does-not 不符合，须有注明该事项的隐患；not-applicable 不适用' }),
          note: line(MOST.note).optional().meta({ description: '不适用的写明理由' }),
          evidence,
        }),
      )
      .max(MOST.items),
    problems: z
      .array(z.strictObject({ text: prose(500), item: named(itemNo).optional() }))
      .max(MOST.problems)
      .meta({ description: '不构成隐患的问题；没有即为空；不符合的事项不在此列，须列为隐患。将随结果公示，请勿写个人姓名' }),
    hazards: z
      .array(hazard)
      .max(MOST.hazards, { error: `一次检查最多 ${MOST.hazards} 项隐患，请将同一处的合并` })
      .meta({ description: '发现的隐患；没有即为空' }),
    nothingFound: z.literal(true).optional().meta({ description: '检查了而没有问题和隐患的，须写明 true' }),
    evidence,
    representative: z
      .strictObject({
        signed: z.enum(['signed', 'refused', 'absent']).meta({ description: 'signed 已签字；refused 拒签；absent 无人在场' }),
        reason: line(MOST.note).optional().meta({ description: '没有签字的理由' }),
        evidence,
      })
      .optional()
      .meta({ description: '被检查单位代表；已检查的必填，签字的附签字页' }),
    ...seen,
  }),
  output: taskStands,
});

export const confirmInspection = defineRoute({
  operation: 'ConfirmInspection',
  method: 'POST',
  path: '/v1/tasks/{id}/confirm',
  summary: '复核签字：由到场的另一名检查人员，提交人不能复核自己的记录',
  params,
  body: z.strictObject(seen),
  output: taskStands,
});

export const returnInspection = defineRoute({
  operation: 'ReturnInspection',
  method: 'POST',
  path: '/v1/tasks/{id}/return',
  summary: '不同意检查记录的，由复核的人写明理由退回，重新提交；已立案的隐患不撤，仍列在记录中',
  params,
  body: z.strictObject({ reason: prose(MOST.text).meta({ description: '理由' }), ...seen }),
  output: taskStands,
});

export const nameConfirmer = defineRoute({
  operation: 'NameConfirmer',
  method: 'POST',
  path: '/v1/tasks/{id}/confirmer',
  summary: '到场的另一名检查人员不能或不愿复核的，由派员的人另定一名执法人员复核，写明理由；已退回的记录恢复待复核',
  params,
  body: z.strictObject({
    person: named(personId).meta({ description: '复核人：执法人员，不是提交人，有资格、不须回避、当日在岗' }),
    reason: prose(MOST.text).meta({ description: '理由' }),
    ...seen,
  }),
  output: taskStands,
});

export const followUp = defineRoute({
  operation: 'FollowUp',
  method: 'POST',
  path: '/v1/tasks/{id}/follow-up',
  summary: '未找到、拒绝检查、已关闭停业的后续处理；已关闭停业的写明登记册作了哪些变更',
  params,
  body: z.strictObject({
    text: prose(MOST.text).meta({ description: '处理情况；将随结果公示，请勿写个人姓名' }),
    document: line(100).optional().meta({ description: '文号' }),
    register: prose(500).optional().meta({ description: '登记册作了哪些变更；须已在登记册办理' }),
    ...seen,
  }),
  output: taskStands,
});

export const listInspections = defineRoute({
  operation: 'ReadInspection',
  method: 'GET',
  path: '/v1/inspections',
  summary: '一家企业或一处公共区域的检查记录：各次检查的结果和隐患的现状。一页可能不满，以有无 cursor 判断是否还有',
  query: z.strictObject({
    enterprise: creditCode.optional().meta({ description: '企业的统一社会信用代码；企业人员不写即为本企业' }),
    township: named(townshipCode).optional().meta({ description: '公共区域所在的乡镇' }),
    no: named(riskNo).optional().meta({ description: '公共区域风险的编号；与乡镇同写' }),
    ...page,
  }),
  output: pageOf(inspectionLine),
});

export const readInspection = defineRoute({
  operation: 'ReadInspection',
  method: 'GET',
  path: '/v1/inspections/{id}',
  summary: '一次检查的记录：逐项结果、问题、隐患及其现状、签字、复核和后续处理',
  params,
  output: inspectionOut,
});

export const routes = [
  listTasks,
  readTask,
  readTaskOutline,
  listTaskRisks,
  assignTask,
  uploadTaskEvidence,
  reportInspection,
  confirmInspection,
  returnInspection,
  nameConfirmer,
  followUp,
  listInspections,
  readInspection,
];
