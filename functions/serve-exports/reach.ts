/** Who reaches which bundle: by his office, by its being of his own enterprise, or by an audit that is open. */
import type { AuditStore } from '../../shared/data/audit-store.ts';
import type { ExportStore, StoredExport } from '../../shared/data/export-store.ts';
import { grantOf, mayDo } from '../../shared/domain/access.ts';
import { type Audit, coversDays, isOpenAt } from '../../shared/domain/audit.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type Export, exportSubject } from '../../shared/domain/export.ts';
import type { ExportId } from '../../shared/domain/ids.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { subjectOf, type WhoseDependencies } from './whose.ts';

export interface ReachDependencies extends WhoseDependencies {
  readonly exports: ExportStore;
  readonly audits: AuditStore;
}

interface Asking {
  readonly caller: Caller;
  readonly at: Instant;
}

/** The audits of an auditor that are open. */
export async function openAudits(
  { audits }: Pick<ReachDependencies, 'audits'>,
  { caller, at }: Asking,
): Promise<readonly Audit[]> {
  const open: Audit[] = [];
  for await (const { item } of audits.eachFrom()) if (item.auditor === caller.id && isOpenAt(item, at)) open.push(item);
  return open;
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

/**
 * Whether the caller reaches an export, and by what right; `undefined` where not. Asked once for all of a list: an auditor's audits are read
 * once.
 */
export async function reachOf(
  deps: ReachDependencies,
  asking: Asking,
  operation: 'ReadExport' | 'ReadSalts' = 'ReadExport',
): Promise<(of: Export) => Promise<Right | undefined>> {
  const audits = ofAuditor(asking) ? await openAudits(deps, asking) : [];
  return async (of) => {
    if (!mayDo(asking.caller, operation, await subjectOf(deps, of.request))) return undefined;
    if (grantOf(asking.caller, operation) === 'own' && !(await isAskedByOwn(deps, asking.caller, of))) return undefined;
    if (!ofAuditor(asking)) return {};
    const audit = audits.find((one) => coversDays(one, of) && (operation === 'ReadExport' || one.readsPersonalData));
    return audit && { audit };
  };
}

const unknown = (): Problem =>
  new Problem(404, 'no-such-export', '没有这个导出包，或不在您可以查阅的范围内；刚申请的请稍后再查。');

/** An export that the caller reaches. */
export async function reached(
  deps: ReachDependencies,
  asking: Asking,
  id: ExportId,
  operation: 'ReadExport' | 'ReadSalts' = 'ReadExport',
): Promise<StoredExport & { readonly right: Right }> {
  const stored = await deps.exports.load(id);
  const right = stored && (await (await reachOf(deps, asking, operation))(stored.export));
  if (stored === undefined || right === undefined) throw unknown();
  return { ...stored, right };
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
