/** The tree against the definition of RFC 6962 written down as it stands there, and proofs that no changed bit survives. */
import fc from 'fast-check';
import { EMPTY_ROOT, growFrontier, type Hash, leafHash, nodeHash } from '../../shared/archive/merkle.ts';
import { consistencyProof, inclusionProof, provesConsistency, provesInclusion } from '../../shared/archive/proof.ts';
import { decodeEntries, encodeEntries, growTiles, pathOfTile, tilesOf } from '../../shared/archive/tiles.ts';
import { openTree } from '../../shared/archive/tree.ts';

/** MTH of RFC 6962, section 2.1. */
function oracle(leaves: readonly Hash[]): Hash {
  const [first, ...rest] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (rest.length === 0) return first;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(oracle(leaves.slice(0, half)), oracle(leaves.slice(half)));
}

const LEAVES = Array.from({ length: 1_200 }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));

/** All tiles of trees of one size after the other, as a log leaves them behind. */
async function storedTo(size: number, stops: readonly number[] = []) {
  const files = new Map<string, Uint8Array>();
  const tiles = await growTiles();
  const put = (all: readonly { readonly path: string; readonly bytes: Uint8Array }[]): void => {
    for (const { path, bytes } of all) files.set(path, bytes);
  };
  for (const leaf of LEAVES.slice(0, size)) {
    put(tiles.add(leaf));
    if (stops.includes(tiles.size)) put(tiles.edge());
  }
  put(tiles.edge());
  return { files, read: async (path: string) => files.get(path) ?? new Uint8Array() };
}

test('the tree that grows by a leaf has the root of the definition at every size up to 600', () => {
  const frontier = growFrontier();
  for (let size = 0; size <= 600; size++) {
    if (size % 7 === 0 || size < 70 || Math.abs(size - 256) < 4 || Math.abs(size - 512) < 4)
      expect(frontier.root()).toEqual(oracle(LEAVES.slice(0, size)));
    frontier.add(LEAVES[size] ?? EMPTY_ROOT);
  }
});

const size = fc.integer({ min: 1, max: LEAVES.length });

test('one that was put down and taken up again goes on to the same root and the same tiles', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, async (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const { read } = await storedTo(from);
      const tiles = await growTiles(from, read);
      const early = growFrontier();
      for (const leaf of LEAVES.slice(0, from)) early.add(leaf);
      const frontier = growFrontier(early);
      const written = new Map<string, Uint8Array>();
      for (const leaf of LEAVES.slice(from, to)) {
        frontier.add(leaf);
        for (const { path, bytes } of tiles.add(leaf)) written.set(path, bytes);
      }
      for (const { path, bytes } of tiles.edge()) if (to > from) written.set(path, bytes);
      expect([tiles.root(), frontier.root()]).toEqual([oracle(LEAVES.slice(0, to)), oracle(LEAVES.slice(0, to))]);
      const whole = await storedTo(to);
      for (const [path, bytes] of written) expect(Buffer.compare(bytes, whole.files.get(path) ?? Buffer.of())).toBe(0);
      // Whatever is new between the two was written; the partial tiles that did not grow may be written again.
      const [known, all] = [from, to].map((size) => new Set([...tilesOf(size)].map(pathOfTile)));
      expect([...(all ?? [])].filter((path) => !known?.has(path) && !written.has(path))).toEqual([]);
      expect([...written.keys()].filter((path) => !all?.has(path))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

/** The same bytes but for one bit. */
function flipped(hash: Hash, bit: number): Hash {
  const other = Uint8Array.from(hash);
  const at = Math.floor(bit / 8) % other.length;
  other[at] = (other[at] ?? 0) ^ (1 << (bit % 8));
  return other;
}

test('an inclusion proof proves its leaf at its place, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(size, fc.nat(), fc.nat(255), fc.nat(), async (size, at, bit, step) => {
      const index = at % size;
      const tree = openTree(size, (await storedTo(size)).read);
      const [leaf, root, path] = [LEAVES[index] ?? EMPTY_ROOT, oracle(LEAVES.slice(0, size)), await inclusionProof(tree, index)];
      expect(provesInclusion(index, size, leaf, path, root)).toBe(true);
      expect(provesInclusion(index, size, flipped(leaf, bit), path, root)).toBe(false);
      expect(provesInclusion(index, size, leaf, path, flipped(root, bit))).toBe(false);
      expect(provesInclusion(index, size, leaf, [...path, root], root)).toBe(false);
      if (path.length === 0) return;
      const broken = path.map((hash, place) => (place === step % path.length ? flipped(hash, bit) : hash));
      expect(provesInclusion(index, size, leaf, broken, root)).toBe(false);
      expect(provesInclusion(index, size, leaf, path.slice(1), root)).toBe(false);
      const elsewhere = (index + 1 + (step % (size - 1))) % size;
      expect(provesInclusion(elsewhere, size, leaf, path, root)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('a consistency proof proves that a log only grew, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, fc.nat(255), fc.nat(), async (one, other, bit, step) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const tree = openTree(to, (await storedTo(to)).read);
      const roots = { before: oracle(LEAVES.slice(0, from)), after: oracle(LEAVES.slice(0, to)) };
      const path = await consistencyProof(tree, from);
      expect(provesConsistency(from, to, roots, path)).toBe(true);
      expect(provesConsistency(from, to, { ...roots, before: flipped(roots.before, bit) }, path)).toBe(false);
      expect(provesConsistency(from, to, { ...roots, after: flipped(roots.after, bit) }, path)).toBe(false);
      expect(provesConsistency(from, to, roots, [...path, roots.after])).toBe(false);
      if (path.length === 0) return;
      const broken = path.map((hash, place) => (place === step % path.length ? flipped(hash, bit) : hash));
      expect(provesConsistency(from, to, roots, broken)).toBe(false);
      expect(provesConsistency(from, to, roots, path.slice(1))).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('entries are read as they were written, and nothing that is not whole is', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  fc.assert(
    fc.property(entries, (entries) => {
      const bytes = encodeEntries(entries);
      expect(decodeEntries(bytes, entries.length)?.map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
      expect(decodeEntries(bytes, entries.length + 1)).toBeUndefined();
      expect(decodeEntries(Buffer.concat([bytes, Buffer.of(0)]), entries.length)).toBeUndefined();
      if (entries.length > 0) expect(decodeEntries(bytes.subarray(0, -1), entries.length)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});
