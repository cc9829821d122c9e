import { randomBytes } from 'node:crypto';

/** As long as what is hashed or keyed with it: nobody tries them out. */
const BYTES = 32;

/** The one place that rolls dice. Everything else that looks like chance follows from what was said before. */
export const freshBytes = (): Uint8Array => randomBytes(BYTES);

/** A salt for one value, in hex. */
export const freshSalt = (): string => randomBytes(BYTES).toString('hex');
