/** What may be said of an inspector, by whom, and what it makes of his entry in the directory. */
import { type Day, dayOf, type Instant, plusDays, startOfDay } from './calendar.ts';
import { type DirectoryRuling, notAllowed } from './directory-denials.ts';
import { type Department, GOVERNMENT, type PersonId } from './ids.ts';
import type { Absence, Inspector, InspectorContent, InspectorFact, Interest } from './inspector.ts';
import type { Occasion } from './ledger-event.ts';
import { isSame } from './same.ts';

/** What the directories need of the county's policy. */
export interface DirectoryRules {
  readonly industries: ReadonlySet<string>;
  readonly departments: ReadonlySet<string>;
  /** Kinds of interests that exclude. */
  readonly interests: ReadonlySet<string>;
}

type Ruling = DirectoryRuling<InspectorFact>;
const one = (fact: InspectorFact): Ruling => ({ kind: 'decided', events: [fact] });

/** Interests of a person who has so many say that he should not inspect. */
const MOST_INTERESTS = 200;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The same skills are written in the same way: sorted, each once. */
const skillsOf = (skills: readonly string[]): readonly string[] => [...new Set(skills)].sort(byText);

function contentFaults(content: InspectorContent, before: InspectorContent | undefined, rules: DirectoryRules, today: Day) {
  const { skills, certificate, role, employer, authority } = content;
  if (!isAuthority(authority, rules)) return notAllowed('unknown-authority', { field: 'authority' });
  const isKnown = (skill: string): boolean => (skill === '*' ? skills.length === 1 : rules.industries.has(skill));
  if (!skills.every(isKnown)) return notAllowed('unknown-skill', { field: 'skills' });
  const isOld = before !== undefined && isSame(before.certificate, certificate);
  if (certificate.until < today && !isOld) return notAllowed('certificate-expired', { field: 'certificate.until' });
  if (role === 'enforcer' && employer !== undefined) return notAllowed('employer-of-enforcer', { field: 'employer' });
  return undefined;
}

/** Whether the policy knows the department, or it is the government. */
export const isAuthority = (authority: Department, { departments }: Pick<DirectoryRules, 'departments'>): boolean =>
  authority === GOVERNMENT || departments.has(authority);

/** A person stands in one directory once. Who retired may come back, also to another authority; what he declared stays declared. */
export function registerInspector(
  before: Inspector | undefined,
  entered: InspectorContent,
  rules: DirectoryRules,
  at: Instant,
): Ruling {
  if (before !== undefined && before.retired === undefined) return notAllowed('in-a-directory', { field: 'id' });
  const content = { ...entered, skills: skillsOf(entered.skills) };
  return contentFaults(content, undefined, rules, dayOf(at)) ?? one({ type: 'InspectorRegistered', data: content });
}

export function changeInspector(
  { content: before, retired }: Inspector,
  entered: Omit<InspectorContent, 'authority'>,
  rules: DirectoryRules,
  at: Instant,
): Ruling {
  if (retired !== undefined) return notAllowed('inspector-retired');
  const content = { ...entered, authority: before.authority, skills: skillsOf(entered.skills) };
  const fault = contentFaults(content, before, rules, dayOf(at));
  if (fault !== undefined) return fault;
  return isSame(content, before) ? { kind: 'decided', events: [] } : one({ type: 'InspectorChanged', data: content });
}

export const retireInspector = ({ retired }: Inspector, because: string): Ruling =>
  retired === undefined ? one({ type: 'InspectorRetired', data: { because } }) : notAllowed('inspector-retired');

const dayBefore = (day: Day): Day => dayOf(plusDays(startOfDay(day), -1));
/** The ledger keeps every absence; the entry keeps those that some draw of the year may still be asked about. */
const KEPT_DAYS = 400;

/**
 * Replaces the absences from today on. What is past stays as it was said: an absence that is left out ends yesterday, and one that
 * began before today may be entered again with the beginning that it had.
 */
export function declareAbsences({ absences: before, retired }: Inspector, entered: readonly Absence[], at: Instant): Ruling {
  if (retired !== undefined) return notAllowed('inspector-retired');
  const today = dayOf(at);
  const over = before.filter(({ to }) => to < today);
  const running = before.filter(({ from, to }) => from < today && to >= today);
  const current: Absence[] = [];
  for (const absence of entered) {
    if (absence.to < absence.from) return notAllowed('absence-backwards', { field: 'absences' });
    if (absence.to < today) {
      if (!over.some((one) => isSame(one, absence))) return notAllowed('absence-in-the-past', { field: 'absences' });
    } else if (absence.from < today && !running.some(({ from }) => from === absence.from)) {
      return notAllowed('absence-in-the-past', { field: 'absences' });
    } else current.push(absence);
  }
  const cut = running.filter(({ from }) => !current.some((absence) => absence.from === from));
  const earliest = dayOf(plusDays(at, -KEPT_DAYS));
  const absences = [
    ...over.filter(({ to }) => to >= earliest),
    ...cut.map((absence) => ({ ...absence, to: dayBefore(today) })),
    ...current,
  ].sort((a, b) => byText(a.from, b.from));
  const overlaps = absences.some(({ to }, index) => {
    const next = absences[index + 1];
    return next !== undefined && next.from <= to;
  });
  if (overlaps) return notAllowed('absences-overlap', { field: 'absences' });
  return isSame(absences, before) ? { kind: 'decided', events: [] } : one({ type: 'AbsencesDeclared', data: { absences } });
}

/** Declared by the inspector himself or for him; the draws that are frozen from now on leave him out. `isKnown`: the register has what it is in. */
export function declareInterest(
  { interests, retired }: Inspector,
  { in: about, kind, reason }: Pick<Interest, 'in' | 'kind' | 'reason'>,
  isKnown: boolean,
  rules: DirectoryRules,
  { at, actor }: Pick<Occasion, 'at' | 'actor'>,
): Ruling {
  if (retired !== undefined) return notAllowed('inspector-retired');
  if (!rules.interests.has(kind)) return notAllowed('unknown-interest', { field: 'kind' });
  if (!isKnown) return notAllowed('unknown-object', { field: 'in' });
  if (interests.some((interest) => interest.in === about && interest.lifted === undefined)) {
    return notAllowed('interest-declared', { field: 'in' });
  }
  if (interests.length >= MOST_INTERESTS) return notAllowed('too-many-interests');
  const no = interests.length + 1;
  return one({ type: 'InterestDeclared', data: { no, in: about, kind, reason, by: actor.id, at } });
}

/** Never by the inspector himself: he would choose whom he inspects. */
export function liftInterest({ id, interests, retired }: Inspector, no: number, reason: string, by: PersonId): Ruling {
  if (retired !== undefined) return notAllowed('inspector-retired');
  if (by === id) return notAllowed('not-by-oneself');
  const found = interests.find((interest) => interest.no === no);
  if (found === undefined) return notAllowed('no-such-interest', { field: 'no' });
  if (found.lifted !== undefined) return notAllowed('interest-lifted', { field: 'no' });
  return one({ type: 'InterestLifted', data: { no, reason } });
}

function after(
  id: PersonId,
  before: Inspector | undefined,
  fact: InspectorFact,
  { at, actor }: Pick<Occasion, 'at' | 'actor'>,
): Inspector {
  if (fact.type === 'InspectorRegistered') {
    return { id, content: fact.data, absences: before?.absences ?? [], interests: before?.interests ?? [] };
  }
  if (before === undefined) throw new Error(`${fact.type} of somebody who stands in no directory`);
  switch (fact.type) {
    case 'InspectorChanged':
      return { ...before, content: fact.data };
    case 'AbsencesDeclared':
      return { ...before, absences: fact.data.absences };
    case 'InterestDeclared':
      return { ...before, interests: [...before.interests, fact.data] };
    case 'InterestLifted': {
      const { no, reason } = fact.data;
      const lifted = { by: actor.id, at, reason };
      return { ...before, interests: before.interests.map((each) => (each.no === no ? { ...each, lifted } : each)) };
    }
    case 'InspectorRetired':
      return { ...before, retired: { at, because: fact.data.because } };
  }
}

/** The entry after facts of one occasion. */
export function inspectorAfter(
  id: PersonId,
  before: Inspector | undefined,
  facts: readonly InspectorFact[],
  occasion: Pick<Occasion, 'at' | 'actor'>,
): Inspector {
  const state = facts.reduce<Inspector | undefined>((state, fact) => after(id, state, fact, occasion), before);
  if (state === undefined) throw new Error(`${id} stands in no directory`);
  return state;
}
