/** The hidden half of a draw: a chain of hashes whose end is published first and whose links are used backwards. */
import { digest, hexOf } from './bytes.ts';

/** C with the given index: the secret hashed so many times. */
const hashed = (bytes: Uint8Array, times: number): Uint8Array => {
  let code = bytes;
  for (let i = 0; i < times; i++) code = digest(code);
  return code;
};

/** What an announcement commits to: the end of the chain. A chain of length n has codes for n − 1 iterations. */
export const commitmentOf = (secret: Uint8Array, length: number) => ({ length, value: hexOf(hashed(secret, length)) });

/** The code of an iteration, counted from 1. The secret itself is never one. */
export function codeOf(secret: Uint8Array, length: number, iteration: number): Uint8Array {
  if (iteration < 1 || iteration > length - 1)
    throw new RangeError(`A chain of length ${length} has no code for iteration ${iteration}`);
  return hashed(secret, length - iteration);
}

/** Whether a code of an iteration leads to the commitment. */
export const leadsTo = (code: Uint8Array, iteration: number, commitment: { readonly value: string }): boolean =>
  hexOf(hashed(code, iteration)) === commitment.value;
