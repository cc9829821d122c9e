import type * as z from 'zod';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Grade } from '../../shared/domain/grading.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { blockingOf } from '../../shared/domain/register-decide.ts';
import type { RegisterOwner, RiskListState } from '../../shared/domain/register-owner.ts';
import {
  byGravity,
  countingColour,
  type Grades,
  type RiskFact,
  type RiskPoint,
  standingOf,
} from '../../shared/domain/register-risk.ts';
import { isRunning, type Suspension } from '../../shared/domain/register-suspension.ts';
import { townshipsOf } from '../../shared/policy/divisions.ts';
import { type Policy, whyGraded } from '../../shared/policy/load.ts';
import { registerRulesOf } from '../../shared/policy/register-rules.ts';
import type { Enterprise } from '../../shared/runtime/enterprise-in-sight.ts';
import type { enterpriseOut, gradingOut, listOut, riskOut, suspensionOut } from './register-out.ts';

export type RiskView = z.input<typeof riskOut>;
export type ListView = z.input<typeof listOut>;
export type EnterpriseView = z.input<typeof enterpriseOut>;
export type SuspensionView = z.input<typeof suspensionOut>;
export type GradingView = z.input<typeof gradingOut>;

function gradeView(grade: Grade, policy: Policy): GradingView['grades']['residual'] {
  const { determination, ...rest } = grade;
  const how =
    rest.method === 'EXPERTS'
      ? { ...rest, experts: [...rest.experts] }
      : { ...rest, factors: rest.factors.map((factor) => ({ ...factor })) };
  return { ...how, ...(determination !== undefined && { determination }), why: whyGraded(policy, grade) };
}

const gradesView = ({ inherent, residual }: Grades, policy: Policy): GradingView['grades'] => ({
  inherent: gradeView(inherent, policy),
  residual: gradeView(residual, policy),
});

export function riskView(risk: RiskPoint, { signedVersion }: Pick<RiskListState, 'signedVersion'>, policy: Policy): RiskView {
  const { owner, no, township, department, content, grades, addedIn, changedIn, retired, version } = risk;
  const { editions } = policy.accidents;
  return {
    owner,
    no,
    ...(township !== undefined && { township }),
    ...(department !== undefined && { department }),
    content: {
      ...content,
      dimensions: [...content.dimensions],
      participants: content.participants.map(({ as, names }) => ({ as, names: [...names] })),
      accidents: content.accidents.map(({ edition, code }) => ({ edition, code, name: editions[edition]?.[code] ?? code })),
      controls: content.controls.map((control) => ({ ...control })),
    },
    ...(grades !== undefined && { grades: gradesView(grades, policy) }),
    colour: standingOf(risk),
    counts: countingColour(risk, { signedVersion }) !== undefined,
    isSigned: changedIn <= signedVersion,
    addedIn,
    changedIn,
    ...(retired !== undefined && { retired }),
    version,
  };
}

/** The grading that an event records; `undefined` for events that grade nothing. */
export function gradingView({ at, actor: { id, role }, type, data }: LedgerEvent, policy: Policy): GradingView | undefined {
  const fact = { type, data } as RiskFact; // the events of a risk's subject are these facts and no others
  const by = { id, role };
  if (fact.type === 'RiskAdded' && fact.data.grades !== undefined) {
    const { grades, list } = fact.data;
    return { at, by, from: 'NONE', to: grades.residual.colour, list, grades: gradesView(grades, policy) };
  }
  if (fact.type !== 'RiskRegraded') return undefined;
  const { grades, from, to, because, list } = fact.data;
  return { at, by, from, to, because, list, grades: gradesView(grades, policy) };
}

export function enterpriseView(found: Enterprise, policy: Policy): EnterpriseView {
  const { uscc, owner, list, counting, overall, version } = found;
  const { name, township, industry, supervisor, address, contacts, workshops } = found.enterprise;
  return {
    uscc,
    owner,
    name,
    township,
    townshipName: townshipsOf(policy.county).get(township) ?? township,
    industry,
    industryName: policy.industries.values[industry]?.name ?? industry,
    supervisor,
    supervisorName: policy.departments.values[supervisor.slice('DEPT:'.length)] ?? supervisor,
    ...(address !== undefined && { address }),
    contacts: contacts.map((contact) => ({ ...contact })),
    workshops: workshops.map(({ name, teams }) => ({ name, teams: [...teams] })),
    list: { ...list },
    counting: { ...counting },
    overall: {
      colour: overall.colour,
      rule: overall.rule,
      ...(overall.adjustment !== undefined && { adjustment: { ...overall.adjustment } }),
      why: overall.adjustment === undefined ? policy.overall.grade.why : policy.overall.adjustment.why,
    },
    version,
  };
}

/** `digest`: of the list as it stands. */
export function listView(
  { owner, list, version }: RegisterOwner,
  risks: readonly RiskPoint[],
  digest: string,
  policy: Policy,
): ListView {
  const { ungraded, withoutDepartment } = blockingOf(risks, registerRulesOf(policy));
  const nameOf = (risk: RiskPoint): string => (risk.township === undefined ? risk.no : `${risk.township}/${risk.no}`);
  const { digest: _, version: open, ...signed } = list;
  const kind = owner.startsWith('ENT:') ? 'ENT' : owner.startsWith('TOWN:') ? 'TOWN' : 'DEPT';
  return {
    owner,
    list: open,
    ...signed,
    digest,
    points: risks.filter(({ retired }) => retired === undefined).length,
    unsigned: [...risks]
      .filter(({ changedIn }) => changedIn > list.signedVersion)
      .sort(byGravity)
      .map(nameOf),
    ungraded: ungraded.map(nameOf),
    withoutDepartment: withoutDepartment.map(nameOf),
    canBeSigned: open > list.signedVersion && ungraded.length === 0 && withoutDepartment.length === 0,
    why: policy.signing[kind].why,
    version,
  };
}

export function suspensionView(suspension: Suspension, at: Instant, { suspension: rules }: Policy): SuspensionView {
  const { scope, lifted, kind, ...rest } = suspension;
  return {
    ...rest,
    kind,
    kindName: rules.kinds.values[kind],
    scope: scope.of === 'points' ? { of: 'points', points: [...scope.points] } : scope,
    ...(lifted !== undefined && { lifted }),
    isRunning: isRunning(suspension, at),
    why: rules.kinds.why,
    version: lifted === undefined ? 1 : 2,
  };
}
