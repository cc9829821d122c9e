import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleFiles, FoundFile } from '../../shared/archive/bundle-files.ts';
import { Fault } from '../../shared/draw/fault.ts';

/** Whatever lies in a folder and those inside it. No link is followed. */
async function* walk(folder: string, inside = ''): AsyncGenerator<FoundFile> {
  const there = await readdir(join(folder, inside), { withFileTypes: true });
  if (there.length === 0 && inside !== '') yield { path: inside, isNot: 'a folder without files' };
  for (const entry of there) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(folder, path);
    else if (entry.isFile()) yield { path };
    else yield { path, isNot: entry.isSymbolicLink() ? 'a link' : 'a device' };
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));

/** A file within folders and nothing else: a link leads out of them, and a pipe keeps whoever reads it waiting for ever. */
async function placeOf(folder: string, path: string): Promise<string> {
  let place = folder;
  let isFile = false;
  for (const name of path.split('/')) {
    place = join(place, name);
    const there = await lstat(place);
    if (there.isSymbolicLink()) throw new Fault('unknown-file', { file: path }, 'is a link');
    isFile = there.isFile();
  }
  if (!isFile) throw new Fault('unknown-file', { file: path }, 'is not a file');
  return place;
}

/** The files of a bundle's folder. */
export const readFolder = (folder: string): BundleFiles => ({
  found: () => walk(folder),
  async *open(path) {
    try {
      yield* createReadStream(await placeOf(folder, path));
    } catch (error) {
      throw isAbsent(error) ? new Fault('missing-file', { file: path }, 'is missing') : error;
    }
  },
});
