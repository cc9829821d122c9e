/** Heads of the log from elsewhere (of a witness, an older bundle, a note): whether the log that bundles prove has had them. */
import { Fault } from '../draw/fault.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { LOG } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { type Hash, isSameHash } from './merkle.ts';
import { TILE } from './paths.ts';
import { pathOfTile, tileAt } from './tiles.ts';
import type { Tree } from './tree.ts';

/** A size and a root that the log has to have had. */
export interface KnownHead {
  /** The name by which a fault is told. */
  readonly file: string;
  readonly size: number;
  readonly root: Hash;
  /** Of a checkpoint, whose signature was verified. */
  readonly origin?: string | undefined;
}

/** What a verified bundle knows of the log. */
export interface KnownLog {
  readonly manifest: Manifest;
  readonly head: Pick<SignedCheckpoint, 'size' | 'root'>;
  /** Of a complete bundle. */
  readonly tree: Tree | undefined;
}

function holds({ manifest }: KnownLog, size: number): boolean {
  const tile = tileAt(0, Math.floor(size / TILE), manifest.treeSize);
  return size % TILE === 0 || (tile !== undefined && manifest.files.some(({ path }) => path === `${LOG}${pathOfTile(tile)}`));
}

/** The root at a size, by the first bundle that can tell it. */
async function rootAt(size: number, logs: readonly KnownLog[]): Promise<Hash | undefined> {
  for (const log of logs) {
    if (size === log.head.size) return log.head.root;
    if (log.tree !== undefined && size < log.head.size && holds(log, size)) return log.tree.root(0, size);
  }
  return undefined;
}

export async function checkHead({ file, size, root, origin }: KnownHead, logs: readonly KnownLog[]): Promise<void> {
  const refuse = (what: string): never => {
    throw new Fault('tree', { file }, what);
  };
  const own = logs[0]?.manifest.origin;
  if (origin !== undefined && origin !== own) refuse(`is of the log ${origin}, not of ${own}`);
  const found = await rootAt(size, logs);
  if (found === undefined)
    return refuse(`is of ${size} events, of which no bundle given has the tiles: add the one that ends there, or a later one`);
  if (!isSameHash(found, root)) refuse(`is not a state of the log at ${size} events: it was forked or rewritten`);
}
