/** The two functions of bytes that everything here is made of, and how their values are written. */
import { createHash, createHmac } from 'node:crypto';

/** H: SHA-256. Text is hashed as UTF-8. */
export const digest = (bytes: Uint8Array | string): Uint8Array => createHash('sha256').update(bytes).digest();

/** H in lower-case hex, as files name each other. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** MAC: HMAC-SHA-256. */
export const mac = (key: Uint8Array, message: string): Uint8Array => createHmac('sha256', key).update(message).digest();

/** Bytes in lower-case hex. Two of the same length are ordered as their bytes are. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** The bytes that a hex text stands for. */
export const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
