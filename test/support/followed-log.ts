/** A log of any entries as it lies open to everybody: its checkpoint and the tiles of its hashes. */
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { leafHash } from '../../shared/archive/merkle.ts';
import { type NoteSigner, signNote } from '../../shared/archive/note.ts';
import { growTiles } from '../../shared/archive/tiles.ts';
import type { ReadTile } from '../../shared/archive/tree.ts';
import { ORIGIN, SIGNER } from './bundles-of.ts';

export interface FollowedLog {
  readonly note: string;
  readonly read: ReadTile;
}

export async function followedLog(entries: readonly string[], signers: readonly NoteSigner[] = [SIGNER]): Promise<FollowedLog> {
  const growing = await growTiles();
  const tiles = new Map<string, Uint8Array>();
  for (const entry of entries) for (const { path, bytes } of growing.add(leafHash(Buffer.from(entry)))) tiles.set(path, bytes);
  for (const { path, bytes } of growing.edge()) tiles.set(path, bytes);
  return {
    note: await signNote(checkpointText({ origin: ORIGIN, size: entries.length, root: growing.root() }), signers),
    read: async (path) => {
      const bytes = tiles.get(path);
      if (bytes === undefined) throw new Error(`${path} is not there`);
      return bytes;
    },
  };
}
