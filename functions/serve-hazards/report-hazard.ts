import { hazardIdFrom } from '../../shared/data/hazard-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Colour, Standing } from '../../shared/domain/colour.ts';
import type { HazardReport } from '../../shared/domain/hazard.ts';
import { reportHazard as reported } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import { standingOf } from '../../shared/domain/register-risk.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { reportHazard as route } from './api.ts';
import { refuseEvidence } from './evidence.ts';
import type { ServeHazards } from './serve-hazards.ts';
import { standsOf } from './views.ts';

/** Begins a case outside a round of checks: whoever sees a hazard reports it, and whoever inspects does. */
export const reportHazard =
  ({ county, hazards, register, policyAt }: ServeHazards) =>
  async ({ body, caller, at, commandId: id, requestHash }: Request<typeof route>) => {
    const policy = policyAt(at);
    const { owner, enterprise, overall } = await enterpriseFor(register, county, caller, 'ReportHazard', body.enterprise);
    refuseClaim(body.foundAt, policy, at);
    refuseEvidence(policy, owner, body.evidence);
    const risk = body.risk === undefined ? undefined : await register.risk({ owner, no: body.risk });
    if (body.risk !== undefined && risk === undefined) {
      throw new Problem(422, 'unknown-risk', '该企业的风险清单中没有这个风险点，请核对编号；不在清单中的隐患可不写风险点。');
    }
    const colour = colourFor(risk && standingOf(risk), overall.colour);
    const report: HazardReport = {
      id: hazardIdFrom(colour, 'report', caller.id, id),
      county,
      colour,
      owner,
      township: enterprise.township,
      supervisor: enterprise.supervisor,
      finding: {
        at: body.foundAt > at ? at : body.foundAt,
        source: caller.owner === owner ? 'staff-report' : 'inspection',
        place: body.place,
        description: body.description,
        evidence: body.evidence,
        ...(body.risk !== undefined && { risk: body.risk }),
        ...(body.suspectedMajor && { suspectedMajor: true }),
      },
    };
    const actor = { id: caller.id, role: caller.role, ...(caller.owner && { owner: caller.owner }) };
    const fact = reported(report, policy.hazards, at);
    const hazard = evolveHazard(undefined, { ...fact, at, actor });
    const answer = standsOf(hazard, 1, at);
    await hazards.save({
      hazard,
      facts: [fact],
      ifVersion: 0,
      occasion: { at, county, actor },
      command: { by: caller.id, id, requestHash, answer },
    });
    return answer;
  };

/** The partition of a case: the colour of its risk point, or else the enterprise's, or else the lowest. */
const colourFor = (...standings: readonly (Standing | undefined)[]): Colour =>
  standings.find((standing) => standing !== undefined && standing !== 'NONE') ?? 'BLUE';

function refuseClaim(claimed: Instant, { checks: { claim } }: Policy, at: Instant): void {
  const members = { serverTime: at, why: claim.why };
  if (claimed > plusMs(at, limitMs(claim.ahead))) {
    throw new Problem(422, 'claimed-ahead', '发现时间晚于服务器时间，请校准设备时钟后重试。', members);
  }
  if (claimed < plusMs(at, -limitMs(claim.oldest))) {
    throw new Problem(422, 'claimed-too-old', '发现时间过早，已超过允许补传的期限。', members);
  }
}
