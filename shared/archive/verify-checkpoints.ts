/** Whether a log only grew between two of its checkpoints, whoever kept them: by tiles, wherever they lie. */
import { Fault } from '../draw/fault.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { isSameHash } from './merkle.ts';
import { consistencyProof, provesConsistency } from './proof.ts';
import { openTree, type ReadTile } from './tree.ts';

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
  if (old.size === young.size) return;
  const tree = openTree(young.size, read);
  if (!isSameHash(await tree.root(), young.root)) refuse(after.file, 'is not the checkpoint that the tiles lead to');
  const path = await consistencyProof(tree, old.size);
  if (!provesConsistency(old.size, young.size, { before: old.root, after: young.root }, path))
    refuse(before.file, `is not the root of the first ${old.size} leaves of ${after.file}: the log was forked`);
}
