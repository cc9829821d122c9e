/** The files of a bundle, wherever they lie, read piece by piece. */
import { createHash } from 'node:crypto';
import { Fault } from '../draw/fault.ts';

export interface FoundFile {
  readonly path: string;
  /** Said where it is no plain file: a link, a folder without files, a device. Nothing of it is opened. */
  readonly isNot?: string;
}

export interface BundleFiles {
  /** Whatever is there, in any order, `/` between the names. */
  found(): AsyncIterable<FoundFile> | Iterable<FoundFile>;
  open(path: string): AsyncIterable<Uint8Array>;
}

/** Files that lie in memory. */
export const filesInMemory = (files: ReadonlyMap<string, Uint8Array>): BundleFiles => ({
  found: () => Array.from(files.keys(), (path) => ({ path })),
  async *open(path) {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Fault('missing-file', { file: path }, 'is missing');
    yield bytes;
  },
});

/** A whole file, which may have so many bytes. */
export async function readWhole(files: BundleFiles, path: string, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of files.open(path)) {
    bytes += piece.length;
    if (bytes > most) throw new Fault('form', { file: path }, `has more than ${most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

export async function sumOf(files: BundleFiles, path: string): Promise<FileSum> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of files.open(path)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

const LINE_FEED = 0x0a;

/** The lines of a file without their ends. Every line has one, and none is longer than it may be. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>, file: string, most: number): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  const checked = (line: Uint8Array): Uint8Array => {
    at += 1;
    if (line.length > most) throw new Fault('form', { file, place: `line ${at}` }, `has more than ${most} bytes`);
    return line;
  };
  for await (const piece of pieces) {
    const bytes =
      rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      yield checked(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > most) checked(rest);
  }
  if (rest.length > 0) throw new Fault('form', { file, place: `line ${at + 1}` }, 'has no end');
}
