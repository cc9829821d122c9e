import * as z from 'zod';
import { EXCHANGE_TABLES } from '../../shared/domain/exchange.ts';
import { PROFILE_NAMES, PROFILES } from '../../shared/exchange/profile.ts';
import { OUTCOMES } from '../../shared/exchange/receive.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, instantOut, instantText, page, pageOf } from '../../shared/runtime/schemas.ts';

/** As the platforms take them. */
const MOST_ROWS = 20;

const table = z.enum(EXCHANGE_TABLES).meta({
  description:
    '上级在前：object 风险对象、unit 风险单元、event 风险事件、measure 管控措施、task 排查任务、record 排查记录、hazard 隐患、stop 停用检修',
});
const row = z.record(z.string().max(60), z.unknown()).meta({ description: '一行：列名和内容，见 shared/exchange/README.md' });
const count = z.int().min(0);
const fault = z.strictObject({
  column: z.string(),
  heading: z.string().meta({ description: '列的中文名' }),
  code: z.string().meta({ description: '稳定的代码，供程序判断' }),
  says: z.string().meta({ description: '怎么办' }),
});

export const sendRows = defineRoute({
  operation: 'ImportExchange',
  method: 'POST',
  path: '/v1/exchange/{table}',
  summary: '上报交换表的行：每批至多 20 行，逐行答复；有错的行不影响其他行，重复上报不会重复',
  params: z.strictObject({ table }),
  body: z.strictObject({
    rows: z.array(row).min(1).max(MOST_ROWS),
    profile: z
      .enum(PROFILE_NAMES)
      .optional()
      .meta({
        description: `各行按哪种平台的格式填写，不填即按本系统的列名：${PROFILE_NAMES.map((name) => `${name} ${PROFILES[name].title}`).join('；')}`,
      }),
    codes: z
      .record(z.string().regex(/^\d{9}$/), creditCode)
      .optional()
      .meta({ description: '平台的 9 位企业编码各是哪个统一社会信用代码' }),
  }),
  output: z.strictObject({
    rows: z.array(
      z.strictObject({
        row: z.int().min(1).meta({ description: '批内第几行' }),
        id: z.string().optional(),
        outcome: z.enum(OUTCOMES).meta({
          description:
            'received 已收；unchanged 与已收的，或与本县台账中的相同；stale 比已收的旧，未采用；refused 有错，改正或待上级到达后重报',
        }),
        errors: z.array(fault),
      }),
    ),
    received: count,
    unchanged: count,
    stale: count,
    refused: count,
  }),
});

export const readRows = defineRoute({
  operation: 'ReadExchange',
  method: 'GET',
  path: '/v1/exchange/{table}',
  summary: '一家企业收到的交换表的行，按收到的先后；本县自己的行在导出包的 views/exchange 中',
  params: z.strictObject({ table }),
  query: z.strictObject({
    enterprise: creditCode.optional(),
    after: instantText.optional().meta({ description: '只要此后收到的：上次读完所有页（不再有 cursor）后最后一行的 receivedAt' }),
    ...page,
  }),
  output: pageOf(z.strictObject({ receivedAt: instantOut, row: z.record(z.string(), z.union([z.string(), z.int()])) })),
});

const gapShape = { enterprise: z.string(), table, title: z.string(), ...fault.shape };

export const readGaps = defineRoute({
  operation: 'ReadExchange',
  method: 'GET',
  path: '/v1/exchange/gaps',
  summary: '一家企业的缺项：登记的风险、措施、任务、隐患和停用缺什么，收到的行还有哪些没有登记',
  query: z.strictObject({ enterprise: creditCode.optional(), ...page }),
  output: z.strictObject({
    ...pageOf(z.strictObject({ ...gapShape, id: z.string(), what: z.string().meta({ description: '哪一条' }) })).shape,
    counts: z
      .array(z.strictObject({ ...gapShape, count }))
      .meta({ description: '汇总：每张表每一列各有几条，怎么办以第一条为例；每页都是全部的' }),
  }),
});

export const routes = [sendRows, readRows, readGaps];
