import { commandRecord } from '../../shared/data/asked.ts';
import { refuseEvidence } from '../../shared/data/evidence-files.ts';
import { hazardIdFrom } from '../../shared/data/hazard-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Standing } from '../../shared/domain/colour.ts';
import { colourFor, type HazardReport, objectOfHazard } from '../../shared/domain/hazard.ts';
import { reportHazard as reported } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { partiesOfArea, partiesOfEnterprise } from '../../shared/domain/hazard-parties.ts';
import type { RiskNo } from '../../shared/domain/ids.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import { standingOf } from '../../shared/domain/register-risk.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { areaFor } from '../../shared/runtime/area-in-sight.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { reportHazard as route } from './api.ts';
import type { ServeHazards } from './serve-hazards.ts';
import { standsOf } from './views.ts';

type Asked = Request<typeof route>;

/** Where it was found: whose the case is, of which risk, and the colours that it may stand under, the nearest first. */
interface Place {
  readonly parties: Pick<HazardReport, 'owner' | 'township' | 'supervisor'>;
  readonly risk?: RiskNo;
  readonly standings: readonly (Standing | undefined)[];
}

async function enterprisePlace({ county, register }: ServeHazards, { body, caller }: Asked): Promise<Place> {
  const { owner, enterprise, overall } = await enterpriseFor(register, county, caller, 'ReportHazard', body.enterprise);
  const parties = partiesOfEnterprise({ owner, enterprise });
  if (body.risk === undefined) return { parties, standings: [overall.colour] };
  const risk = await register.risk({ owner, no: body.risk });
  if (risk === undefined) {
    throw new Problem(422, 'unknown-risk', '该企业的风险清单中没有这个风险点，请核对编号；不在清单中的隐患可不写风险点。');
  }
  return { parties, risk: body.risk, standings: [standingOf(risk), overall.colour] };
}

async function areaPlace(
  { county, register }: ServeHazards,
  { body, caller }: Asked,
  area: NonNullable<Asked['body']['area']>,
): Promise<Place> {
  if (body.enterprise !== undefined || body.risk !== undefined) {
    throw new Problem(422, 'enterprise-or-area', '企业和公共区域只能写一个；公共区域的风险由乡镇和编号指明，不再写风险点。');
  }
  const risk = await areaFor(register, county, caller, 'ReportHazard', area);
  if (risk.retired) throw new Problem(422, 'area-retired', '这处公共区域风险已经注销，请核对编号，或先登记该区域。');
  return { parties: partiesOfArea(risk), risk: risk.no, standings: [standingOf(risk)] };
}

/** Begins a case outside a round of checks: whoever sees a hazard reports it, and whoever inspects does. */
export const reportHazard = (deps: ServeHazards) => async (request: Asked) => {
  const { county, hazards, policyAt } = deps;
  const { body, caller, at, commandId: id } = request;
  const policy = policyAt(at);
  const place = await (body.area === undefined ? enterprisePlace(deps, request) : areaPlace(deps, request, body.area));
  refuseClaim(body.foundAt, policy, at);
  const colour = colourFor(...place.standings);
  const report: HazardReport = {
    id: hazardIdFrom(colour, 'report', caller.id, id),
    county,
    colour,
    ...place.parties,
    finding: {
      at: noLater(body.foundAt, at),
      source: caller.owner === place.parties.owner ? 'staff-report' : 'inspection',
      place: body.place,
      description: body.description,
      evidence: body.evidence,
      ...(place.risk !== undefined && { risk: place.risk }),
      ...(body.suspectedMajor && { suspectedMajor: true }),
    },
  };
  refuseEvidence(policy, objectOfHazard(report), body.evidence);
  const actor = actorOf(caller);
  const fact = reported(report, policy.hazards, at);
  const hazard = evolveHazard(undefined, { ...fact, at, actor });
  const answer = standsOf(hazard, 1, at);
  await hazards.save({
    hazard,
    facts: [fact],
    ifVersion: 0,
    occasion: { at, county, actor },
    command: commandRecord(request, answer),
  });
  return answer;
};

/** A clock that runs a little ahead of ours claims the moment of receipt. */
const noLater = (claimed: Instant, at: Instant): Instant => (claimed > at ? at : claimed);

function refuseClaim(claimed: Instant, { checks: { claim } }: Policy, at: Instant): void {
  const members = { serverTime: at, why: claim.why };
  if (claimed > plusMs(at, limitMs(claim.ahead))) {
    throw new Problem(422, 'claimed-ahead', '发现时间晚于服务器时间，请校准设备时钟后重试。', members);
  }
  if (claimed < plusMs(at, -limitMs(claim.oldest))) {
    throw new Problem(422, 'claimed-too-old', '发现时间过早，已超过允许补传的期限。', members);
  }
}
