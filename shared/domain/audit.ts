/**
 * An audit (审计任务): who may read which days of the county's exports, until when. An auditor reads nothing that no open audit of his is
 * about.
 */
import type { Day, Instant } from './calendar.ts';
import type { AuditId, CountyCode, PersonId } from './ids.ts';

export interface AuditContent {
  readonly auditor: PersonId;
  /** The days whose exports he may read, both included. */
  readonly from: Day;
  readonly to: Day;
  /** It ends by itself then. */
  readonly until: Instant;
  /** Whether he may also read what stands as commitments. */
  readonly readsPersonalData: boolean;
  readonly reason: string;
}

export interface Audit extends AuditContent {
  readonly id: AuditId;
  readonly county: CountyCode;
  readonly openedAt: Instant;
  readonly ended?: { readonly at: Instant; readonly because: string } | undefined;
  /** The last sequence of its subject in the ledger. */
  readonly version: number;
}

export const auditSubject = (id: AuditId): string => `AUDIT#${id}`;

/** Whether it gives any right at that time. */
export const isOpenAt = ({ until, ended }: Pick<Audit, 'until' | 'ended'>, at: Instant): boolean =>
  ended === undefined && at < until;

/** Whether all days from one to another are among those that it is about. */
export const coversDays = (audit: Pick<Audit, 'from' | 'to'>, { from, to }: Pick<Audit, 'from' | 'to'>): boolean =>
  audit.from <= from && to <= audit.to;

export type AuditFact =
  | { readonly type: 'AuditOpened'; readonly data: AuditContent }
  | { readonly type: 'AuditEnded'; readonly data: { readonly because: string } };
