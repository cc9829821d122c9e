import { gzipSync } from 'node:zlib';

/** The default of zlib, named: another would be other bytes. */
const LEVEL = 6;
/** In the header: the system that packed it. Unknown, so that every system writes the same. */
const [SYSTEM_AT, UNKNOWN] = [9, 0xff];

/** Packs without time and system, so that the same text is the same file. */
export function gzipped(text: Uint8Array): Buffer {
  const packed = gzipSync(text, { level: LEVEL });
  packed[SYSTEM_AT] = UNKNOWN;
  return packed;
}
