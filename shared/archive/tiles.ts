/** The tree in files (C2SP tlog-tiles): which there are for a size, what is in them, and how they grow. */
import { HASH_BYTES, type Hash, nodeHash, rootOf } from './merkle.ts';
import { entriesPath, TILE, tilePath } from './paths.ts';

/** A tile of hashes; `level` 0 holds the leaves, a hash above is that of a full tile below. A width below 256 is a partial one. */
export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

/** A stretch of entries in one file: those of the tile of level 0 with the same number and width. */
export type EntryBundle = Omit<Tile, 'level'>;

export const pathOfTile = ({ level, n, width }: Tile): string => tilePath(level, n, width);
export const pathOfEntries = ({ n, width }: EntryBundle): string => entriesPath(n, width);

/** How many hashes a tree of so many leaves has at a level of tiles. */
const hashesAt = (level: number, size: number): number => Math.floor(size / TILE ** level);

/** How many levels of tiles a tree has. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (hashesAt(levels, size) > 0) levels += 1;
  return levels;
}

/** The tile of that level and number in a tree of that size, where there is one. */
export function tileAt(level: number, n: number, size: number): Tile | undefined {
  const width = Math.min(TILE, hashesAt(level, size) - n * TILE);
  return width > 0 ? { level, n, width } : undefined;
}

function* tilesOfLevel(level: number, size: number): Generator<Tile> {
  for (let n = 0; ; n++) {
    const tile = tileAt(level, n, size);
    if (tile === undefined) return;
    yield tile;
  }
}

/** The tiles that a tree of that size has, from the leaves up, each level from the left. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0; level < levelsOf(size); level++) yield* tilesOfLevel(level, size);
}

/** The partial tiles of a tree, at most one a level: its right edge, from which it grows and of which its root is made. */
export const edgeOf = (size: number): readonly Tile[] =>
  Array.from({ length: levelsOf(size) }, (_, level) => tileAt(level, Math.floor(hashesAt(level, size) / TILE), size)).filter(
    (tile) => tile !== undefined,
  );

/** What the tiles of a complete bundle are told by. */
export interface TiledRange {
  readonly first: number;
  readonly end: number;
  readonly treeSize: number;
  readonly previous?: number | undefined;
}

/**
 * The tiles that lie in a complete bundle: all above the leaves, the partial one of the leaves, and those of the leaves that overlap its range
 * or that the size of the checkpoint before lies within. From the leaves up, each level from the left. One by one, as a size may be a lie.
 */
export function* eachTileOfBundle({ first, end, treeSize, previous = 0 }: TiledRange): Generator<Tile> {
  const low = Math.floor(first / TILE);
  const high = end > first ? Math.ceil(end / TILE) : low;
  const apart = new Set([previous, treeSize].filter((size) => size % TILE > 0).map((size) => Math.floor(size / TILE)));
  function* leaves(): Generator<number> {
    const others = [...apart].filter((n) => n < low || n >= high).sort((a, b) => a - b);
    yield* others.filter((n) => n < low);
    for (let n = low; n < high; n++) yield n;
    yield* others.filter((n) => n >= low);
  }
  for (const n of leaves()) {
    const tile = tileAt(0, n, treeSize);
    if (tile !== undefined) yield tile;
  }
  for (let level = 1; level < levelsOf(treeSize); level++) yield* tilesOfLevel(level, treeSize);
}

export const tilesOfBundle = (of: TiledRange): readonly Tile[] => [...eachTileOfBundle(of)];

/** The bytes of a tile: its hashes one after the other. */
export const encodeTile = (hashes: readonly Hash[]): Uint8Array => Buffer.concat(hashes);

/** The hashes of a tile of that width, or nothing where the bytes are not as many. */
export function decodeTile(bytes: Uint8Array, width: number): readonly Hash[] | undefined {
  if (bytes.length !== width * HASH_BYTES) return undefined;
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

const LENGTH_BYTES = 2;

/** The bytes of an entry bundle: each entry after its length in two bytes, the higher first. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle of that many, or nothing where its bytes do not end with the last of them. */
export function decodeEntries(bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width && at + LENGTH_BYTES <= view.length) {
    const from = at + LENGTH_BYTES;
    at = from + view.readUInt16BE(at);
    if (at > view.length) return undefined;
    entries.push(bytes.subarray(from, at));
  }
  return at === bytes.length && entries.length === width ? entries : undefined;
}

/** A tile with its bytes. */
export interface TileFile extends Tile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const fileOf = (tile: Tile, hashes: readonly Hash[]): TileFile => ({
  ...tile,
  path: pathOfTile(tile),
  bytes: encodeTile(hashes),
});

/** The tiles of a tree that grows. It keeps its right edge alone: at most 255 hashes a level. */
export interface GrowingTiles {
  readonly size: number;
  /** Adds a leaf's hash and gives the tiles that are full with it, from the leaves up. */
  add(leaf: Hash): readonly TileFile[];
  /** The partial tiles of its size. */
  edge(): readonly TileFile[];
  root(): Hash;
}

/** Tiles that grow on from a size, given the partial tiles of that size (`edgeOf`) as they are read by `read`. */
export async function growTiles(size = 0, read?: (path: string) => Promise<Uint8Array>): Promise<GrowingTiles> {
  const levels: Hash[][] = [];
  for (const tile of edgeOf(size)) {
    const path = pathOfTile(tile);
    const hashes = decodeTile((await read?.(path)) ?? new Uint8Array(), tile.width);
    if (hashes === undefined) throw new RangeError(`${path} does not hold ${tile.width} hashes`);
    levels[tile.level] = hashes.map((hash) => Uint8Array.from(hash));
  }
  let grown = size;
  const at = (level: number): Hash[] => {
    levels[level] ??= [];
    return levels[level];
  };
  return {
    get size() {
      return grown;
    },
    add(leaf) {
      const full: TileFile[] = [];
      grown += 1;
      let hash = leaf;
      for (let level = 0; ; level++) {
        const hashes = at(level);
        hashes.push(hash);
        if (hashes.length < TILE) return full;
        full.push(fileOf({ level, n: hashesAt(level, grown) / TILE - 1, width: TILE }, hashes));
        hash = rootOf(hashes);
        levels[level] = [];
      }
    },
    edge: () => edgeOf(grown).map((tile) => fileOf(tile, at(tile.level))),
    root: () => rootOfEdge(Array.from({ length: levelsOf(grown) }, (_, level) => at(level))),
  };
}

/** The root of a tree from the hashes of its partial tiles, from the leaves up: each level's are at the right of all above. */
function rootOfEdge(levels: readonly (readonly Hash[])[]): Hash {
  let right: Hash | undefined;
  for (const hashes of levels) {
    if (hashes.length === 0) continue;
    right = right === undefined ? rootOf(hashes) : rootWith(hashes, right);
  }
  return right ?? rootOf([]);
}

/** The root over full subtrees of one height and what is at their right, which is smaller than any of them. */
function rootWith(hashes: readonly Hash[], right: Hash): Hash {
  const full: Hash[] = [];
  for (let rest = hashes.length, from = 0; rest > 0; ) {
    let half = 1;
    while (half * 2 <= rest) half *= 2;
    full.push(rootOf(hashes.slice(from, from + half)));
    from += half;
    rest -= half;
  }
  return full.reduceRight((under, left) => nodeHash(left, under), right);
}
