import * as z from 'zod';
import { importId } from '../../shared/domain/ids.ts';
import { IMPORT_MODES, IMPORT_STATUSES } from '../../shared/domain/import-job.ts';
import { SHEET_IDS } from '../../shared/domain/import-sheets.ts';
import { FORMATS } from '../../shared/runtime/list-file/read.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { impersonal, instantOut, line, named, page, pageOf } from '../../shared/runtime/schemas.ts';

const params = z.strictObject({ id: named(importId) });

const upload = z
  .strictObject({
    url: z.url(),
    fields: z.record(z.string(), z.string()),
    contentType: z.string(),
    mostBytes: z.int(),
    validSeconds: z.int(),
  })
  .meta({ description: '用 multipart/form-data POST 到 url，先放 fields 的各项，最后放名为 file 的文件' });

const job = z.strictObject({
  id: z.string(),
  fileName: z.string(),
  format: z.enum(FORMATS),
  mode: z.enum(IMPORT_MODES),
  dryRun: z.boolean(),
  status: z.enum(IMPORT_STATUSES).meta({
    description:
      'awaiting-upload 待上传；reading 读取中；checking 试算中；writing 写入中；done 完成；refused 有错未导入；failed 没有完成，原因及已写入的行数见 failure',
  }),
  isSettled: z.boolean().meta({ description: '不会再变化' }),
  createdAt: instantOut,
  startedAt: instantOut.optional(),
  total: z.int(),
  parsed: z.int(),
  written: z.int().meta({ description: '新增或有改动的行；试运行时为将会写入的行' }),
  unchanged: z.int(),
  refused: z.int(),
  errors: z.int().meta({ description: '错误条数，一行可有几条' }),
  failure: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});

const jobWithUpload = z.strictObject({ ...job.shape, upload: upload.optional() });

const rowError = z.strictObject({
  sheet: z.string(),
  row: z.int().meta({ description: '行号，从 1 起；0 指整个工作表或文件' }),
  column: z.string().optional().meta({ description: '列的字母' }),
  heading: z.string().optional().meta({ description: '列名' }),
  found: z.string().meta({ description: '现在的内容' }),
  code: z.string().meta({ description: '稳定的错误代码' }),
  message: z.string().meta({ description: '应当怎样改' }),
});

export const readTemplate = defineRoute({
  operation: 'ReadImport',
  method: 'GET',
  path: '/v1/import-templates/{format}',
  summary: '导入模板的下载地址；CSV 只含一个工作表，须写明是哪一个',
  params: z.strictObject({ format: z.enum(FORMATS) }),
  query: z.strictObject({ sheet: z.enum(SHEET_IDS).optional() }),
  output: z.strictObject({ fileName: z.string(), contentType: z.string(), url: z.url(), validSeconds: z.int() }),
});

export const createImport = defineRoute({
  operation: 'ImportList',
  method: 'POST',
  path: '/v1/imports',
  summary: '登记一次导入，取得上传文件的地址',
  body: z.strictObject({
    fileName: impersonal(line(120)),
    format: z.enum(FORMATS),
    mode: z.enum(IMPORT_MODES).default('valid-rows').meta({
      description:
        'valid-rows 有错的行不导入，其余照常；all-or-nothing 先试算全部行，有错则全部不导入；试算之后他人又改动了清单的，写到被拒的行为止，状态为 failed 并写明已写入的行数',
    }),
    dryRun: z.boolean().default(false).meta({ description: '只检查，不写入' }),
  }),
  output: jobWithUpload,
  status: 201,
});

export const startImport = defineRoute({
  operation: 'ImportList',
  method: 'POST',
  path: '/v1/imports/{id}/start',
  summary: '文件已上传，开始导入；重复请求不会重复导入',
  params,
  output: job,
  status: 202,
});

export const readImport = defineRoute({
  operation: 'ReadImport',
  method: 'GET',
  path: '/v1/imports/{id}',
  summary: '导入的进度和结果',
  params,
  output: job,
});

export const readImportErrors = defineRoute({
  operation: 'ReadImport',
  method: 'GET',
  path: '/v1/imports/{id}/errors',
  summary: '导入的全部错误：工作表、行、列、现在的内容和应当怎样改',
  params,
  query: z.strictObject(page),
  output: pageOf(rowError),
});

export const routes = [readTemplate, createImport, startImport, readImport, readImportErrors];
