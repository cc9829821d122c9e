/**
 * Time-stamp tokens (RFC 3161): what is asked of an authority, and what its answer is about. Whether the authority signed it is for openssl to say
 * (`openssl ts -verify`), which an auditor gives the authority's certificate.
 */
import { digest } from '../draw/bytes.ts';
import { Fault } from '../draw/fault.ts';
import { type BundleFiles, readWhole } from './bundle-files.ts';
import { CHECKPOINT, isTimestampPath } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { isSameHash } from './merkle.ts';

/** A token with the certificates of its authority. */
export const MOST_TIMESTAMP = 64 * 1024;

const INTEGER = 0x02;
const OCTETS = 0x04;
const NULL = 0x05;
const OBJECT = 0x06;
const TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const TAGGED = 0xa0;

const SHA_256 = '608648016503040201';
const SIGNED_DATA = '2a864886f70d010702';
const TIME_STAMP = '2a864886f70d0109100104';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Everything that is asked for is shorter than 128 bytes, so that a length is one byte. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  if (body.length > 127) throw new RangeError('a request is short');
  return Buffer.concat([Uint8Array.of(tag, body.length), body]);
};

/** The one writing of a number that is not negative. */
function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return Buffer.concat([Uint8Array.from((short[0] ?? 0) > 127 ? [0] : []), short]);
}

/** Asks for a token over a hash (SHA-256), with the certificates. The nonce shows that the answer is one to this request. */
export const timestampRequest = (hash: Uint8Array, nonce: Uint8Array): Uint8Array =>
  der(
    SEQUENCE,
    der(INTEGER, Uint8Array.of(1)),
    der(SEQUENCE, der(SEQUENCE, der(OBJECT, Buffer.from(SHA_256, 'hex')), der(NULL)), der(OCTETS, hash)),
    der(INTEGER, integer(nonce)),
    der(0x01, Uint8Array.of(0xff)),
  );

/** What the answer of an authority says. */
export interface Timestamp {
  /** Of what was stamped: SHA-256. */
  readonly hash: Uint8Array;
  readonly nonce: Uint8Array | undefined;
  /** `20260401002003Z` */
  readonly time: string;
}

/** Whether it answers the request with this nonce. */
export const isAnswerTo = ({ nonce }: Timestamp, asked: Uint8Array): boolean =>
  nonce !== undefined && isSameHash(nonce, integer(asked));

interface Value {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** The values that stand after each other, as DER writes them: one way, and no other. */
function valuesIn(bytes: Uint8Array): readonly Value[] | undefined {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag = 0, short = 0x80] = bytes.subarray(at, at + 2);
    const width = short > 0x80 ? short - 0x80 : 0;
    const written = bytes.subarray(at + 2, at + 2 + width);
    const length = width === 0 ? short : written.reduce((sum, byte) => sum * 256 + byte, 0);
    const from = at + 2 + width;
    const isShortest = width === 0 || (length > 127 && written[0] !== 0);
    if ((tag & 31) === 31 || short === 0x80 || width > 4 || !isShortest || from + length > bytes.length) return undefined;
    values.push({ tag, body: bytes.subarray(from, from + length) });
    at = from + length;
  }
  return values;
}

/** What an answer of an authority says, which has to have granted a token. */
export function readTimestamp(bytes: Uint8Array, file: string): Timestamp {
  const refuse = (what: string): never => {
    throw new Fault('form', { file }, what);
  };
  /** The values within one, the first of which have these tags. */
  const within = (body: Uint8Array, ...tags: readonly number[]): readonly Value[] => {
    const values = valuesIn(body);
    if (values === undefined || tags.some((tag, place) => values[place]?.tag !== tag)) return refuse('is not a time-stamp token');
    return values;
  };
  const at = (values: readonly Value[], place: number): Uint8Array => values[place]?.body ?? refuse('is not a time-stamp token');
  /** The one value that there is. */
  const only = (body: Uint8Array, tag: number): Uint8Array => {
    const values = within(body, tag);
    return values.length === 1 ? at(values, 0) : refuse('is not a time-stamp token');
  };
  const demand = (body: Uint8Array, hex: string, what: string): void => {
    if (hexOf(body) !== hex) refuse(what);
  };

  const answer = within(only(bytes, SEQUENCE), SEQUENCE);
  const status = hexOf(at(within(at(answer, 0), INTEGER), 0));
  if (status !== '00' && status !== '01') refuse(`was not granted (status ${status})`);
  const token = within(at(within(only(bytes, SEQUENCE), SEQUENCE, SEQUENCE), 1), OBJECT, TAGGED);
  demand(at(token, 0), SIGNED_DATA, 'holds no signed data');
  const signed = within(only(at(token, 1), SEQUENCE), INTEGER, SET, SEQUENCE);
  const content = within(at(signed, 2), OBJECT, TAGGED);
  demand(at(content, 0), TIME_STAMP, 'is signed data, but no time stamp');
  const stamped = only(only(at(content, 1), OCTETS), SEQUENCE);
  const info = within(stamped, INTEGER, OBJECT, SEQUENCE, INTEGER, TIME);
  const imprint = within(at(info, 2), SEQUENCE, OCTETS);
  demand(at(within(at(imprint, 0), OBJECT), 0), SHA_256, 'is not about a hash of SHA-256');
  const time = Buffer.from(at(info, 4)).toString('latin1');
  if (!/^\d{14}(?:\.\d{1,9})?Z$/.test(time)) refuse('has no time');
  return { hash: at(imprint, 1), nonce: info.slice(5).find(({ tag }) => tag === INTEGER)?.body, time };
}

/** Whether the tokens of a bundle are about its checkpoint, byte for byte. */
export async function checkTimestamps(files: BundleFiles, manifest: Manifest, checkpoint: Uint8Array): Promise<void> {
  for (const { path: file } of manifest.files.filter(({ path }) => isTimestampPath(path))) {
    const { hash } = readTimestamp(await readWhole(files, file, MOST_TIMESTAMP), file);
    if (!isSameHash(hash, digest(checkpoint)))
      throw new Fault('signature', { file }, `is about something else than ${CHECKPOINT}`);
  }
}
