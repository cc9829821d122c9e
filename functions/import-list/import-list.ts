/**
 * Carries an import on, step by step, from wherever it stands: read the file, try the chunks, write the chunks. Every step may break
 * off at any point and be done again: files are written whole from the same input, a group of rows is one command, and the job goes on
 * only by the version that the step began with. Two workers with the same message do no harm: one of them loses the version and stops.
 */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { ImportFiles } from '../../shared/data/import-files.ts';
import type { ImportStore } from '../../shared/data/import-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type CommandId, commandId, IMPORT_COMMAND, type ImportId } from '../../shared/domain/ids.ts';
import {
  afterChunk,
  afterReading,
  chunkName,
  claimStep,
  errorPartOf,
  failImport,
  type ImportJob,
  isSettled,
  isToEnd,
} from '../../shared/domain/import-job.ts';
import { type ListRules, type RowError, readList } from '../../shared/domain/import-rows.ts';
import { readSheets } from '../../shared/runtime/list-file/read.ts';
import type { FileLimits } from '../../shared/runtime/list-file/unreadable.ts';
import { groupRows, type RowGroup, rowsOf } from './group-rows.ts';

export interface GroupOutcome {
  readonly written: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly errors: readonly RowError[];
}

/** The register as an import sees it. */
export interface ImportTarget {
  /** Decides about the rows of one owner and, unless it is only tried, writes them. The same command again gets the same answer. */
  apply(group: RowGroup, asked: { by: Caller; at: Instant; commandId: CommandId; isTrial: boolean }): Promise<GroupOutcome>;
}

export interface ImportDeps {
  readonly jobs: ImportStore;
  readonly files: ImportFiles;
  readonly register: ImportTarget;
  /** Tells the queue that there is more to do. */
  readonly continueLater: (id: ImportId) => Promise<void>;
  readonly rulesAt: (at: Instant) => { readonly list: ListRules; readonly limits: FileLimits };
}

/** A risk that is added writes itself and its event, so this many fit a transaction with their owner, its events and the command. */
export const ROWS_PER_GROUP = 40;
/** Some hundred rows: a few seconds of work, and some hundred kilobytes to read again after a break. */
export const GROUPS_PER_CHUNK = 10;
/** A chunk is not begun with less time than this. */
const RESERVE_MS = 60_000;

/** Does what is left to do as long as there is time, and hands the rest on. */
export const importList =
  ({ jobs, files, register, continueLater, rulesAt }: ImportDeps) =>
  async (id: ImportId, remainingMs: () => number): Promise<void> => {
    const readFile = async (job: ImportJob, at: Instant): Promise<ImportJob> => {
      const { list: rules, limits } = rulesAt(at);
      const size = await files.sizeOf(id);
      if (size === undefined) return failImport(job, 'no-file', '没有收到文件，请重新上传后再开始导入');
      if (size > limits.fileBytes) return failImport(job, 'file-too-large', '文件超过允许的大小，请分成几个文件导入');
      let sheets: ReturnType<typeof readSheets>;
      try {
        sheets = readSheets(await files.source(id), limits);
      } catch (error) {
        if (error instanceof Error && error.name === 'UnreadableFile' && 'code' in error) {
          return failImport(job, String(error.code), error.message);
        }
        throw error;
      }
      const list = readList(sheets, rules);
      if (list.errors.length > 0) await files.put(id, 'errors/read', linesOf(list.errors));
      const groups = groupRows(list, ROWS_PER_GROUP);
      const chunks = Math.ceil(groups.length / GROUPS_PER_CHUNK);
      for (let chunk = 0; chunk < chunks; chunk++) {
        const own = groups.slice(chunk * GROUPS_PER_CHUNK, (chunk + 1) * GROUPS_PER_CHUNK);
        await files.put(id, `chunks/${chunkName(chunk)}`, linesOf(own));
      }
      return afterReading(job, { total: list.total, refused: list.refused, errors: list.errors.length, chunks });
    };

    const doChunk = async (job: ImportJob, at: Instant): Promise<ImportJob> => {
      const groups = linesIn<RowGroup>(await files.get(id, `chunks/${chunkName(job.next)}`));
      const sum = { written: 0, unchanged: 0, refused: 0 };
      const errors: RowError[] = [];
      for (const [index, group] of groups.entries()) {
        const outcome = await register.apply(group, {
          by: job.by,
          at,
          commandId: commandId(`${IMPORT_COMMAND}${id}.${chunkName(job.next)}.${index}`),
          isTrial: job.status === 'checking',
        });
        if (outcome.written + outcome.unchanged + outcome.refused !== rowsOf(group)) {
          throw new Error(`import ${id}, chunk ${job.next}, group ${index}: rows without an outcome`);
        }
        sum.written += outcome.written;
        sum.unchanged += outcome.unchanged;
        sum.refused += outcome.refused;
        errors.push(...outcome.errors);
        if (isToEnd(job, sum)) break;
      }
      if (errors.length > 0) await files.put(id, `errors/${errorPartOf(job)}`, linesOf(errors));
      return afterChunk(job, { ...sum, errors: errors.length });
    };

    let job = await jobs.load(id);
    while (job !== undefined && !isSettled(job) && job.startedAt !== undefined) {
      if (remainingMs() < RESERVE_MS) return continueLater(id);
      const claimed = claimStep(job);
      if (!(await isSaved(jobs, claimed)) || isSettled(claimed)) return;
      job = claimed.status === 'reading' ? await readFile(claimed, job.startedAt) : await doChunk(claimed, job.startedAt);
      if (!(await isSaved(jobs, job))) return;
    }
  };

/** `false`: somebody else has gone on with the job, and will finish it. */
async function isSaved(jobs: ImportStore, job: ImportJob): Promise<boolean> {
  try {
    await jobs.save(job);
    return true;
  } catch (error) {
    if (error instanceof StaleVersion) return false;
    throw error;
  }
}

const linesOf = (values: readonly unknown[]): string => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

/** Lines that `linesOf` wrote. */
const linesIn = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
