/** A case as the API answers it: everything that happened in it, what is owed and why, and what this caller may do now. */
import * as z from 'zod';
import { ROLES } from '../../shared/domain/caller.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { LISTING_LEVELS, ORDER_KINDS, PLAN_PARTS, SOURCES, STAGES } from '../../shared/domain/hazard.ts';
import { OBLIGATION_KINDS } from '../../shared/domain/hazard-deadlines.ts';
import { PERSON_COMMANDS } from '../../shared/domain/hazard-offers.ts';
import { hazardId } from '../../shared/domain/ids.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, named, version } from '../../shared/runtime/schemas.ts';

const dayOut = z.string();
const evidence = z.array(z.string()).meta({ description: '证据编号；下载地址见 GET /v1/evidence' });
const signed = { by: z.string(), at: instantOut };
const level = z.enum(['general', 'major']);

const obligation = z.strictObject({
  kind: z.enum(OBLIGATION_KINDS).meta({
    description:
      'verify 核实定级；report 报备；plan 报送方案；plan-review 审查方案；rectify 整改；accept 验收；resume 审查恢复；extension 答复延期；withdrawal 复核撤销；evacuation 答复疏散；progress 报告进展',
  }),
  due: instantOut.meta({ description: '最迟时间（不含）' }),
  isOverdue: z.boolean(),
  stepsTold: z.int().meta({ description: '逾期后已逐级上报的次数' }),
  why: whySchema,
});

const overdue = z.strictObject({
  since: instantOut.meta({ description: '最早一项逾期的到期时间' }),
  steps: z.int().meta({ description: '已逐级上报的次数' }),
  metAt: instantOut.optional().meta({ description: '逾期各项已全部补做的，最后一项补做的时间' }),
});

const summary = {
  id: named(hazardId),
  owner: z.string(),
  township: z.string().optional(),
  supervisor: z.string().optional(),
  colour: z.enum(COLOURS).meta({ description: '发现时风险点的等级' }),
  stage: z.enum(STAGES),
  stageName: z.string(),
  level: level.optional().meta({ description: '未定级的没有此项' }),
  deadline: obligation.optional().meta({ description: '所处阶段的期限' }),
  overdue: overdue.optional().meta({ description: '有任何一项逾期时才有此项，办结前一直可见' }),
  version: version.meta({ description: '版本；任何操作须带上所见的版本' }),
};

/** A line of a list. */
export const caseLine = z.strictObject({
  ...summary,
  place: z.string(),
  description: z.string(),
  risk: z.string().optional(),
  suspectedMajor: z.boolean().meta({ description: '发现人疑为重大；定为一般须由负有监管职责的部门决定' }),
  foundAt: instantOut,
  reportedAt: instantOut,
  rectifier: z.string().optional(),
});

/** What a command answers: where the case stands now. The whole of it is a `GET` away. */
export const caseStands = z.strictObject(summary);

const actor = z.strictObject({ id: z.string(), role: z.enum(ROLES), owner: z.string().optional() });

const grade = z.strictObject({
  level,
  ...signed,
  criterion: z.string().optional(),
  criterionSays: z.string().optional(),
  basis: z.string().optional(),
  reported: z.strictObject(signed).optional().meta({ description: '向负有监管职责的部门报备' }),
  why: whySchema,
});

const plan = z.strictObject({
  responsible: z.string(),
  measures: z.string(),
  fundsFen: z.int(),
  timeLimit: dayOut,
  emergencyPlan: z.string(),
  parts: z.partialRecord(z.enum(PLAN_PARTS), z.string()),
  filedBy: z.string(),
  filedAt: instantOut,
  approvedBy: z.string().optional(),
  approvedAt: instantOut.optional(),
});

const attempt = z.strictObject({
  ...signed,
  account: z.string(),
  evidence,
  spentFen: z.int().optional(),
  onTheSpot: z.boolean().meta({ description: '即查即改' }),
  verdict: z.strictObject({ accepted: z.boolean(), ...signed, note: z.string().optional() }).optional(),
});

const order = z.strictObject({
  no: z.int(),
  kind: z.enum(ORDER_KINDS),
  kindName: z.string(),
  scope: z.string(),
  document: z.string().optional(),
  issuer: actor,
  at: instantOut,
  lifted: z.strictObject({ ...signed, reason: z.string() }).optional(),
});

const extension = z.strictObject({
  until: dayOut,
  reason: z.string(),
  ...signed,
  state: z
    .enum(['asked', 'granted', 'refused', 'lapsed'])
    .meta({ description: 'asked 待答复；granted 同意；refused 不同意；lapsed 到期前未答复，已失效' }),
  decided: z.strictObject({ ...signed, note: z.string().optional() }).optional(),
});

const evacuation = z.strictObject({
  ...signed,
  area: z.string(),
  people: z.int(),
  answer: z.strictObject({ granted: z.boolean(), note: z.string(), ...signed }).optional(),
});

const listing = z.strictObject({
  document: z.string(),
  level: z.enum(LISTING_LEVELS).optional().meta({ description: 'county 县级；prefecture 州市级；province 省级；没有时为县级' }),
  term: dayOut,
  ...signed,
  progress: z.array(z.strictObject({ ...signed, text: z.string() })),
  delisted: z.strictObject({ document: z.string(), ...signed }).optional(),
});

/** The whole case. */
export const caseOut = z.strictObject({
  ...summary,
  generation: z.int().meta({ description: '第几次办理：重新打开一次加一' }),
  finding: z.strictObject({
    at: instantOut,
    source: z.enum(SOURCES),
    place: z.string(),
    description: z.string(),
    evidence,
    risk: z.string().optional(),
    round: z.string().optional(),
    inspection: z.string().optional().meta({ description: '发现它的检查任务' }),
    suspectedMajor: z.boolean(),
  }),
  reportedBy: actor,
  reportedAt: instantOut,
  grade: grade.optional(),
  obligations: z.array(obligation).meta({ description: '现在应做的各项，最急的在前' }),
  missed: z
    .array(
      z.strictObject({
        kind: z.enum(OBLIGATION_KINDS),
        due: instantOut,
        metAt: instantOut.optional().meta({ description: '补做的时间' }),
        why: whySchema,
      }),
    )
    .meta({ description: '误过的期限，补做后也保留' }),
  rectifier: z.string().optional(),
  plan: plan.optional(),
  returnedPlan: z.strictObject({ plan, ...signed, reason: z.string() }).optional(),
  attempts: z.array(attempt).meta({ description: '整改、指令、延期、疏散、进展均为最近的若干次；更早的见台账（events）' }),
  fixers: z.array(z.string()).meta({ description: '参与本次整改的人，不得验收' }),
  orders: z.array(order),
  extensions: z.array(extension),
  evacuations: z.array(evacuation),
  listing: listing.optional(),
  accepted: z.strictObject(signed).optional().meta({ description: '通过验收，待恢复' }),
  resumption: z
    .strictObject({
      application: z.strictObject({ ...signed, assessor: z.string(), assessment: z.string() }).optional(),
      refused: z.strictObject({ ...signed, reason: z.string() }).optional(),
    })
    .optional(),
  withdrawal: z
    .strictObject({ ...signed, reason: z.string() })
    .optional()
    .meta({ description: '待复核的撤销申请' }),
  withdrawn: z.strictObject({ ...signed, reason: z.string() }).optional(),
  closings: z.array(z.strictObject({ generation: z.int(), ...signed })),
  closedAt: instantOut.optional(),
  commands: z.array(z.enum(PERSON_COMMANDS)).meta({ description: '您现在可以进行的操作' }),
});
