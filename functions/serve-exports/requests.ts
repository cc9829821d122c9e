/** Asking for an export: what is asked for is there, and the caller's to ask for; then an execution makes it. */
import { commandRecord, nameOfCommand } from '../../shared/data/asked.ts';
import { type CommandRecord, CommandRepeated, type commandAnswer, commit } from '../../shared/data/commit.ts';
import { grantOf, mayDo } from '../../shared/domain/access.ts';
import { coversDays } from '../../shared/domain/audit.ts';
import { dayOf } from '../../shared/domain/calendar.ts';
import { daysAsked, type ExportRequest } from '../../shared/domain/export.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { type ExportId, exportId } from '../../shared/domain/ids.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { ownerSubject } from '../../shared/domain/register-owner.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { ExportExecutions } from '../../workflows/audit-export/executions.ts';
import type { requestExport } from './api.ts';
import { openAudits, type ReachDependencies, refused } from './reach.ts';
import { subjectOf } from './whose.ts';

export interface RequestDependencies extends ReachDependencies {
  readonly answerOf: typeof commandAnswer;
  readonly executions: ExportExecutions;
}

/** The same command asks for the same export. */
const idOf = (asked: Request<typeof requestExport>): ExportId => exportId(`${asked.body.request.kind}-${nameOfCommand(asked)}`);

/** Its days are days: the schema has read them. */
const requestOf = ({ body }: Request<typeof requestExport>): ExportRequest => body.request as ExportRequest;

const nothing = (): Problem =>
  new Problem(404, 'nothing-to-export', '台账中没有您要导出的内容，或不在您可以查阅的范围内，请核对编号。');

/** The first event of what is asked for is on the ledger, and the record itself. */
async function refuseAbsent({ ledger }: RequestDependencies, request: Exclude<ExportRequest, { kind: 'range' }>): Promise<void> {
  const place = (): Parameters<typeof ledger.at>[0] => {
    switch (request.kind) {
      case 'record':
        return request;
      case 'hazard':
        return { subject: hazardSubject(request.hazard), sequence: 1 };
      case 'enterprise':
        return { subject: ownerSubject(enterpriseOwner(request.enterprise)), sequence: 1 };
    }
  };
  if ((await ledger.at(place())) === undefined) throw nothing();
}

/** An auditor asks for days that an open audit of his is about, and learns nothing of what is there on others: not even whether it is. */
async function refuseOutsideAudit(deps: RequestDependencies, asked: Request<typeof requestExport>): Promise<void> {
  if (asked.caller.role !== 'auditor') return;
  const request = requestOf(asked);
  const audits = await openAudits(deps, asked);
  const mayBe = audits.map(({ from, to }) => ({ from, to }));
  const event = request.kind === 'record' ? await deps.ledger.at(request) : undefined;
  const days = event === undefined ? daysAsked(request) : { from: dayOf(event.at), to: dayOf(event.at) };
  if (days === undefined && request.kind !== 'record') {
    const says = '审计人员申请企业或隐患的导出，请写明起止日期（days 的 from 和 to），且在审计任务的日期之内。';
    throw new Problem(422, 'days-missing', says, { field: 'request.days', audits: mayBe });
  }
  if (days !== undefined && audits.some((audit) => coversDays(audit, days))) return;
  const code = audits.length === 0 ? 'no-audit' : 'other-days';
  await refused(deps, asked, { code });
  const says = '没有进行中的审计任务包含这些日期，请改为任务之内的日期，或联系安委办开设或调整审计任务。';
  throw new Problem(403, 'outside-audit', says, { audits: mayBe });
}

export const askForExport =
  (deps: RequestDependencies) =>
  async (asked: Request<typeof requestExport>): Promise<{ id: string; says: string }> => {
    const { caller, at } = asked;
    const request = requestOf(asked);
    const days = daysAsked(request);
    if (request.kind === 'range' && grantOf(caller, 'RequestExport') === 'own') {
      throw new Problem(403, 'export-of-own-only', '企业只能导出本企业的全部、本企业的一项隐患或一条记录。');
    }
    if (days !== undefined && days.to < days.from) throw new Problem(422, 'range-backwards', '起止日期颠倒了。', { field: 'to' });
    if (days !== undefined && dayOf(at) < days.to) throw new Problem(422, 'range-ahead', '截止日期还没有到。', { field: 'to' });
    await refuseOutsideAudit(deps, asked);
    if (!mayDo(caller, 'RequestExport', await subjectOf(deps, request))) throw nothing();
    if (request.kind !== 'range') await refuseAbsent(deps, request);

    const id = idOf(asked);
    const answer = { id, says: '已受理，请凭编号查询进度，完成后取得文件。' };
    const before = await deps.answerOf(asked);
    if (before === 'lapsed' || before?.isSame === false) throw new CommandRepeated(asked.commandId);
    await start(deps, id, asked);
    // Only now: a command that is recorded was carried out. Asked again, it starts what has failed meanwhile, and answers the same.
    await record(commandRecord(asked, answer));
    return answer;
  };

const record = (command: CommandRecord): Promise<void> => commit({ command, events: [], writes: [] });

/** What failed so often fails for a reason that another run does not mend; the alarm of the workflow has said so. */
const MOST_RUNS = 20;

/** The first run that is not there yet, where none is on its way and the export is not made. */
async function start({ executions, exports }: RequestDependencies, id: ExportId, asked: Request<typeof requestExport>) {
  const { caller, at, body } = asked;
  if ((await exports.load(id))?.export.closed !== undefined) return;
  for (let attempt = 0; attempt < MOST_RUNS; attempt++) {
    const status = await executions.status({ id, attempt });
    if (status === 'ended') continue;
    if (status === 'absent') {
      const ask = { id, request: body.request, reason: body.reason, by: actorOf(caller) };
      await executions.start({ id, attempt, at, asked: [ask] });
    }
    return;
  }
  throw new Problem(409, 'export-not-made', '这项导出多次没有生成成功，请联系运维人员处理后重新申请。');
}
