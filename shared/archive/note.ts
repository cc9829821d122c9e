/** Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature. */
import { verify } from 'node:crypto';
import { Fault } from '../draw/fault.ts';
import { base64Of, bytesOfBase64 } from './base64.ts';
import { COSIGNATURE, ED25519, publicKeyOf, readVkey, SIGNATURE_LINE, type VerifierKey } from './vkey.ts';

/** Who signs: a key of KMS or one that was provided. Ed25519 over the bytes themselves. */
export interface NoteSigner {
  readonly vkey: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface Note {
  /** With its last line feed, without the empty line: what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const KEY_ID_BYTES = 4;
/** The specification asks for at least sixteen. */
const MOST_SIGNATURES = 64;

/** The line of a signature. */
export const lineOf = ({ name, keyId, signature }: NoteSignature): string =>
  `— ${name} ${base64Of(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;

/** The note of a text that each of the signers signs, in their order. The text ends with a line feed. */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  if (!text.endsWith('\n') || signers.length === 0) throw new RangeError('a note has a text of whole lines and a signature');
  const lines: string[] = [];
  for (const signer of signers) {
    const { name, keyId } = readVkey(signer.vkey);
    lines.push(lineOf({ name, keyId, signature: await signer.sign(Buffer.from(text)) }));
  }
  return `${text}\n${lines.join('')}`;
}

const signatureOf = (line: string): NoteSignature | undefined => {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : bytesOfBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  const keyId = Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex');
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
};

/** The characters that no note may hold: those below the blank, but the line feed. */
const isControl = (unit: string): boolean => unit < ' ' && unit !== '\n';

/** A note as it was signed, nothing verified yet. */
export function readNote(bytes: Uint8Array, file: string): Note {
  const fault = (what: string): Fault => new Fault('form', { file }, what);
  let whole: string;
  try {
    whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fault('is not UTF-8');
  }
  const end = whole.lastIndexOf('\n\n');
  const lines = whole.slice(end + 2).split('\n');
  if (end < 0 || lines.pop() !== '' || lines.length === 0) throw fault('is not a signed note');
  if (Array.from(whole).some(isControl)) throw fault('has control characters');
  if (lines.length > MOST_SIGNATURES) throw fault(`has more than ${MOST_SIGNATURES} signatures`);
  const signatures = lines.map((line, at) => {
    const signature = signatureOf(line);
    if (signature === undefined) throw fault(`is not a signed note: signature ${at + 1} is none`);
    return signature;
  });
  const signers = new Set(signatures.map(({ name, keyId }) => `${name}+${keyId}`));
  if (signers.size < signatures.length) throw fault('has two signatures of one key');
  return { text: whole.slice(0, end + 1), signatures };
}

const isVerified = (key: VerifierKey, message: string, signature: Uint8Array): boolean =>
  verify(null, Buffer.from(message), publicKeyOf(key), signature);

const isOf = (key: VerifierKey, { name, keyId }: NoteSignature): boolean => key.name === name && key.keyId === keyId;

/** Whether a signature of one of the keys stands there, whatever it is worth. */
export const isSignedByAny = ({ signatures }: Note, vkeys: readonly string[]): boolean =>
  vkeys.some((vkey) => signatures.some((signature) => isOf(readVkey(vkey), signature)));

/**
 * The verifier keys that signed a note, at least one. Signatures of other keys and of witnesses are passed over, but one of a known key that
 * does not fit is a fault whatever else is there.
 */
export function verifyNote({ text, signatures }: Note, vkeys: readonly string[], file: string): readonly string[] {
  const signed = vkeys.filter((vkey) => {
    const key = readVkey(vkey, ED25519);
    const of = signatures.find((signature) => isOf(key, signature));
    if (of === undefined || isVerified(key, text, of.signature)) return of !== undefined;
    throw new Fault('signature', { file }, `the signature of ${key.name}+${key.keyId} does not fit`);
  });
  if (signed.length === 0)
    throw new Fault('signature', { file }, `is signed by none of the keys: ${vkeys.join(', ') || 'none is known'}`);
  return signed;
}

const TIME_BYTES = 8;
const cosigned = (seconds: bigint, text: string): string => `cosignature/v1\ntime ${seconds}\n${text}`;
/** The end of the year 9999: what is later is no time that anybody signs. */
const LAST_SECOND = 253_402_300_799n;

/** The line by which a witness says that it saw a checkpoint at a time (seconds since 1970); its key is one of type 4. */
export async function cosignatureLine({ text }: Note, witness: NoteSigner, seconds: number): Promise<string> {
  const { name, keyId } = readVkey(witness.vkey, COSIGNATURE);
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = await witness.sign(Buffer.from(cosigned(BigInt(seconds), text)));
  return lineOf({ name, keyId, signature: Buffer.concat([time, signature]) });
}

/** The time (seconds since 1970) at which a witness saw a checkpoint, by its verifier key of type 4. It has to have cosigned. */
export function verifyCosignature({ text, signatures }: Note, witness: string, file: string): number {
  const key = readVkey(witness, COSIGNATURE);
  const of = signatures.find((signature) => isOf(key, signature))?.signature;
  if (of === undefined) throw new Fault('signature', { file }, `is not cosigned by ${key.name}+${key.keyId}`);
  const seconds = of.length > TIME_BYTES ? Buffer.from(of).readBigUInt64BE() : 0n;
  const isTime = seconds <= LAST_SECOND;
  if (isTime && isVerified(key, cosigned(seconds, text), of.subarray(TIME_BYTES))) return Number(seconds);
  throw new Fault('signature', { file }, `the cosignature of ${key.name}+${key.keyId} does not fit`);
}
