/** What an authority says before it draws: its items, and what it means to look at in a period. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import { type InspectionItem, keepItems as keep } from '../../shared/domain/inspection-item.ts';
import { type InspectionPlan, planInspection as plan, plannedKindsOf } from '../../shared/domain/inspection-plan.ts';
import { directoryRulesOf } from '../../shared/policy/directory-rules.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { keepItems, planInspection, readItems, readPlan } from './api.ts';
import { factsOf, type Keeping, refuseOthers } from './keeping.ts';
import { itemListView, planView } from './views.ts';

export function serveLists({ county, lists, draws }: Keeping) {
  return {
    /** Published, and so for everybody. */
    async readItems({ params: { authority }, at }: Request<typeof readItems>) {
      return itemListView(authority, await lists.items(authority), policyFor(county, at));
    },

    async keepItems(request: Request<typeof keepItems>) {
      const { authority } = request.params;
      const { version, items } = request.body;
      refuseOthers(request.caller, 'KeepItems', authority);
      const policy = policyFor(county, request.at);
      const before = await lists.items(authority);
      const ifVersion = before?.version ?? 0;
      refuseStale(ifVersion, version);
      const list = {
        authority,
        items: items.map(
          ({ subItem, staff, remark, ...item }): InspectionItem => ({
            authority,
            ...item,
            ...(subItem !== undefined && { subItem }),
            ...(staff !== undefined && { staff }),
            ...(remark !== undefined && { remark }),
          }),
        ),
      };
      const facts = factsOf(keep(before?.state, list, directoryRulesOf(policy)), policy);
      const occasion = occasionOf(request);
      const kept = facts.length === 0 ? before : { state: list, version: ifVersion + facts.length, keptAt: occasion.at };
      const answer = itemListView(authority, kept, policy);
      await lists.saveItems({ state: list, facts, ifVersion, occasion, command: commandRecord(request, answer) });
      return answer;
    },

    async readPlan({ params: { authority, period }, caller, at }: Request<typeof readPlan>) {
      refuseOthers(caller, 'ReadPlans', authority);
      return planView({ authority, period }, await lists.plan(authority, period), policyFor(county, at));
    },

    async planInspection(request: Request<typeof planInspection>) {
      const { authority, period } = request.params;
      const { version, ...entered } = request.body;
      refuseOthers(request.caller, 'PlanInspection', authority);
      const policy = policyFor(county, request.at);
      // Before the draws: whatever is announced after this moves the series, and the plan is decided again.
      const series = await draws.series(authority);
      const [before, ...held] = await Promise.all([
        lists.plan(authority, period),
        ...plannedKindsOf(authority).map((kind) => draws.ofPeriod({ authority, kind, period })),
      ]);
      const ifVersion = before?.version ?? 0;
      refuseStale(ifVersion, version);
      const wanted: InspectionPlan = { authority, period, ...entered };
      const isAnnounced = held.some((stored) => stored !== undefined && stored.draw.stage !== 'void');
      const facts = factsOf(plan(before?.state, wanted, directoryRulesOf(policy), isAnnounced, request.at), policy);
      const occasion = occasionOf(request);
      const kept = facts.length === 0 ? before : { state: wanted, version: ifVersion + facts.length, keptAt: occasion.at };
      const answer = planView({ authority, period }, kept, policy);
      await lists.savePlan({ state: wanted, facts, ifVersion, series, occasion, command: commandRecord(request, answer) });
      return answer;
    },
  };
}
