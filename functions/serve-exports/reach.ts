/** Who reaches which bundle: by his office, by its being of his own enterprise, or by an audit that is open. */
import { occasionOf } from '../../shared/data/asked.ts';
import type { AuditStore } from '../../shared/data/audit-store.ts';
import type { ExportStore, StoredExport } from '../../shared/data/export-store.ts';
import type { RecordSeen } from '../../shared/data/seen-store.ts';
import { grantOf, mayDo } from '../../shared/domain/access.ts';
import { type Audit, coversDays, isOpenAt } from '../../shared/domain/audit.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type Export, exportSubject } from '../../shared/domain/export.ts';
import type { ExportId } from '../../shared/domain/ids.ts';
import type { ReadRefusal } from '../../shared/domain/seen.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type { Bundle } from './bundles.ts';
import { subjectOf, type WhoseDependencies } from './whose.ts';

export interface ReachDependencies extends WhoseDependencies {
  readonly exports: ExportStore;
  readonly audits: AuditStore;
  readonly recordSeen: RecordSeen;
}

interface Asking {
  readonly caller: Caller;
  readonly at: Instant;
}
type Asked = Pick<Request<Route>, 'caller' | 'at' | 'commandId' | 'requestHash'>;

/** The audits of an auditor that are open, the one that lasts longest first. */
export async function openAudits(
  { audits }: Pick<ReachDependencies, 'audits'>,
  { caller, at }: Asking,
): Promise<readonly Audit[]> {
  const open: Audit[] = [];
  for await (const { item } of audits.eachFrom()) if (item.auditor === caller.id && isOpenAt(item, at)) open.push(item);
  return open.sort((a, b) => Date.parse(b.until) - Date.parse(a.until));
}

const ofAuditor = ({ caller }: Asking): boolean => caller.role === 'auditor';

/** That an authority asks after an enterprise, and what it was given, the enterprise does not learn here. */
async function isAskedByOwn({ ledger }: WhoseDependencies, { owner }: Caller, { id }: Export): Promise<boolean> {
  const begun = await ledger.at({ subject: exportSubject(id), sequence: 1 });
  return owner !== undefined && begun?.actor.owner === owner;
}

/** By what right somebody reads: as `audit` says, or by his office. */
export interface Right {
  readonly audit?: Audit;
}

type ReadOperation = 'ReadExport' | 'ReadSalts';

/** What somebody reaches. */
export interface Reach {
  /** The audits by which he does; by his office, one that is none. */
  readonly audits: readonly (Audit | undefined)[];
  readonly rightTo: (of: Export) => Promise<Right | undefined>;
  /** Why he does not reach it. */
  readonly refusalOf: (of: Export) => ReadRefusal;
}

/** Whether the caller reaches an export, and by what right. Asked once for all of a list: an auditor's audits are read once. */
export async function reachOf(deps: ReachDependencies, asking: Asking, operation: ReadOperation = 'ReadExport'): Promise<Reach> {
  const audits = ofAuditor(asking) ? await openAudits(deps, asking) : [];
  const about = (of: Export): readonly Audit[] => audits.filter((one) => coversDays(one, of));
  return {
    audits: ofAuditor(asking) ? audits : [undefined],
    rightTo: async (of) => {
      if (!mayDo(asking.caller, operation, await subjectOf(deps, of.request))) return undefined;
      if (grantOf(asking.caller, operation) === 'own' && !(await isAskedByOwn(deps, asking.caller, of))) return undefined;
      if (!ofAuditor(asking)) return {};
      const audit = about(of).find(({ readsPersonalData }) => operation === 'ReadExport' || readsPersonalData);
      return audit && { audit };
    },
    refusalOf: (of) => {
      if (!ofAuditor(asking)) return 'not-own';
      if (audits.length === 0) return 'no-audit';
      return about(of).length === 0 ? 'other-days' : 'no-personal-data';
    },
  };
}

/** Puts on the ledger that somebody looks, before he is answered; `of` without an export: at the list. */
export const seen = (
  { recordSeen }: ReachDependencies,
  asked: Asked,
  of: { readonly export?: ExportId },
  { audit }: Right = {},
): Promise<void> => recordSeen({ type: 'ExportSeen', data: { ...of, ...(audit && { audit: audit.id }) } }, occasionOf(asked));

/** Puts on the ledger that somebody was refused; without an export: what he asked for, or the list. */
export const refused = (
  { recordSeen }: ReachDependencies,
  asked: Asked,
  data: { readonly export?: ExportId; readonly code: ReadRefusal },
): Promise<void> => recordSeen({ type: 'ReadRefused', data }, occasionOf(asked));

const unknown = (): Problem =>
  new Problem(
    404,
    'no-such-export',
    '没有这个导出包，或不在您可以查阅的范围内；刚申请的请过几分钟再查，仍没有的，是封存日志中没有所申请的内容，或内容太多，请写明起止日期（days）分段申请。',
  );

/** An export that the caller reaches. That he asked after one that he does not reach stands on the ledger; he himself is not told that there is one. */
export async function reached(
  deps: ReachDependencies,
  asked: Asked,
  id: ExportId,
  operation: ReadOperation = 'ReadExport',
): Promise<StoredExport & { readonly right: Right }> {
  const stored = await deps.exports.load(id);
  if (stored === undefined) throw unknown();
  const reach = await reachOf(deps, asked, operation);
  const right = await reach.rightTo(stored.export);
  if (right !== undefined) return { ...stored, right };
  await refused(deps, asked, { export: id, code: reach.refusalOf(stored.export) });
  throw unknown();
}

/** What was asked for is not kept for ever. */
export function refuseExpired({ isKept }: Bundle): void {
  if (!isKept) throw new Problem(410, 'export-expired', '这个导出包的文件已过保存期，清单仍可查询；需要文件请重新申请。');
}

/** The same, whose files are there. */
export async function reachedClosed(
  ...asked: Parameters<typeof reached>
): Promise<StoredExport & { readonly right: Right; readonly manifest: string }> {
  const found = await reached(...asked);
  const { closed } = found.export;
  if (closed === undefined) {
    throw new Problem(409, 'export-not-closed', '这个导出包还在生成，完成后才能取得文件；请稍后查询进度。');
  }
  return { ...found, manifest: closed.manifest };
}
