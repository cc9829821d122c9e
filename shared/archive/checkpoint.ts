/** Checkpoints (C2SP tlog-checkpoint): the head of a log as the text of a signed note, without extension lines. */
import { Fault } from '../draw/fault.ts';
import { base64Of, bytesOfBase64 } from './base64.ts';
import { HASH_BYTES, type Hash } from './merkle.ts';
import { type Note, readNote, verifyNote } from './note.ts';

export interface Checkpoint {
  /** The log's name, which is that of its keys too: `<log host>/<county>`. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/** The text that is signed. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64Of(root)}\n`;

/** What the text of a note says of a log. */
export function readCheckpoint(text: string, file: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...rest] = text.split('\n');
  const root = bytesOfBase64(encoded, HASH_BYTES);
  const isSize = /^(?:0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size));
  if (origin !== '' && isSize && root !== undefined && rest.length === 1 && rest[0] === '')
    return { origin, size: Number(size), root };
  throw new Fault('form', { file }, 'is not a checkpoint (origin, size, root)');
}

/** A checkpoint whose signature was verified, and by which keys. */
export interface SignedCheckpoint extends Checkpoint {
  readonly signedBy: readonly string[];
  readonly note: Note;
}

/** A signed checkpoint, verified: its keys are those of its origin. */
export function openCheckpoint(bytes: Uint8Array, vkeys: readonly string[], file: string): SignedCheckpoint {
  const note = readNote(bytes, file);
  const checkpoint = readCheckpoint(note.text, file);
  const own = vkeys.filter((vkey) => vkey.startsWith(`${checkpoint.origin}+`));
  if (own.length === 0)
    throw new Fault(
      'signature',
      { file },
      `is of the log ${checkpoint.origin}, of which no key is known: ${vkeys.join(', ') || 'none at all'}`,
    );
  return { ...checkpoint, signedBy: verifyNote(note, own, file), note };
}
