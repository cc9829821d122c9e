/** Whether a log only grew between two of its checkpoints, whoever kept them: by tiles, wherever they lie. */
import { Fault } from '../draw/fault.ts';
import { type BundleFiles, readWhole } from './bundle-files.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT, HASH_BYTES, isSameHash } from './merkle.ts';
import { TILE } from './paths.ts';
import { consistencyProof, provesConsistency } from './proof.ts';
import { openTree, type ReadTile } from './tree.ts';

const STORED = /^(?:log\/)?(tile\/\d\/(?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

interface StoredTile {
  readonly files: BundleFiles;
  readonly path: string;
  readonly width: number;
}

/** The tiles that lie in bundles, or in a copy of the log. A wider tile begins with what a narrower one has. */
export async function tilesIn(folders: readonly BundleFiles[]): Promise<ReadTile> {
  const stored = new Map<string, readonly StoredTile[]>();
  for (const files of folders)
    for await (const { path, isNot } of files.found()) {
      const [, name, width = TILE] = STORED.exec(path) ?? [];
      if (name !== undefined && isNot === undefined)
        stored.set(name, [...(stored.get(name) ?? []), { files, path, width: Number(width) }]);
    }
  return async (path) => {
    const [, name = '', width = TILE] = STORED.exec(path) ?? [];
    const tile = stored.get(name)?.find((one) => one.width >= Number(width));
    if (tile === undefined)
      throw new Fault('missing-file', { file: path }, 'lies in none of the folders: name the bundles between the two as well');
    const bytes = await readWhole(tile.files, tile.path, TILE * HASH_BYTES);
    return bytes.subarray(0, Number(width) * HASH_BYTES);
  };
}

/** A checkpoint with the name by which its faults are told. */
export interface NamedCheckpoint {
  readonly file: string;
  readonly checkpoint: SignedCheckpoint;
}

/** Throws what is wrong. `read` gives the tiles of the later one; wrong ones are noticed. */
export async function checkConsistency(one: NamedCheckpoint, other: NamedCheckpoint, read: ReadTile): Promise<void> {
  const [before, after] = one.checkpoint.size <= other.checkpoint.size ? [one, other] : [other, one];
  const [old, young] = [before.checkpoint, after.checkpoint];
  const refuse = (file: string, what: string): never => {
    throw new Fault('tree', { file }, what);
  };
  if (old.origin !== young.origin) refuse(after.file, `is of the log ${young.origin}, ${before.file} of ${old.origin}`);
  if (old.size === young.size && !isSameHash(old.root, young.root))
    refuse(after.file, `has another root than ${before.file} for the same size of ${old.size}: the log was forked`);
  if (old.size === 0 && !isSameHash(old.root, EMPTY_ROOT)) refuse(before.file, 'is not the root of no leaves');
  if (old.size === young.size || old.size === 0) return;
  const tree = openTree(young.size, read);
  if (!isSameHash(await tree.root(), young.root)) refuse(after.file, 'is not the checkpoint that the tiles lead to');
  const path = await consistencyProof(tree, old.size);
  if (!provesConsistency(old.size, young.size, { before: old.root, after: young.root }, path))
    refuse(before.file, `is not the root of the first ${old.size} leaves of ${after.file}: the log was forked`);
}
