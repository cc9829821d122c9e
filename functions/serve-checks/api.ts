import * as z from 'zod';
import { CADENCES } from '../../shared/domain/calendar.ts';
import { OUTCOMES } from '../../shared/domain/check-round.ts';
import { COLOURS, STANDINGS } from '../../shared/domain/colour.ts';
import { STAGES } from '../../shared/domain/hazard.ts';
import { commandId, evidenceKey, hazardId, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import { CONTROL_KINDS, CONTROL_LEVELS } from '../../shared/domain/register-risk.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, day, instantOut, line, month, named, page, pageOf, version } from '../../shared/runtime/schemas.ts';

const enterprise = creditCode.optional().meta({ description: '企业的统一社会信用代码；企业人员不写即为本企业' });
const count = z.int().nonnegative();
const colour = z.enum(COLOURS);
const cadence = z.enum(CADENCES);

export const STATES = ['open', 'done', 'late', 'missed', 'suspended'] as const;

const duty = z.strictObject({
  riskNo: named(riskNo),
  name: z.string(),
  location: z.string(),
  workshop: z.string().optional(),
  team: z.string().optional(),
  post: z.string().optional(),
  responsible: z.string(),
  colour,
  cadence,
  period: z.string().meta({ description: '周期，如 2026-03-01、2026-W10、2026-03上、2026-03' }),
  from: instantOut,
  until: instantOut.meta({ description: '最迟时间（不含）' }),
  state: z.enum(STATES).meta({ description: 'open 待查；done 按时完成；late 逾期补查；missed 漏查；suspended 停产检修期间免查' }),
  why: whySchema,
  checklist: z.array(
    z.strictObject({
      item: z.int(),
      kind: z.enum(CONTROL_KINDS),
      level: z.enum(CONTROL_LEVELS),
      text: z.string(),
      unit: z.string().optional(),
      person: z.string(),
    }),
  ),
});

export const readDuties = defineRoute({
  operation: 'ReadDuties',
  method: 'GET',
  path: '/v1/duties',
  summary: '应做的排查：企业、车间、班组、岗位或个人，最迟何时、依据哪条；检查表即管控措施（一企一标准）',
  query: z.strictObject({
    enterprise,
    workshop: line(80).optional(),
    team: line(80).optional(),
    post: line(80).optional(),
    person: line(80).optional().meta({ description: '责任人姓名：风险点的责任人或某项措施的责任人' }),
    state: z.enum(STATES).optional(),
    ...page,
  }),
  output: pageOf(duty),
});

const roundItem = z.strictObject({
  riskNo: z.string(),
  outcome: z.enum(OUTCOMES),
  hazards: z.array(named(hazardId)),
  claimedAt: instantOut,
  answers: z.string().optional(),
  notApplicable: z.string().optional(),
});

const round = z.strictObject({
  round: z.string(),
  enterprise: z.string(),
  by: z.string(),
  device: z.string().optional(),
  receivedAt: instantOut,
  checkedAt: instantOut,
  items: z.array(roundItem),
});

export const readRound = defineRoute({
  operation: 'ReadRound',
  method: 'GET',
  path: '/v1/check-rounds/{round}',
  summary: '一次排查的全部内容：声称时间与服务器收到时间、每点的结果',
  params: z.strictObject({ round: named(commandId) }),
  output: round,
});

export const listRounds = defineRoute({
  operation: 'ReadRound',
  method: 'GET',
  path: '/v1/check-rounds',
  summary: '企业某日收到的各次排查',
  query: z.strictObject({ enterprise, day, ...page }),
  output: pageOf(round),
});

const exceptions = z.strictObject({
  enterprise: z.string(),
  workshop: z.string().optional(),
  colour,
  cadence,
  period: z.string(),
  until: instantOut,
  why: whySchema,
  sealed: z.boolean().meta({ description: '是否已结账；未结账的为实时计算' }),
  missed: z.array(named(riskNo)),
  madeUpLate: z.array(named(riskNo)),
  suspended: z.array(named(riskNo)),
});

export const listExceptions = defineRoute({
  operation: 'ReadDuties',
  method: 'GET',
  path: '/v1/exceptions',
  summary: '某月未按时完成的排查：漏查、逾期补查、停产检修免查（周期计入其结束的月份）',
  query: z.strictObject({ enterprise, month, ...page }),
  output: pageOf(exceptions),
});

export const requestUpload = defineRoute({
  operation: 'UploadEvidence',
  method: 'POST',
  path: '/v1/evidence',
  summary: '申请上传一件证据：答复短期有效的表单，限定编号、类型和大小',
  body: z.strictObject({
    enterprise,
    area: z
      .strictObject({ township: named(townshipCode), no: named(riskNo) })
      .optional()
      .meta({ description: '公共区域的风险；与企业只写一个' }),
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

export const readEvidence = defineRoute({
  operation: 'ReadEvidence',
  method: 'GET',
  path: '/v1/evidence',
  summary: '取一件证据的短期下载地址',
  query: z.strictObject({ key: named(evidenceKey) }),
  output: z.strictObject({ url: z.string(), expiresAt: instantOut }),
});

export const LIST_STATES = ['open', 'submitted', 'submitted-late', 'overdue'] as const;
const listState = z
  .enum(LIST_STATES)
  .meta({ description: 'open 待提交；submitted 按时提交；submitted-late 月底后才提交或补全；overdue 逾期未提交' });
const complete = z.boolean().meta({ description: '提交的清单是否含有本月的全部隐患' });

const hazardList = z.strictObject({
  enterprise: z.string(),
  month: z.string(),
  until: instantOut,
  why: whySchema,
  state: listState,
  version: count,
  submittedAt: instantOut.optional(),
  submittedBy: z.string().optional(),
  complete,
  items: z.array(
    z.strictObject({
      id: named(hazardId),
      stage: z.enum(STAGES),
      level: z.enum(['general', 'major']).optional(),
      place: z.string(),
      description: z.string(),
      foundAt: instantOut,
      listed: z.boolean().meta({ description: '是否在已提交的清单中' }),
      listedAt: instantOut.optional().meta({ description: '首次列入提交的清单的时间' }),
    }),
  ),
});

export const readHazardList = defineRoute({
  operation: 'ReadHazardList',
  method: 'GET',
  path: '/v1/hazard-lists/{month}',
  summary: '企业当月的隐患排查治理清单',
  params: z.strictObject({ month }),
  query: z.strictObject({ enterprise }),
  output: hazardList,
});

export const submitHazardList = defineRoute({
  operation: 'SubmitHazardList',
  method: 'POST',
  path: '/v1/hazard-lists/{month}',
  summary: '提交当月的隐患排查治理清单（月底前；没有隐患也要提交），清单内容另行查看',
  params: z.strictObject({ month }),
  body: z.strictObject({ version: version.meta({ description: '所见清单的版本，未提交过为 0' }), note: line(200).optional() }),
  output: z.strictObject({
    month: z.string(),
    version: count,
    state: listState,
    submittedAt: instantOut,
    complete,
    count: count.meta({ description: '清单所含隐患数' }),
  }),
  status: 201,
});

const figures = z.strictObject({
  due: count.meta({ description: '应查＝按时＋逾期补查＋漏查＋免查（只计已结束的周期）' }),
  onTime: count,
  madeUpLate: count,
  missed: count,
  suspended: count,
  running: count.meta({ description: '周期未结束的' }),
});

export const readFigures = defineRoute({
  operation: 'ReadFigures',
  method: 'GET',
  path: '/v1/figures/{month}',
  summary: '每月排查统计，按颜色',
  params: z.strictObject({ month }),
  query: z.strictObject({ enterprise: creditCode.optional() }),
  output: z.strictObject({
    month: z.string(),
    colours: z.array(z.strictObject({ colour, cadence, why: whySchema, ...figures.shape })),
    total: figures,
  }),
});

export const DIMENSIONS = ['county', 'township', 'industry', 'colour'] as const;

const ratio = z.strictObject({
  numerator: count,
  denominator: count,
  percent: z.string().meta({ description: '百分比，一位小数，不进位；分母为零时为空' }),
  missing: z.array(z.string()).meta({ description: '未达到的企业' }),
  why: whySchema,
});

export const readCoverage = defineRoute({
  operation: 'ReadFigures',
  method: 'GET',
  path: '/v1/coverage/{month}',
  summary: '覆盖率：录入、一企一标准、评定、签字、自查，列出未达到的企业',
  params: z.strictObject({ month }),
  query: z.strictObject({ by: z.enum(DIMENSIONS).default('county') }),
  output: z.strictObject({
    month: z.string(),
    countedAt: instantOut.meta({ description: '按这一时刻的企业名录统计；以往月份也按现在的名录' }),
    groups: z.array(
      z.strictObject({
        of: z.union([z.enum(STANDINGS), z.string()]),
        entered: ratio,
        standard: ratio,
        graded: ratio,
        signed: ratio,
        checked: ratio,
      }),
    ),
  }),
});

export const routes = [
  readDuties,
  listRounds,
  readRound,
  listExceptions,
  requestUpload,
  readEvidence,
  readHazardList,
  submitHazardList,
  readFigures,
  readCoverage,
];
