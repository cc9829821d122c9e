import * as z from 'zod';
import type { Why } from '../domain/why.ts';

/** `Why` as the API answers it beside every duty, deadline and grade. */
export const whySchema = z
  .strictObject({
    rule: z.string().meta({ description: '规则在政策文件中的位置，如 selfChecks.RED' }),
    clause: z.string().meta({ description: '条款，如 二(五)' }),
    edition: z.string().meta({ description: '文件或修订的名称' }),
    origin: z
      .enum(['policy', 'ours', 'overlay'])
      .meta({ description: 'policy 政策原文；ours 政策未规定时的系统默认；overlay 县（市）修订' }),
    says: z.string().meta({ description: '一句话说明' }),
  })
  .meta({ id: 'Why', description: '依据' }) satisfies z.ZodType<Why>;
