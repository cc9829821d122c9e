/** Step 1: whether SHA256SUMS names the files of a bundle, each once, and each has its hash. */
import { Fault } from '../draw/fault.ts';
import { type BundleFiles, type FileSum, readWhole, sumOf } from './bundle-files.ts';
import { isPath, SUMS } from './layout.ts';

/** A list of files: a few hundred bytes for each of a million proofs. */
export const MOST_LIST = 512 * 1024 * 1024;

const LINE = /^([0-9a-f]{64}) {2}(\S+)$/;

/** A path and the folders that it lies in. */
const namesIn = (path: string): readonly string[] => {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
};

function readSums(bytes: Uint8Array): ReadonlyMap<string, string> {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const fault = (place: string, what: string): Fault => new Fault('form', { file: SUMS, place }, what);
  if (lines.pop() !== '') throw fault(`line ${lines.length + 1}`, 'has no end');
  const sums = new Map<string, string>();
  const written = new Map<string, string>();
  let before = '';
  for (const [at, line] of lines.entries()) {
    const [, sha256, path] = LINE.exec(line) ?? [];
    const place = `line ${at + 1}`;
    if (sha256 === undefined || path === undefined || !isPath(path)) throw fault(place, 'is not a hash and the path of a file');
    if (path <= before) throw fault(place, `${path} is not after ${before}`);
    for (const name of namesIn(path))
      if ((written.get(name.toLowerCase()) ?? name) === name) written.set(name.toLowerCase(), name);
      else throw fault(place, `${path} is another but for capitals, which is one file on some systems`);
    sums.set(path, sha256);
    before = path;
  }
  return sums;
}

/** The files of the bundle but SHA256SUMS itself, with what was found of each. */
export async function checkSums(files: BundleFiles): Promise<ReadonlyMap<string, FileSum>> {
  const found = new Set<string>();
  for await (const { path, isNot } of files.found()) {
    if (isNot !== undefined) throw new Fault('unknown-file', { file: path }, `is ${isNot}, not a file`);
    if (found.has(path)) throw new Fault('unknown-file', { file: path }, 'is there twice');
    found.add(path);
  }
  if (!found.has(SUMS)) throw new Fault('missing-file', { file: SUMS }, 'is missing');
  const sums = readSums(await readWhole(files, SUMS, MOST_LIST));
  for (const path of [...found].sort())
    if (path !== SUMS && !sums.has(path)) throw new Fault('unknown-file', { file: path }, `is not named by ${SUMS}`);
  const were = new Map<string, FileSum>();
  for (const [path, sha256] of sums) {
    if (path === SUMS || !found.has(path)) throw new Fault('missing-file', { file: path }, `is named by ${SUMS} but missing`);
    const sum = await sumOf(files, path);
    if (sum.sha256 !== sha256) throw new Fault('changed-file', { file: path }, `has the hash ${sum.sha256}, not that of ${SUMS}`);
    were.set(path, sum);
  }
  return were;
}
