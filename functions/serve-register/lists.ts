/** The list of an owner as a whole: where it stands, and its head's signature (一(三)). */
import { createHash } from 'node:crypto';
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import { pagesAfter } from '../../shared/data/list-change.ts';
import { mayDo, type Operation } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { signList } from '../../shared/domain/register-decide.ts';
import { dutyMoves } from '../../shared/domain/register-duties.ts';
import { ownerAfter } from '../../shared/domain/register-list.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { listText, type RiskPoint } from '../../shared/domain/register-risk.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type { readAreaList, readRiskList, signAreaList, signRiskList } from './api.ts';
import { recordOf } from './enterprises.ts';
import { factsOf, type Registering, refusal, rulesAt } from './registering.ts';
import { type ListView, listView } from './views.ts';

/** Names exactly this state of the list: the version, and each risk with its version. */
export const digestOf = ({ owner, list }: RegisterOwner, risks: readonly RiskPoint[]): string =>
  createHash('sha256')
    .update(listText(owner, list.version, risks))
    .digest('hex');

export function serveLists(deps: Registering) {
  const { county, register } = deps;

  const read = async (owner: RegisterOwner, { at }: Pick<Request<Route>, 'at'>): Promise<ListView> => {
    const risks = await register.listOf(owner.owner);
    return listView(owner, risks, digestOf(owner, risks), policyFor(county, at));
  };

  const sign = async (
    request: Request<typeof signRiskList> | Request<typeof signAreaList>,
    owner: RegisterOwner,
  ): Promise<ListView> => {
    const { body, at } = request;
    const policy = policyFor(county, at);
    refuseStale(owner.version, body.version);
    const risks = await register.listOf(owner.owner);
    const digest = digestOf(owner, risks);
    const occasion = occasionOf(request);
    const facts = factsOf(signList(owner, risks, body, digest, rulesAt(deps, at), occasion), policy);
    const after = ownerAfter(owner, facts);
    const moves = dutyMoves(
      risks.map((risk) => ({ before: risk, after: risk })),
      owner.list.signedVersion,
      after.list.signedVersion,
    );
    const pages = await pagesAfter(deps, owner.owner, moves, at);
    if ('kind' in pages) throw refusal(pages, policy);
    const answer = listView(after, risks, digest, policy);
    const command = commandRecord(request, answer);
    await register.save({ before: owner, after, facts, risks: [], pages, moves, occasion, command });
    return answer;
  };

  const governmentList = async (caller: Caller, operation: Operation, owner: Owner): Promise<RegisterOwner> => {
    if (!mayDo(caller, operation, { county, owner })) throw new Problem(404, 'not-found', '没有找到这份清单。');
    return (await register.owner(owner)) ?? newOwner(owner);
  };

  return {
    async readRiskList(request: Request<typeof readRiskList>) {
      return read(recordOf(await enterpriseFor(register, county, request.caller, 'ReadRisk', request.params.uscc)), request);
    },
    async signRiskList(request: Request<typeof signRiskList>) {
      return sign(request, recordOf(await enterpriseFor(register, county, request.caller, 'SignRiskList', request.params.uscc)));
    },
    async readAreaList(request: Request<typeof readAreaList>) {
      return read(await governmentList(request.caller, 'ReadArea', request.params.owner), request);
    },
    async signAreaList(request: Request<typeof signAreaList>) {
      return sign(request, await governmentList(request.caller, 'SignAreaList', request.params.owner));
    },
  };
}
