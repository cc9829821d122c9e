/** The values behind commitments, as they are handed to the entitled apart from a bundle, held against its events. */
import * as z from 'zod';
import { type CommittedValue, isCommitment } from '../domain/commitment.ts';
import type { Json } from '../draw/canonical-json.ts';
import { Fault } from '../draw/fault.ts';
import { linesOf } from './bundle-files.ts';
import { commitmentOf } from './commitments.ts';
import { readLine } from './logged-line.ts';

const SALTS = 'salts.jsonl';
/** An event may hold a list of persons; a megabyte holds thousands. */
const MOST_LINE = 16 * 1024 * 1024;

const line = z.strictObject({
  subject: z.string().min(1),
  sequence: z.int().min(1),
  values: z.array(z.strictObject({ path: z.string().min(1), salt: z.string().regex(/^[0-9a-f]{64}$/), value: z.string() })),
});
type Line = z.output<typeof line>;

/** Salts and values by the id of their event. */
export type Salts = ReadonlyMap<string, readonly CommittedValue[]>;

export async function readSalts(pieces: AsyncIterable<Uint8Array>): Promise<Salts> {
  const salts = new Map<string, Line['values']>();
  let at = 0;
  for await (const bytes of linesOf(pieces, SALTS, MOST_LINE)) {
    at += 1;
    const { subject, sequence, values } = readLine(line, bytes, SALTS, at);
    const id = `${subject}:${sequence}`;
    if (salts.has(id))
      throw new Fault('commitment', { file: SALTS, place: `line ${at}` }, `${id} stands on another line already`);
    salts.set(id, values);
  }
  return salts;
}

/** What stands at a path of members from the event down, joined by points; a member's own name may hold points. */
function valueAt(value: Json, path: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries<Json>(value)) {
    if (path === name) return member;
    const found = path.startsWith(`${name}.`) ? valueAt(member, path.slice(name.length + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many commitments a value holds. */
export const commitmentsIn = (value: Json): number => {
  if (typeof value === 'string') return isCommitment(value) ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((count: number, member: Json) => count + commitmentsIn(member), 0);
};

/** Whether an event, its data whole, commits to the values that are said to be behind it. */
export function checkCommitments(event: Json, values: readonly CommittedValue[], file: string, place: string): void {
  for (const value of values)
    if (valueAt(event, value.path) !== commitmentOf(value))
      throw new Fault(
        'commitment',
        { file, place: `${place}, ${value.path}` },
        `is not the commitment of what ${SALTS} has for it`,
      );
}

/** Whether every line of the salts was about an event that was met. */
export function checkAllMet(salts: Salts, met: ReadonlySet<string>): void {
  for (const id of salts.keys())
    if (!met.has(id)) throw new Fault('commitment', { file: SALTS }, `${id} is no event of what was verified`);
}
