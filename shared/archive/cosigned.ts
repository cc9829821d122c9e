/**
 * What witnesses have seen of a log: of each the newest checkpoint that it cosigned, as the county keeps it. A cosignature is evidence and no act
 * of the county, so it is no event: it speaks of the log from outside, and would be worth nothing as an entry of what it vouches for.
 */
import { Fault } from '../draw/fault.ts';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { lineOf, type Note, readNote, verifyCosignature } from './note.ts';
import { COSIGNATURE, ED25519, readVkey } from './vkey.ts';

/** A checkpoint that witnesses have cosigned, and the keys of the log that signed it. */
export interface Cosigned {
  readonly size: number;
  /** With the lines of the log's own keys and of the witnesses, and no others. */
  readonly note: string;
  readonly vkeys: readonly string[];
}

/** What one witness saw last. */
export interface CosignedHead extends Cosigned {
  /** Its verifier key, of type 4. */
  readonly witness: string;
}

/** A note that was offered, and the witnesses who verifiably cosigned it. */
export interface Offered {
  readonly bytes: Uint8Array;
  readonly note: Note;
  readonly cosignedBy: readonly string[];
}

const OFFERED = 'the note offered';

const linesOf = ({ signatures }: Note, vkey: string, type: number): readonly string[] => {
  const key = readVkey(vkey, type);
  return signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId).map(lineOf);
};

/** Whose of these witnesses a note is. Nothing is looked up for it, so that who is no witness costs nothing. */
export function readOffered(bytes: Uint8Array, witnesses: readonly string[]): Offered {
  const note = readNote(bytes, OFFERED);
  const cosignedBy = witnesses.filter((witness) => linesOf(note, witness, COSIGNATURE).length > 0);
  for (const witness of cosignedBy) verifyCosignature(note, witness, OFFERED);
  if (cosignedBy.length === 0) throw new Fault('signature', { file: OFFERED }, 'is cosigned by none of the witnesses');
  return { bytes, note, cosignedBy };
}

/** The checkpoint that was offered, signed by keys of the log, and what it says each witness saw. */
export function openOffered(
  { bytes, note, cosignedBy }: Offered,
  vkeys: readonly string[],
): { readonly checkpoint: SignedCheckpoint; readonly heads: readonly CosignedHead[] } {
  const checkpoint = openCheckpoint(bytes, vkeys, OFFERED);
  const { size, signedBy } = checkpoint;
  const own = signedBy.flatMap((vkey) => linesOf(note, vkey, ED25519)).join('');
  const heads = cosignedBy.map((witness) => ({
    ...{ witness, size, vkeys: [...signedBy].sort() },
    note: `${note.text}\n${own}${linesOf(note, witness, COSIGNATURE).join('')}`,
  }));
  return { checkpoint, heads };
}

/** The newest of a size between these that a witness has seen, with the lines of all who saw that very one. */
export function newestCosigned(heads: readonly CosignedHead[], least = 0, most = Number.POSITIVE_INFINITY): Cosigned | undefined {
  const fitting = heads.filter(({ size }) => size >= least && size <= most);
  const size = Math.max(...fitting.map((head) => head.size));
  const same = fitting.filter((head) => head.size === size).sort((a, b) => (a.witness < b.witness ? -1 : 1));
  const [first] = same;
  if (first === undefined) return undefined;
  const text = first.note.slice(0, first.note.indexOf('\n\n') + 2);
  const lines = new Set(same.flatMap(({ note }) => note.slice(text.length).split('\n').filter(Boolean)));
  const vkeys = [...new Set(same.flatMap((head) => head.vkeys))].sort();
  return { size, note: `${text}${[...lines].map((line) => `${line}\n`).join('')}`, vkeys };
}
