/** Gzip as bundles have it: one member without name, comment and time, and nothing after it. What it unpacks to is never held whole. */
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Fault } from '../draw/fault.ts';

/** Magic, deflate, no flags, no time; what packed it and on which system is said by two bytes more. */
const HEAD = Uint8Array.of(0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0);
const HEAD_BYTES = HEAD.length + 2;
/** CRC-32 and length of what was packed, the lower bytes first. */
const TAIL_BYTES = 8;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ 0xed_b8_83_20 : remainder >>> 1;
  return remainder;
});

/** node:zlib has it from 20.15 on; the county may run an earlier one. */
function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** By its code: an error of node's own is none of this realm's where a test runs. */
const isOfZlib = (error: unknown): error is { readonly message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_') && 'message' in error;

/** What a gzip file unpacks to. */
export async function* gunzip(pieces: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const fault = (what: string): Fault => new Fault('form', { file }, what);
  const inflate = createInflateRaw();
  let packed = 0;
  let tail: Buffer = Buffer.alloc(0);

  async function* body(): AsyncGenerator<Uint8Array> {
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const piece of pieces) {
      let bytes: Uint8Array = piece;
      if (head !== undefined) {
        head = Buffer.concat([head, piece]);
        if (head.length < HEAD_BYTES) continue;
        if (Buffer.compare(head.subarray(0, HEAD.length), HEAD) !== 0) throw fault('is not gzip without name and time');
        bytes = head.subarray(HEAD_BYTES);
        head = undefined;
      }
      const known = Buffer.concat([tail, bytes]);
      const some = known.subarray(0, Math.max(0, known.length - TAIL_BYTES));
      tail = known.subarray(some.length);
      packed += some.length;
      if (some.length > 0) yield some;
    }
    if (head !== undefined) throw fault('is not gzip without name and time');
  }

  let [length, crc] = [0, 0];
  try {
    // What goes wrong in the source comes out of the stream that is read here.
    for await (const piece of pipeline(Readable.from(body()), inflate, () => {})) {
      length += piece.length;
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    if (error instanceof Fault || !isOfZlib(error)) throw error;
    throw fault(`cannot be unpacked (${error.message})`);
  }
  if (inflate.bytesWritten !== packed) throw fault('goes on after its end');
  if (tail.length < TAIL_BYTES || tail.readUInt32LE(0) !== crc || tail.readUInt32LE(4) !== length % 2 ** 32)
    throw fault('does not unpack to what was packed');
}
