/** Who may be sent where: recusal (回避) by declared interest and by rule, and the days on which an inspector can go at all. */
import type { Day } from './calendar.ts';
import type { ObjectId, PersonId } from './ids.ts';
import type { Inspector } from './inspector.ts';
import { enterpriseOwner, type Owner } from './owner.ts';

/** Whatever an inspector keeps away from: what he declared and nobody lifted, and who employs him. */
export const recusedFrom = ({ content, interests }: Pick<Inspector, 'content' | 'interests'>): ReadonlySet<ObjectId | Owner> =>
  new Set([
    ...interests.flatMap((interest) => (interest.lifted === undefined ? [interest.in] : [])),
    ...(content.employer === undefined ? [] : [enterpriseOwner(content.employer)]),
  ]);

/** What an object is and whose it is. */
export interface Belonging {
  readonly object: ObjectId;
  readonly owner: Owner;
}

/** Answers for each object who must not go there, by id; made once, since a draw may have a million objects. */
export function recusals(
  inspectors: Iterable<Pick<Inspector, 'id' | 'content' | 'interests'>>,
): (of: Belonging) => readonly PersonId[] {
  const away = new Map<string, PersonId[]>();
  for (const inspector of inspectors) {
    for (const from of recusedFrom(inspector)) {
      const known = away.get(from);
      if (known === undefined) away.set(from, [inspector.id]);
      else known.push(inspector.id);
    }
  }
  return ({ object, owner }) => {
    const [ofObject = [], ofOwner = []] = [away.get(object), away.get(owner)];
    return [...new Set([...ofObject, ...ofOwner])].sort();
  };
}

/** Whether an inspector must not go to an object. */
export const isRecused = (inspector: Pick<Inspector, 'content' | 'interests'>, { object, owner }: Belonging): boolean => {
  const away = recusedFrom(inspector);
  return away.has(object) || away.has(owner);
};

/** Of these days those on which he is away: absent, or without a valid certificate. */
export const awayOn = (
  { absences, content: { certificate } }: Pick<Inspector, 'absences' | 'content'>,
  days: readonly Day[],
): readonly Day[] => days.filter((day) => day > certificate.until || absences.some(({ from, to }) => from <= day && day <= to));

/** How many objects he may have in a month. */
export const perMonthOf = ({ content }: Pick<Inspector, 'content'>, policy: number): number => content.perMonth ?? policy;
