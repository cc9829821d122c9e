/**
 * What a round of checks asks of the policy, made ready beforehand: reading and checking the whole document would be an eighth of what
 * the path loads that most requests take. `npm run policy` writes `round-policy.json` from the document and the counties' files; a test
 * fails when it says anything else than they do.
 */
import { dayOf, type Instant } from '../domain/calendar.ts';
import type { Cadences } from '../domain/duty-page.ts';
import type { ReportRules } from '../domain/hazard-deadlines.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { Policy } from './load.ts';
import compiled from './round-policy.json' with { type: 'json' };

type Ready<Rule> = Omit<Rule, 'basis' | 'says'>;

export interface RoundPolicy {
  readonly cadences: Cadences;
  readonly checks: { readonly [Rule in keyof Policy['checks']]: Ready<Policy['checks'][Rule]> };
  readonly evidence: Ready<Policy['evidence']>;
  readonly hazards: ReportRules;
}

/** The policies that there are, and from which day on each county has which of them. */
export interface RoundPolicies {
  readonly policies: readonly RoundPolicy[];
  readonly counties: Readonly<Record<string, readonly { readonly from: string; readonly policy: number }[]>>;
}

function ready<Rule extends { basis: unknown; says: string }>({ basis: _, says: __, ...rule }: Rule): Ready<Rule> {
  return rule;
}

/** The part of a policy that rounds ask for. */
export const roundPolicyOf = ({ selfChecks, checks, evidence, hazards: { general, major } }: Policy): RoundPolicy => ({
  cadences: {
    RED: selfChecks.RED.every,
    ORANGE: selfChecks.ORANGE.every,
    YELLOW: selfChecks.YELLOW.every,
    BLUE: selfChecks.BLUE.every,
  },
  checks: { claim: ready(checks.claim), round: ready(checks.round), texts: ready(checks.texts) },
  evidence: ready(evidence),
  hazards: { general: { verify: ready(general.verify) }, major: { verify: ready(major.verify) } },
});

// Written by `npm run policy` from documents that were checked as a whole; the compiler reads its texts as texts.
const { policies, counties } = compiled as unknown as RoundPolicies;

/** What rounds ask for of a county's policy as it is in force at an instant. */
export function roundPolicyFor(county: CountyCode, at: Instant): RoundPolicy {
  const day = dayOf(at);
  const index = counties[county]?.findLast(({ from }) => from <= day)?.policy;
  const policy = index === undefined ? undefined : policies[index];
  if (policy === undefined) throw new RangeError(`there is no policy of ${county}`);
  return policy;
}
