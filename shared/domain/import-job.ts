/**
 * The import of one list, from its file to its figures. A job goes through steps (read the file; try each chunk; write each chunk), and
 * whoever does a step claims it first: a step that was claimed too often and never finished is poison, and the job ends there.
 * When the job is `done`, written + unchanged + refused = total.
 */
import type { Instant } from './calendar.ts';
import type { Caller } from './caller.ts';
import type { ImportId } from './ids.ts';

/** Whether a wrong row keeps only itself out, or all of the file: as far as one can tell before the first row is written. */
export const IMPORT_MODES = ['valid-rows', 'all-or-nothing'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

export const IMPORT_STATUSES = ['awaiting-upload', 'reading', 'checking', 'writing', 'done', 'refused', 'failed'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

export interface ImportCounts {
  /** Rows that hold data. */
  readonly total: number;
  /** Of these, rows that could be read. */
  readonly parsed: number;
  /** Added or changed; in a dry run, what would be. */
  readonly written: number;
  /** Equal to what stands. */
  readonly unchanged: number;
  readonly refused: number;
}

/** A file of errors: `read`, `checking-0003`, `writing-0003`. */
export interface ErrorPart {
  readonly part: string;
  readonly count: number;
}

export interface ImportJob {
  readonly id: ImportId;
  readonly by: Caller;
  readonly fileName: string;
  readonly format: 'xlsx' | 'csv';
  readonly mode: ImportMode;
  /** Decides about every row and writes none. */
  readonly dryRun: boolean;
  readonly createdAt: Instant;
  /** When the import was asked for: the time of all that it records. */
  readonly startedAt?: Instant;
  readonly status: ImportStatus;
  /** How often the step that is next was claimed. */
  readonly attempts: number;
  /** Into how many pieces the rows were cut, and the one that is next. */
  readonly chunks: number;
  readonly next: number;
  readonly counts: ImportCounts;
  /** What reading refused; trying and writing add to it. */
  readonly refusedOnReading: number;
  readonly errors: readonly ErrorPart[];
  /** Why nothing (more) was done. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly version: number;
}

const NONE: ImportCounts = { total: 0, parsed: 0, written: 0, unchanged: 0, refused: 0 };

export const newImport = (
  asked: Pick<ImportJob, 'id' | 'by' | 'fileName' | 'format' | 'mode' | 'dryRun' | 'createdAt'>,
): ImportJob => ({
  ...asked,
  status: 'awaiting-upload',
  attempts: 0,
  chunks: 0,
  next: 0,
  counts: NONE,
  refusedOnReading: 0,
  errors: [],
  version: 1,
});

const moved = (job: ImportJob, to: Partial<ImportJob>): ImportJob => ({ ...job, ...to, version: job.version + 1 });

/** Nothing is left to do. */
export const isSettled = ({ status }: ImportJob): boolean => status === 'done' || status === 'refused' || status === 'failed';

/** The file is there and the work may begin; asking again changes nothing. */
export const startImport = (job: ImportJob, at: Instant): ImportJob =>
  job.status === 'awaiting-upload' ? moved(job, { status: 'reading', startedAt: at }) : job;

export const failImport = (job: ImportJob, code: string, message: string): ImportJob =>
  moved(job, { status: 'failed', failure: { code, message } });

/** A step that broke off this often will break off again. */
const MOST_ATTEMPTS = 3;

/** Claims the next step, or gives it up as poison. */
export const claimStep = (job: ImportJob): ImportJob =>
  job.attempts < MOST_ATTEMPTS
    ? moved(job, { attempts: job.attempts + 1 })
    : failImport(
        job,
        'processing-broke-off',
        job.status === 'reading'
          ? `读取文件时系统 ${MOST_ATTEMPTS} 次中断，可能是文件过大或内容异常，请拆分文件或另存为新的“.xlsx”后重新导入`
          : `处理第 ${job.next + 1} 批（共 ${job.chunks} 批）时系统 ${MOST_ATTEMPTS} 次中断，已写入的行有效；请稍后重新导入同一文件，没有改动的行不会重复`,
      );

const withPart = (errors: readonly ErrorPart[], part: string, count: number): readonly ErrorPart[] =>
  count === 0 ? errors : [...errors, { part, count }];

/** What reading the file gave. */
export interface Reading {
  readonly total: number;
  readonly refused: number;
  readonly errors: number;
  readonly chunks: number;
}

/** All-or-nothing tries every row before it writes the first. */
export function afterReading(job: ImportJob, { total, refused, errors, chunks }: Reading): ImportJob {
  const read = {
    counts: { ...NONE, total, parsed: total - refused, refused },
    refusedOnReading: refused,
    errors: withPart([], 'read', errors),
    chunks,
    next: 0,
    attempts: 0,
  };
  const isTried = job.dryRun || job.mode === 'all-or-nothing';
  if (job.mode === 'all-or-nothing' && errors > 0 && !job.dryRun) return moved(job, { ...read, status: 'refused' });
  if (chunks === 0) return moved(job, { ...read, status: errors > 0 && total === 0 ? 'refused' : 'done' });
  return moved(job, { ...read, status: isTried ? 'checking' : 'writing' });
}

export interface ChunkOutcome {
  readonly written: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly errors: number;
}

export const chunkName = (number: number): string => String(number).padStart(4, '0');
export const errorPartOf = ({ status, next }: ImportJob): string => `${status}-${chunkName(next)}`;

/**
 * Whether an all-or-nothing list ends here: every row was found good, and then somebody changed what it is decided on while the rows
 * were being written. More transactions than one cannot be taken back, so what is left is not written and the job says how far it came.
 */
export const isToEnd = ({ mode, status }: ImportJob, { refused }: Pick<ImportCounts, 'refused'>): boolean =>
  mode === 'all-or-nothing' && status === 'writing' && refused > 0;

function ended(job: ImportJob, on: Pick<ImportJob, 'counts' | 'errors' | 'next' | 'attempts'>): ImportJob {
  const { written, refused } = on.counts;
  if (written === 0) return moved(job, { ...on, status: 'refused' });
  const message = `试算之后清单有了改动，写入时有 ${refused} 行被拒；已写入 ${written} 行，其余没有写入。请按错误清单改正后重新导入整个文件，已写入的行不会重复`;
  return moved(job, { ...on, status: 'failed', failure: { code: 'partly-written', message } });
}

/** What became of the chunk that was next. */
export function afterChunk(job: ImportJob, { written, unchanged, refused, errors }: ChunkOutcome): ImportJob {
  const { counts } = job;
  const next = job.next + 1;
  const on = {
    next,
    attempts: 0,
    counts: {
      ...counts,
      written: counts.written + written,
      unchanged: counts.unchanged + unchanged,
      refused: counts.refused + refused,
    },
    errors: withPart(job.errors, errorPartOf(job), errors),
  };
  if (isToEnd(job, on.counts)) return ended(job, on);
  if (next < job.chunks) return moved(job, on);
  if (job.status === 'writing' || job.dryRun) return moved(job, { ...on, status: 'done' });
  if (on.errors.length > 0) return moved(job, { ...on, counts: { ...on.counts, written: 0 }, status: 'refused' });
  // Tried and found good: the figures begin anew with the writing.
  return moved(job, {
    ...on,
    next: 0,
    counts: { ...counts, written: 0, unchanged: 0, refused: job.refusedOnReading },
    status: 'writing',
  });
}
