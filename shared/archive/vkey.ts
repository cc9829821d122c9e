/** Verifier keys (`name+keyId+key`) of signed notes. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Fault } from '../draw/fault.ts';
import { base64Of, bytesOfBase64 } from './base64.ts';

/** Ed25519 over the note's text: a log's own key. */
export const ED25519 = 0x01;
/** Ed25519 with the time over a checkpoint: a witness's key. */
export const COSIGNATURE = 0x04;

export interface VerifierKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly keyId: string;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;

/** The first four bytes of H(name ‖ LF ‖ type ‖ public key), in hex. */
const keyIdOf = (name: string, typed: Uint8Array): string =>
  createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);

const typedKey = (type: number, publicKey: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(type), publicKey]);

/** What a name is made of: no plus sign, no control character, and no white space, listed, as no two languages agree on what that is. */
const NAMED = '[^+\\p{Cc} \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+';
const NAME = new RegExp(`^${NAMED}$`, 'u');
/** The line of a signature. */
export const SIGNATURE_LINE = new RegExp(`^— (${NAMED}) ([A-Za-z0-9+/=]+)$`, 'u');

const P = 2n ** 255n - 19n;
const OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** y of the points whose order divides 8: what such a key has signed, anybody can. */
const SMALL: readonly bigint[] = [0n, 1n, P - 1n, OF_ORDER_8, P - OF_ORDER_8];

/** Whether an Ed25519 public key is written in its one way, and stands for somebody. Node asks neither. */
function isOfSomebody(publicKey: Uint8Array): boolean {
  const y = BigInt(`0x${Buffer.from(publicKey).reverse().toString('hex')}`) % 2n ** 255n;
  return y < P && !SMALL.includes(y);
}

/** The verifier key of an Ed25519 key (its 32 bytes) under a name. */
export function vkeyOf(name: string, publicKey: Uint8Array, type = ED25519): string {
  if (!NAME.test(name) || publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError(`${JSON.stringify(name)} has no such key`);
  const typed = typedKey(type, publicKey);
  return `${name}+${keyIdOf(name, typed)}+${base64Of(typed)}`;
}

/** What a verifier key says; it has to be of the type that is expected and to have the id of its key. */
export function readVkey(text: string, type = ED25519, file = 'vkey'): VerifierKey {
  const [name = '', keyId = '', ...rest] = text.split('+');
  // Base64 may hold a plus sign itself.
  const typed = bytesOfBase64(rest.join('+'), PUBLIC_KEY_BYTES + 1);
  const fault = (what: string): Fault => new Fault('form', { file }, `${JSON.stringify(text.slice(0, 120))} ${what}`);
  if (!NAME.test(name) || typed === undefined) throw fault('is not a verifier key (name+id+key)');
  if (typed[0] !== type) throw fault(`is a key of type ${typed[0]}, not of type ${type}`);
  if (!isOfSomebody(typed.subarray(1))) throw fault('is a key that anybody can sign by, or not written in its one way');
  if (keyIdOf(name, typed) !== keyId) throw fault('does not have the id of its key');
  return { name, keyId, type, publicKey: typed.subarray(1) };
}

/** The key as node verifies with it. */
export const publicKeyOf = ({ publicKey }: VerifierKey): KeyObject =>
  createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') } });

/** The 32 bytes of an Ed25519 public key that node or KMS gives (SPKI, DER). */
export function rawPublicKey(spki: Uint8Array): Uint8Array {
  const { crv, x } = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' });
  if (crv !== 'Ed25519' || typeof x !== 'string') throw new RangeError('the key is not of Ed25519');
  return Buffer.from(x, 'base64url');
}
