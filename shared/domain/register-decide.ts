/** What a command on an enterprise or on a list as a whole comes to: registering, signing, standing still (一(三), 三(三), P3). */
import { type Instant, plusMs } from './calendar.ts';
import type { TownshipCode } from './ids.ts';
import type { Actor } from './ledger-event.ts';
import { limitEnds, limitMs } from './limit.ts';
import { followOverall } from './overall-grade.ts';
import { departmentOwner, type Owner } from './owner.ts';
import { type Denied, type Ruling, refused } from './register-denials.ts';
import { countingOf, ownerAfter } from './register-list.ts';
import {
  type Contact,
  type EnterpriseContent,
  MOST_WORKSHOPS,
  type OwnerFact,
  type RegisterOwner,
  type Workshop,
  withPlaces,
} from './register-owner.ts';
import { type RiskPoint, standingOf } from './register-risk.ts';
import { isHead, type RegisterRules } from './register-rules.ts';
import type { Suspension } from './register-suspension.ts';
import { isDepartment, type RegisterOccasion } from './risk-decide.ts';
import { isSame } from './same.ts';

/** An enterprise as people enter it. Left out: the supervisor, where it follows from the industry. */
export interface EnteredEnterprise {
  readonly name: string;
  readonly township: TownshipCode;
  readonly industry: string;
  readonly supervisor?: Owner | undefined;
  readonly address?: string | undefined;
  readonly contacts: readonly Contact[];
  readonly workshops: readonly Workshop[];
}

/** A place that stands on a duty page stays known, so workshops and teams are added and never taken away. */
function enterpriseContent(
  { supervisor, address, workshops, ...entered }: EnteredEnterprise,
  before: EnterpriseContent | undefined,
  rules: RegisterRules,
): EnterpriseContent | Denied {
  const { department } = Object.hasOwn(rules.industries, entered.industry) ? (rules.industries[entered.industry] ?? {}) : {};
  if (department === undefined) return refused('unknown-industry', { field: 'industry' });
  if (!rules.townships.has(entered.township)) return refused('unknown-township', { field: 'township' });
  const kept = before?.industry === entered.industry ? before.supervisor : undefined;
  const supervised = supervisor ?? kept ?? departmentOwner(department);
  if (!isDepartment(supervised, rules)) return refused('unknown-department', { field: 'supervisor' });
  const content = { ...entered, supervisor: supervised, ...(address !== undefined && { address }) };
  const named = workshops.flatMap(({ name, teams }) => [{ workshop: name }, ...teams.map((team) => ({ workshop: name, team }))]);
  const all = withPlaces({ ...content, workshops: before?.workshops ?? [] }, named);
  return all.workshops.length > MOST_WORKSHOPS ? refused('too-many-workshops', { field: 'workshops' }) : all;
}

const isStaff = ({ owner }: Actor): boolean => owner?.startsWith('ENT:') === true;

export function registerEnterprise(
  before: RegisterOwner | undefined,
  entered: EnteredEnterprise,
  rules: RegisterRules,
  actor: Actor,
): Ruling<OwnerFact> {
  if (before?.enterprise !== undefined) return refused('already-registered', { field: 'uscc' });
  if (isStaff(actor)) return refused('registrar-needed');
  const content = enterpriseContent(entered, undefined, rules);
  return 'kind' in content ? content : { kind: 'decided', events: [{ type: 'EnterpriseRegistered', data: content }] };
}

/** The enterprise may keep its own record, but not choose who supervises it. */
export function changeEnterprise(
  before: EnterpriseContent,
  entered: EnteredEnterprise,
  rules: RegisterRules,
  actor: Actor,
): Ruling<OwnerFact> {
  const content = enterpriseContent(entered, before, rules);
  if ('kind' in content) return content;
  const field = (['township', 'industry', 'supervisor'] as const).find((name) => content[name] !== before[name]);
  if (field !== undefined && isStaff(actor)) return refused('registrar-needed', { field });
  return { kind: 'decided', events: isSame(content, before) ? [] : [{ type: 'EnterpriseChanged', data: content }] };
}

/** What stands in the way of a signature. */
export interface Blocking {
  readonly ungraded: readonly RiskPoint[];
  /** Public areas that need a department in charge of the block (三(二)). */
  readonly withoutDepartment: readonly RiskPoint[];
}

export function blockingOf(risks: readonly RiskPoint[], { blockDuty }: Pick<RegisterRules, 'blockDuty'>): Blocking {
  const standing = risks.filter(({ retired }) => retired === undefined);
  return {
    ungraded: standing.filter(({ grades }) => grades === undefined),
    withoutDepartment: standing.filter(
      (risk) =>
        risk.township !== undefined &&
        risk.department === undefined &&
        !risk.owner.startsWith('DEPT:') &&
        blockDuty.some((colour) => colour === standingOf(risk)),
    ),
  };
}

const numbersOf = (risks: readonly RiskPoint[]): string[] => risks.map(({ no }) => no);

/** The head signs exactly what he saw: the version and the digest of the list say what that was. `digest`: of the list as it stands. */
export function signList(
  owner: RegisterOwner,
  risks: readonly RiskPoint[],
  seen: { readonly list: number; readonly digest: string },
  digest: string,
  rules: RegisterRules,
  { at, actor }: RegisterOccasion,
): Ruling<OwnerFact> {
  const { version, signedVersion } = owner.list;
  if (!isHead(rules, owner.owner, actor.role)) return refused('not-the-signer');
  if (version === signedVersion) return refused('nothing-to-sign');
  if (seen.list !== version || seen.digest !== digest) return refused('list-changed', { members: { list: version, digest } });
  const { ungraded, withoutDepartment } = blockingOf(risks, rules);
  if (ungraded.length > 0) return refused('ungraded-points', { members: { points: numbersOf(ungraded) } });
  if (withoutDepartment.length > 0)
    return refused('block-department-missing', { members: { points: numbersOf(withoutDepartment) } });
  const signed: OwnerFact = {
    type: 'RiskListSigned',
    data: { list: version, digest, by: actor.id, at, counting: countingOf(risks, version) },
  };
  return { kind: 'decided', events: [signed, ...followOverall(ownerAfter(owner, [signed]), rules)] };
}

export type EnteredSuspension = Pick<Suspension, 'kind' | 'scope' | 'from' | 'until' | 'reason' | 'approver'>;

/** A stop may begin in the past, since it excuses only what ends after its approval; it may not be over. */
export function approveSuspension(
  { enterprise }: Pick<RegisterOwner, 'enterprise'>,
  risks: readonly RiskPoint[],
  entered: EnteredSuspension,
  id: string,
  rules: RegisterRules,
  { at, actor }: RegisterOccasion,
): Ruling<Extract<OwnerFact, { type: 'SuspensionApproved' }>> {
  const { from, until, scope } = entered;
  if (until <= from) return refused('suspension-backwards', { field: 'until' });
  if (until <= at) return refused('suspension-over', { field: 'until' });
  // What lies before the approval excuses nothing, so it does not count towards the length either.
  const earliest = plusMs(from > at ? from : at, limitMs(rules.shortestSuspension));
  if (until < earliest) return refused('suspension-too-short', { field: 'until', members: { earliest } });
  if (until > limitEnds(from, rules.longestSuspension)) {
    return refused('suspension-too-long', { field: 'until', members: { latest: limitEnds(from, rules.longestSuspension) } });
  }
  if (scope.of === 'workshop' && !enterprise?.workshops.some(({ name }) => name === scope.workshop)) {
    return refused('unknown-workshop', { field: 'scope.workshop' });
  }
  if (scope.of === 'points') {
    const known = new Set(risks.filter(({ retired }) => retired === undefined).map(({ no }) => no));
    const strangers = scope.points.filter((no) => !known.has(no));
    if (strangers.length > 0) return refused('unknown-points', { field: 'scope.points', members: { points: strangers } });
  }
  return {
    kind: 'decided',
    events: [{ type: 'SuspensionApproved', data: { id, ...entered, approvedBy: actor.id, approvedAt: at } }],
  };
}

export function liftSuspension(
  { id, until, lifted }: Suspension,
  because: string,
  at: Instant,
): Ruling<Extract<OwnerFact, { type: 'SuspensionLifted' }>> {
  if (lifted !== undefined || until <= at) return refused('suspension-ended');
  return { kind: 'decided', events: [{ type: 'SuspensionLifted', data: { id, at, because } }] };
}
