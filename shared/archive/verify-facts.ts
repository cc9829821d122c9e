/** What the events of a log say of the log itself: the manifests of closed bundles, and which sizes a key signs. */
import * as z from 'zod';
import { EXPORT_KINDS } from '../domain/export.ts';
import { LOG_SUBJECT } from '../domain/sealing.ts';
import type { ReadEvent } from './logged-line.ts';

export interface LogFacts {
  /** The manifests' hashes, by kind and sequence. */
  readonly closings: Map<string, string>;
  /** The first size that a key signs, and the last. */
  readonly since: Map<string, number>;
  readonly until: Map<string, number>;
}

export const noFacts = (): LogFacts => ({ closings: new Map(), since: new Map(), until: new Map() });

export const closingKey = (kind: string, sequence: number): string => `${kind} ${sequence}`;

const count = z.int().min(0);
const closed = z.object({ kind: z.enum(EXPORT_KINDS), sequence: count, manifest: z.string().regex(/^[0-9a-f]{64}$/) });
const adopted = z.object({ vkey: z.string(), since: count });
const retired = z.object({ vkey: z.string(), until: count });

const keepLeast = (sizes: Map<string, number>, vkey: string, size: number): unknown =>
  sizes.set(vkey, Math.min(size, sizes.get(vkey) ?? size));

/** Takes in an event. One of these types without the members that count here says nothing. */
export function addFact({ closings, since, until }: LogFacts, { type, subject, data }: ReadEvent): void {
  if (type === 'ExportClosed') {
    const read = closed.safeParse(data);
    if (read.success) closings.set(closingKey(read.data.kind, read.data.sequence), read.data.manifest);
  }
  if (subject !== LOG_SUBJECT) return;
  if (type === 'SealingKeyAdopted') {
    const read = adopted.safeParse(data);
    if (read.success) keepLeast(since, read.data.vkey, read.data.since);
  }
  if (type === 'SealingKeyRetired') {
    const read = retired.safeParse(data);
    if (read.success) keepLeast(until, read.data.vkey, read.data.until);
  }
}

/** Whether a key signs heads of that size. A key that was retired does not come back. */
export const signsAt = ({ since, until }: LogFacts, vkey: string, size: number): boolean =>
  (since.get(vkey) ?? 0) <= size && size <= (until.get(vkey) ?? Number.MAX_SAFE_INTEGER);
