/** Names that were checked once. A `string` becomes one of these only by the functions here. */

type Named<Kind extends string> = string & { readonly __kind: Kind };

export type CountyCode = Named<'county'>;
export type TownshipCode = Named<'township'>;
export type PersonId = Named<'person'>;
export type RiskNo = Named<'risk-no'>;
export type HazardId = Named<'hazard'>;
export type CommandId = Named<'command'>;
export type EvidenceKey = Named<'evidence'>;
export type ImportId = Named<'import'>;

/** A name that does not have the form its kind asks for. Trying again cannot help. */
export class Misnamed extends Error {
  override readonly name = 'Misnamed';
  readonly kind: string;
  constructor(kind: string, text: string) {
    super(`${JSON.stringify(text.slice(0, 80))} is not a ${kind}`);
    this.kind = kind;
  }
}

/** The only way from a text to a name: `read` throws `Misnamed`, `is` asks. */
export interface Naming<Name extends string> {
  (text: string): Name;
  readonly kind: string;
  readonly pattern: RegExp;
  is(text: string): text is Name;
}

function naming<Kind extends string>(kind: Kind, pattern: RegExp): Naming<Named<Kind>> {
  const is = (text: string): text is Named<Kind> => pattern.test(text);
  const read = (text: string): Named<Kind> => {
    if (!is(text)) throw new Misnamed(kind, text);
    return text;
  };
  return Object.assign(read, { kind, pattern, is });
}

/** GB/T 2260 code of a county, six digits. */
export const countyCode = naming('county', /^[1-9]\d{5}$/);
/** Statistics code of a township, nine digits: the county's and three more. */
export const townshipCode = naming('township', /^[1-9]\d{8}$/);
/** An opaque id of a person as the sign-in names him (`sub`): never a name or a telephone number. */
export const personId = naming('person', /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/);
/** The number of a risk point within its owner's list (风险点编号). */
export const riskNo = naming('risk-no', /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/);
/** A hazard's id begins with the letter of the colour its record stands under, so it can be found without a search. */
export const hazardId = naming('hazard', /^[ROYB][0-9A-Z]{12,30}$/);
/** What a client names a command by: the same id again is the same command. */
export const commandId = naming('command', /^[A-Za-z0-9][A-Za-z0-9._:-]{7,79}$/);
/** The steps of an import are commands of the person who asked for it, named by this and the import; nobody names his own so. */
export const IMPORT_COMMAND = 'import.';
/** Where a piece of evidence lies in the evidence bucket: in its enterprise's folder, named by the hash of its content. */
export const evidenceKey = naming('evidence', /^evidence\/[0-9A-Z]{18}\/[0-9a-f]{64}\.[a-z0-9]{3,4}$/);
/** An import's id, derived from the command that asked for it. */
export const importId = naming('import', /^[0-9a-f]{24}$/);
