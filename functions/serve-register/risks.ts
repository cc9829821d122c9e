/** Risk points of enterprises and risks of public areas: one way to add, change, regrade and retire either, and to read them. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import { listChange } from '../../shared/data/list-change.ts';
import { pageFrom } from '../../shared/data/standings.ts';
import { mayDo, type Operation } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import { enterpriseOwner, type Owner, townshipOwner } from '../../shared/domain/owner.ts';
import { riskChange } from '../../shared/domain/register-list.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { type RiskPoint, riskSubject } from '../../shared/domain/register-risk.ts';
import { decideRisk, type RiskCommand } from '../../shared/domain/risk-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { areaKey, subjectOfArea } from '../../shared/runtime/area-in-sight.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type * as api from './api.ts';
import { recordOf } from './enterprises.ts';
import { factsOf, type Registering, refusal, rulesAt } from './registering.ts';
import { type GradingView, gradingView, type RiskView, riskView } from './views.ts';

const noRisk = () => new Problem(404, 'not-found', '没有找到这个风险点。');
const noArea = () => new Problem(404, 'not-found', '没有找到这处公共区域风险。');

/** What names a record in any request about it. */
type Named<R extends Route> = Pick<Request<R>, 'params' | 'caller'>;

export function serveRisks(deps: Registering) {
  const { county, register, ledger } = deps;

  /** Decides about one risk and writes what follows from it. */
  const carryOut = async (
    request: Request<Route>,
    owner: RegisterOwner,
    before: RiskPoint | undefined,
    command: RiskCommand,
  ): Promise<RiskView> => {
    const { at } = request;
    const policy = policyFor(county, at);
    const occasion = occasionOf(request);
    const facts = factsOf(decideRisk(owner, before, command, rulesAt(deps, at), occasion), policy);
    const changed = riskChange(before, facts);
    const after = changed?.after ?? before;
    if (after === undefined) throw new Error(`${command.type} left no risk`);
    const answer = riskView(after, owner.list, policy);
    const change = await listChange(deps, {
      before: owner.version === 0 ? undefined : owner,
      owner,
      first: [],
      changes: changed === undefined ? [] : [changed],
      occasion,
      command: commandRecord(request, answer),
    });
    if ('kind' in change) throw refusal(change, policy);
    await register.save(change);
    return answer;
  };

  /** The risk as it stands, in the caller's sight, at the version that he saw. The owner is read first: its version guards the rest. */
  const pointFor = async (request: Named<typeof api.readRisk>, operation: Operation, seen?: number) => {
    const { uscc, no } = request.params;
    const owner = recordOf(await enterpriseFor(register, county, request.caller, operation, uscc));
    const risk = await register.risk({ owner: enterpriseOwner(uscc), no });
    if (risk === undefined) throw noRisk();
    if (seen !== undefined) refuseStale(risk.version, seen);
    return { owner, risk };
  };

  const areaInSight = (caller: Caller, operation: Operation, risk: RiskPoint): boolean =>
    mayDo(caller, operation, subjectOfArea(county, risk));

  const areaFor = async (request: Named<typeof api.readArea>, operation: Operation, seen?: number) => {
    const found = await register.risk(areaKey(request.params));
    if (found === undefined || !areaInSight(request.caller, operation, found)) throw noArea();
    const owner = await governmentOwner(found.owner);
    // Read again behind the owner, whose version guards what is decided on it.
    const risk = await register.risk(areaKey(request.params));
    if (risk === undefined) throw noArea();
    if (seen !== undefined) refuseStale(risk.version, seen);
    return { owner, risk };
  };

  const governmentOwner = async (owner: Owner): Promise<RegisterOwner> => (await register.owner(owner)) ?? newOwner(owner);

  const gradings = async (
    { query: { limit, cursor }, at }: Pick<Request<typeof api.readGradings>, 'query' | 'at'>,
    risk: RiskPoint,
  ) => {
    const policy = policyFor(county, at);
    const { events, ...next } = await ledger.ofSubject(riskSubject(risk), limit, cursor);
    return {
      items: events.map((event) => gradingView(event, policy)).filter((view): view is GradingView => view !== undefined),
      ...next,
    };
  };

  return {
    async addRisk(request: Request<typeof api.addRisk>) {
      const { no, content, assessments } = request.body;
      const owner = recordOf(await enterpriseFor(register, county, request.caller, 'AddRisk', request.params.uscc));
      const key = { owner: owner.owner, no };
      return carryOut(request, owner, await register.risk(key), { type: 'AddRisk', key, content, assessments });
    },
    async changeRisk(request: Request<typeof api.changeRisk>) {
      const { version, content } = request.body;
      const { owner, risk } = await pointFor(request, 'ChangeRisk', version);
      return carryOut(request, owner, risk, { type: 'ChangeRisk', content });
    },
    async regradeRisk(request: Request<typeof api.regradeRisk>) {
      const { version, ...wanted } = request.body;
      const { owner, risk } = await pointFor(request, 'RegradeRisk', version);
      return carryOut(request, owner, risk, { type: 'RegradeRisk', ...wanted });
    },
    async retireRisk(request: Request<typeof api.retireRisk>) {
      const { version, because } = request.body;
      const { owner, risk } = await pointFor(request, 'RetireRisk', version);
      return carryOut(request, owner, risk, { type: 'RetireRisk', because });
    },
    async readRisk(request: Request<typeof api.readRisk>) {
      const { owner, risk } = await pointFor(request, 'ReadRisk');
      return riskView(risk, owner.list, policyFor(county, request.at));
    },
    async readGradings(request: Request<typeof api.readGradings>) {
      const { risk } = await pointFor(request, 'ReadRisk');
      return gradings(request, risk);
    },
    async listRisks({ params, query, caller, at }: Request<typeof api.listRisks>) {
      const { colour, workshop, limit, cursor } = query;
      const { owner, list } = await enterpriseFor(register, county, caller, 'ReadRisk', params.uscc);
      const policy = policyFor(county, at);
      const all = register.eachRiskFrom({ owner }, colour === undefined ? STANDINGS : [colour], cursor);
      const isWanted = (risk: RiskPoint): boolean => workshop === undefined || risk.content.workshop === workshop;
      const { items, ...next } = await pageFrom(all, limit, isWanted);
      return { items: items.map((risk) => riskView(risk, list, policy)), ...next };
    },

    async addArea(request: Request<typeof api.addArea>) {
      const { township, no, department, content, assessments } = request.body;
      const { caller } = request;
      if (caller.owner === undefined || !mayDo(caller, 'AddArea', { county, owner: caller.owner })) throw noArea();
      if (caller.owner.startsWith('TOWN:') && caller.owner !== townshipOwner(township)) {
        throw new Problem(403, 'other-township', '乡镇只能登记本乡镇的公共区域风险。', { township });
      }
      const owner = await governmentOwner(caller.owner);
      const key = { owner: owner.owner, township, no };
      return carryOut(request, owner, await register.risk(key), { type: 'AddRisk', key, department, content, assessments });
    },
    async changeArea(request: Request<typeof api.changeArea>) {
      const { version, content, department } = request.body;
      const { owner, risk } = await areaFor(request, 'ChangeArea', version);
      return carryOut(request, owner, risk, { type: 'ChangeRisk', content, department });
    },
    async regradeArea(request: Request<typeof api.regradeArea>) {
      const { version, ...wanted } = request.body;
      const { owner, risk } = await areaFor(request, 'RegradeArea', version);
      return carryOut(request, owner, risk, { type: 'RegradeRisk', ...wanted });
    },
    async retireArea(request: Request<typeof api.retireArea>) {
      const { version, because } = request.body;
      const { owner, risk } = await areaFor(request, 'RetireArea', version);
      return carryOut(request, owner, risk, { type: 'RetireRisk', because });
    },
    async readArea(request: Request<typeof api.readArea>) {
      const { owner, risk } = await areaFor(request, 'ReadArea');
      return riskView(risk, owner.list, policyFor(county, request.at));
    },
    async readAreaGradings(request: Request<typeof api.readAreaGradings>) {
      const { risk } = await areaFor(request, 'ReadArea');
      return gradings(request, risk);
    },
    /** Each owner's list says what of it counts. */
    async listAreas({ query, caller, at }: Request<typeof api.listAreas>) {
      const { township, owner, colour, limit, cursor } = query;
      const policy = policyFor(county, at);
      const scope = township === undefined ? ({ areas: 'all' } as const) : { township };
      const all = register.eachRiskFrom(scope, colour === undefined ? STANDINGS : [colour], cursor);
      const isWanted = (risk: RiskPoint): boolean =>
        areaInSight(caller, 'ReadArea', risk) && (owner === undefined || risk.owner === owner);
      const { items, ...next } = await pageFrom(all, limit, isWanted);
      const owners = [...new Set(items.map((risk) => risk.owner))];
      const lists = new Map(await Promise.all(owners.map(async (each) => [each, (await governmentOwner(each)).list] as const)));
      return {
        items: items.map((risk) => riskView(risk, lists.get(risk.owner) ?? newOwner(risk.owner).list, policy)),
        ...next,
      };
    },
  };
}
