/** The tree and its proofs against what others computed: RFC 6962's eight leaves, the cases of transparency-dev/merkle, C2SP's examples. */
import { readFileSync } from 'node:fs';
import { EMPTY_ROOT, growFrontier, leafHash, rootOf } from '../../shared/archive/merkle.ts';
import { consistencyProof, inclusionProof, provesConsistency, provesInclusion } from '../../shared/archive/proof.ts';
import { edgeOf, growTiles, levelsOf, pathOfTile, tilesOf, tilesOfBundle } from '../../shared/archive/tiles.ts';
import { openTree } from '../../shared/archive/tree.ts';
import { hexOf } from '../../shared/draw/bytes.ts';

const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];

test.each([
  [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
])('the root over the first %i of the eight leaves', (count, root) => {
  expect(hexOf(rootOf(LEAVES.slice(0, count).map((hex) => leafHash(Buffer.from(hex, 'hex')))))).toBe(root);
});

interface Case {
  readonly case: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}
interface InclusionCase extends Case {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
}
interface ConsistencyCase extends Case {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
}

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../support/vectors/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
const bytes = (text: string | null): Uint8Array => Buffer.from(text ?? '', 'base64');
const hashes = (proof: readonly string[] | null): Uint8Array[] => (proof ?? []).map(bytes);

test('the 98 public cases of inclusion', () => {
  const cases = linesOf('merkle-inclusion.jsonl').map((line): InclusionCase => JSON.parse(line));
  expect(cases).toHaveLength(98);
  const told = cases.filter(
    ({ leafIdx, treeSize, leafHash, root, proof, wantErr }) =>
      provesInclusion(leafIdx, treeSize, bytes(leafHash), hashes(proof), bytes(root)) === wantErr,
  );
  expect(told).toEqual([]);
});

test('the 98 public cases of consistency', () => {
  const cases = linesOf('merkle-consistency.jsonl').map((line): ConsistencyCase => JSON.parse(line));
  expect(cases).toHaveLength(98);
  const told = cases.filter(
    ({ size1, size2, root1, root2, proof, wantErr }) =>
      provesConsistency(size1, size2, { before: bytes(root1), after: bytes(root2) }, hashes(proof)) === wantErr,
  );
  expect(told).toEqual([]);
});

/** A tree of 70,000 as it lies in files, and its roots on the way. */
async function seventyThousand() {
  const files = new Map<string, Uint8Array>();
  const roots = new Map<number, Uint8Array>();
  const [tiles, frontier] = [await growTiles(), growFrontier()];
  for (let n = 0; n < 70_000; n++) {
    const leaf = leafHash(Buffer.from(String(n)));
    frontier.add(leaf);
    for (const { path, bytes } of tiles.add(leaf)) files.set(path, bytes);
    if ([1, 255, 256, 257, 65_536, 65_537, 69_888, 69_999].includes(n + 1)) roots.set(n + 1, frontier.root());
  }
  for (const { path, bytes } of tiles.edge()) files.set(path, bytes);
  return { files, roots, root: frontier.root(), grown: tiles.root(), full: frontier.full.length };
}

test('a tree of 70,000: its tiles, its root from them, and proofs', async () => {
  const { files, roots, root, grown, full } = await seventyThousand();
  const widths = [...tilesOf(70_000)].reduce<Record<string, number>>((counts, { level, width }) => {
    counts[`${level} ${width}`] = (counts[`${level} ${width}`] ?? 0) + 1;
    return counts;
  }, {});
  expect(widths).toEqual({ '0 256': 273, '0 112': 1, '1 256': 1, '1 17': 1, '2 1': 1 });
  expect([...files.keys()].sort()).toEqual([...tilesOf(70_000)].map(pathOfTile).sort());
  const tree = openTree(70_000, async (path) => files.get(path) ?? new Uint8Array());
  expect([grown, await tree.root()]).toEqual([root, root]);
  expect(full).toBe(6);
  for (const index of [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999]) {
    const proof = await inclusionProof(tree, index);
    expect(provesInclusion(index, 70_000, leafHash(Buffer.from(String(index))), proof, root)).toBe(true);
  }
  for (const [size, before] of roots)
    expect(provesConsistency(size, 70_000, { before, after: root }, await consistencyProof(tree, size))).toBe(true);
});

test('which tiles there are', () => {
  const paths = (tiles: Iterable<Parameters<typeof pathOfTile>[0]>): string[] => [...tiles].map(pathOfTile);
  expect(paths(tilesOf(0))).toEqual([]);
  expect(paths(tilesOf(256))).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  expect(paths(edgeOf(70_000))).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
  expect(paths(edgeOf(65_536))).toEqual(['tile/2/000.p/1']);
  expect(levelsOf(65_535)).toBe(2);
  const bundle = { first: 300, end: 520, treeSize: 1_100, previous: 300 };
  expect(paths(tilesOfBundle(bundle))).toEqual(['tile/0/001', 'tile/0/002', 'tile/0/004.p/76', 'tile/1/000.p/4']);
  expect(paths(tilesOfBundle({ ...bundle, end: 300, previous: 512 }))).toEqual(['tile/0/004.p/76', 'tile/1/000.p/4']);
  expect(paths(tilesOfBundle({ ...bundle, end: 300, previous: 513 }))[0]).toBe('tile/0/002');
});

test('nothing has the root of nothing, and a tile that is missing is noticed', async () => {
  expect(await openTree(0, async () => new Uint8Array()).root()).toEqual(EMPTY_ROOT);
  await expect(openTree(3, async () => new Uint8Array(64)).root()).rejects.toThrow('tile/0/000.p/3: does not hold 3 hashes.');
  await expect(growTiles(3)).rejects.toThrow('tile/0/000.p/3 does not hold 3 hashes');
});
