import { createHash } from 'node:crypto';
import { type Day, type Instant, instant } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import type { Hazard, HazardCommand, HazardFact, HazardReport, PlanDraft } from '../../shared/domain/hazard.ts';
import { decideHazard, type HazardOccasion, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { countyCode, evidenceKey, hazardId, personId, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';

const first17 = '91533102MA6K1A2B1';
export const uscc = creditCode(`${first17}${checkCharacter(first17)}`);
export const enterprise = enterpriseOwner(uscc);
export const department = departmentOwner('YJJ');
export const township = townshipCode('533102001');

const actor = (id: string, role: Role, owner?: Actor['owner']): Actor => ({ id: personId(id), role, ...(owner && { owner }) });

/** People of a case: an enterprise's, its township's, its department's, the county's. */
export const people = {
  li: actor('li', 'team-leader', enterprise),
  wang: actor('wang', 'safety-manager', enterprise),
  zhao: actor('zhao', 'head', enterprise),
  duan: actor('duan', 'department-officer', department),
  yang: actor('yang', 'department-head', department),
  dao: actor('dao', 'township-officer', townshipOwner(township)),
  mayor: actor('mayor', 'township-head', townshipOwner(township)),
  committee: actor('committee', 'committee-officer'),
  governor: actor('governor', 'government-head'),
  system: actor('system', 'system'),
} as const;
export type Person = keyof typeof people;

export const began = instant('2026-03-02T09:00:00+08:00');
export const rules = policyFor(countyCode('533102'), began).hazards;

/** A photo of the enterprise's that shows this. */
export const photo = (name: string) => evidenceKey(`evidence/${uscc}/${createHash('sha256').update(name).digest('hex')}.jpg`);
export const day = (text: string): Day => text as Day;
/** An instant of the county's zone. */
export const at = (text: string): Instant => instant(`2026-${text}:00+08:00`);

export const report: HazardReport = {
  id: hazardId('R0123456789ABCDEF'),
  county: countyCode('533102'),
  colour: 'RED',
  owner: enterprise,
  township,
  supervisor: department,
  finding: {
    at: began,
    source: 'self-check',
    place: '一号储罐区',
    description: '可燃气体报警器失灵',
    evidence: [photo('found')],
  },
};

export const plan: PlanDraft = {
  responsible: people.zhao.id,
  measures: '更换报警器并加装联锁',
  fundsFen: 1_250_000,
  timeLimit: day('2026-04-15'),
  emergencyPlan: photo('emergency-plan'),
  parts: { aims: '消除', methods: '更换', means: '自筹', people: '安全部', schedule: '四月', safety: '停用期间巡查' },
};

export type Step = readonly [who: Person, when: Instant, command: HazardCommand];

export const opened = (finding: Partial<HazardReport['finding']> = {}): Hazard => {
  const whole = { ...report, finding: { ...report.finding, ...finding } };
  return evolveHazard(undefined, { ...reportHazard(whole, rules, began), at: began, actor: people.li });
};

/** A public area of the township's that no department is over. */
export const anArea: Pick<HazardReport, 'owner' | 'township' | 'supervisor'> = { owner: townshipOwner(township), township };

/** A hazard in a public area of these parties. */
export function openedIn(parties: typeof anArea, finding: Partial<HazardReport['finding']> = {}): Hazard {
  const { owner: _, township: __, supervisor: ___, ...rest } = report;
  const whole = { ...rest, ...parties, finding: { ...report.finding, evidence: [], risk: riskNo('A1'), ...finding } };
  return evolveHazard(undefined, { ...reportHazard(whole, rules, began), at: began, actor: people.dao });
}

export const apply = (hazard: Hazard, facts: readonly HazardFact[], occasion: HazardOccasion): Hazard =>
  facts.reduce((state, event) => evolveHazard(state, { ...event, ...occasion }), hazard);

/** A case after these steps; a step that is refused is a mistake of the test. */
export const given = (...steps: readonly Step[]): Hazard => from(opened(), ...steps);

export const from = (hazard: Hazard, ...steps: readonly Step[]): Hazard =>
  steps.reduce((state, [who, when, command]) => {
    const answer = decideHazard(state, command, rules, { at: when, actor: people[who] });
    if (answer.kind === 'denied') throw new Error(`${command.type} by ${who} was refused: ${answer.reason}`);
    return apply(state, answer.events, { at: when, actor: people[who] });
  }, hazard);

/** What a step answers to a case: the types of its facts, or the reason of its refusal. */
export const answered = (hazard: Hazard, [who, when, command]: Step): string | readonly string[] => {
  const answer = decideHazard(hazard, command, rules, { at: when, actor: people[who] });
  return answer.kind === 'denied' ? answer.reason : answer.events.map(({ type }) => type);
};
