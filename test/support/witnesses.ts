/** Witnesses of a log, each with the same key in every run. */
import { createPublicKey, sign } from 'node:crypto';
import type { NoteSigner } from '../../shared/archive/note.ts';
import { COSIGNATURE, rawPublicKey, vkeyOf } from '../../shared/archive/vkey.ts';
import { keyOfSeed } from './bundles-of.ts';

export const WITNESS_NAME = 'archive.example/witness';

export function witnessOf(seed: string): NoteSigner {
  const key = keyOfSeed(seed);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { vkey: vkeyOf(WITNESS_NAME, rawPublicKey(spki), COSIGNATURE), sign: async (bytes) => sign(null, bytes, key) };
}
