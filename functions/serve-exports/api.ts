import * as z from 'zod';
import { EXPORT_KINDS } from '../../shared/domain/export.ts';
import { auditId, exportId, hazardId, personId } from '../../shared/domain/ids.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, day, impersonal, instantText, line, named, page, pageOf } from '../../shared/runtime/schemas.ts';
import { askedOut, auditOut, exportOut, filesOut, linksOut, readOut, removedOut, saltsOut } from './exports-out.ts';

/** So many addresses are handed out at once, and so many events' salts: each handing out is one event of the ledger. */
const MOST_LINKS = 100;
const MOST_SALTED = 100;

const ofExport = z.strictObject({ id: named(exportId) });
const ofAudit = z.strictObject({ id: named(auditId) });
const cursor = z.string().max(2000).optional();
const subject = line(200).meta({ description: '台账中的对象，例：ENT#信用代码、RISK#信用代码#编号、HAZ#编号' });
const days = z
  .strictObject({ from: day, to: day })
  .optional()
  .meta({ description: '只要这些日期记录的，首尾均含；审计人员必须写明' });
const reason = impersonal(line(200)).meta({ description: '为什么；记入台账，请勿填写姓名、电话和身份证号码' });

export const requestExport = defineRoute({
  operation: 'RequestExport',
  method: 'POST',
  path: '/v1/exports',
  summary: '申请导出：一段日期、一家企业、一项隐患或一条记录；企业只能申请自己的',
  body: z.strictObject({
    request: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('range'), from: day, to: day }).meta({ description: '一段日期，首尾均含' }),
      z
        .strictObject({ kind: z.literal('enterprise'), enterprise: creditCode, days })
        .meta({ description: '一家企业的全部，或其中一段日期的' }),
      z
        .strictObject({ kind: z.literal('hazard'), hazard: named(hazardId), days })
        .meta({ description: '一项隐患的全过程，或其中一段日期的' }),
      z.strictObject({ kind: z.literal('record'), subject, sequence: z.int().min(1) }).meta({ description: '一条台账记录' }),
    ]),
    reason,
  }),
  output: askedOut,
  status: 202,
});

export const listExports = defineRoute({
  operation: 'ReadExport',
  method: 'GET',
  path: '/v1/exports',
  summary: '导出包清单：您可以查阅的，日包、月包由新到旧',
  query: z.strictObject({ kind: z.enum(EXPORT_KINDS).default('day'), ...page }),
  output: pageOf(exportOut),
});

export const readExport = defineRoute({
  operation: 'ReadExport',
  method: 'GET',
  path: '/v1/exports/{id}',
  summary: '一个导出包：进度、清单的哈希和树根',
  params: ofExport,
  output: exportOut,
});

export const listFiles = defineRoute({
  operation: 'ReadExport',
  method: 'GET',
  path: '/v1/exports/{id}/files',
  summary: '一个导出包的文件及其哈希，按路径；文件过了保存期，清单仍可查询',
  params: ofExport,
  query: z.strictObject(page),
  output: filesOut,
});

export const handOutLinks = defineRoute({
  operation: 'ReadExport',
  method: 'POST',
  path: '/v1/exports/{id}/links',
  summary: '取得下载地址：指定的文件，或从 cursor 起按路径的 limit 个；每次都记入台账；不超过审计任务的期限',
  params: ofExport,
  body: z.strictObject({
    paths: z.array(z.string().min(1).max(300)).min(1).max(MOST_LINKS).optional(),
    limit: z.int().min(1).max(MOST_LINKS).default(MOST_LINKS),
    cursor,
  }),
  output: linksOut,
});

export const readSalts = defineRoute({
  operation: 'ReadSalts',
  method: 'POST',
  path: '/v1/exports/{id}/salts',
  summary: '查阅一个导出包中以承诺值代替的个人信息及其盐值；每次都记入台账，已清除的不再有；审计人员只得任务日期内的',
  params: ofExport,
  body: z.strictObject({
    limit: z.int().min(1).max(MOST_SALTED).default(MOST_SALTED).meta({ description: '多少个含个人信息的事件' }),
    cursor,
  }),
  output: saltsOut,
});

export const listReads = defineRoute({
  operation: 'ReadAudit',
  method: 'GET',
  path: '/v1/exports/{id}/reads',
  summary: '谁在何时取得了这个导出包的哪些文件、查阅了多少个人信息',
  params: ofExport,
  query: z.strictObject(page),
  output: pageOf(readOut),
});

export const openAudit = defineRoute({
  operation: 'OpenAudit',
  method: 'POST',
  path: '/v1/audits',
  summary: '开设审计任务：哪位审计人员可以查阅哪些日期的导出，到何时为止',
  body: z.strictObject({
    auditor: named(personId).meta({ description: '审计人员的登录编号' }),
    from: day,
    to: day,
    until: instantText,
    readsPersonalData: z.boolean().default(false),
    reason,
  }),
  output: auditOut,
  status: 201,
});

export const listAudits = defineRoute({
  operation: 'ReadAudit',
  method: 'GET',
  path: '/v1/audits',
  summary: '审计任务清单；审计人员只看到自己的',
  query: z.strictObject(page),
  output: pageOf(auditOut),
});

export const endAudit = defineRoute({
  operation: 'EndAudit',
  method: 'POST',
  path: '/v1/audits/{id}/end',
  summary: '提前结束审计任务：即刻不能再查阅和取得下载地址；已取得的地址到期为止',
  params: ofAudit,
  body: z.strictObject({ because: line(200) }),
  output: auditOut,
});

export const removePersonalData = defineRoute({
  operation: 'RemovePersonalData',
  method: 'POST',
  path: '/v1/personal-data/removals',
  summary: '清除台账中某对象的个人信息：按内容或按成员；承诺值和全部证明不变，但再也无法还原',
  body: z.strictObject({
    subject,
    of: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('value'), value: z.string().min(1).max(20_000) }).meta({ description: '内容等于它的' }),
      z
        .strictObject({ by: z.literal('path'), path: line(300) })
        .meta({ description: '事件中的成员，例：data.contacts.0.name；各段可写 *' }),
    ]),
    reason,
  }),
  output: removedOut,
});

export const routes = [
  requestExport,
  listExports,
  readExport,
  listFiles,
  handOutLinks,
  readSalts,
  listReads,
  openAudit,
  listAudits,
  endAudit,
  removePersonalData,
];
