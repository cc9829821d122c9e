/** Exports, their files and audits as the API answers them. */
import * as z from 'zod';
import { ROLES } from '../../shared/archive/manifest.ts';
import { EXPORT_KINDS } from '../../shared/domain/export.ts';
import { instantOut } from '../../shared/runtime/schemas.ts';

const dayOut = z.string();
const sha256 = z.string();
const count = z.int().min(0);

const daysOut = z.strictObject({ from: dayOut, to: dayOut }).optional();
const requestOut = z.union([
  z.strictObject({ kind: z.literal('range'), from: dayOut, to: dayOut }),
  z.strictObject({ kind: z.literal('enterprise'), enterprise: z.string(), days: daysOut }),
  z.strictObject({ kind: z.literal('hazard'), hazard: z.string(), days: daysOut }),
  z.strictObject({ kind: z.literal('record'), subject: z.string(), sequence: z.int() }),
]);

export const askedOut = z.strictObject({
  id: z.string().meta({ description: '导出编号；凭它查询进度、取得文件' }),
  says: z.string(),
});

export const exportOut = z.strictObject({
  id: z.string(),
  kind: z.enum(EXPORT_KINDS),
  request: requestOut.optional().meta({ description: '按需导出的是什么；日包、月包没有' }),
  from: dayOut.meta({ description: '所涉日期，首尾均含' }),
  to: dayOut,
  first: count.meta({ description: '在封存日志中的范围：first 起，end 之前' }),
  end: count,
  treeSize: count.meta({ description: '证明它的检查点所含的条数' }),
  stage: z.enum(['writing', 'closed']).meta({ description: 'writing 正在生成；closed 已完成，不再变化' }),
  startedAt: instantOut,
  slices: z
    .strictObject({ written: count, of: count })
    .optional()
    .meta({ description: '进度：已写成的分片和全部分片；清单中没有此项' }),
  closed: z
    .strictObject({
      at: instantOut,
      sequence: z.int().min(1).meta({ description: '同类导出包的连续编号' }),
      manifest: sha256.meta({ description: 'manifest.json 的 SHA-256' }),
      root: sha256.meta({ description: '封存日志在该检查点的树根' }),
      events: count,
      files: count,
      bytes: count,
    })
    .optional(),
});

export const fileOut = z.strictObject({ path: z.string(), bytes: count, sha256, role: z.enum(ROLES) });

export const filesOut = z.strictObject({ items: z.array(fileOut), cursor: z.string().optional() });

export const linksOut = z.strictObject({
  items: z.array(
    z.strictObject({
      path: z.string(),
      bytes: count,
      sha256,
      url: z.string().meta({ description: '下载地址：在 until 以前任何人可用，请勿转发' }),
    }),
  ),
  until: instantOut.meta({ description: '下载地址的有效期' }),
  cursor: z.string().optional(),
});

export const saltsOut = z.strictObject({
  items: z
    .array(
      z.strictObject({
        sequence: z.int().min(1),
        subject: z.string(),
        values: z.array(
          z.strictObject({
            path: z.string().meta({ description: '事件中的成员，例：data.contacts.0.name' }),
            salt: z.string().meta({ description: '32 字节，十六进制' }),
            value: z.string(),
          }),
        ),
      }),
    )
    .meta({ description: '按事件；每项原样写成一行，就是验证程序所读的 salts.jsonl' }),
  cursor: z.string().optional(),
});

export const auditOut = z.strictObject({
  id: z.string(),
  auditor: z.string(),
  from: dayOut.meta({ description: '可查阅哪些日期的导出，首尾均含' }),
  to: dayOut,
  until: instantOut.meta({ description: '到期自动结束' }),
  readsPersonalData: z.boolean().meta({ description: '是否可以查阅以承诺值代替的个人信息' }),
  reason: z.string(),
  openedAt: instantOut,
  ended: z.strictObject({ at: instantOut, because: z.string() }).optional(),
  isOpen: z.boolean(),
});

export const removedOut = z.strictObject({
  values: count.meta({ description: '清除了多少个值' }),
  events: count.meta({ description: '它们在多少个事件中' }),
  says: z.string(),
});

/** Who of a county read what. */
export const readOut = z.strictObject({
  at: instantOut,
  by: z.strictObject({ id: z.string(), role: z.string(), owner: z.string().optional() }),
  what: z.enum(['files', 'salts']),
  files: z.array(z.string()).optional(),
  values: count.optional(),
  events: z.array(z.string()).optional().meta({ description: '哪些事件的' }),
  audit: z.string().optional(),
});
