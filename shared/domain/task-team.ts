/** Whether a team that a person sends could have been drawn: qualified, valid on the day, not away, not recused, and enough of each role. */
import type { Day } from './calendar.ts';
import { type Department, GOVERNMENT, type PersonId } from './ids.ts';
import type { Inspector, InspectorRole } from './inspector.ts';
import { awayOn, type Belonging, isRecused } from './recusal.ts';

export type Unfit = 'unknown' | 'of-another-authority' | 'not-qualified' | 'away' | 'recused';

/** What people read. */
export const UNFIT_SAYS: Readonly<Record<Unfit, string>> = {
  unknown: '不在检查人员名录中，或已退出',
  'of-another-authority': '不是本机关的检查人员',
  'not-qualified': '没有该行业的检查资格',
  away: '当日不在岗，或证件到期',
  recused: '须回避该对象',
};

export interface VisitOf extends Belonging {
  readonly authority: Department;
  /** The code of the industry; a public area asks for none. */
  readonly skill: string | undefined;
  readonly day: Day;
}

/** What keeps one of them from going; nothing where he may. The government sends inspectors of every authority. */
export function unfitness(inspector: Inspector | undefined, visit: VisitOf): Unfit | undefined {
  if (inspector === undefined || inspector.retired !== undefined) return 'unknown';
  const { authority, skills } = inspector.content;
  if (visit.authority !== GOVERNMENT && authority !== visit.authority) return 'of-another-authority';
  const isQualified = visit.skill === undefined || skills.includes('*') || skills.includes(visit.skill);
  if (!isQualified) return 'not-qualified';
  if (awayOn(inspector, [visit.day]).length > 0) return 'away';
  return isRecused(inspector, visit) ? 'recused' : undefined;
}

/** How many of each role a team needs. */
export type TeamNeeds = Readonly<Record<InspectorRole, number>>;

/** The roles of which there are too few, and those who are named twice. */
export function teamFaults(
  team: readonly { readonly id: PersonId; readonly role: InspectorRole }[],
  needs: TeamNeeds,
): readonly (InspectorRole | 'twice')[] {
  const short = (['enforcer', 'expert'] as const).filter(
    (role) => team.filter((member) => member.role === role).length < needs[role],
  );
  return new Set(team.map(({ id }) => id)).size === team.length ? short : [...short, 'twice'];
}
