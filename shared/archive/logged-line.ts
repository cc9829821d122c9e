/** A line of the record: an entry of the log as it stands in a file of events. */
import * as z from 'zod';
import { dayOf, instant } from '../domain/calendar.ts';
import { STANDINGS } from '../domain/colour.ts';
import { canonical, type Json } from '../draw/canonical-json.ts';
import { Fault } from '../draw/fault.ts';
import { isDeeper, type LargeData, MOST_DEEP } from './entry.ts';
import type { EventsFile } from './layout.ts';
import { DAY } from './manifest.ts';

type Members = { readonly [name: string]: Json };
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
/** JSON already, as it was read: whatever members it has are its own. */
const members = z.custom<Members>(isMembers, 'is not an object');

const event = z.strictObject({
  index: z.int().min(0),
  id: z.string(),
  at: z.string().refine(isInstant, 'is not an instant'),
  county: z.string(),
  colour: z.enum(STANDINGS),
  type: z.string().min(1),
  subject: z.string().min(1),
  sequence: z.int().min(1),
  actor: members,
  data: members,
  schema: z.int().min(1),
});
export type ReadEvent = z.output<typeof event>;

function isInstant(text: string): boolean {
  try {
    return instant(text) === text && DAY.test(dayOf(instant(text)));
  } catch {
    return false;
  }
}

const opensMany = (bytes: Uint8Array): boolean => {
  let opened = 0;
  for (const byte of bytes) if (byte === 0x5b || byte === 0x7b) opened += 1;
  return opened > MOST_DEEP;
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value of JSON that has to be written in its only way. */
export function readCanonical(bytes: Uint8Array, file: string, place?: string): Json {
  let value: Json;
  let again: Uint8Array;
  try {
    value = JSON.parse(decoder.decode(bytes));
    if (opensMany(bytes) && isDeeper(value, MOST_DEEP))
      throw new TypeError(`more than ${MOST_DEEP} lists and objects in each other`);
    again = canonical(value);
  } catch (cause) {
    throw new Fault('form', { file, place }, `is not canonical JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  if (Buffer.compare(bytes, again) !== 0) throw new Fault('form', { file, place }, 'is not canonical JSON (RFC 8785)');
  return value;
}

/** The value of a canonical line, which has to have the form of its schema. */
export function readLine<T>(schema: z.ZodType<T>, line: Uint8Array, file: string, at: number): T {
  const read = schema.safeParse(readCanonical(line, file, `line ${at}`));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const member = issue === undefined || issue.path.length === 0 ? '' : `, ${issue.path.map(String).join('.')}`;
  throw new Fault('form', { file, place: `line ${at}${member}` }, issue?.message ?? 'is refused');
}

/** The event of a line, which has to be one that belongs into its file. */
export function readEvent(line: Uint8Array, { path, county, colour, date }: EventsFile, at: number): ReadEvent {
  const read = readLine(event, line, path, at);
  const refuse = (member: string, what: string): never => {
    throw new Fault('form', { file: path, place: `line ${at}, ${member}` }, what);
  };
  if (read.id !== `${read.subject}:${read.sequence}`)
    refuse('id', `is ${read.id} for number ${read.sequence} of ${read.subject}`);
  if (read.county !== county) refuse('county', `is ${read.county} in a file of ${county}`);
  if (read.colour !== colour) refuse('colour', `is ${read.colour} in a file of ${colour}`);
  const day = dayOf(instant(read.at));
  if (day !== date) refuse('at', `is on ${day} in a file of ${date}`);
  return read;
}

const large = z.strictObject({ large: z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }) });

/** What stands in the place of data too long for its entry. */
export const largeDataOf = ({ data }: ReadEvent): LargeData['large'] | undefined => large.safeParse(data).data?.large;
