/**
 * The Merkle tree of RFC 6962 over SHA-256: leaf H(0x00 ‖ entry), node H(0x01 ‖ left ‖ right), split at the largest power of two below the
 * number of leaves. Sizes are counted in floating numbers, never in 32 bits.
 */
import { createHash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (entry: Uint8Array): Hash => createHash('sha256').update(LEAF).update(entry).digest();
export const nodeHash = (left: Hash, right: Hash): Hash => createHash('sha256').update(NODE).update(left).update(right).digest();
/** The root of the tree without leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest();

export const isSameHash = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0;

/** The largest power of two below the number, which is at least 2: where a tree of so many leaves splits. */
export function splitOf(leaves: number): number {
  let half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

/** Pairs of hashes as the nodes above them; an odd last one has none yet. */
export const pairsOf = (hashes: readonly Hash[]): Hash[] => {
  const above: Hash[] = [];
  for (let at = 1; at < hashes.length; at += 2) {
    const [left, right] = [hashes[at - 1], hashes[at]];
    if (left !== undefined && right !== undefined) above.push(nodeHash(left, right));
  }
  return above;
};

/** The root over full subtrees from the left, each higher than the next. */
const folded = (full: readonly Hash[]): Hash => {
  const [last, ...before] = full.toReversed();
  return last === undefined ? EMPTY_ROOT : before.reduce((right, left) => nodeHash(left, right), last);
};

/** The root over subtree roots of one height, as many as there may be: how a tile is hashed, or a whole small tree. */
export function rootOf(hashes: Iterable<Hash>): Hash {
  const frontier = growFrontier();
  for (const hash of hashes) frontier.add(hash);
  return frontier.root();
}

/** A tree that grows by a leaf hash at a time and keeps one hash for each binary digit of its size, so a million leaves need twenty. */
export interface Frontier {
  readonly size: number;
  /** The roots of its full subtrees, from the largest at the left to the smallest. */
  readonly full: readonly Hash[];
  add(leaf: Hash): void;
  root(): Hash;
}

/** A frontier; one that goes on where another stood takes that one's size and full subtrees. */
export function growFrontier(from: Pick<Frontier, 'size' | 'full'> = { size: 0, full: [] }): Frontier {
  const full = [...from.full];
  let { size } = from;
  return {
    get size() {
      return size;
    },
    get full() {
      return [...full];
    },
    add(leaf) {
      let grown = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = full.pop();
        if (left === undefined) throw new RangeError(`a tree of ${from.size} does not have ${from.full.length} full subtrees`);
        grown = nodeHash(left, grown);
      }
      full.push(grown);
      size += 1;
    },
    root: () => folded(full),
  };
}
