import { bundleReadme } from '../../shared/archive/bundle-readme.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../shared/archive/checkpoint.ts';
import {
  CHECKPOINT,
  EVIDENCE,
  isTimestampPath,
  LOG,
  MANIFEST,
  PREVIOUS_CHECKPOINT,
  SUMS,
  VKEYS,
} from '../../shared/archive/layout.ts';
import { type BundleFile, FORMAT, type Manifest, manifestSchema, NO_PREVIOUS } from '../../shared/archive/manifest.ts';
import { isSameHash } from '../../shared/archive/merkle.ts';
import { bundleFolder, CLOSED_DAYS, TILE } from '../../shared/archive/paths.ts';
import { pathOfTile, type Tile, tilesOfBundle } from '../../shared/archive/tiles.ts';
import { openTree } from '../../shared/archive/tree.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { ExportSeries, ExportStore, Proving, StoredExport } from '../../shared/data/export-store.ts';
import type { LogStore } from '../../shared/data/log-store.ts';
import { type Day, type Instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import type { ClosedExport, Export } from '../../shared/domain/export.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { type FormRules, monthlyForm } from '../../shared/domain/monthly-form.ts';
import { emptySnapshot, type Snapshot } from '../../shared/domain/rebuild.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { exchangeBefore, NOTHING_BEFORE } from '../../shared/exchange/bundle-rows.ts';
import { csvForm, xlsxForm } from '../../shared/runtime/list-file/write-form.ts';
import { ahead, allOf } from '../../workflows/audit-export/ahead.ts';
import {
  type BundleStores,
  filesOfBundle,
  isPeriodic,
  layAside,
  putFile,
  putSome,
  stage,
  staged,
  workingEvidence,
  workingFiles,
} from '../../workflows/audit-export/bundle-folder.ts';
import type { Close } from '../../workflows/audit-export/contract.ts';
import { ArchiveDiffers, type LogFiles, readLog } from '../../workflows/audit-export/sealed-log.ts';
import { loadExport, provingOf, SYSTEM } from '../../workflows/audit-export/standing.ts';
import { POLICY } from '../../workflows/audit-export/state-policy.ts';
import { writeExchange } from './exchange-files.ts';
import { copySnapshot, foldBundle, readSnapshot, writeSnapshot } from './state-files.ts';
import { type AskTimestamp, writeTimestamp } from './timestamp.ts';

export interface CloseDependencies {
  readonly county: CountyCode;
  readonly store: ExportStore;
  readonly log: LogFiles;
  readonly head: LogStore['head'];
  readonly bundles: BundleStores;
  /** The text of `verify.py`. */
  readonly verifier: Uint8Array;
  readonly rules: RebuildRules;
  /** Absent: the deployment has no time-stamp authority. */
  readonly askTimestamp?: AskTimestamp | undefined;
  /** `policy.json` as of a day. */
  readonly policy: (to: Day) => Uint8Array;
  /** The form of a month as the policy has it then, and who sends it. */
  readonly form: (at: Instant) => { readonly rules: FormRules; readonly unit: string };
}

/** Slices are still to be written: the machine writes them first. */
export class SlicesMissing extends Error {
  override readonly name = 'SlicesMissing';
}

const TRIES = 5;
/** Files that are put side by side. */
const ABREAST = 32;

/**
 * Writes what belongs to a bundle as a whole, its manifest and the sums last, then records in one transaction that it is closed: so whoever finds
 * it closed finds all of it. Cut off anywhere and done again it comes to the same bytes. Of what somebody asked for, what depends on when it is
 * closed is laid aside first and put in its place once the ledger has the hash of its manifest: a run that comes too late spoils nothing.
 */
export const closeExport =
  (deps: CloseDependencies) =>
  async ({ id, at }: Close): Promise<ClosedExport> => {
    for (let attempt = 1; ; attempt++) {
      const stored = await loadExport(deps.store, id);
      const { closed } = stored.export;
      try {
        const as = closed ?? (await close(deps, stored, at));
        await publish(deps, stored.export, as);
        return as;
      } catch (error) {
        // Another was closed meanwhile, or this one by another run: it is looked again which.
        if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
      }
    }
  };

const opened = ({ note, vkeys }: Proving, file: string): SignedCheckpoint => openCheckpoint(Buffer.from(note), vkeys, file);
const isComplete = ({ kind }: Pick<Export, 'kind'>): boolean => kind === 'day' || kind === 'month' || kind === 'range';

async function close(deps: CloseDependencies, before: StoredExport, at: Instant): Promise<ClosedExport> {
  const { county, store, bundles } = deps;
  const slices = await store.slices(before.export.id);
  if (slices.length < before.export.slices) throw new SlicesMissing(`${slices.length} of ${before.export.slices}`);
  const series = await store.series(before.export.kind);
  const previous = series && (await loadExport(store, series.id));
  const proving = await provingNow(deps, before, previous);
  const checkpoint = opened(proving, CHECKPOINT);
  const of: Export = { ...before.export, treeSize: checkpoint.size };
  const events = slices.reduce((sum, slice) => sum + slice.events, 0);
  const wanted = before.export.end - before.export.first;
  if (isComplete(before.export) && events !== wanted) throw new SlicesMissing(`${events} of ${wanted} events`);
  const own: BundleFile[] = [
    ...(await writeProofs(deps, before.export, { of, proving, checkpoint, previous })),
    ...(await stamped(deps, of, proving)),
    ...(await writeEvidence(deps, of)),
    ...(await writeState(deps, of, previous)),
    ...(await writeTexts(deps, of, { events, origin: checkpoint.origin })),
  ];
  const said = manifestOf(of, { events, series, checkpoint, files: await listed(store, of, own) });
  const manifest = canonical(manifestSchema.parse(said));
  await seal(bundles, of, said, manifest);
  const closed: ClosedExport = {
    at,
    sequence: said.sequence,
    manifest: sha256(manifest),
    root: said.root,
    events,
    files: said.files.length,
    bytes: said.files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const { at: _, ...data } = closed;
  await store.close({
    before,
    proving,
    export: { ...of, stage: 'closed', closed },
    fact: { type: 'ExportClosed', data: { ...data, kind: of.kind } },
    series: { id: of.id, sequence: closed.sequence, manifest: closed.manifest, to: of.to, end: of.end },
    occasion: { at, county, actor: SYSTEM },
  });
  return closed;
}

/**
 * What the bundle is proved by: the checkpoint that it was begun with. Of ranges, which several may ask for at a time, another of a larger tree may
 * have been closed since, and a checkpoint has to hold the one before: then it is that of now.
 */
async function provingNow(
  { head }: CloseDependencies,
  { export: of, proving }: StoredExport,
  previous: StoredExport | undefined,
): Promise<Proving> {
  if (of.kind !== 'range' || previous === undefined || previous.export.treeSize <= of.treeSize) return proving;
  const { signed } = await head();
  return signed === undefined ? proving : provingOf(signed);
}

/** A complete bundle is stamped: its checkpoint is what others are held against. */
const stamped = async ({ bundles, askTimestamp }: CloseDependencies, of: Export, { note }: Proving) =>
  isComplete(of)
    ? writeTimestamp(
        {
          ask: askTimestamp,
          working: workingFiles(bundles, of),
          put: (path, bytes) => putLast(bundles, of, path, bytes),
        },
        Buffer.from(note),
      )
    : [];

interface Proved {
  readonly of: Export;
  readonly proving: Proving;
  readonly checkpoint: SignedCheckpoint;
  readonly previous: StoredExport | undefined;
}

const isOfSlices = ({ level, n, width }: Tile, { first, end, treeSize }: Export): boolean =>
  level === 0 && width === TILE && (n + 1) * TILE <= treeSize && n * TILE < end && (n + 1) * TILE > first;

/** Checkpoint, keys, and what leads from the tiles that the slices wrote to its root. */
async function writeProofs(
  { log, bundles }: CloseDependencies,
  begun: Export,
  { of, proving, checkpoint, previous }: Proved,
): Promise<BundleFile[]> {
  const root = await openTree(checkpoint.size, (path) => readLog(log, path)).root();
  if (!isSameHash(root, checkpoint.root)) throw new ArchiveDiffers(`the tiles do not lead to the root of ${checkpoint.size}`);
  // After a rotation the checkpoint before is read by the keys of its time.
  const before = isComplete(of) ? (previous?.proving.vkeys ?? []) : [];
  const vkeys = [...new Set([...proving.vkeys, ...before])].sort();
  const written = [
    await putLast(bundles, of, CHECKPOINT, Buffer.from(proving.note)),
    await putLast(bundles, of, VKEYS, Buffer.from(vkeys.map((vkey) => `${vkey}\n`).join(''))),
  ];
  if (!isComplete(of)) return written;
  if (previous !== undefined) written.push(await putLast(bundles, of, PREVIOUS_CHECKPOINT, Buffer.from(previous.proving.note)));
  const tiles = tilesOfBundle({ ...of, previous: previous?.export.treeSize }).filter((tile) => !isOfSlices(tile, begun));
  const copies = ahead(tiles, ABREAST, async (tile) =>
    putLast(bundles, of, `${LOG}${pathOfTile(tile)}`, await readLog(log, pathOfTile(tile))),
  );
  for await (const file of copies) written.push(file);
  return written;
}

/** What the slices left, one after the other: where nothing names evidence there is no file. */
async function writeEvidence({ bundles }: CloseDependencies, of: Export): Promise<BundleFile[]> {
  const working = workingFiles(bundles, of);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let slice = 0; slice < of.slices; slice++) {
      const lines = await working.stream(workingEvidence(slice));
      if (lines === undefined) throw new SlicesMissing(`the evidence of slice ${slice}`);
      for await (const piece of lines) if (piece.length > 0) yield piece;
    }
  };
  return putSome(filesOfBundle(bundles, of), EVIDENCE, pieces());
}

/** The last instant of a day. */
const endOfDay = (day: Day): Instant => plusMs(plusDays(startOfDay(day), 1), -1);

/** What a bundle left to the next one. */
const carriedIn = ({ parts }: Snapshot) => [...parts.carried.values()].map(({ state }) => state);

/** The state as of the end of a day; a month has that of its last day, at which it ends too, and the form of the month. */
async function writeState(deps: CloseDependencies, of: Export, previous: StoredExport | undefined): Promise<BundleFile[]> {
  const { county, store, log, bundles, rules } = deps;
  const files = filesOfBundle(bundles, of);
  const at = endOfDay(of.to);
  if (of.kind === 'day') {
    const before =
      previous === undefined ? emptySnapshot(county) : await readSnapshot(filesOfBundle(bundles, previous.export), county);
    const earlier = exchangeBefore(before);
    const carried = carriedIn(before);
    const snapshot = await foldBundle(log, of, { snapshot: before, until: plusMs(at, 1), rules });
    return [
      ...(await writeSnapshot(files, snapshot, at, rules)),
      ...(await writeExchange(files, { log, of, snapshot, before: earlier, carried, rules })),
    ];
  }
  if (of.kind !== 'month') return [];
  const last = await store.series('day');
  if (last === undefined || last.end !== of.end) throw new RangeError(`${of.id} does not end where a day ends`);
  const ofDay = filesOfBundle(bundles, { id: last.id, kind: 'day' });
  const named = manifestSchema.parse(JSON.parse(Buffer.from((await ofDay.read(MANIFEST)) ?? '').toString()));
  const paths = named.files.filter(({ role }) => role === 'state').map(({ path }) => path);
  const { rules: rows, unit } = deps.form(at);
  const snapshot = await readSnapshot(ofDay, county);
  const monthBefore =
    previous === undefined
      ? emptySnapshot(county)
      : await readSnapshot(filesOfBundle(bundles, previous.export), county, ['carried']);
  const carried = carriedIn(monthBefore);
  const form = monthlyForm(snapshot, of.to.slice(0, 'yyyy-mm'.length), rows);
  return [
    ...(await copySnapshot(ofDay, files, paths)),
    await putFile(files, 'views/form.xlsx', xlsxForm(form, unit)),
    await putFile(files, 'views/form.csv', csvForm(form)),
    ...(await writeExchange(files, { log, of, snapshot, before: NOTHING_BEFORE, carried, rules })),
  ];
}

async function writeTexts(
  { bundles, verifier, policy }: CloseDependencies,
  of: Export,
  said: { readonly events: number; readonly origin: string },
): Promise<BundleFile[]> {
  const files = filesOfBundle(bundles, of);
  const texts = bundleReadme({ ...of, ...said, complete: isComplete(of) });
  const written = [await putFile(files, 'verify.py', verifier)];
  if (isPeriodic(of)) written.push(await putFile(files, POLICY, policy(of.to)));
  for (const [path, text] of Object.entries(texts)) written.push(await putLast(bundles, of, path, Buffer.from(text)));
  return written;
}

/** Of a day or a month these follow from what is written down; of what somebody asked for the checkpoint and the series may have moved on. */
const putLast = (bundles: BundleStores, of: Export, path: string, bytes: Uint8Array): Promise<BundleFile> =>
  isPeriodic(of) ? putFile(filesOfBundle(bundles, of), path, bytes) : stage(workingFiles(bundles, of), path, bytes);

/** What names all the others. Of a day or a month there is one for ever: another one is an alarm. */
async function seal(bundles: BundleStores, of: Export, { files }: Manifest, manifest: Uint8Array): Promise<void> {
  if (!isPeriodic(of)) {
    await layAside(workingFiles(bundles, of), manifest);
    return;
  }
  const folder = filesOfBundle(bundles, of);
  await folder.putOnce(MANIFEST, manifest);
  await folder.putOnce(SUMS, sumsOf(files, manifest));
  // A lake takes folders alone: there it sees which days are closed.
  if (of.kind === 'day') await bundles.archive(CLOSED_DAYS).putOnce(`${of.id}.json`, manifest);
}

/** What may depend on when a bundle is closed. Of its tiles those do that no slice has written: they are of the checkpoint's size. */
const isOfClosing = ({ path, role }: BundleFile): boolean => role === 'doc' || role === 'log' || isTimestampPath(path);

/** Puts what was laid aside in its place, as the manifest on the ledger names it, that manifest last, and under lock too; once it lies there nothing is done. */
async function publish({ bundles }: CloseDependencies, of: Export, { manifest: hash }: ClosedExport): Promise<void> {
  if (isPeriodic(of)) return;
  const [folder, working] = [filesOfBundle(bundles, of), workingFiles(bundles, of)];
  const there = await folder.read(MANIFEST);
  if (there !== undefined && sha256(there) === hash) return;
  const manifest = await staged(working, hash);
  if (manifest === undefined) throw new RangeError(`the manifest of ${of.id} is not there any more`);
  const { files } = manifestSchema.parse(JSON.parse(Buffer.from(manifest).toString()));
  await allOf(files.filter(isOfClosing), ABREAST, async (file) => {
    const bytes = await staged(working, file.sha256);
    if (bytes !== undefined) await folder.putAnew(file.path, bytes);
  });
  // Its files go after a while. What was handed out can be shown as long as anything is kept.
  await bundles.archive(bundleFolder(of)).putOnce(MANIFEST, manifest);
  await folder.putAnew(SUMS, sumsOf(files, manifest));
  await folder.putAnew(MANIFEST, manifest);
}

/** Every file once, ascending: data too long for its entry may be named in several slices. */
async function listed(store: ExportStore, { id }: Export, own: readonly BundleFile[]): Promise<readonly BundleFile[]> {
  const files = new Map(own.map((file) => [file.path, file]));
  for await (const file of store.files(id)) files.set(file.path, file);
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Said {
  readonly events: number;
  readonly series: ExportSeries | undefined;
  readonly checkpoint: SignedCheckpoint;
  readonly files: readonly BundleFile[];
}

const manifestOf = (of: Export, { events, series, checkpoint, files }: Said): Manifest => ({
  format: FORMAT,
  bundle: of.id,
  county: of.county,
  kind: of.kind,
  from: of.from,
  to: of.to,
  first: of.first,
  end: of.end,
  complete: isComplete(of),
  events,
  origin: checkpoint.origin,
  treeSize: checkpoint.size,
  root: Buffer.from(checkpoint.root).toString('hex'),
  sequence: (series?.sequence ?? 0) + 1,
  previous: series?.manifest ?? NO_PREVIOUS,
  files: [...files],
});

function sumsOf(files: readonly BundleFile[], manifest: Uint8Array): Buffer {
  const all = [...files, { path: MANIFEST, sha256: sha256(manifest) }].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Buffer.from(all.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(''));
}
