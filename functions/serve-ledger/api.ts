import * as z from 'zod';
import { STANDINGS } from '../../shared/domain/colour.ts';
import { eventOut } from '../../shared/runtime/event-schema.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { day, page, pageOf } from '../../shared/runtime/schemas.ts';

export const readDay = defineRoute({
  operation: 'ReadLedger',
  method: 'GET',
  path: '/v1/ledger/days/{day}',
  summary: '某日某颜色的台账事件（按服务器时间）',
  params: z.strictObject({ day }),
  query: z.strictObject({ colour: z.enum(STANDINGS), ...page }),
  output: pageOf(eventOut),
});

export const readSubject = defineRoute({
  operation: 'ReadLedger',
  method: 'GET',
  path: '/v1/ledger/events',
  summary: '某一对象的全部台账事件（按序号，无缺号）',
  query: z.strictObject({ subject: z.string().min(1).max(200), ...page }),
  output: pageOf(eventOut),
});

export const routes = [readDay, readSubject];
