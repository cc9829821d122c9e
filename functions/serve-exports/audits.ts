/** Audits: who opens one says whose, of which days, until when, and why. It ends by itself, or at once. */
import type * as z from 'zod';
import { commandRecord, nameOfCommand, occasionOf } from '../../shared/data/asked.ts';
import type { AuditStore } from '../../shared/data/audit-store.ts';
import { pageFrom } from '../../shared/data/standings.ts';
import { type Audit, type AuditContent, isOpenAt } from '../../shared/domain/audit.ts';
import { type Day, type Instant, plusDays } from '../../shared/domain/calendar.ts';
import { auditId, type CountyCode } from '../../shared/domain/ids.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { endAudit, listAudits, openAudit } from './api.ts';
import type { auditOut } from './exports-out.ts';

export interface AuditsDependencies {
  readonly county: CountyCode;
  readonly audits: AuditStore;
  /** For how many days an audit may be open, by the policy in force then. */
  readonly auditDays: (at: Instant) => number;
}

const auditView = ({ county: _, version: __, ended, ...audit }: Audit, at: Instant): z.input<typeof auditOut> => ({
  ...audit,
  ...(ended && { ended }),
  isOpen: isOpenAt({ ...audit, ended }, at),
});

export function serveAudits({ county, audits, auditDays }: AuditsDependencies) {
  return {
    openAudit: async (asked: Request<typeof openAudit>) => {
      const { caller, at, body } = asked;
      const content: AuditContent = { ...body, from: body.from as Day, to: body.to as Day }; // the schema has read them
      if (content.to < content.from) throw new Problem(422, 'range-backwards', '起止日期颠倒了。', { field: 'to' });
      if (content.until <= at) throw new Problem(422, 'audit-over', '截止时间已过，请填写以后的时间。', { field: 'until' });
      const mostDays = auditDays(at);
      if (content.until > plusDays(at, mostDays)) {
        const says = `一项审计任务最长开放${mostDays}天，请把截止时间提前，到期后可以另开。`;
        throw new Problem(422, 'audit-too-long', says, { field: 'until', mostDays });
      }
      if (content.auditor === caller.id) {
        throw new Problem(403, 'audit-of-oneself', '不能为本人开设审计任务，请由另一人开设。', { field: 'auditor' });
      }
      const id = auditId(nameOfCommand(asked));
      const audit: Audit = { id, county, ...content, openedAt: at, version: 1 };
      const answer = auditView(audit, at);
      const fact = { type: 'AuditOpened', data: content } as const;
      await audits.save({ audit, fact, occasion: occasionOf(asked), command: commandRecord(asked, answer) });
      return answer;
    },
    listAudits: async ({ caller, at, query: { limit, cursor } }: Request<typeof listAudits>) => {
      const isSeen = ({ auditor }: Audit): boolean => caller.role !== 'auditor' || auditor === caller.id;
      const { items, ...next } = await pageFrom(audits.eachFrom(cursor), limit, isSeen);
      return { items: items.map((audit) => auditView(audit, at)), ...next };
    },
    endAudit: async (asked: Request<typeof endAudit>) => {
      const { at, params, body } = asked;
      const before = await audits.load(params.id);
      if (before === undefined) throw new Problem(404, 'no-such-audit', '没有这个审计任务，请核对编号。');
      if (!isOpenAt(before, at)) throw new Problem(409, 'audit-over', '这个审计任务已经结束。');
      const { because } = body;
      const audit: Audit = { ...before, ended: { at, because }, version: before.version + 1 };
      const answer = auditView(audit, at);
      const fact = { type: 'AuditEnded', data: { because } } as const;
      await audits.save({ audit, fact, occasion: occasionOf(asked), command: commandRecord(asked, answer) });
      return answer;
    },
  };
}
