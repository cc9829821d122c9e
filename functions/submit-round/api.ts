import * as z from 'zod';
import { MOST_IN_A_ROUND, OUTCOMES } from '../../shared/domain/check-round.ts';
import { evidenceKey, hazardId, riskNo } from '../../shared/domain/ids.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { instantOut, instantText, line, named, prose } from '../../shared/runtime/schemas.ts';

/** Items of a checklist: risks have fewer measures. */
const LONGEST_CHECKLIST = 200;

const SAYS = '检查表逐项结果，按检查表的顺序每项一个字母，一项不漏：';

const answers = (letters: RegExp, says: string) =>
  z
    .string()
    .regex(letters, { error: `每项一个字母：${says}` })
    .max(LONGEST_CHECKLIST)
    .meta({ description: SAYS + says });

/** What does not conform is a hazard and has to be told as one. A hazard may also be of what no item of the checklist asks. */
const answersOf = {
  normal: answers(/^[yx]+$/, 'y 符合，x 不适用；有不符合的，结果应为发现隐患'),
  hazard: answers(/^[ynx]+$/, 'y 符合，n 不符合，x 不适用'),
};

const point = {
  riskNo: named(riskNo),
  checkedAt: instantText.optional().meta({ description: '该点的检查时间；不写即为整次检查的时间' }),
};

const hazard = z.strictObject({
  name: line(100),
  description: prose(MOST_IN_A_ROUND.text).meta({ description: '隐患情况；要保存多年，请勿填写姓名，个人称职务' }),
  level: z.enum(['general', 'major']).default('general').meta({ description: '检查人初判：一般或重大，由核实最终判定' }),
  evidence: z.array(named(evidenceKey)).max(MOST_IN_A_ROUND.evidence).default([]),
});

const item = z.discriminatedUnion('result', [
  z.strictObject({ ...point, result: z.literal('normal'), answers: answersOf.normal }),
  z.strictObject({
    ...point,
    result: z.literal('hazard'),
    answers: answersOf.hazard,
    hazards: z.array(hazard).min(1).max(MOST_IN_A_ROUND.hazards),
  }),
  z.strictObject({ ...point, result: z.literal('not-applicable'), reason: line(MOST_IN_A_ROUND.text) }),
]);

export type RoundItem = z.output<typeof item>;
export type FoundHazard = z.output<typeof hazard>;

export const roundOut = z.strictObject({
  round: z.string(),
  receivedAt: instantOut,
  checkedAt: instantOut,
  items: z.array(
    z.strictObject({
      riskNo: z.string(),
      outcome: z
        .enum(OUTCOMES)
        .meta({ description: 'on-time 按时；late 逾期补查；already 本周期已有人查过；not-due 当时无排查任务，仅存档' }),
      hazards: z.array(named(hazardId)),
    }),
  ),
});

export const submitRound = defineRoute({
  operation: 'SubmitRound',
  method: 'POST',
  path: '/v1/check-rounds',
  summary: '提交一次排查：一次可含多个风险点；Idempotency-Key 即本次排查的编号，重复提交只算一次',
  body: z.strictObject({
    checkedAt: instantText.meta({ description: '现场检查时间（与服务器收到时间一并留存）' }),
    device: line(80).optional(),
    items: z
      .array(item)
      .min(1)
      .max(MOST_IN_A_ROUND.points)
      .refine((items) => new Set(items.map(({ riskNo }) => riskNo)).size === items.length, {
        error: '同一风险点在一次排查中只能出现一次',
      }),
  }),
  output: roundOut,
  status: 201,
});

export const routes = [submitRound];
