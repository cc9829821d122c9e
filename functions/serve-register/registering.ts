/** What every command on the register has in common: who acts, at which version, and how a refusal is answered. */
import type { CommandRecord } from '../../shared/data/commit.ts';
import type { DutyStore } from '../../shared/data/duty-store.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { actorOf, type Occasion } from '../../shared/domain/ledger-event.ts';
import { type Denied, REGISTER_DENIALS, type RegisterDenial, type Ruling } from '../../shared/domain/register-denials.ts';
import type { RegisterRules } from '../../shared/domain/register-rules.ts';
import type { Why } from '../../shared/domain/why.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { registerRulesOf } from '../../shared/policy/register-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';

export interface Registering {
  readonly county: CountyCode;
  readonly register: RegisterStore;
  readonly duties: DutyStore;
  readonly ledger: Pick<LedgerStore, 'ofSubject'>;
}

type Asked = Pick<Request<Route>, 'caller' | 'at' | 'commandId' | 'requestHash'>;

export const rulesAt = ({ county }: Pick<Registering, 'county'>, at: Instant): RegisterRules =>
  registerRulesOf(policyFor(county, at));

export const occasionOf = ({ caller, at }: Asked): Occasion => ({ at, county: caller.county, actor: actorOf(caller) });

export const commandRecord = ({ caller, commandId: id, requestHash }: Asked, answer: unknown): CommandRecord => ({
  by: caller.id,
  id,
  requestHash,
  answer,
});

const STATUS = { state: 409, person: 403, content: 422 } as const;

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

export function refusal({ reason, says, field, members }: Denied, policy: Policy): Problem {
  const why = ruleOf(reason, policy);
  return new Problem(STATUS[REGISTER_DENIALS[reason].about], reason, says, {
    ...members,
    ...(field !== undefined && { field }),
    ...(why && { why }),
  });
}

/** The facts of a ruling; a refusal is thrown as the problem that it is. */
export function factsOf<Fact>(ruling: Ruling<Fact>, policy: Policy): readonly Fact[] {
  if (ruling.kind === 'denied') throw refusal(ruling, policy);
  return ruling.events;
}

/** Refuses a change of a record that stands at another version than the caller saw. */
export function refuseStale(stands: number, seen: number): void {
  if (stands !== seen) throw new Problem(409, 'stale-version', '数据已有新的改动，请刷新后再提交。', { version: stands });
}
