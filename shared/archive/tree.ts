/** A tree of tiles, read where it is needed: the root of any stretch, with a bounded number of tiles in memory. */
import { Fault } from '../draw/fault.ts';
import { EMPTY_ROOT, type Hash, nodeHash, pairsOf, splitOf } from './merkle.ts';
import { TILE } from './paths.ts';
import { decodeTile, pathOfTile, tileAt } from './tiles.ts';

/** The bytes of a file of the log by its path (`tile/0/000`). */
export type ReadTile = (path: string) => Promise<Uint8Array>;

export interface Tree {
  readonly size: number;
  leaf(index: number): Promise<Hash>;
  /** The root over the leaves from `first` to before `end`; of all leaves unless said otherwise. */
  root(first?: number, end?: number): Promise<Hash>;
}

/** Full tiles in memory: a megabyte. Proofs of neighbours share theirs. */
const KEPT = 64;
const TILE_HEIGHT = 8;

/** The hashes of a tile, the nodes above them within the tile when they are asked for. */
type Rows = (readonly Hash[])[];

const rowOf = (rows: Rows, height: number): readonly Hash[] => {
  for (let above = rows.length; above <= height; above++) rows.push(pairsOf(rows[above - 1] ?? []));
  return rows[height] ?? [];
};

/** The tree of that size whose tiles are read by `read`. What it answers is as true as the tiles are. */
export function openTree(size: number, read: ReadTile): Tree {
  const kept = new Map<string, Rows>();

  async function tileOf(level: number, n: number): Promise<Rows> {
    const tile = tileAt(level, n, size);
    if (tile === undefined) throw new RangeError(`a tree of ${size} has no tile ${n} at level ${level}`);
    const path = pathOfTile(tile);
    const known = kept.get(path);
    if (known !== undefined) return known;
    const hashes = decodeTile(await read(path), tile.width);
    if (hashes === undefined) throw new Fault('tree', { file: path }, `does not hold ${tile.width} hashes`);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
    const rows: Rows = [hashes];
    kept.set(path, rows);
    return rows;
  }

  /** Of a subtree with 2^height leaves, all there: the `place`-th of its height. */
  async function full(height: number, place: number): Promise<Hash> {
    const [level, within] = [Math.floor(height / TILE_HEIGHT), height % TILE_HEIGHT];
    const perTile = TILE / 2 ** within;
    const hash = rowOf(await tileOf(level, Math.floor(place / perTile)), within)[place % perTile];
    if (hash === undefined) throw new RangeError(`a tree of ${size} has no subtree ${place} of height ${height}`);
    return hash;
  }

  async function root(first = 0, end = size): Promise<Hash> {
    const leaves = end - first;
    if (leaves === 0) return EMPTY_ROOT;
    const height = Math.log2(leaves);
    if (Number.isInteger(height) && first % leaves === 0) return full(height, first / leaves);
    const middle = first + splitOf(leaves);
    return nodeHash(await root(first, middle), await root(middle, end));
  }

  return { size, leaf: (index) => full(0, index), root };
}
