/** What can be wrong with a draw, and with an export of the log. */
export const FAULT_CODES = [
  'form', // a value or a file does not keep to its form
  'missing-file',
  'unknown-file',
  'nothing-to-draw',
  'too-early', // the randomness could be known when the inputs are frozen
  'few-bits',
  'object-twice',
  'inspector-twice',
  'recusal-unknown',
  'empty-stratum',
  'unknown-stratum',
  'quota-above-stratum',
  'few-items',
  'infeasible',
  'changed-file', // not the file that was announced
  'randomness',
  'code',
  'substitution',
  'result',
  'not-revealed',
  'series',
  'signature', // of the log's head
  'tree', // what is not what the signed root says
  'order', // an index or a sequence is missing, double or out of its place
  'evidence',
  'commitment',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** Something that is wrong: what kind of thing, in which file, at which place, in a sentence that names all three. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly file: string;
  readonly place: string | undefined;
  readonly what: string;
  constructor(code: FaultCode, at: { readonly file: string; readonly place?: string | undefined }, what: string) {
    super(`${at.file}${at.place === undefined ? '' : `, ${at.place}`}: ${what}.`);
    this.code = code;
    this.file = at.file;
    this.place = at.place;
    this.what = what;
  }

  /** The same fault of a file in a folder. */
  inFolder(folder: string): Fault {
    return new Fault(this.code, { file: `${folder}/${this.file}`, place: this.place }, this.what);
  }
}
