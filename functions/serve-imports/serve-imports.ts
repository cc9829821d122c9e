/** Asking for an import, starting it, and looking how it goes. The work itself is done by `import-list`. */
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { commandRecord } from '../../shared/data/asked.ts';
import type { ImportFiles } from '../../shared/data/import-files.ts';
import type { ImportStore } from '../../shared/data/import-store.ts';
import { mayDo, type Operation } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type ImportId, importId } from '../../shared/domain/ids.ts';
import { type ImportJob, isSettled, newImport, startImport as start } from '../../shared/domain/import-job.ts';
import type { RowError } from '../../shared/domain/import-rows.ts';
import { SHEETS } from '../../shared/domain/import-sheets.ts';
import { listRulesOf } from '../../shared/policy/import-words.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { CONTENT_TYPES } from '../../shared/runtime/list-file/read.ts';
import { writeCsvTemplate, writeTemplate } from '../../shared/runtime/list-file/write.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { createImport, readImport, readImportErrors, readTemplate, startImport } from './api.ts';

export interface ServeImportsDeps {
  readonly jobs: ImportStore;
  readonly files: ImportFiles;
  /** Tells the worker that there is something to do. */
  readonly enqueue: (id: ImportId) => Promise<void>;
  readonly policyAt: (at: Instant) => Policy;
}

type View = z.input<(typeof readImport)['output']>;

export const viewOf = (job: ImportJob): View => {
  const { id, fileName, format, mode, dryRun, status, createdAt, startedAt, counts, errors, failure } = job;
  return {
    id,
    fileName,
    format,
    mode,
    dryRun,
    status,
    isSettled: isSettled(job),
    createdAt,
    ...(startedAt && { startedAt }),
    ...counts,
    errors: errors.reduce((sum, { count }) => sum + count, 0),
    ...(failure && { failure }),
  };
};

/** The same command asks for the same import. */
const idFor = (by: Caller, command: string): ImportId =>
  importId(createHash('sha256').update(`${by.id} ${command}`).digest('hex').slice(0, 24));

const secondsOf = ({ minutes }: { readonly minutes: number }): number => minutes * 60;

export function serveImports({ jobs, files, enqueue, policyAt }: ServeImportsDeps) {
  const loadFor = async (caller: Caller, id: ImportId, operation: Operation): Promise<ImportJob> => {
    const job = await jobs.load(id);
    const { owner } = job?.by ?? {};
    if (job === undefined || !mayDo(caller, operation, { county: job.by.county, ...(owner && { owner }) })) {
      throw new Problem(404, 'not-found', '没有这次导入。');
    }
    return job;
  };

  /** Addresses to send files to live for minutes, so they are made anew for every answer and kept nowhere. */
  const withUpload = async (view: View, at: Instant) => {
    const { fileBytes, uploadWithin } = policyAt(at).imports;
    const contentType = CONTENT_TYPES[view.format];
    const validSeconds = secondsOf(uploadWithin);
    const { url, fields } = await files.uploadFor(importId(view.id), contentType, fileBytes, validSeconds);
    return { ...view, upload: { url, fields: { ...fields }, contentType, mostBytes: fileBytes, validSeconds } };
  };

  return {
    withUpload,

    async createImport(asked: Request<typeof createImport>) {
      const { body, caller, at, commandId } = asked;
      const job = newImport({ id: idFor(caller, commandId), by: caller, ...body, createdAt: at });
      const answer = viewOf(job);
      await jobs.saveFor(commandRecord(asked, answer), job);
      return withUpload(answer, at);
    },

    /** A message that was lost is sent again by starting again; a message too many does nothing. */
    async startImport(asked: Request<typeof startImport>) {
      const { params, caller, at } = asked;
      const job = await loadFor(caller, params.id, 'ImportList');
      if (job.status !== 'awaiting-upload') {
        if (!isSettled(job)) await enqueue(job.id);
        return viewOf(job);
      }
      if ((await files.sizeOf(job.id)) === undefined) {
        throw new Problem(409, 'no-file', '还没有收到文件，请先按上传地址把文件传上来，再开始导入。');
      }
      const started = start(job, at);
      const answer = viewOf(started);
      await jobs.saveFor(commandRecord(asked, answer), started);
      await enqueue(job.id);
      return answer;
    },

    async readImport({ params, caller }: Request<typeof readImport>) {
      return viewOf(await loadFor(caller, params.id, 'ReadImport'));
    },

    /** Page by page through the parts; a cursor says the part and how far it was read. */
    async readImportErrors({ params, query: { limit, cursor }, caller }: Request<typeof readImportErrors>) {
      const job = await loadFor(caller, params.id, 'ReadImport');
      let [index, from] = positionOf(cursor);
      const items: RowError[] = [];
      for (; index < job.errors.length && items.length < limit; index++, from = 0) {
        const { part = '', count = 0 } = job.errors[index] ?? {};
        const lines = (await files.get(job.id, `errors/${part}`)).split('\n').filter((each) => each !== '');
        const wanted = lines.slice(from, from + limit - items.length);
        items.push(...wanted.map((each): RowError => JSON.parse(each)));
        if (from + wanted.length < count) return { items, cursor: `${index}.${from + wanted.length}` };
      }
      return index < job.errors.length ? { items, cursor: `${index}.0` } : { items };
    },

    async readTemplate({ params: { format }, query: { sheet }, at }: Request<typeof readTemplate>) {
      const policy = policyAt(at);
      const { words } = listRulesOf(policy);
      if (format === 'csv' && sheet === undefined) {
        throw new Problem(400, 'sheet-missing', 'CSV 模板只含一个工作表，请写明 sheet=enterprises、risks 或 areas。');
      }
      const fileName = sheet !== undefined && format === 'csv' ? `${SHEETS[sheet].name}导入模板.csv` : '风险清单导入模板.xlsx';
      const bytes = sheet !== undefined && format === 'csv' ? writeCsvTemplate(sheet, words) : await writeTemplate(words);
      const contentType = CONTENT_TYPES[format];
      const validSeconds = secondsOf(policy.imports.uploadWithin);
      return { fileName, contentType, validSeconds, url: await files.offer(fileName, contentType, bytes, validSeconds) };
    },
  };
}

function positionOf(cursor: string | undefined): [number, number] {
  if (cursor === undefined) return [0, 0];
  const match = /^(\d{1,6})\.(\d{1,9})$/.exec(cursor);
  if (match === null) throw new Problem(400, 'cursor-malformed', '翻页标记无效，请从第一页重新读取。');
  return [Number(match[1]), Number(match[2])];
}
