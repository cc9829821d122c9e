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
export type Department = Named<'department'>;
export type ObjectId = Named<'object'>;
export type TaskId = Named<'task'>;
export type ItemNo = Named<'item-no'>;
export type DrawPeriod = Named<'draw-period'>;
export type SubscriptionId = Named<'subscription'>;
export type ReceiverId = Named<'receiver'>;
export type ExportId = Named<'export'>;
export type AuditId = Named<'audit'>;

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
/** Where a piece of evidence lies in the evidence bucket: in the folder of its enterprise or public area, named by the hash of its content. */
export const evidenceKey = naming(
  'evidence',
  /^evidence\/(?:[0-9A-Z]{18}|AREA-[1-9]\d{8}-[A-Za-z0-9][A-Za-z0-9._-]{0,31})\/[0-9a-f]{64}\.[a-z0-9]{3,4}$/,
);
/** An import's id, derived from the command that asked for it. */
export const importId = naming('import', /^[0-9a-f]{24}$/);
/** Who draws within a county: a department's code, or `GOV` for the county's government (安委办 runs its draws). */
export const department = naming('department', /^[A-Z][A-Z0-9]{1,15}$/);
export const GOVERNMENT = department('GOV');
/** What is drawn: an enterprise or a risk of a public area. Opaque in rosters, never a name. */
export const objectId = naming('object', /^(?:ENT:[0-9A-Z]{18}|AREA:[1-9]\d{8}:[A-Za-z0-9][A-Za-z0-9._-]{0,31})$/);
/**
 * A task's id begins with the letter of its object's colour, so it is found without a search; then the authority, the draw's number, the
 * iteration that drew it, and its place in the result: `R.YJJ.000017.1.0003`. It says nothing of its object.
 */
export const taskId = naming('task', /^[ROYB]\.[A-Z][A-Z0-9]{1,15}\.\d{6}\.\d{1,2}\.\d{4,6}$/);
/** The number of an item of inspection (抽查事项) within its authority's list. */
export const itemNo = naming('item-no', /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/);
/** The period of a draw as its announcement writes it: `2026-06`, `2026-05_06`, `2026-Q2`, `2026`. */
export const drawPeriod = naming('draw-period', /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:_(?:0[1-9]|1[0-2]))?|-Q[1-4])?$/);
/** Who is told where: derived from the command that made it. */
export const subscriptionId = naming('subscription', /^[0-9a-f]{20}$/);
/** Where it goes: derived from kind and address, of which it says nothing; of a feed from its subscription. */
export const receiverId = naming('receiver', /^[0-9a-f]{32}$/);
/** An export: `day-000012`, `month-000001`, or, for what somebody asked for, its kind and a name derived from the command. */
export const exportId = naming('export', /^(?:(?:day|month)-\d{6}|(?:range|enterprise|hazard|record)-[0-9a-f]{20})$/);
/** An audit (审计任务): derived from the command that opened it. */
export const auditId = naming('audit', /^[0-9a-f]{20}$/);
