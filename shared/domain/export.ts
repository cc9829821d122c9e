/**
 * An export (导出): a bundle of files that anybody can check without trusting who made it. Bundles of days and months are made by
 * themselves, are complete and follow each other without a gap; the others somebody asked for.
 */
import type { Day, Instant } from './calendar.ts';
import type { CreditCode } from './credit-code.ts';
import type { AuditId, CountyCode, ExportId, HazardId } from './ids.ts';

export const EXPORT_KINDS = ['day', 'month', 'range', 'enterprise', 'hazard', 'record'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** Made by themselves, kept under lock, each going on where the one before ends. */
export const PERIODIC_KINDS = ['day', 'month'] as const satisfies readonly ExportKind[];
export type PeriodicKind = (typeof PERIODIC_KINDS)[number];

/** SHA-256 in small hex. */
export type Sha256 = string;

/** From one day to another, both included. */
export interface Days {
  readonly from: Day;
  readonly to: Day;
}

/**
 * What somebody asked for. A range names days of the log; a record is one event; of an enterprise or a hazard it is all, or with `days` what
 * was recorded on these.
 */
export type ExportRequest =
  | ({ readonly kind: 'range' } & Days)
  | { readonly kind: 'enterprise'; readonly enterprise: CreditCode; readonly days?: Days | undefined }
  | { readonly kind: 'hazard'; readonly hazard: HazardId; readonly days?: Days | undefined }
  | { readonly kind: 'record'; readonly subject: string; readonly sequence: number };

/** The days that a request names; of one without, its events say them. */
export const daysAsked = (request: ExportRequest): Days | undefined => {
  if (request.kind === 'range') return { from: request.from, to: request.to };
  return request.kind === 'record' ? undefined : request.days;
};

/** `writing`: slices are being written, `closed`: its manifest is on the ledger and nothing of it changes any more. */
export const EXPORT_STAGES = ['writing', 'closed'] as const;
export type ExportStage = (typeof EXPORT_STAGES)[number];

/** The state of an export. */
export interface Export {
  readonly id: ExportId;
  readonly county: CountyCode;
  readonly kind: ExportKind;
  readonly request?: ExportRequest | undefined;
  /** The days that it is about, both included: those that were asked for, else of a record, a hazard or an enterprise all of its events'. */
  readonly from: Day;
  readonly to: Day;
  /** The range of the log, `end` not included. A bundle that is not complete has only some of it. */
  readonly first: number;
  readonly end: number;
  /** The checkpoint that it is proved by. */
  readonly treeSize: number;
  readonly stage: ExportStage;
  readonly startedAt: Instant;
  readonly slices: number;
  /** The first places of its slices, where their bytes and not their numbers say where one ends. */
  readonly starts?: readonly number[] | undefined;
  readonly closed?: ClosedExport | undefined;
  /** The last sequence of its subject in the ledger. */
  readonly version: number;
}

/** What stands once it is closed. */
export interface ClosedExport {
  readonly at: Instant;
  /** 1, 2, 3 … of its county and kind. */
  readonly sequence: number;
  readonly manifest: Sha256;
  readonly root: Sha256;
  readonly events: number;
  readonly files: number;
  readonly bytes: number;
}

export const exportSubject = (id: ExportId): string => `EXPORT#${id}`;

export type ExportFact =
  | {
      readonly type: 'ExportBegun';
      readonly data: {
        readonly kind: ExportKind;
        readonly request?: ExportRequest | undefined;
        readonly reason?: string | undefined;
        readonly from: Day;
        readonly to: Day;
        readonly first: number;
        readonly end: number;
        readonly treeSize: number;
        /** Where slices begin, if not after so many events each. */
        readonly starts?: readonly number[] | undefined;
      };
    }
  /** With the hash of its manifest, so that the chain of manifests stands in the log itself. */
  | { readonly type: 'ExportClosed'; readonly data: Omit<ClosedExport, 'at'> & { readonly kind: ExportKind } }
  /** Addresses of its files were given to somebody, who could read them from then on. */
  | {
      readonly type: 'ExportRead';
      readonly data: { readonly files: readonly string[]; readonly audit?: AuditId | undefined };
    }
  /** Somebody read the salts and values of its commitments: those of these events. */
  | {
      readonly type: 'SaltsRead';
      readonly data: { readonly values: number; readonly events?: readonly string[]; readonly audit?: AuditId | undefined };
    };
