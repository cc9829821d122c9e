import { openCase } from '../../shared/data/hazard-store.ts';
import { partiesOfEnterprise } from '../../shared/domain/hazard-parties.ts';
import type { CountyCode, RiskNo } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskKey, RiskPoint } from '../../shared/domain/register-risk.ts';
import { roundPolicyFor } from '../../shared/policy/round-policy.ts';
import type { Found, OpenCases } from './submit-round.ts';

/** What has to be known of the register to say where a hazard lies and who supervises the cure. */
export interface Whereabouts {
  owner(owner: Owner): Promise<RegisterOwner | undefined>;
  risk(key: RiskKey): Promise<RiskPoint | undefined>;
}

/** A checked point is in the register: a duty page names none that is not. */
const placeOf = (no: RiskNo, risk: RiskPoint | undefined): string =>
  risk === undefined ? no : `${risk.content.location}（${risk.content.name}）`;

/** Opens a case for each hazard that a round found, under the rules in force when the round was received. */
export const openCasesIn =
  (county: CountyCode, register: Whereabouts): OpenCases =>
  async (found, occasion) => {
    const { hazards: rules } = roundPolicyFor(county, occasion.at);
    const owner = found[0]?.owner;
    const record = owner && (await register.owner(owner));
    const numbers = [...new Set(found.map(({ riskNo }) => riskNo))];
    const risks = new Map(
      await Promise.all(numbers.map(async (no) => [no, owner && (await register.risk({ owner, no }))] as const)),
    );
    const opened = found.map((one) => openCase(reportOf(county, one, record, risks.get(one.riskNo)), rules, occasion));
    return { writes: opened.flatMap(({ writes }) => writes), events: opened.flatMap(({ events }) => events) };
  };

function reportOf(
  county: CountyCode,
  { id, owner, riskNo, colour, hazard, foundAt, round }: Found,
  record: RegisterOwner | undefined,
  risk: RiskPoint | undefined,
): Parameters<typeof openCase>[0] {
  return {
    ...{ id, county, colour },
    ...partiesOfEnterprise({ owner, enterprise: record?.enterprise }),
    finding: {
      at: foundAt,
      source: 'self-check',
      place: placeOf(riskNo, risk),
      description: `${hazard.name}：${hazard.description}`,
      evidence: hazard.evidence,
      risk: riskNo,
      round,
      ...(hazard.level === 'major' && { suspectedMajor: true }),
    },
  };
}
