/** Approved stops of an enterprise (停产, 检修, 停用; P3). */
import { createHash } from 'node:crypto';
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import type { StoredPage } from '../../shared/data/duty-store.ts';
import type { DutyPage } from '../../shared/domain/duty-page.ts';
import * as decide from '../../shared/domain/register-decide.ts';
import { ownerAfter } from '../../shared/domain/register-list.ts';
import type { OwnerFact } from '../../shared/domain/register-owner.ts';
import { endedSuspension, isRunning, resumePage, type Suspension, stopPage } from '../../shared/domain/register-suspension.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { type Enterprise, enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type { approveSuspension, liftSuspension, listSuspensions } from './api.ts';
import { recordOf } from './enterprises.ts';
import { factsOf, type Registering, rulesAt } from './registering.ts';
import { type SuspensionView, suspensionView } from './views.ts';

/** The same command approves the same stop. */
const idFor = ({ caller, commandId }: Pick<Request<Route>, 'caller' | 'commandId'>): string =>
  `S${createHash('sha256').update(`${caller.id} ${commandId}`).digest('hex').slice(0, 16).toUpperCase()}`;

export function serveSuspensions(deps: Registering) {
  const { county, register, duties } = deps;

  const save = async (
    request: Request<Route>,
    enterprise: Enterprise,
    facts: readonly OwnerFact[],
    suspension: Suspension,
    change: (page: DutyPage) => DutyPage,
  ): Promise<SuspensionView> => {
    const before = recordOf(enterprise);
    const { at } = request;
    const answer = suspensionView(suspension, at, policyFor(county, at));
    const pages = (await duties.pagesOf(before.owner)).flatMap(({ page, version }): StoredPage[] => {
      const changed = change(page);
      return changed === page ? [] : [{ page: changed, version }];
    });
    const occasion = occasionOf(request);
    const command = commandRecord(request, answer);
    await register.save({ before, after: ownerAfter(before, facts), facts, risks: [], pages, suspension, occasion, command });
    return answer;
  };

  return {
    async approveSuspension(request: Request<typeof approveSuspension>) {
      const { body, params, caller, at } = request;
      const enterprise = await enterpriseFor(register, county, caller, 'ApproveSuspension', params.uscc);
      const risks = body.scope.of === 'points' ? await register.listOf(enterprise.owner) : [];
      const ruling = decide.approveSuspension(enterprise, risks, body, idFor(request), rulesAt(deps, at), occasionOf(request));
      const facts = factsOf(ruling, policyFor(county, at));
      const [approved] = facts;
      if (approved === undefined) throw new Error('an approval is a fact');
      return save(request, enterprise, facts, approved.data, (page) => stopPage(page, approved.data, at));
    },

    async liftSuspension(request: Request<typeof liftSuspension>) {
      const { body, params, caller, at } = request;
      const enterprise = await enterpriseFor(register, county, caller, 'LiftSuspension', params.uscc);
      const standing = (await register.suspensionsOf(enterprise.owner)).find(({ id }) => id === params.id);
      if (standing === undefined) throw new Problem(404, 'not-found', '没有找到这次停产、检修或停用。');
      refuseStale(standing.lifted === undefined ? 1 : 2, body.version);
      const facts = factsOf(decide.liftSuspension(standing, body.because, at), policyFor(county, at));
      const ended = endedSuspension(standing, { at, because: body.because });
      return save(request, enterprise, facts, ended, (page) => resumePage(page, params.id, at));
    },

    /** They are few, so a cursor is the id behind which the list goes on. */
    async listSuspensions({ params, query, caller, at }: Request<typeof listSuspensions>) {
      const { running, limit, cursor } = query;
      const { owner } = await enterpriseFor(register, county, caller, 'ReadSuspension', params.uscc);
      const wanted = (await register.suspensionsOf(owner))
        .filter((each) => running === undefined || isRunning(each, at) === (running === 'true'))
        .filter(({ id }) => cursor === undefined || id > cursor)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const items = wanted.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map((each) => suspensionView(each, at, policyFor(county, at))),
        ...(wanted.length > limit && last !== undefined && { cursor: last.id }),
      };
    },
  };
}
