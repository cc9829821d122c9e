/** Tasks and inspections as the API answers them. */
import * as z from 'zod';
import { COLOURS, STANDINGS } from '../../shared/domain/colour.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { STAGES } from '../../shared/domain/hazard.ts';
import { hazardId, itemNo, objectId, personId, taskId } from '../../shared/domain/ids.ts';
import { INSPECTOR_ROLES } from '../../shared/domain/inspector.ts';
import { CONTROL_KINDS, CONTROL_LEVELS } from '../../shared/domain/register-risk.ts';
import { OUTCOMES, OWED, TASK_STAGES } from '../../shared/domain/task.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, named, version } from '../../shared/runtime/schemas.ts';

const evidence = z.array(z.string()).meta({ description: '证据编号' });
const signed = { by: z.string(), at: instantOut };

const decided = z.strictObject({ ...signed, reason: z.string() });

const handAssignment = z
  .strictObject({ ...decided.shape, day: z.string().optional(), team: z.array(z.string()) })
  .optional()
  .meta({ description: '人工派员：谁在何时派了谁、哪一天去、理由；与台账中的摘要可以核对' });

const owed = z.strictObject({
  what: z
    .enum(OWED)
    .meta({ description: 'assign 派员；visit 检查；hand-in 提交记录；confirm 复核；follow-up 后续处理；publish 公示（由系统）' }),
  due: instantOut.meta({ description: '最迟时间（不含）' }),
  isOverdue: z.boolean(),
  stepsTold: z.int().meta({ description: '逾期后已逐级上报的次数' }),
  why: whySchema,
});

const draw = z.strictObject({
  authority: z.string(),
  authorityName: z.string(),
  number: z.int(),
  kind: z.enum(DRAW_KINDS),
  kindName: z.string(),
  period: z.string(),
});

const object = {
  object: named(objectId),
  objectName: z.string().meta({ description: '企业名称，或公共区域风险的名称和位置' }),
  township: z.string(),
  colour: z.enum(COLOURS).meta({ description: '抽取时的等级' }),
};

const summary = {
  id: named(taskId),
  draw,
  ...object,
  day: z.string().optional().meta({ description: '检查日期；没有派员的没有此项' }),
  stage: z.enum(TASK_STAGES),
  stageName: z.string(),
  due: instantOut.optional().meta({ description: '下一件事的最迟时间' }),
  isOverdue: z.boolean(),
  byHand: z.boolean().meta({ description: '人工派员，不是抽取的' }),
  version: version.meta({ description: '版本；任何操作须带上所见的版本' }),
};

/** A line of a list. */
export const taskLine = z.strictObject(summary);

/** What a command answers. */
export const taskStands = z.strictObject({
  ...summary,
  hazards: z.array(named(hazardId)).meta({ description: '检查立案的隐患' }),
});

const itemResult = z.strictObject({
  item: named(itemNo),
  name: z.string().optional().meta({ description: '事项名称；已不在清单中的没有此项' }),
  result: z.enum(['conforms', 'does-not', 'not-applicable']),
  note: z.string().optional(),
  evidence,
});

const found = z.strictObject({
  id: named(hazardId),
  description: z.string(),
  place: z.string(),
  stage: z.enum(STAGES),
  stageName: z.string(),
  level: z.enum(['general', 'major']).optional().meta({ description: '未定级的没有此项' }),
});

/** What a visit found. */
export const inspectionOut = z.strictObject({
  id: named(taskId),
  draw,
  ...object,
  day: z.string().optional(),
  handAssignment,
  outcome: z.enum(OUTCOMES),
  outcomeName: z.string(),
  visitedAt: instantOut,
  otherDay: z.string().optional().meta({ description: '不在抽到或派定的日期检查的理由' }),
  reportedAt: instantOut,
  reportedBy: z.string(),
  present: z.array(z.string()).meta({ description: '到场的检查人员' }),
  account: z.string(),
  items: z.array(itemResult),
  problems: z.array(z.strictObject({ text: z.string(), item: z.string().optional() })),
  hazards: z.array(found),
  nothingFound: z.boolean().meta({ description: '没有发现问题和隐患' }),
  evidence,
  representative: z
    .strictObject({ signed: z.enum(['signed', 'refused', 'absent']), reason: z.string().optional(), evidence })
    .optional()
    .meta({ description: '被检查单位代表的签字情况' }),
  confirmed: z.strictObject(signed).optional().meta({ description: '另一名检查人员的复核' }),
  returned: z.array(decided).meta({ description: '复核的人退回的，及其理由' }),
  confirmer: z
    .strictObject({ id: z.string(), ...decided.shape })
    .optional()
    .meta({ description: '派员的人另定的复核人，及其理由' }),
  followUp: z
    .strictObject({ text: z.string(), document: z.string().optional(), register: z.string().optional(), ...signed })
    .optional(),
  publishedAt: instantOut.optional(),
  late: z
    .array(z.strictObject({ what: z.enum(OWED), due: instantOut, doneAt: instantOut }))
    .meta({ description: '逾期才完成的' }),
  stage: z.enum(TASK_STAGES),
  stageName: z.string(),
});

export const inspectionLine = inspectionOut.pick({
  id: true,
  draw: true,
  object: true,
  objectName: true,
  township: true,
  colour: true,
  day: true,
  outcome: true,
  outcomeName: true,
  visitedAt: true,
  hazards: true,
  nothingFound: true,
  stage: true,
  stageName: true,
  publishedAt: true,
});

/** What whoever the ladder tells may know before the visit, and after it. */
export const taskOutline = z.strictObject({
  id: named(taskId),
  draw,
  stage: z.enum(TASK_STAGES),
  stageName: z.string(),
  isOverdue: z.boolean(),
  owed: z
    .array(
      z.strictObject({
        ...owed.omit({ due: true }).shape,
        due: instantOut.optional().meta({ description: '最迟时间（不含）；检查尚未逾期的没有此项，以免透露检查日期' }),
        by: z.string().meta({ description: '由谁办理' }),
      }),
    )
    .meta({ description: '尚待完成的各项' }),
});

const control = z.strictObject({
  item: z.int(),
  kind: z.enum(CONTROL_KINDS),
  level: z.enum(CONTROL_LEVELS),
  text: z.string(),
  unit: z.string().optional(),
  person: z.string(),
});

/** A risk with its own standard (一企一标准): the measures that a check goes through. */
export const taskRisk = z.strictObject({
  no: z.string(),
  name: z.string(),
  location: z.string(),
  colour: z.enum(STANDINGS),
  explanation: z.string().optional().meta({ description: '等级怎样得出' }),
  mainRisk: z.string(),
  possibleHazards: z.string(),
  consequences: z.string(),
  controls: z.array(control),
  emergency: z.string(),
  responsible: z.string(),
});

const taskItem = z.strictObject({
  no: named(itemNo),
  name: z.string().optional().meta({ description: '已不在清单中的没有此项' }),
  subItem: z.string().optional(),
  basis: z.string().optional(),
  way: z.string().optional(),
  staff: z.string().optional(),
});

const member = z.strictObject({ id: named(personId), role: z.enum(INSPECTOR_ROLES) });

/** The whole task, for those who go and for who sends them. */
export const taskOut = z.strictObject({
  ...summary,
  window: z.strictObject({ from: instantOut, until: instantOut }),
  enterprise: z
    .strictObject({
      uscc: z.string(),
      name: z.string(),
      address: z.string().optional(),
      industry: z.string(),
      industryName: z.string(),
      contacts: z.array(z.strictObject({ post: z.string(), name: z.string(), phone: z.string().optional() })),
      overall: z.enum(STANDINGS),
    })
    .optional()
    .meta({ description: '公共区域没有此项' }),
  team: z.array(member),
  passed: z
    .strictObject({ day: z.string(), team: z.array(member), because: z.string().optional() })
    .optional()
    .meta({
      description:
        '抽到的日期在派员前已过，或抽到的人员已不能前往（because）：当时抽到的日期和人员。人工派员一般照原人员另定日期，换人的写明理由',
    }),
  handAssignment,
  owed: z.array(owed).meta({ description: '尚待完成的各项' }),
  items: z.array(taskItem).meta({ description: '要检查的事项，逐项作答' }),
  risks: z.array(taskRisk).meta({ description: '最重的风险及其管控措施；全部见 /v1/tasks/{id}/risks' }),
  riskCount: z.int(),
  openHazards: z.array(found).meta({ description: '未办结的隐患' }),
  inspections: z
    .array(z.strictObject({ id: named(taskId), visitedAt: instantOut, outcomeName: z.string(), hazards: z.int() }))
    .meta({ description: '最近的检查' }),
  inspection: inspectionOut.optional(),
});
