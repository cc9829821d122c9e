/**
 * The files of a bundle as its manifest names them, held against the hash that is on the ledger. Of an enterprise there may be as many as
 * events: the manifest is never read into objects as a whole, a page of it is.
 */
import { isPath, MANIFEST, SUMS } from '../../shared/archive/layout.ts';
import { type BundleFile, bundleFile } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import type { Export, Sha256 } from '../../shared/domain/export.ts';
import { sha256 } from '../../shared/draw/bytes.ts';

export type ReadFiles = Pick<ArchiveFiles, 'read' | 'stream'>;

export interface Bundle {
  /** Ascending by path, those behind a path. */
  readonly filesAfter: (path?: string) => Iterable<BundleFile>;
  /** One of them. */
  readonly file: (path: string) => BundleFile | undefined;
  readonly read: ReadFiles;
  /** What somebody asked for goes after a while; what it was stays known. */
  readonly isKept: boolean;
}

/** Where a bundle's files lie, and where its manifest stays: of days and months it is the same. */
export interface BundlePlaces {
  readonly files: ReadFiles;
  readonly kept: Pick<ReadFiles, 'read'>;
}

/** What lies there is not what was closed. Somebody has to look. */
export class BundleDiffers extends Error {
  override readonly name = 'BundleDiffers';
}

const FILES = '"files":[';
const fileAt = (manifest: Buffer, start: number): BundleFile =>
  bundleFile.parse(JSON.parse(manifest.toString('utf8', start, manifest.indexOf('}', start) + 1)));

/** Where a file stands in a manifest, which is canonical: its members are in one order, and nothing stands between them. */
function placeOf(manifest: Buffer, path: string): number | undefined {
  const named = isPath(path) ? manifest.indexOf(`"path":"${path}","role":`) : -1;
  return named < 0 ? undefined : manifest.lastIndexOf('{', named);
}

/** One file after the other, from a place on. No path has a brace, so each ends with its first. */
function* filesFrom(manifest: Buffer, from: number): Generator<BundleFile> {
  for (let start = from; manifest[start] === '{'.charCodeAt(0); start = manifest.indexOf('}', start) + 2) {
    yield fileAt(manifest, start);
  }
}

/** Those that no manifest names, at their places between the others. */
function* inOrder(named: Iterable<BundleFile>, own: readonly BundleFile[]): Generator<BundleFile> {
  let next = 0;
  for (const file of named) {
    for (let mine = own[next]; mine !== undefined && mine.path < file.path; mine = own[next]) {
      yield mine;
      next += 1;
    }
    yield file;
  }
  yield* own.slice(next);
}

async function readBundle({ files, kept }: BundlePlaces, id: string, hash: Sha256): Promise<Bundle> {
  const there = await files.read(MANIFEST);
  const bytes = there ?? (await kept.read(MANIFEST));
  if (bytes === undefined) throw new BundleDiffers(`${id}/${MANIFEST} is not there`);
  if (sha256(bytes) !== hash) throw new BundleDiffers(`${id}/${MANIFEST} is not the one that is on the ledger`);
  const sums = there && (await files.read(SUMS));
  if (there !== undefined && sums === undefined) throw new BundleDiffers(`${id}/${SUMS} is not there`);
  const manifest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const own: readonly BundleFile[] = [
    ...(sums === undefined ? [] : [{ path: SUMS, bytes: sums.length, sha256: sha256(sums), role: 'doc' } as const]),
    { path: MANIFEST, bytes: bytes.length, sha256: hash, role: 'doc' },
  ];
  const first = manifest.indexOf(FILES) + FILES.length;
  return {
    *filesAfter(path = '') {
      for (const file of inOrder(filesFrom(manifest, placeOf(manifest, path) ?? first), own)) if (file.path > path) yield file;
    },
    file(path) {
      const place = placeOf(manifest, path);
      return place === undefined ? own.find((file) => file.path === path) : fileAt(manifest, place);
    },
    read: files,
    isKept: there !== undefined,
  };
}

export type BundleOf = (of: Pick<Export, 'id' | 'kind'>, manifest: Sha256) => Promise<Bundle>;

/** The last one is kept: whoever fetches a bundle asks for its files page by page, and nothing of it changes. */
export function bundleReader(placesOf: (of: Pick<Export, 'id' | 'kind'>) => BundlePlaces): BundleOf {
  let last: { readonly id: string; readonly bundle: Promise<Bundle> } | undefined;
  return (of, manifest) => {
    if (last?.id === of.id) return last.bundle;
    const bundle = readBundle(placesOf(of), of.id, manifest);
    last = { id: of.id, bundle };
    bundle.catch(() => {
      last = undefined;
    });
    return bundle;
  };
}
