/** The two functions of bytes that everything here is made of, and how their values are written. */
import { createHash, createHmac, hash } from 'node:crypto';

/** H: SHA-256. Text is hashed as UTF-8. */
export const digest = (bytes: Uint8Array | string): Uint8Array => createHash('sha256').update(bytes).digest();

/** H in lower-case hex, as files name each other. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** MAC: HMAC-SHA-256. */
export const mac = (key: Uint8Array, message: string): Uint8Array => createHmac('sha256', key).update(message).digest();

const BLOCK = 64;

/**
 * MAC of ASCII texts by one key, in hex, for millions of them: HMAC is H(key ⊕ opad ‖ H(key ⊕ ipad ‖ m)), and what the key (32 bytes) is in
 * it is written once, which takes half the time of as many `createHmac`.
 */
export function macBy(key: Uint8Array): (message: string) => string {
  const padded = (pad: number, room: number): Buffer => {
    const buffer = Buffer.alloc(BLOCK + room, pad);
    for (const [at, byte] of key.entries()) buffer[at] = byte ^ pad;
    return buffer;
  };
  let inner = padded(0x36, 256);
  const outer = padded(0x5c, 32);
  return (message) => {
    if (message.length > inner.length - BLOCK) inner = padded(0x36, message.length);
    inner.write(message, BLOCK, 'latin1');
    outer.write(hash('sha256', inner.subarray(0, BLOCK + message.length), 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

/** Bytes in lower-case hex. Two of the same length are ordered as their bytes are. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** The bytes that a hex text stands for. */
export const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
