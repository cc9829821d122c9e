import * as z from 'zod';
import { ROLES } from '../domain/caller.ts';
import { STANDINGS } from '../domain/colour.ts';
import { instantOut } from './schemas.ts';

/** A recorded fact as the API answers it. */
export const eventOut = z
  .strictObject({
    id: z.string(),
    at: instantOut,
    county: z.string(),
    colour: z.enum(STANDINGS),
    type: z.string(),
    subject: z.string(),
    sequence: z.int(),
    actor: z.strictObject({ id: z.string(), role: z.enum(ROLES), owner: z.string().optional() }),
    data: z.unknown().meta({ description: '个人信息以承诺值（sxj-pii-1:…）代替' }),
    schema: z.int(),
  })
  .meta({ id: 'Event', description: '台账事件' });
