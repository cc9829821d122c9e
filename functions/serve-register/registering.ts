/** What every command on the register has in common: who acts, at which version, and how a refusal is answered. */
import type { DutyStore } from '../../shared/data/duty-store.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { type Denied, REGISTER_DENIALS, type RegisterDenial, type Ruling } from '../../shared/domain/register-denials.ts';
import type { RegisterRules } from '../../shared/domain/register-rules.ts';
import type { Why } from '../../shared/domain/why.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { registerRulesOf } from '../../shared/policy/register-rules.ts';
import type { Problem } from '../../shared/runtime/problem.ts';
import { problemOf } from '../../shared/runtime/refusal.ts';

export interface Registering {
  readonly county: CountyCode;
  readonly register: RegisterStore;
  readonly duties: DutyStore;
  readonly ledger: Pick<LedgerStore, 'ofSubject'>;
}

export const rulesAt = ({ county }: Pick<Registering, 'county'>, at: Instant): RegisterRules =>
  registerRulesOf(policyFor(county, at));

/** The rule of the policy that a refusal rests on, where it rests on one. */
function ruleOf(
  reason: RegisterDenial,
  { signing, slots, suspension, publicAreas, overall, accidents, grading, coverage }: Policy,
): Why | undefined {
  switch (reason) {
    case 'laxer-needs-head':
    case 'controls-need-head':
    case 'installation-needs-head':
    case 'head-retires':
    case 'not-the-signer':
      return signing.ENT.why;
    case 'ungraded-points':
      return coverage.graded.why;
    case 'suspension-too-short':
      return suspension.shortest.why;
    case 'suspension-too-long':
      return suspension.longest.why;
    case 'suspension-over':
      return suspension.kinds.why;
    case 'block-department-missing':
      return publicAreas.why;
    case 'adjustment-direction':
      return overall.adjustment.why;
    case 'unknown-accident':
      return accidents.inUse.why;
    case 'nothing-to-sign':
      return slots.entry.why;
    case 'assessment-refused':
      return grading.inForce.why;
    default:
      return undefined;
  }
}

export const refusal = (denied: Denied, policy: Policy): Problem =>
  problemOf(denied, REGISTER_DENIALS[denied.reason].about, ruleOf(denied.reason, policy));

/** The facts of a ruling; a refusal is thrown as the problem that it is. */
export function factsOf<Fact>(ruling: Ruling<Fact>, policy: Policy): readonly Fact[] {
  if (ruling.kind === 'denied') throw refusal(ruling, policy);
  return ruling.events;
}
