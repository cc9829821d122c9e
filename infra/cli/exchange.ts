/**
 * `npm run exchange -- check FOLDER…`: whether the exchange tables of bundles are as the tables, or a platform, ask.
 * `npm run exchange -- send FOLDER… --to URL --token-file FILE`: sends them to a county's API, parents first, what is deleted children first; what
 * was refused is kept, with its reasons, and sent again the next time. Ends with 0 where all was taken, 1 where something was not or a bundle's file
 * holds what is no row, 2 where the command is not understood.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { linesOf } from '../../shared/archive/bundle-files.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../../shared/domain/exchange.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { checkRow, type RawRow, type RowFault } from '../../shared/exchange/check-row.ts';
import { isProfileName, PROFILES, type Profile, toPlatform } from '../../shared/exchange/profile.ts';
import { afterBatch, batchesOf, NOTHING_SENT, type Sendable, type SendingState, toSend } from '../../shared/exchange/sending.ts';
import { columnOf, isDeleted, TABLES } from '../../shared/exchange/tables.ts';
import { rowsPath } from '../../shared/exchange/views.ts';

const HOW = `As in: npm run exchange -- check FOLDER… [--profile ${Object.keys(PROFILES).join('|')}] [--codes FILE]
   or: npm run exchange -- send FOLDER… --to https://api.example --token-file FILE [--state FILE] [--profile NAME] [--codes FILE]
A folder is a bundle of a day or a month. The state (exchange-state.json unless told) says which bundles were sent, and what is to be sent again.
With a profile the rows are written as that platform takes them; --codes names its codes of enterprises, as {"credit code": "code"}.`;

function fail(sentence: string): never {
  console.error(`${sentence}\n${HOW}`);
  process.exit(2);
}

const OPTIONS = {
  to: { type: 'string' },
  'token-file': { type: 'string' },
  state: { type: 'string', default: 'exchange-state.json' },
  profile: { type: 'string' },
  codes: { type: 'string' },
} as const;

function read() {
  try {
    return parseArgs({ args: process.argv.slice(2), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const rowSchema = z.record(z.string(), z.union([z.string(), z.int()]));
const sendable = z.strictObject({ table: z.enum(EXCHANGE_TABLES), row: rowSchema });
const errors = z.array(z.object({ column: z.string(), code: z.string(), says: z.string() }));
const stateSchema = z.strictObject({
  bundles: z.array(z.string()),
  retry: z.array(z.strictObject({ ...sendable.shape, errors })),
});
const answerSchema = z.object({ rows: z.array(z.object({ outcome: z.string(), errors })) });
const manifestName = z.object({ bundle: z.string(), county: z.string() });

/** The name of a bundle: its county's, and its own. */
function bundleOf(folder: string): string {
  try {
    const { county, bundle } = manifestName.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
    return `${county} ${bundle}`;
  } catch (error) {
    return fail(`${folder} is no bundle (${error instanceof Error ? error.message : String(error)}).`);
  }
}

/** A row has some thousand characters for each of its texts at most. */
const MOST_LINE_BYTES = 1_000_000;

/** What a bundle's file holds and is no row: nothing of it is sent. */
function stop(file: string, line: number, says: string): never {
  console.error(`${file}:${line}: ${says}`);
  process.exit(1);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function rowAt(table: ExchangeTable, text: string, file: string, line: number): ExchangeRow {
  const row = rowSchema.safeParse(jsonOf(text));
  if (row.success) return row.data;
  const [name] = row.error.issues[0]?.path ?? [];
  if (name === undefined) stop(file, line, '不是一个 JSON 对象：导出包可能被改动过，请重新下载后再上报');
  // Of a hostile name nothing reaches the terminal that is no name of ours.
  const { heading } = columnOf(table, String(name)) ?? {};
  const column = heading === undefined ? '有一列' : `“${heading}”（${String(name)}）`;
  stop(file, line, `${column}应为文本或整数：导出包可能被改动过，请重新下载后再上报`);
}

async function* rowsIn(folder: string): AsyncGenerator<Sendable> {
  for (const table of EXCHANGE_TABLES) {
    const file = join(folder, rowsPath(table));
    if (!existsSync(file)) continue;
    let line = 0;
    try {
      for await (const bytes of linesOf(createReadStream(file), file, MOST_LINE_BYTES)) {
        yield { table, row: rowAt(table, Buffer.from(bytes).toString(), file, ++line) };
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      stop(file, line + 1, '这一行太长，或没有写完：请重新下载导出包后再上报');
    }
  }
}

const { values, positionals } = read();
const [what, ...folders] = positionals;
if (folders.length === 0) fail('Say a folder.');
const profile: Profile | undefined =
  values.profile === undefined
    ? undefined
    : isProfileName(values.profile)
      ? PROFILES[values.profile]
      : fail(`There is no profile ${values.profile}.`);

const codesIn = (file: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    file === undefined ? [] : Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))),
  );
const codes = codesIn(values.codes);
const codeOf = (creditCode: string): string | undefined => codes.get(creditCode);

/** What would be refused, and what a platform is told in the place of what nobody can say yet. */
function lookAt({ table, row }: Sendable): { readonly faults: readonly RowFault[]; readonly placeholders: readonly RowFault[] } {
  if (profile === undefined) return { faults: checkRow(table, row).faults, placeholders: [] };
  const written = toPlatform(table, row, profile, codeOf);
  return { faults: written.faults, placeholders: 'row' in written ? (written.placeholders ?? []) : [] };
}

/** Whatever stands there, in letters that a terminal only shows. */
const idOf = ({ row }: Sendable): string => String(row.id).replace(/[^0-9A-Za-z-]/g, '?');

async function check(): Promise<boolean> {
  let [rows, wrong] = [0, 0];
  for (const folder of folders) {
    bundleOf(folder); // or it would have no row that is wrong
    for await (const each of rowsIn(folder)) {
      rows++;
      const { faults, placeholders } = lookAt(each);
      if (faults.length > 0) wrong++;
      for (const { code, says } of [...faults, ...placeholders])
        console.log(`${folder} ${TABLES[each.table].title} ${idOf(each)}: ${says} (${code})`);
    }
  }
  console.log(`${rows} rows in ${folders.length} bundles, ${wrong} of them would be refused.`);
  return wrong === 0;
}

function readState(file: string): SendingState {
  return existsSync(file) ? stateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : NOTHING_SENT;
}
/** Whole or not at all. */
function keep(file: string, state: SendingState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Longer than an API of Lambdas takes to answer. */
const PATIENCE_MS = 60_000;

/** What was answered of each row; nothing where the batch as a whole was not taken. */
async function post(to: string, token: string, table: ExchangeTable, rows: readonly RawRow[]) {
  const own = new Set(rows.map(({ companyCode }) => companyCode));
  const named = Object.fromEntries([...codes].flatMap(([uscc, code]) => (own.has(code) ? [[code, uscc]] : [])));
  const body = JSON.stringify({ rows, ...(values.profile !== undefined && { profile: values.profile, codes: named }) });
  const response = await fetch(`${to.replace(/\/+$/, '')}/v1/exchange/${table}`, {
    method: 'POST',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      // The same batch is the same command, however often it is sent.
      'idempotency-key': `exchange-${createHash('sha256').update(`${table} ${body}`).digest('hex').slice(0, 40)}`,
    },
    body,
  }).catch((error: Error) => {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    console.error(`${to} did not answer (${why}). What was taken is kept; run it again once it does.`);
    process.exit(1);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answerSchema.parse(answer).rows;
  const { detail } = z
    .object({ detail: z.string().default('') })
    .catch({ detail: '' })
    .parse(answer);
  console.error(`${TABLES[table].title}: ${response.status} ${detail}`);
  return [];
}

async function send(): Promise<boolean> {
  const { to, 'token-file': tokenFile, state: file } = values;
  if (to === undefined || tokenFile === undefined) fail('Say where to, and the file of the token.');
  const token = readFileSync(tokenFile, 'utf8').trim();
  let state = readState(file);
  const fresh = folders.filter((folder) => !state.bundles.includes(bundleOf(folder)));
  const found: Sendable[] = [];
  for (const folder of fresh) for await (const each of rowsIn(folder)) found.push(each);
  const rows = toSend(found, state);
  const counts = new Map<string, number>();
  for (const batch of batchesOf(rows)) {
    const { table } = batch;
    const written = batch.rows.map((row) => (profile === undefined ? { row } : toPlatform(table, row, profile, codeOf)));
    const sound = written.flatMap((each) => ('row' in each ? [each.row] : []));
    const answered = sound.length === 0 ? [] : await post(to, token, table, sound);
    // What the platform would refuse is not sent: it is kept with what to do about it.
    let next = 0;
    const answers = written.map((each) => ('row' in each ? answered[next++] : { outcome: 'refused', errors: each.faults }));
    for (const { outcome } of answers.flatMap((each) => each ?? [])) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    state = afterBatch(state, batch, answers);
    keep(file, state);
  }
  state = { ...state, bundles: [...state.bundles, ...fresh.map(bundleOf)] };
  keep(file, state);
  const deleted = rows.filter(({ row }) => isDeleted(row)).length;
  const said = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  console.log(`${rows.length} rows of ${fresh.length} bundles, ${deleted} of them deleted: ${said || 'none sent'}.`);
  for (const { errors: why, ...each } of state.retry) {
    console.log(`To be sent again: ${TABLES[each.table].title} ${idOf(each)}: ${why.map(({ says }) => says).join('；')}`);
  }
  return state.retry.length === 0;
}

const isFine = what === 'check' ? await check() : what === 'send' ? await send() : fail('Say check or send.');
process.exitCode = isFine ? 0 : 1;
