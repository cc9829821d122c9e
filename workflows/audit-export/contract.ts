/**
 * What the workflow and the functions around it say to each other. Payloads are ids and numbers: the export in the table says the rest.
 * `test/workflows` holds the definition against these schemas.
 */
import * as z from 'zod';
import type { Day } from '../../shared/domain/calendar.ts';
import { ROLES } from '../../shared/domain/caller.ts';
import { type ExportId, exportId, hazardId, personId } from '../../shared/domain/ids.ts';
import { creditCode, day as dayText, instantText, line, named, owner } from '../../shared/runtime/schemas.ts';

const day = dayText.transform((text) => text as Day); // a real date by its schema

const days = z.strictObject({ from: day, to: day }).optional();

/** What somebody may ask for, as it comes in. */
export const exportRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('range'), from: day, to: day }),
  z.strictObject({ kind: z.literal('enterprise'), enterprise: creditCode, days }),
  z.strictObject({ kind: z.literal('hazard'), hazard: named(hazardId), days }),
  z.strictObject({ kind: z.literal('record'), subject: line(200), sequence: z.int().min(1) }),
]);

/** Who asked for what, and why, where that was not the calendar: one, or none. */
const asked = z
  .array(
    z.strictObject({
      id: named(exportId),
      request: exportRequest,
      reason: line(200),
      by: z.strictObject({ id: named(personId), role: z.enum(ROLES), owner: owner.optional() }),
    }),
  )
  .max(1);

/** What an execution starts with: `at` on the county's clock. Without `asked` it makes whatever bundles of days and months are due by then. */
export const exportRunInput = z.strictObject({ at: instantText, asked });
export type ExportRunInput = z.input<typeof exportRunInput>;
export type AskedExport = z.output<typeof exportRunInput>['asked'][number];

/** To begin-export. */
export const beginInput = exportRunInput;
export type Begin = z.output<typeof beginInput>;

/** `write`: these slices are still to be written; `done`: nothing is due, or it is closed already; `refused`: there is no such thing in the log, or too much of it. */
export const begunOutcome = z.strictObject({ step: z.string().min(1), id: z.string(), slices: z.array(z.int().min(0)) });
export type BegunOutcome = z.output<typeof begunOutcome>;

/** To export-slice. */
export const sliceInput = z.strictObject({ id: named(exportId), slice: z.int().min(0), at: instantText });
export type SliceOfRun = z.output<typeof sliceInput>;

/** To close-export. Its answer is nobody's: begin-export is asked next, and says that all is done or what is not. */
export const closeInput = z.strictObject({ id: named(exportId), at: instantText });
export type Close = z.output<typeof closeInput>;

/** An execution of what somebody asked for is named by its export, so asking twice starts one; those of the schedule are named by the service. */
export const exportRunName = ({ id, attempt }: ExportRun): string => `${id}-r${attempt}`;

export interface ExportRun {
  readonly id: ExportId;
  /** 0, and one more where the run before has failed. */
  readonly attempt: number;
}

const NAME = /^(.+)-r(\d+)$/;

/** The run of an execution's name; `undefined` for one of the schedule or of somebody's own. */
export function exportRunOf(name: string): ExportRun | undefined {
  const [, id = '', attempt] = NAME.exec(name) ?? [];
  return exportId.is(id) ? { id, attempt: Number(attempt) } : undefined;
}
