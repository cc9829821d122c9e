import * as z from 'zod';
import { whySchema } from '../../shared/policy/why.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { instantOut, instantText } from '../../shared/runtime/schemas.ts';

const at = instantText.optional().meta({ description: '哪一时刻有效的政策；不写即为现在' });

const rule = z.strictObject({
  rule: z.string().meta({ description: '规则的位置，如 hazards.general.rectify' }),
  values: z.record(z.string(), z.json()).meta({ description: '数值' }),
  why: whySchema,
  basis: z
    .discriminatedUnion('origin', [
      z.strictObject({ origin: z.literal('policy'), clause: z.string(), quote: z.string().meta({ description: '政策原文' }) }),
      z.strictObject({
        origin: z.literal('ours'),
        clause: z.string(),
        reason: z.string().meta({ description: '为何由系统默认' }),
      }),
      z.strictObject({
        origin: z.literal('overlay'),
        clause: z.string(),
        citation: z.string().meta({ description: '县（市）或州修订的文件' }),
        scope: z.enum(['prefecture', 'county']),
        validFrom: z.string(),
      }),
    ])
    .meta({ description: '来源：政策原文、系统默认或县（市）修订' }),
});

const edition = {
  county: z.string(),
  at: instantOut,
  edition: z.string().meta({ description: '政策文本及其修订的确切版本' }),
};

export const readPolicy = defineRoute({
  operation: 'ReadPolicy',
  method: 'GET',
  path: '/v1/policy',
  summary: '本县（市）某一时刻有效的政策：每条规则的数值、说明、条款和来源',
  query: z.strictObject({ at, under: z.string().max(100).optional().meta({ description: '只看某一部分，如 hazards.major' }) }),
  output: z.strictObject({
    ...edition,
    id: z.string(),
    revision: z.int(),
    number: z.string(),
    title: z.string(),
    issued: z.string(),
    zone: z.string(),
    clauses: z.record(z.string(), z.string()).meta({ description: '条款及其标题' }),
    accidentTypes: z
      .record(z.string(), z.record(z.string(), z.string()))
      .meta({ description: '事故类别各版本的代码和名称；采用哪一版见规则 accidents.inUse' }),
    rules: z.array(rule),
  }),
});

export const readRule = defineRoute({
  operation: 'ReadPolicy',
  method: 'GET',
  path: '/v1/policy/rules/{rule}',
  summary: '政策的一条规则',
  params: z.strictObject({ rule: z.string().max(100) }),
  query: z.strictObject({ at }),
  output: z.strictObject({ ...edition, ...rule.shape }),
});

export const readMilestones = defineRoute({
  operation: 'ReadPolicy',
  method: 'GET',
  path: '/v1/policy/milestones',
  summary: '政策规定的时间节点，按先后',
  query: z.strictObject({ at }),
  output: z.strictObject({
    ...edition,
    items: z.array(z.strictObject({ milestone: z.string(), due: z.string(), isPast: z.boolean(), why: whySchema })),
  }),
});

export const routes = [readPolicy, readRule, readMilestones];
