/**
 * The entry of the log for one event of the ledger: the event and its index, canonical (RFC 8785). An entry holds at most 65,535 bytes, as
 * its length is written in two; what would be longer stands with its data by its hash, and the data lies beside the log.
 */
import type { LedgerEvent } from '../domain/ledger-event.ts';
import { sha256 } from '../draw/bytes.ts';
import { canonical, type Json } from '../draw/canonical-json.ts';

export const MOST_ENTRY_BYTES = 65_535;

/** Lists and objects in each other: more than any event has, and few enough for every program that reads them. */
export const MOST_DEEP = 100;
export const isDeeper = (value: Json, most: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (most === 0 || Object.values(value).some((each: Json) => isDeeper(each, most - 1)));

/** The log names its entries by their subjects, hundreds in an item of its table: no subject of ours is nearly as long. */
const MOST_SUBJECT_BYTES = 700;
export const isSubjectTooLong = (subject: string): boolean => Buffer.byteLength(subject) > MOST_SUBJECT_BYTES;

/** As far as batches count. What has an entry with this index has one with any. */
export const LAST_INDEX = 999_999_999_999;

/** An event of the ledger with its place in the county's log. */
export type LoggedEvent = LedgerEvent & { readonly index: number };

/** In the place of `data` that is too long for an entry. */
export interface LargeData {
  readonly large: { readonly bytes: number; readonly sha256: string };
}

export interface SealedEntry {
  readonly bytes: Uint8Array;
  /** The data that stands by its hash only, canonical. */
  readonly large?: { readonly sha256: string; readonly bytes: Uint8Array };
}

/** Members that are not there are not written: DynamoDB keeps none either. */
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/**
 * The entry of an event. Throws `TypeError` for what has no canonical form (a number that is not whole), and `RangeError` where even without
 * its data it is too long, its subject is, or it is deeper than verifiers read: `commit` lets no such event in.
 */
export function entryOf(event: LedgerEvent, index: number): SealedEntry {
  const entry = json({ ...event, index });
  if (isDeeper(entry, MOST_DEEP)) throw new RangeError(`the event has more than ${MOST_DEEP} lists and objects in each other`);
  if (isSubjectTooLong(event.subject)) throw new RangeError(`a subject has at most ${MOST_SUBJECT_BYTES} bytes`);
  const bytes = canonical(entry);
  if (bytes.length <= MOST_ENTRY_BYTES) return { bytes };
  const data = canonical(json(event.data));
  const hash = sha256(data);
  const short: LargeData = { large: { bytes: data.length, sha256: hash } };
  const shortened = canonical(json({ ...event, data: short, index }));
  if (shortened.length > MOST_ENTRY_BYTES) {
    throw new RangeError(`beside its data the event has ${shortened.length} bytes, and an entry holds ${MOST_ENTRY_BYTES}`);
  }
  return { bytes: shortened, large: { sha256: hash, bytes: data } };
}
