/**
 * What a witness of a log does: it cosigns a checkpoint only if that goes on from the one that it saw before. Whoever holds what it cosigned can show
 * any later checkpoint that does not: an operator who rewrites the log is seen from outside.
 */
import { Fault } from '../draw/fault.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { isSameHash } from './merkle.ts';
import { cosignatureLine, lineOf, type NoteSigner } from './note.ts';
import { openTree, type ReadTile } from './tree.ts';
import { checkConsistency } from './verify-checkpoints.ts';
import { COSIGNATURE, readVkey } from './vkey.ts';

export interface Witnessing {
  /** Of the log, as the witness has them from the gazette or the county's site. */
  readonly vkeys: readonly string[];
  /** Signs by a key of type 4. */
  readonly witness: NoteSigner;
  /** The note that it cosigned last; nothing the first time. */
  readonly seen: Uint8Array | undefined;
  /** Tiles of the checkpoint that is offered. */
  readonly read: ReadTile;
  readonly seconds: number;
}

export interface Witnessed {
  /** What was offered, with the witness's line below the others. */
  readonly note: string;
  readonly checkpoint: SignedCheckpoint;
  readonly before: SignedCheckpoint | undefined;
}

const SEEN = 'the checkpoint seen before';
const OFFERED = 'the checkpoint offered';

/** The note without what the witness said of it before: two signatures of one key are none. */
function withoutLineOf({ vkey }: NoteSigner, { note: { text, signatures } }: SignedCheckpoint): string {
  const { name, keyId } = readVkey(vkey, COSIGNATURE);
  const others = signatures.filter((one) => one.name !== name || one.keyId !== keyId);
  return `${text}\n${others.map(lineOf).join('')}`;
}

/** Cosigns, or throws what is wrong. */
export async function cosign(offered: Uint8Array, { vkeys, witness, seen, read, seconds }: Witnessing): Promise<Witnessed> {
  const checkpoint = openCheckpoint(offered, vkeys, OFFERED);
  const before = seen && openCheckpoint(seen, vkeys, SEEN);
  if (before !== undefined && checkpoint.size < before.size)
    throw new Fault(
      'tree',
      { file: OFFERED },
      `has a size of ${checkpoint.size}, less than ${before.size} of ${SEEN}: what is newer is hidden`,
    );
  if (before !== undefined) await checkConsistency({ file: SEEN, checkpoint: before }, { file: OFFERED, checkpoint }, read);
  // What a witness puts its name to it has seen: the tiles lead to the root.
  if (!isSameHash(await openTree(checkpoint.size, read).root(), checkpoint.root))
    throw new Fault('tree', { file: OFFERED }, 'is not the checkpoint that the tiles lead to');
  const note = `${withoutLineOf(witness, checkpoint)}${await cosignatureLine(checkpoint.note, witness, seconds)}`;
  return { note, checkpoint: openCheckpoint(Buffer.from(note), vkeys, OFFERED), before };
}
