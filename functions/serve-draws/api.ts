import * as z from 'zod';
import { DRAW_STAGES } from '../../shared/domain/draw.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { department, drawPeriod, taskId } from '../../shared/domain/ids.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { day, impersonal, instantOut, line, named, page, pageOf, prose, version } from '../../shared/runtime/schemas.ts';

const authority = named(department).meta({ description: '抽查机关：部门代码，县（市）政府为 GOV' });
const kind = z.enum(DRAW_KINDS);
const stage = z.enum(DRAW_STAGES);
const number = z.int().min(1).max(999_999);
const params = z.strictObject({ authority, number: z.coerce.number().int().min(1).max(999_999) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What every answer about a draw says; it names no object. */
const summary = {
  authority: z.string(),
  number,
  drawId: z.string(),
  kind,
  kindName: z.string(),
  period: z.string(),
  stage,
  stageName: z.string(),
  announcedAt: instantOut,
  drawAt: instantOut,
  revealBy: instantOut,
  isOverdue: z.boolean().meta({ description: '已过公开期限而未公开，或已过抽取时间而未抽取' }),
  because: z.string().optional().meta({ description: '未按日程公告的原因' }),
  version,
};

const drawLine = z.strictObject(summary);

const entry = z.strictObject({ source: z.int().min(0), value: z.string(), by: z.string(), at: instantOut });

const drawWhole = z.strictObject({
  ...summary,
  window: z.strictObject({ from: instantOut, until: instantOut }),
  announcement: sha256,
  previous: sha256,
  files: z.strictObject({ objects: sha256, inspectors: sha256, recusals: sha256, items: sha256 }),
  strata: z.array(
    z.strictObject({
      name: z.string(),
      objects: z.int(),
      quota: z.int(),
      wanted: z.int(),
      gap: z.int().min(0).meta({ description: '因检查力量不足而少抽的数量' }),
    }),
  ),
  leftOut: z
    .strictObject({ visited: z.int(), suspended: z.int() })
    .optional()
    .meta({ description: '未列入名录的对象数：本期内已检查过的、停产停业的' }),
  randomness: z.strictObject({ sources: z.int(), entries: z.array(entry), sha256: sha256.optional() }),
  iterations: z.array(
    z.strictObject({
      no: z.int(),
      replaced: z.int().optional(),
      drawn: z.int().optional(),
      unassigned: z.int().optional(),
      sha256: sha256.optional(),
      assignedAt: instantOut.optional(),
    }),
  ),
  void: z.strictObject({ reason: z.string(), at: instantOut }).optional(),
  revealedAt: instantOut.optional(),
  lost: z.array(z.string()).optional().meta({ description: '作废的抽查中已被改动或丢失、无法公开的文件' }),
});

/** What a command answers. */
const stands = z.strictObject({ authority: z.string(), number, stage, version });

export const listDraws = defineRoute({
  operation: 'ReadDraw',
  method: 'GET',
  path: '/v1/draws',
  summary: '各期抽查：公告、进度；可按抽查机关、种类、阶段查询',
  query: z.strictObject({ ...page, authority: authority.optional(), kind: kind.optional(), stage: stage.optional() }),
  output: pageOf(drawLine),
});

export const readDraw = defineRoute({
  operation: 'ReadDraw',
  method: 'GET',
  path: '/v1/draws/{authority}/{number}',
  summary: '一次抽查的公告、进度和数量（公开前不含被抽中的对象）',
  params,
  output: drawWhole,
});

export const readBundle = defineRoute({
  operation: 'ReadDraw',
  method: 'GET',
  path: '/v1/draws/{authority}/{number}/bundle',
  summary: '一次抽查已公开的文件，凭此可自行验证',
  params,
  output: z.strictObject({
    folder: z.string(),
    files: z.array(z.strictObject({ file: z.string(), path: z.string(), sha256: sha256.optional() })),
  }),
});

export const readRefusals = defineRoute({
  operation: 'OpenDraw',
  method: 'GET',
  path: '/v1/draws/refusals',
  summary: '本机关最近未能公告的抽查及其原因（可能涉及名录中的对象，仅抽查机关负责人可见）',
  query: z.strictObject({ authority }),
  output: z.strictObject({
    items: z.array(z.strictObject({ kind, kindName: z.string(), period: z.string(), code: z.string(), says: z.string(), day })),
  }),
});

export const openDraw = defineRoute({
  operation: 'OpenDraw',
  method: 'POST',
  path: '/v1/draws',
  summary: '人工发起一期抽查（日程未能公告、前次作废时），写明理由',
  body: z.strictObject({ authority, kind, period: named(drawPeriod), reason: impersonal(line(200)) }),
  output: z.strictObject({ authority: z.string(), kind, period: z.string() }),
  status: 202,
});

/** A value as its announcement names the source: of drand with what proves it, or the numbers group by group. */
const value = z.union([
  z.strictObject({
    randomness: sha256,
    signature: z
      .string()
      .regex(/^[0-9a-f]{96}$/, { error: '签名须为48字节的压缩形式，即96位小写十六进制，不接受96字节的非压缩形式' }),
  }),
  z.strictObject({
    numbers: z
      .array(z.array(z.int().min(0).max(9999)).min(1).max(64))
      .min(1)
      .max(16),
  }),
]);

export const enterRandomness = defineRoute({
  operation: 'EnterRandomness',
  method: 'POST',
  path: '/v1/draws/{authority}/{number}/enter-randomness',
  summary: '录入已公布的公共随机数；须由两人分别录入且一致',
  params,
  body: z.strictObject({ version, source: z.int().min(0).max(3), value }),
  output: z.strictObject({ ...stands.shape, settled: z.boolean() }),
});

export const voidDraw = defineRoute({
  operation: 'VoidDraw',
  method: 'POST',
  path: '/v1/draws/{authority}/{number}/void',
  summary: '作废一次抽查并说明理由；编号保留，同期另行公告',
  params,
  body: z.strictObject({ version, reason: impersonal(line(400)) }),
  output: stands,
});

export const replaceObjects = defineRoute({
  operation: 'ReplaceObjects',
  method: 'POST',
  path: '/v1/draws/{authority}/{number}/replace-objects',
  summary: '按任务替换确实无法检查的对象，逐个写明理由，另行抽取补足',
  params,
  body: z.strictObject({
    version,
    replace: z
      .array(z.strictObject({ task: named(taskId), reason: impersonal(prose(400)) }))
      .min(1)
      .max(200),
    /** The days on which the visits of those drawn instead may fall. */
    days: z.array(day).min(1).max(366),
  }),
  output: stands,
});

export const routes = [listDraws, readDraw, readBundle, readRefusals, openDraw, enterRandomness, voidDraw, replaceObjects];
