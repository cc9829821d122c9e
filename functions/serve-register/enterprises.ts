/** Enterprises: their record and their overall grade. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import { pageFrom } from '../../shared/data/standings.ts';
import { grantOf, mayDo, type Operation } from '../../shared/domain/access.ts';
import { STANDINGS, type Standing } from '../../shared/domain/colour.ts';
import type { CreditCode } from '../../shared/domain/credit-code.ts';
import { adjustOverall, returnToRule as backToRule } from '../../shared/domain/overall-grade.ts';
import { enterpriseOf, enterpriseOwner } from '../../shared/domain/owner.ts';
import * as decide from '../../shared/domain/register-decide.ts';
import { ownerAfter } from '../../shared/domain/register-list.ts';
import { newOwner, type OwnerFact, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { type Enterprise, enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type {
  adjustOverallGrade,
  changeEnterprise,
  listEnterprises,
  readEnterprise,
  registerEnterprise,
  returnToRule,
} from './api.ts';
import { factsOf, type Registering, rulesAt } from './registering.ts';
import { type EnterpriseView, enterpriseView } from './views.ts';

const withCode = (uscc: CreditCode, record: RegisterOwner): Enterprise => {
  if (record.enterprise === undefined) throw new Error(`${record.owner} has no content`);
  return { ...record, uscc, enterprise: record.enterprise };
};

export function serveEnterprises(deps: Registering) {
  const { county, register } = deps;

  const save = async (
    request: Request<Route>,
    uscc: CreditCode,
    before: RegisterOwner | undefined,
    facts: readonly OwnerFact[],
    policy: Policy,
  ): Promise<EnterpriseView> => {
    const after = ownerAfter(before ?? newOwner(enterpriseOwner(uscc)), facts);
    const answer = enterpriseView(withCode(uscc, after), policy);
    const occasion = occasionOf(request);
    await register.save({ before, after, facts, risks: [], pages: [], occasion, command: commandRecord(request, answer) });
    return answer;
  };

  /** The enterprise in the caller's sight, at the version that he saw. */
  const stands = async (request: Request<Route>, operation: Operation, uscc: CreditCode, seen: number): Promise<Enterprise> => {
    const found = await enterpriseFor(register, county, request.caller, operation, uscc);
    refuseStale(found.version, seen);
    return found;
  };

  return {
    async registerEnterprise(request: Request<typeof registerEnterprise>) {
      const { uscc, ...entered } = request.body;
      const { caller, at } = request;
      const policy = policyFor(county, at);
      const owner = enterpriseOwner(uscc);
      const before = await register.owner(owner);
      const facts = factsOf(decide.registerEnterprise(before, entered, rulesAt(deps, at), occasionOf(request).actor), policy);
      const { enterprise } = ownerAfter(newOwner(owner), facts);
      const { township, supervisor } = enterprise ?? {};
      if (
        !mayDo(caller, 'RegisterEnterprise', { county, owner, ...(township && { township }), ...(supervisor && { supervisor }) })
      ) {
        throw new Problem(403, 'not-supervised', '只能登记由本部门监管的企业，请核对行业和监管部门。', { supervisor });
      }
      return save(request, uscc, before, facts, policy);
    },

    async readEnterprise({ params, caller, at }: Request<typeof readEnterprise>) {
      return enterpriseView(await enterpriseFor(register, county, caller, 'ReadEnterprise', params.uscc), policyFor(county, at));
    },

    /** Staff of an enterprise see their own; the others are sought under the overall grades, gravest first. */
    async listEnterprises({ query, caller, at }: Request<typeof listEnterprises>) {
      const { township, industry, colour, limit, cursor } = query;
      const policy = policyFor(county, at);
      const isWanted = (record: RegisterOwner): boolean => {
        const { owner, enterprise, overall } = record;
        return (
          enterprise !== undefined &&
          mayDo(caller, 'ReadEnterprise', { county, owner, township: enterprise.township, supervisor: enterprise.supervisor }) &&
          (township === undefined || enterprise.township === township) &&
          (industry === undefined || enterprise.industry === industry) &&
          (colour === undefined || overall.colour === colour)
        );
      };
      const view = (record: RegisterOwner): EnterpriseView[] => {
        const uscc = enterpriseOf(record.owner);
        return uscc === undefined ? [] : [enterpriseView(withCode(uscc, record), policy)];
      };
      if (grantOf(caller, 'ReadEnterprise') === 'own') {
        const own = caller.owner && (await register.owner(caller.owner));
        return { items: own !== undefined && isWanted(own) ? view(own) : [] };
      }
      const standings: readonly Standing[] = colour === undefined ? STANDINGS : [colour];
      const { items, ...next } = await pageFrom(register.eachEnterpriseFrom(standings, cursor), limit, isWanted);
      return { items: items.flatMap(view), ...next };
    },

    async changeEnterprise(request: Request<typeof changeEnterprise>) {
      const { version, ...entered } = request.body;
      const found = await stands(request, 'ChangeEnterprise', request.params.uscc, version);
      const policy = policyFor(county, request.at);
      const { actor } = occasionOf(request);
      const ruling = decide.changeEnterprise(found.enterprise, entered, rulesAt(deps, request.at), actor);
      return save(request, found.uscc, recordOf(found), factsOf(ruling, policy), policy);
    },

    async adjustOverallGrade(request: Request<typeof adjustOverallGrade>) {
      const { version, ...wanted } = request.body;
      const found = await stands(request, 'AdjustOverallGrade', request.params.uscc, version);
      const policy = policyFor(county, request.at);
      const ruling = adjustOverall(found, wanted, rulesAt(deps, request.at), occasionOf(request));
      return save(request, found.uscc, recordOf(found), factsOf(ruling, policy), policy);
    },

    async returnToRule(request: Request<typeof returnToRule>) {
      const { version, reason } = request.body;
      const found = await stands(request, 'AdjustOverallGrade', request.params.uscc, version);
      const policy = policyFor(county, request.at);
      return save(request, found.uscc, recordOf(found), factsOf(backToRule(found, reason), policy), policy);
    },
  };
}

/** The record as it is stored: the code stands in its owner's name. */
export const recordOf = ({ uscc: _, ...record }: Enterprise): RegisterOwner => record;
