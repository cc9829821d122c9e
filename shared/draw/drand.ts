/** Proves that a value is the one of its round: anybody can, offline, with the public key of the chain. */
import { bls12_381 } from '@noble/curves/bls12-381';
import { bytesOf, digest, hexOf } from './bytes.ts';
import { type DrandSource, KNOWN_CHAINS } from './sources.ts';

const TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/**
 * Whether a text is the signature of a round under a key, in the only writing that counts. The library also reads a point uncompressed, or
 * with the modulus added to its coordinate: each is another text with another hash, so whoever enters the value would have a choice.
 */
export function isSignatureOf(round: number, publicKey: string, signature: string): boolean {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(round));
  const { shortSignatures } = bls12_381;
  try {
    const point = shortSignatures.Signature.fromBytes(bytesOf(signature));
    if (hexOf(point.toBytes(true)) !== signature) return false;
    return shortSignatures.verify(point, shortSignatures.hash(digest(new Uint8Array(message.buffer)), TAG), bytesOf(publicKey));
  } catch {
    return false; // bytes that are no point of the curve
  }
}

/** What a round's signature says: it is proven, it is false, or the chain is none whose key is known here. */
export function proofOf(
  { chain, round }: Pick<DrandSource, 'chain' | 'round'>,
  signature: string,
): 'proven' | 'false' | 'unknown-chain' {
  const known = KNOWN_CHAINS[chain];
  if (known === undefined) return 'unknown-chain';
  return isSignatureOf(round, known.publicKey, signature) ? 'proven' : 'false';
}
