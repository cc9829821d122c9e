/** The root of an RFC 6962 tree over lines: proves to one enterprise that it was in the pool, without the rest of the pool. */
import { createHash } from 'node:crypto';
import { hexOf } from './bytes.ts';

const leaf = (line: string): Uint8Array => createHash('sha256').update(`\u0000${line}`).digest();
const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  createHash('sha256').update('\u0001').update(left).update(right).digest();

/** A tree that grows by a leaf at a time and keeps no more than one hash for each of its heights. */
export interface GrowingTree {
  add(line: string): void;
  root(): string;
}

export function growTree(): GrowingTree {
  // Full subtrees from the largest to the smallest, each as high as a binary digit of the number of leaves.
  const full: { readonly height: number; readonly hash: Uint8Array }[] = [];
  return {
    add(line) {
      let grown = { height: 0, hash: leaf(line) };
      for (let last = full.at(-1); last?.height === grown.height; last = full.at(-1)) {
        full.pop();
        grown = { height: grown.height + 1, hash: node(last.hash, grown.hash) };
      }
      full.push(grown);
    },
    root() {
      const [last, ...before] = full.map(({ hash }) => hash).reverse();
      if (last === undefined) return createHash('sha256').digest('hex');
      return hexOf(before.reduce((right, left) => node(left, right), last));
    },
  };
}
