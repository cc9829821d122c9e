/** RFC 8785 (JCS) for what the files hold: one value has one text, so a hash of the file is a hash of the value. */
import type * as z from 'zod';
import { FAULT_CODES, Fault, type FaultCode } from './fault.ts';

/** What a file may hold. Numbers are whole and exact. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const LONE_SURROGATE = /\p{Surrogate}/u;

function quoted(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new TypeError('half of a surrogate pair has no bytes');
  return JSON.stringify(text);
}

/** The only text that stands for the value. */
export function canonicalText(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a whole number that is exact everywhere`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not of JSON`);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)); // by UTF-16 units, as JCS has it
  return `{${members.map(([name, member]) => `${quoted(name)}:${canonicalText(member)}`).join(',')}}`;
}

/** The only bytes that stand for the value. */
export const canonical = (value: Json): Uint8Array => Buffer.from(canonicalText(value));

/** Where two byte strings part, or nothing if they are equal. */
function partingOf(a: Uint8Array, b: Uint8Array): number | undefined {
  if (Buffer.compare(a, b) === 0) return undefined;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return shorter;
}

const placeOf = (path: readonly PropertyKey[]): string | undefined =>
  path.length === 0
    ? undefined
    : path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
        .join('')
        .replace(/^\./, '');

/** A refinement's own code, where it gives one; everything else about a single value is a matter of form. */
const codeOf = (issue: z.core.$ZodIssue): FaultCode =>
  FAULT_CODES.find((code) => issue.code === 'custom' && code === issue.params?.fault) ?? 'form';

/** The value as its schema has it, or the first rule that it breaks. */
export function asSchema<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue === undefined) throw new Fault('form', { file }, 'is refused');
  throw new Fault(codeOf(issue), { file, place: placeOf(issue.path) }, issue.message);
}

/** The value of a JSON file, which has to be canonical and to have exactly the members of its schema. */
export function readJson<T extends Json>(schema: z.ZodType<T>, bytes: Uint8Array, file: string): T {
  let value: unknown;
  let expected: Uint8Array;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    expected = Buffer.from(canonicalText(value));
  } catch (cause) {
    throw new Fault('form', { file }, `is not canonical JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  const at = partingOf(bytes, expected);
  if (at !== undefined) throw new Fault('form', { file, place: `byte ${at}` }, 'is not canonical JSON (RFC 8785)');
  const read = asSchema(schema, value, file);
  // A member that a schema passes over would be one that no rule is about.
  if (partingOf(bytes, canonical(read)) !== undefined) throw new Fault('form', { file }, 'has members that do not belong there');
  return read;
}
