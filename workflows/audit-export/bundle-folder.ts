/**
 * The folder of a bundle while it is written. What lies there already, of a run that broke off, stays: so a bundle is the same to the byte whoever
 * ends it, also where the code was replaced in between and would pack a view or a file of events otherwise.
 */
import { gunzipSync } from 'node:zlib';
import { roleOf } from '../../shared/archive/layout.ts';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import { bundleFolder } from '../../shared/archive/paths.ts';
import { type ArchiveFiles, LogForked, type PutFile, sumOf } from '../../shared/data/archive-files.ts';
import { type Export, PERIODIC_KINDS } from '../../shared/domain/export.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { ArchiveDiffers } from './sealed-log.ts';

/** Where bundles lie: those of days and months under lock, what somebody asked for not. */
export interface BundleStores {
  /** The files below a folder. */
  readonly archive: (folder: string) => ArchiveFiles;
  readonly requests: (folder: string) => ArchiveFiles;
}

export const isPeriodic = ({ kind }: Pick<Export, 'kind'>): boolean => PERIODIC_KINDS.some((each) => each === kind);

/** The files of a bundle, below its folder. */
export const filesOfBundle = ({ archive, requests }: BundleStores, of: Pick<Export, 'id' | 'kind'>): ArchiveFiles =>
  (isPeriodic(of) ? archive : requests)(bundleFolder(of));

/** What slices leave to be put together when the bundle is closed: no part of it, and gone with what was asked for. */
export const workingFiles = ({ requests }: BundleStores, { id }: Pick<Export, 'id'>): ArchiveFiles => requests(`working/${id}`);
export const workingEvidence = (slice: number): string => `evidence-${String(slice).padStart(6, '0')}.jsonl`;

const named = (path: string, file: PutFile): BundleFile => {
  const role = roleOf(path);
  if (role === undefined) throw new RangeError(`${path} is no file of a bundle`);
  return { path, ...file, role };
};

/** Puts a file, or takes the one that lies there. Of the record it is looked whether that says the same. */
export async function putFile(files: ArchiveFiles, path: string, bytes: Uint8Array): Promise<BundleFile> {
  try {
    return named(path, await files.putOnce(path, bytes));
  } catch (error) {
    if (!(error instanceof LogForked)) throw error;
    const there = (await files.read(path)) ?? new Uint8Array();
    if (roleOf(path) === 'events' && !isSameText(path, there, bytes)) throw new ArchiveDiffers(`${path} holds other events`);
    return named(path, { bytes: there.length, sha256: sha256(there) });
  }
}

const isSameText = (path: string, a: Uint8Array, b: Uint8Array): boolean =>
  path.endsWith('.gz') && Buffer.compare(gunzipSync(a), gunzipSync(b)) === 0;

/** The same of what comes piece by piece. */
export async function putPieces(files: ArchiveFiles, path: string, pieces: AsyncIterable<Uint8Array>): Promise<BundleFile> {
  try {
    return named(path, await files.putStreamOnce(path, pieces));
  } catch (error) {
    if (!(error instanceof LogForked)) throw error;
    return named(path, await sumOf((await files.stream(path)) ?? []));
  }
}

/** The same of what may be nothing: then there is no file. */
export async function putSome(files: ArchiveFiles, path: string, pieces: AsyncGenerator<Uint8Array>): Promise<BundleFile[]> {
  const first = await pieces.next();
  if (first.done === true) return [];
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    yield* pieces;
  };
  return [await putPieces(files, path, all())];
}

const stagedPath = (hash: string): string => `staged/${hash}`;

/** Lays bytes aside under their hash, and answers it. */
export async function layAside(working: ArchiveFiles, bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes);
  await working.putOnce(stagedPath(hash), bytes);
  return hash;
}

/**
 * Lays a file of what somebody asked for aside, under the hash of its content: the checkpoint and the series may move on while it is closed, and
 * of two runs that close it only one is right. What the ledger then says was closed is put in its place.
 */
export const stage = async (working: ArchiveFiles, path: string, bytes: Uint8Array): Promise<BundleFile> =>
  named(path, { bytes: bytes.length, sha256: await layAside(working, bytes) });

/** What was laid aside under that hash; `undefined` where nothing was. */
export const staged = (working: ArchiveFiles, sha256: string): Promise<Uint8Array | undefined> =>
  working.read(stagedPath(sha256));
