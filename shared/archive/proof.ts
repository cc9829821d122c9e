/** Proofs of RFC 6962: that an entry is in a tree, and that a tree goes on from an earlier one; and the file of the first (C2SP tlog-proof). */
import { Fault } from '../draw/fault.ts';
import { base64Of, bytesOfBase64 } from './base64.ts';
import { HASH_BYTES, type Hash, isSameHash, nodeHash, splitOf } from './merkle.ts';
import type { Tree } from './tree.ts';

/** The path of a leaf: the roots at its side, from its sibling up. */
export async function inclusionProof(tree: Tree, index: number): Promise<readonly Hash[]> {
  if (!(index >= 0 && index < tree.size)) throw new RangeError(`a tree of ${tree.size} has no leaf ${index}`);
  const path: Hash[] = [];
  let [first, end] = [0, tree.size];
  while (end - first > 1) {
    const middle = first + splitOf(end - first);
    if (index < middle) {
      path.push(await tree.root(middle, end));
      end = middle;
    } else {
      path.push(await tree.root(first, middle));
      first = middle;
    }
  }
  return path.reverse();
}

/** The proof that the tree goes on from its first `size` leaves; empty for the tree itself. Of no leaves there is none: nothing goes on. */
export async function consistencyProof(tree: Tree, size: number): Promise<readonly Hash[]> {
  if (!(size > 0 && size <= tree.size)) throw new RangeError(`a tree of ${tree.size} did not have ${size} leaves`);
  const path: Hash[] = [];
  let [first, end] = [0, tree.size];
  while (end !== size) {
    const middle = first + splitOf(end - first);
    if (size <= middle) {
      path.push(await tree.root(middle, end));
      end = middle;
    } else {
      path.push(await tree.root(first, middle));
      first = middle;
    }
  }
  // What stands at the left edge is the earlier root itself, which the verifier has.
  if (first > 0) path.push(await tree.root(first, end));
  return path.reverse();
}

/** Bytes of another number would be hashed as other ones. */
const areHashes = (hashes: readonly Hash[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);

/** The root that a leaf and its path lead to; nothing where the path is not as long as it has to be. */
function rootOfInclusion(index: number, size: number, leaf: Hash, path: readonly Hash[]): Hash | undefined {
  if (!(index >= 0 && index < size && areHashes([leaf, ...path]))) return undefined;
  const rest = [...path];
  const under = (first: number, end: number): Hash | undefined => {
    if (end - first === 1) return leaf;
    const middle = first + splitOf(end - first);
    const side = rest.pop();
    if (side === undefined) return undefined;
    const inner = index < middle ? under(first, middle) : under(middle, end);
    if (inner === undefined) return undefined;
    return index < middle ? nodeHash(inner, side) : nodeHash(side, inner);
  };
  const root = under(0, size);
  return rest.length === 0 ? root : undefined;
}

export const provesInclusion = (index: number, size: number, leaf: Hash, path: readonly Hash[], root: Hash): boolean => {
  const led = rootOfInclusion(index, size, leaf, path);
  return led !== undefined && isSameHash(led, root);
};

interface Roots {
  readonly before: Hash;
  readonly after: Hash;
}

/** Whether the tree of `after` leaves goes on from that of `before`, which had one at least. */
export function provesConsistency(before: number, after: number, roots: Roots, path: readonly Hash[]): boolean {
  if (!(before > 0 && before <= after && areHashes(path))) return false;
  if (before === after) return path.length === 0 && isSameHash(roots.before, roots.after);
  const rest = [...path];
  const under = (first: number, end: number): Roots | undefined => {
    if (end === before) {
      if (first === 0) return { before: roots.before, after: roots.before };
      const hash = rest.pop();
      return hash && { before: hash, after: hash };
    }
    const middle = first + splitOf(end - first);
    const side = rest.pop();
    if (side === undefined) return undefined;
    const inner = before <= middle ? under(first, middle) : under(middle, end);
    if (inner === undefined) return undefined;
    if (before <= middle) return { before: inner.before, after: nodeHash(inner.after, side) };
    return { before: nodeHash(side, inner.before), after: nodeHash(side, inner.after) };
  };
  const led = under(0, after);
  return rest.length === 0 && led !== undefined && isSameHash(led.before, roots.before) && isSameHash(led.after, roots.after);
}

const PROOF = 'c2sp.org/tlog-proof@v1';

/** A proof that stands alone: the place of an entry, its path, and the signed checkpoint. */
export interface EntryProof {
  readonly index: number;
  readonly path: readonly Hash[];
  /** The whole signed note. */
  readonly checkpoint: string;
}

/** The file of a proof (`.tlog-proof`). */
export const proofFile = ({ index, path, checkpoint }: EntryProof): string =>
  [PROOF, `index ${index}`, ...path.map(base64Of), '', checkpoint].join('\n');

/** What the file of a proof says. There is no `extra` line: the entry stands in the bundle. */
export function readProof(bytes: Uint8Array, file: string): EntryProof {
  const text = Buffer.from(bytes).toString();
  const end = text.indexOf('\n\n');
  const [head, place, ...lines] = (end < 0 ? text : text.slice(0, end)).split('\n');
  const index = /^index (0|[1-9]\d{0,15})$/.exec(place ?? '')?.[1];
  const path = lines.flatMap((line) => bytesOfBase64(line, HASH_BYTES) ?? []);
  const isWhole = end >= 0 && head === PROOF && index !== undefined && path.length === lines.length;
  const proof = { index: Number(index), path, checkpoint: text.slice(end + 2) };
  // Bytes that are no text would be lost in reading: what is read has to give the same file again.
  if (isWhole && Buffer.compare(bytes, Buffer.from(proofFile(proof))) === 0) return proof;
  throw new Fault('form', { file }, `is not a proof (${PROOF})`);
}
