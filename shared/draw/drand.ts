/** Proves that a value is the one of its round: anybody can, offline, with the public key of the chain. */
import { bls12_381 } from '@noble/curves/bls12-381';
import { bytesOf, digest } from './bytes.ts';
import { type DrandSource, KNOWN_CHAINS } from './sources.ts';

const TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** What a round's signature says: it is proven, it is false, or the chain is none whose key is known here. */
export function proofOf(
  { chain, round }: Pick<DrandSource, 'chain' | 'round'>,
  signature: string,
): 'proven' | 'false' | 'unknown-chain' {
  const known = KNOWN_CHAINS[chain];
  if (known === undefined) return 'unknown-chain';
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(round));
  const { shortSignatures } = bls12_381;
  try {
    const hashed = shortSignatures.hash(digest(new Uint8Array(message.buffer)), TAG);
    return shortSignatures.verify(bytesOf(signature), hashed, bytesOf(known.publicKey)) ? 'proven' : 'false';
  } catch {
    return 'false'; // bytes that are no point of the curve
  }
}
