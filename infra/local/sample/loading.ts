/** The county's lists come in as an office sends them: uploaded by the form, imported, watched until they are in, and signed by the heads. */
import { createImport, readImport, readImportErrors, startImport } from '../../../functions/serve-imports/api.ts';
import { type Instant, instant, plusMs } from '../../../shared/domain/calendar.ts';
import { importId } from '../../../shared/domain/ids.ts';
import type { ApiClient } from './api-client.ts';
import type { SamplePerson } from './county.ts';
import { sendForm } from './evidence.ts';
import type { SampleFile } from './files.ts';

/** The lists come a few days before the month that is played. */
export const LOADED_AT = instant('2026-05-29T10:00:00+08:00');

const MINUTE = 60_000;
/** How long an import may show no progress before it counts as stuck, and how often it is asked. */
const PATIENCE = { stuckMs: 90_000, everyMs: 250 };

export interface Loaded {
  readonly file: string;
  readonly rows: number;
  readonly written: number;
}

export interface Loading {
  readonly api: ApiClient;
  readonly as: SamplePerson;
  readonly at: Instant;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Imports one file. Rows that are refused are a fault of the sample, and end it with the first of them. */
export async function loadFile(loading: Loading, file: SampleFile, number: number): Promise<Loaded> {
  const { api, as, at, tell } = loading;
  const body = { fileName: file.name, format: file.format };
  const { id, upload } = await api(createImport, { as, at, key: `sample-import-${number}`, body });
  if (upload === undefined) throw new Error(`the import of ${file.name} has no place to send the file to`);
  tell(`${file.name}: sending ${Math.ceil(file.bytes.length / 1024)} KB`);
  await sendForm(upload, { type: upload.contentType, content: file.bytes });
  const begun = plusMs(at, MINUTE);
  const params = { id: importId(id) };
  await api(startImport, { as, at: begun, key: `sample-import-${number}-start`, params });
  const job = await settled(loading, params, file.name);
  if (job.status === 'done' && job.refused === 0) return { file: file.name, rows: job.total, written: job.written };
  const { items } = await api(readImportErrors, { as, at: begun, params, query: { limit: 3 } });
  const errors = items.map(({ sheet, row, column, message }) => `${sheet} ${column ?? ''}${row}: ${message}`).join('; ');
  throw new Error(`the import of ${file.name} ended as ${job.status}: ${job.failure?.message ?? errors}`);
}

async function settled({ api, as, at, signal, tell, pause }: Loading, params: { id: ReturnType<typeof importId> }, name: string) {
  let seen = '';
  let movedAt = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const job = await api(readImport, { as, at, params });
    if (job.isSettled) return job;
    const done = job.written + job.unchanged + job.refused;
    tell(`${name}: ${job.status}${job.total > 0 ? ` ${done} of ${job.total} rows` : ''}`);
    const now = `${job.status} ${done} ${job.parsed}`;
    if (now !== seen) movedAt = Date.now();
    seen = now;
    if (Date.now() - movedAt > PATIENCE.stuckMs) {
      throw new Error(`the import of ${name} has stood at "${now}" for ${PATIENCE.stuckMs / 1000} s`);
    }
    await pause(PATIENCE.everyMs);
  }
}
