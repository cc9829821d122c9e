/**
 * What the county has sealed and exported, as an auditor gets it: an audit that the committee opened for him, links that he takes, files that
 * he downloads into one folder for each bundle, and both verifiers over all of them. What lies there already is not fetched again.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { handOutLinks, listExports, listFiles, openAudit } from '../../../functions/serve-exports/api.ts';
import { eventsFileOf } from '../../../shared/archive/layout.ts';
import { verifyBundles } from '../../../shared/archive/verify-bundle.ts';
import type { Trust } from '../../../shared/archive/verify-log.ts';
import { dayOf, type Instant, periodAt, windowOf } from '../../../shared/domain/calendar.ts';
import { PERIODIC_KINDS, type PeriodicKind } from '../../../shared/domain/export.ts';
import { exportId } from '../../../shared/domain/ids.ts';
import { sha256 as hashOf } from '../../../shared/draw/bytes.ts';
import { readFolder } from '../../cli/read-folder.ts';
import type { RunningCounty } from '../running-county.ts';
import { python } from '../setup.mjs';
import { witnessOnce, witnessVkey } from '../witness.ts';
import { DAYS, on, type Scene } from './act.ts';
import { type ApiClient, everyItem, inParallel } from './api-client.ts';
import type { SampleCounty } from './county.ts';
import { LOADED_AT } from './loading.ts';
import { somebody } from './staff.ts';
import { type StampFindings, verifyStamps } from './stamps.ts';

/** A bundle as the auditor has it. */
export interface ExportedBundle {
  readonly kind: PeriodicKind;
  readonly sequence: number;
  readonly from: string;
  readonly to: string;
  readonly folder: string;
  readonly end: number;
  readonly events: number;
  readonly files: number;
  readonly bytes: number;
  readonly root: string;
}

/** An event of the record: its place, and the hash of all that it says but its index. */
export interface ExportedEvent {
  readonly subject: string;
  readonly sequence: number;
  readonly line: string;
}

export interface ExportFindings {
  readonly bundles: readonly ExportedBundle[];
  /** In the order of the log, by the bundles of days. */
  readonly events: readonly ExportedEvent[];
  /** What the comparison of ledger and log found: events that the stream had not brought, and what it cannot mend, each in a sentence. */
  readonly unsealed: number;
  readonly differing: readonly string[];
  /** What a verifier found wrong. */
  readonly faults: readonly {
    readonly by: 'verify.py' | 'npm run verify' | 'npm run witness' | 'openssl';
    readonly says: string;
  }[];
  readonly stamped: StampFindings['stamped'];
  /** Files that were fetched by this start; the others lay there. */
  readonly fetched: number;
  /** The keys by which the verifiers judged, as everybody can read them. */
  readonly vkeys: readonly string[];
  /** The key of the witness that has seen all that the bundles hold. */
  readonly witness: string;
}

export interface Auditing {
  readonly api: ApiClient;
  readonly county: Pick<RunningCounty, 'apiUrl' | 'invoke' | 'makeExports'>;
  readonly published: Scene['published'];
  readonly sample: SampleCounty;
  readonly at: Instant;
  /** Where the folders of the bundles come to lie. */
  readonly folder: string;
  /** Where the witness keeps what it has seen of this log. */
  readonly seen: string;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
}

const ABREAST = 8;
const LINKS_AT_ONCE = 100;

const reconciled = z.object({
  sealed: z.number(),
  through: z.string(),
  next: z.number(),
  open: z.array(z.object({ subject: z.string(), sequence: z.number(), because: z.string() })),
});

/** The keys of the log, as anybody may read them. */
export const logKeys = z.object({
  keys: z.array(z.object({ vkey: z.string() })),
  retired: z.array(z.object({ vkey: z.string() })),
});

/** The keys of the log, as everybody can read them. */
async function keysOfLog({ published }: Auditing): Promise<readonly string[]> {
  const { keys, retired } = logKeys.parse(JSON.parse((await published('/public/log/keys')).toString('utf8')));
  return [...retired, ...keys].map(({ vkey }) => vkey);
}

/** A witness looks at the log just before bundles are begun, as one does every few minutes: so each of them holds what it cosigned. */
async function witnessed(auditing: Auditing): Promise<ExportFindings['faults']> {
  const { county, seen, tell } = auditing;
  tell('having the log witnessed');
  const says = await witnessOnce({ apiUrl: county.apiUrl, vkeys: await keysOfLog(auditing), state: seen });
  return says === undefined ? [] : [{ by: 'npm run witness', says }];
}

/** What the clock does: whatever the stream lost is sealed, all of the log is compared, and every day and month that has ended is closed. */
async function sealAndClose(auditing: Auditing) {
  const { county, at, signal, tell } = auditing;
  let [unsealed, through] = [0, ''];
  for (;;) {
    signal.throwIfAborted();
    tell('comparing ledger and log');
    const answer = reconciled.parse(await county.invoke('reconcile-ledger', { at }));
    unsealed += answer.sealed;
    const isDone = answer.through === through && answer.next === 0;
    through = answer.through;
    if (!isDone) continue;
    const unwitnessed = await witnessed(auditing);
    tell('closing days and months');
    await county.makeExports(at);
    const differing = answer.open.map(({ subject, sequence, because }) => `${subject}:${sequence}: ${because}`);
    return { unsealed, differing, unwitnessed };
  }
}

/** The files of a bundle that are not there as they have to be. */
async function missingOf(auditing: Auditing, id: string, folder: string) {
  const { api, sample, at } = auditing;
  const as = somebody(sample, 'auditor');
  const params = { id: exportId(id) };
  const files = await everyItem((from) => api(listFiles, { as, at, params, query: from }));
  return files.filter(({ path, sha256 }) => {
    const file = join(folder, path);
    return !existsSync(file) || hashOf(readFileSync(file)) !== sha256;
  });
}

async function download(url: string, file: string, sha256: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${file}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (hashOf(bytes) !== sha256) throw new Error(`${file} is not what the export says`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Fetches what is missing of a bundle; answers how many files. Each taking of links is an event of the ledger. */
async function fetchBundle(auditing: Auditing, id: string, folder: string): Promise<number> {
  const { api, sample, at, signal } = auditing;
  const as = somebody(sample, 'auditor');
  const missing = await missingOf(auditing, id, folder);
  for (let first = 0; first < missing.length; first += LINKS_AT_ONCE) {
    signal.throwIfAborted();
    const paths = missing.slice(first, first + LINKS_AT_ONCE).map(({ path }) => path);
    const key = `sample-links-${hashOf(JSON.stringify([id, paths, Date.now()])).slice(0, 24)}`;
    const { items } = await api(handOutLinks, { as, at, key, params: { id: exportId(id) }, body: { paths } });
    await inParallel(items, ABREAST, ({ path, url, sha256 }) => download(url, join(folder, path), sha256));
  }
  return missing.length;
}

/** The lines of the record in a bundle's folder, each without its index. */
function eventsIn(folder: string): ExportedEvent[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => eventsFileOf(path) !== undefined);
  const lines = paths.flatMap((path) =>
    gunzipSync(readFileSync(join(folder, path)))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
  return lines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .sort((a, b) => Number(a.index) - Number(b.index))
    .map(({ index: _, ...event }) => ({
      ...{ subject: String(event.subject), sequence: Number(event.sequence) },
      line: hashOf(JSON.stringify(event)), // members stand in the order of RFC 8785 already
    }));
}

/** The script of the standard library, as it lies in the newest bundle, over all of a kind. */
async function verifyByPython(folders: readonly string[], { vkeys, witnesses }: Trust): Promise<string | undefined> {
  const script = join(folders.at(-1) ?? '', 'verify.py');
  const keys = [...vkeys.flatMap((vkey) => ['--vkey', vkey]), ...witnesses.flatMap((vkey) => ['--witness', vkey])];
  const child = spawn(python, ['-I', script, ...folders, ...keys]);
  const [said, complained, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return code === 0 ? undefined : `${said}${complained}`.trim().split('\n')[0] || `it ended with ${code}`;
}

async function verifyHere(folders: readonly string[], trust: Trust): Promise<string | undefined> {
  const verdict = await verifyBundles(
    folders.map((folder) => [folder, readFolder(folder)]),
    trust,
  );
  return verdict.ok ? undefined : verdict.fault.message;
}

async function verifyAll(bundles: readonly ExportedBundle[], trust: Trust): Promise<ExportFindings['faults']> {
  const series = PERIODIC_KINDS.map((kind) => bundles.filter((one) => one.kind === kind).map(({ folder }) => folder));
  const said = await Promise.all(
    series
      .filter((folders) => folders.length > 0)
      .flatMap((folders) => [
        verifyByPython(folders, trust).then((says) => ({ by: 'verify.py' as const, says })),
        verifyHere(folders, trust).then((says) => ({ by: 'npm run verify' as const, says })),
      ]),
  );
  return said.flatMap(({ by, says }) => (says === undefined ? [] : [{ by, says }]));
}

const number = (sequence: number): string => String(sequence).padStart(6, '0');

/** Seals and closes what is due, and gets and verifies all of it. */
export async function auditExports(auditing: Auditing): Promise<ExportFindings> {
  const { api, sample, at, folder, signal, tell } = auditing;
  const { unwitnessed, ...found } = await sealAndClose(auditing);
  const auditor = somebody(sample, 'auditor');
  await api(openAudit, {
    ...{ as: somebody(sample, 'committee-officer'), at, key: 'sample-audit-of-the-month' },
    body: {
      ...{
        auditor: auditor.id,
        from: dayOf(windowOf('month', periodAt('month', LOADED_AT)).from),
        to: dayOf(at),
        until: on(DAYS + 7, '18:00'),
      },
      ...{ readsPersonalData: false, reason: '月度审计' },
    },
  });
  const lists = await inParallel(PERIODIC_KINDS, 1, (kind) =>
    everyItem((from) => api(listExports, { as: auditor, at, query: { kind, ...from } })),
  );
  const closed = lists.flat().flatMap((one) => (one.closed === undefined ? [] : [{ ...one, closed: one.closed }]));
  const fetched: number[] = [];
  const bundles = await inParallel(
    closed,
    2,
    async ({ id, kind, from, to, end, closed: { sequence, events, files, bytes, root } }) => {
      signal.throwIfAborted();
      const own = join(folder, `${kind}-${number(sequence)}`);
      fetched.push(await fetchBundle(auditing, id, own));
      tell(`${fetched.length} of ${closed.length} exports`);
      return { kind, sequence, from, to, folder: own, end, events, files, bytes, root };
    },
  );
  const own = bundles
    .flatMap((one) => PERIODIC_KINDS.flatMap((kind) => (one.kind === kind ? [{ ...one, kind }] : [])))
    .sort((a, b) => (a.kind === b.kind ? a.sequence - b.sequence : a.kind < b.kind ? -1 : 1));
  tell('verifying exports');
  const [vkeys, witness] = [await keysOfLog(auditing), witnessVkey()];
  const unverified = await verifyAll(own, { vkeys, witnesses: [witness] });
  const { stamped, faults: unstamped } = await verifyStamps(
    folder,
    own.map((one) => one.folder),
  );
  const faults = [...unwitnessed, ...unverified, ...unstamped.map((says) => ({ by: 'openssl' as const, says }))];
  const events = own.filter(({ kind }) => kind === 'day').flatMap((one) => eventsIn(one.folder));
  return {
    ...found,
    bundles: own,
    events,
    faults,
    fetched: fetched.reduce((sum, files) => sum + files, 0),
    vkeys,
    witness,
    stamped,
  };
}
