import * as z from 'zod';
import { ROLES } from '../../shared/domain/caller.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { day, instantOut, page, pageOf } from '../../shared/runtime/schemas.ts';

const event = z.strictObject({
  id: z.string(),
  at: instantOut,
  county: z.string(),
  colour: z.enum(STANDINGS),
  type: z.string(),
  subject: z.string(),
  sequence: z.int(),
  actor: z.strictObject({ id: z.string(), role: z.enum(ROLES), owner: z.string().optional() }),
  data: z.unknown(),
  schema: z.int(),
});

export const readDay = defineRoute({
  operation: 'ReadLedger',
  method: 'GET',
  path: '/v1/ledger/days/{day}',
  summary: '某日某颜色的台账事件（按服务器时间）',
  params: z.strictObject({ day }),
  query: z.strictObject({ colour: z.enum(STANDINGS), ...page }),
  output: pageOf(event),
});

export const readSubject = defineRoute({
  operation: 'ReadLedger',
  method: 'GET',
  path: '/v1/ledger/events',
  summary: '某一对象的全部台账事件（按序号，无缺号）',
  query: z.strictObject({ subject: z.string().min(1).max(200), ...page }),
  output: pageOf(event),
});

export const routes = [readDay, readSubject];
