/** Steps 4 to 6: who signed the head, whether the tiles lead to it, and whether it goes on from the checkpoint before. */
import { hexOf } from '../draw/bytes.ts';
import { Fault } from '../draw/fault.ts';
import { ascends } from '../draw/values.ts';
import { type BundleFiles, readWhole } from './bundle-files.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { CHECKPOINT, isTilePath, LOG, MANIFEST, PREVIOUS_CHECKPOINT, VKEYS } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { isSameHash, rootOf } from './merkle.ts';
import { isSignedByAny, readNote, verifyCosignature, verifyNote } from './note.ts';
import { TILE } from './paths.ts';
import { decodeTile, eachTileOfBundle, pathOfTile, type Tile } from './tiles.ts';
import { openTree, type Tree } from './tree.ts';
import { type BundleBefore, isPeriodic } from './verify-manifest.ts';
import { readVkey } from './vkey.ts';

/** A checkpoint with all its signatures, and the keys beside it. */
export const MOST_NOTE = 64 * 1024;
const MOST_TILE = 8 * 1024;

/** Who may have signed, as the verifier knows it from outside. */
export interface Trust {
  /** Of the log. Where there is none, those of the bundle are taken, which says nothing of who made it. */
  readonly vkeys: readonly string[];
  /** Each has to have cosigned. */
  readonly witnesses: readonly string[];
}

export interface VerifiedLog {
  readonly checkpoint: SignedCheckpoint;
  /** The signed note, byte for byte. */
  readonly note: Uint8Array;
  /** The text of the checkpoint before, where there is one. */
  readonly previous: SignedCheckpoint | undefined;
  /** When each witness saw it, in seconds since 1970. */
  readonly seen: readonly number[];
  /** Keys that were not given and that alone signed the checkpoint before. */
  readonly strangers: readonly string[];
}

async function vkeysOf(files: BundleFiles, { origin }: Manifest): Promise<readonly string[]> {
  const lines = Buffer.from(await readWhole(files, VKEYS, MOST_NOTE))
    .toString()
    .split('\n');
  if (lines.pop() !== '' || lines.length === 0 || !ascends(lines))
    throw new Fault('form', { file: VKEYS }, 'is not a list of ascending lines');
  for (const line of lines)
    if (readVkey(line, undefined, VKEYS).name !== origin)
      throw new Fault('form', { file: VKEYS }, `${line} is not a key of ${origin}`);
  return lines;
}

/** The signed head of a bundle, and of the one before. */
export async function checkHeads(files: BundleFiles, manifest: Manifest, trust: Trust): Promise<VerifiedLog> {
  const { origin, treeSize, root } = manifest;
  const own = await vkeysOf(files, manifest);
  const trusted = trust.vkeys.length > 0 ? trust.vkeys : own;
  const note = await readWhole(files, CHECKPOINT, MOST_NOTE);
  const checkpoint = openCheckpoint(note, trusted, CHECKPOINT);
  const said = { origin: checkpoint.origin, treeSize: checkpoint.size, root: hexOf(checkpoint.root) };
  const wanted = { origin, treeSize, root };
  for (const place of ['origin', 'treeSize', 'root'] as const)
    if (said[place] !== wanted[place])
      throw new Fault('tree', { file: MANIFEST, place }, `is ${wanted[place]}; ${CHECKPOINT} says ${said[place]}`);
  const seen = trust.witnesses.map((witness) => verifyCosignature(checkpoint.note, witness, CHECKPOINT));
  const previous = await previousOf(files, manifest, [...new Set([...trusted, ...own])]);
  const signed = new Set([...signersOf(checkpoint, own), ...(previous === undefined ? [] : signersOf(previous, own))]);
  const idle = own.find((vkey) => !signed.has(vkey));
  if (idle !== undefined) throw new Fault('signature', { file: VKEYS }, `${idle} signed nothing here`);
  const strange = checkpoint.signedBy.find((vkey) => !own.includes(vkey));
  if (strange !== undefined) throw new Fault('signature', { file: VKEYS }, `does not name ${strange}, which signed`);
  const isKnown = previous === undefined || previous.signedBy.some((vkey) => trusted.includes(vkey));
  return { checkpoint, note, previous, seen, strangers: isKnown ? [] : [...previous.signedBy].sort() };
}

/** Which of the keys signed; one of them whose signature does not fit is a fault. */
const signersOf = ({ note }: SignedCheckpoint, vkeys: readonly string[]): readonly string[] =>
  isSignedByAny(note, vkeys) ? verifyNote(note, vkeys, CHECKPOINT) : [];

/**
 * The checkpoint before. A key that is given from outside may be younger than it: then one of the bundle's own keys may have signed it, as the
 * tree that a trusted key signed leads to its root; the verdict names it.
 */
async function previousOf(
  files: BundleFiles,
  manifest: Manifest,
  vkeys: readonly string[],
): Promise<SignedCheckpoint | undefined> {
  const { origin, treeSize, first } = manifest;
  if (!manifest.files.some(({ path }) => path === PREVIOUS_CHECKPOINT)) return undefined;
  const file = PREVIOUS_CHECKPOINT;
  const previous = openCheckpoint(await readWhole(files, file, MOST_NOTE), vkeys, file);
  if (previous.origin !== origin) throw new Fault('tree', { file }, `is of the log ${previous.origin}`);
  if (previous.size > treeSize) throw new Fault('tree', { file }, `has a size of ${previous.size}, more than ${treeSize}`);
  if (isPeriodic(manifest) && previous.size < first)
    throw new Fault('tree', { file }, `has a size of ${previous.size}, less than ${first}, where the bundle begins`);
  return previous;
}

/** Whether the checkpoint before is that of the bundle before. */
export function checkPrevious({ previous }: VerifiedLog, before: BundleBefore): void {
  if (previous !== undefined && previous.note.text !== readNote(before.note, CHECKPOINT).text)
    throw new Fault('series', { file: PREVIOUS_CHECKPOINT }, 'is not the checkpoint of the bundle before');
}

/** The tiles of a complete bundle, which have to be all that there are. None is listed after the first that is missing: a size may be a lie. */
function tilesIn(manifest: Manifest, previous: number | undefined): readonly Tile[] {
  const found = new Set(manifest.files.map(({ path }) => path).filter(isTilePath));
  const tiles: Tile[] = [];
  for (const tile of eachTileOfBundle({ ...manifest, previous })) {
    const file = `${LOG}${pathOfTile(tile)}`;
    if (!found.delete(file)) throw new Fault('missing-file', { file }, 'is missing');
    tiles.push(tile);
  }
  const [more] = found;
  if (more !== undefined) throw new Fault('unknown-file', { file: more }, 'is not a tile that belongs into this bundle');
  return tiles;
}

/** The tree of a complete bundle's tiles, which lead to its root, also to that of the checkpoint before. */
export async function checkTiles(files: BundleFiles, manifest: Manifest, log: VerifiedLog): Promise<Tree | undefined> {
  const { checkpoint, previous } = log;
  if (!manifest.complete) return undefined;
  const tiles = tilesIn(manifest, previous?.size);
  const read = (path: string): Promise<Uint8Array> => readWhole(files, `${LOG}${path}`, MOST_TILE);
  const tree = openTree(checkpoint.size, read);
  for (const tile of tiles) {
    const file = `${LOG}${pathOfTile(tile)}`;
    const hashes = decodeTile(await read(pathOfTile(tile)), tile.width);
    if (hashes === undefined) throw new Fault('tree', { file }, `does not hold ${tile.width} hashes`);
    const leaves = TILE ** (tile.level + 1);
    if (tile.width === TILE && !isSameHash(rootOf(hashes), await tree.root(tile.n * leaves, (tile.n + 1) * leaves)))
      throw new Fault('tree', { file }, 'is not what the tile above says');
  }
  if (!isSameHash(await tree.root(), checkpoint.root))
    throw new Fault('tree', { file: CHECKPOINT }, 'is not the root that the tiles lead to');
  if (previous !== undefined && !isSameHash(await tree.root(0, previous.size), previous.root))
    throw new Fault(
      'tree',
      { file: PREVIOUS_CHECKPOINT },
      `is not the root of the first ${previous.size} leaves: the log was forked`,
    );
  return tree;
}
