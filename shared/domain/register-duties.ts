/**
 * What the register does to the duty pages of an enterprise: a signature begins duties (P5), a new grade or another workshop moves one
 * (P4), a retired risk's ends, and an approved stop lies on every point that it covers, those that come later too. Public areas have
 * no duties: 二(五) binds enterprises to check themselves.
 */
import type { Instant } from './calendar.ts';
import { windowOf } from './calendar.ts';
import { type Colour, isGraver } from './colour.ts';
import type { PageVersion } from './duty-name.ts';
import {
  type Cadences,
  type DutyPage,
  type DutyPoint,
  emptyPoint,
  moveDuty,
  pointOf,
  retireDuty,
  signDuty,
  withPoint,
} from './duty-page.ts';
import type { RiskNo } from './ids.ts';
import type { Owner } from './owner.ts';
import type { RiskChange } from './register-list.ts';
import type { MovedDuties, OwnerFact } from './register-owner.ts';
import { countingColour, type RiskPoint } from './register-risk.ts';
import { type Suspension, withStops } from './register-suspension.ts';

/** On which page of its enterprise a point has its duty. */
export interface DutyPlace {
  readonly colour: Colour;
  readonly workshop?: string | undefined;
}

/** A duty that begins (no `from`), ends (no `to`) or moves. */
export interface DutyMove {
  readonly no: RiskNo;
  readonly from?: DutyPlace | undefined;
  readonly to?: DutyPlace | undefined;
}

export const placeName = ({ colour, workshop }: DutyPlace): string => `${colour}#${workshop ?? ''}`;

function placeOf(risk: RiskPoint | undefined, signedVersion: number): DutyPlace | undefined {
  const colour = risk && countingColour(risk, { signedVersion });
  if (risk === undefined || colour === undefined || risk.township !== undefined) return undefined;
  const { workshop } = risk.content;
  return { colour, ...(workshop !== undefined && { workshop }) };
}

/** The duties that change when risks do, or when the signed version of their list does; those that go the same way follow one another. */
export const dutyMoves = (
  changes: readonly Pick<RiskChange, 'before' | 'after'>[],
  signedBefore: number,
  signedAfter: number,
): DutyMove[] =>
  eachMove(
    movedAlike(
      changes.flatMap(({ before, after }) => {
        const [from, to] = [placeOf(before, signedBefore), placeOf(after, signedAfter)];
        const isSettled = from === undefined ? to === undefined : to !== undefined && placeName(from) === placeName(to);
        return isSettled ? [] : [{ no: after.no, from, to }];
      }),
    ),
  );

/** As the ledger keeps them: a signature may move thousands of duties, between a handful of pages. */
export function movedAlike(moves: readonly DutyMove[]): MovedDuties[] {
  const alike = new Map<string, MovedDuties & { readonly nos: RiskNo[] }>();
  for (const { no, from, to } of moves) {
    const way = JSON.stringify([from && placeName(from), to && placeName(to)]);
    const of = alike.get(way) ?? { ...(from && { from }), ...(to && { to }), nos: [] };
    of.nos.push(no);
    alike.set(way, of);
  }
  return [...alike.values()];
}

/** A fact with what it did to duty pages, where it is one that does: which versions it wrote is known when they are written. */
export function withPagesWritten(fact: OwnerFact, pages: readonly PageVersion[], moves: readonly DutyMove[]): OwnerFact {
  if (pages.length === 0) return fact;
  switch (fact.type) {
    case 'RiskListChanged':
      return { ...fact, data: { ...fact.data, pages, moved: movedAlike(moves) } };
    case 'RiskListSigned':
      return { ...fact, data: { ...fact.data, pages, moved: movedAlike(moves) } };
    case 'SuspensionApproved':
      return { ...fact, data: { ...fact.data, pages } };
    case 'SuspensionLifted':
      return { ...fact, data: { ...fact.data, pages } };
    default:
      return fact;
  }
}

export const eachMove = (moved: readonly MovedDuties[]): DutyMove[] =>
  moved.flatMap(({ from, to, nos }) => nos.map((no) => ({ no, from, to })));

/** The pages that the moves touch. */
export const placesOf = (moves: readonly DutyMove[]): DutyPlace[] => [
  ...new Map(moves.flatMap(({ from, to }) => [from, to].flatMap((place) => (place ? [[placeName(place), place]] : [])))).values(),
];

/** A page is one item of the table, and a point takes up to 150 bytes of it over the years. */
const MOST_POINTS = 2000;

export type PagesMoved =
  | { readonly kind: 'moved'; readonly pages: readonly DutyPage[] }
  | { readonly kind: 'full'; readonly page: DutyPage };

export interface MoveRules {
  readonly cadences: Cadences;
  /** All of the enterprise; those that are over do nothing. */
  readonly suspensions: readonly Suspension[];
  readonly at: Instant;
}

/** The touched pages after the moves. `pages`: at least those of `placesOf`, where they exist. */
export function movePages(owner: Owner, pages: readonly DutyPage[], moves: readonly DutyMove[], rules: MoveRules): PagesMoved {
  const touched = new Map<string, DutyPage>();
  const pageAt = (place: DutyPlace): DutyPage =>
    touched.get(placeName(place)) ??
    pages.find((page) => placeName(page) === placeName(place)) ?? {
      owner,
      colour: place.colour,
      ...(place.workshop !== undefined && { workshop: place.workshop }),
      points: {},
    };
  const write = (place: DutyPlace, no: RiskNo, point: DutyPoint): void => {
    touched.set(placeName(place), point.spans.length === 0 ? without(pageAt(place), no) : withPoint(pageAt(place), no, point));
  };
  for (const { no, from, to } of moves) {
    const at = [from, to].reduce((latest, place) => (place ? notSealed(pageAt(place), rules, latest) : latest), rules.at);
    const on = (place: DutyPlace) => ({ point: pointOf(pageAt(place), no) ?? emptyPoint, cadence: rules.cadences[place.colour] });
    const stopped = (place: DutyPlace, point: DutyPoint): DutyPoint =>
      withStops(point, rules.suspensions, no, place.workshop, at);
    if (from !== undefined && to !== undefined) {
      const leaving = on(from);
      // The stops go with the point, but for those of a workshop that it leaves.
      const goes = from.workshop === to.workshop ? leaving : { ...leaving, point: { ...leaving.point, stops: [] } };
      const moved = moveDuty(goes, on(to), isGraver(to.colour, from.colour), at);
      write(from, no, { ...moved.from, stops: leaving.point.stops });
      write(to, no, stopped(to, moved.to));
    } else if (to !== undefined) write(to, no, stopped(to, signDuty(on(to), at)));
    else if (from !== undefined) write(from, no, retireDuty(on(from), at));
  }
  const full = [...touched.values()].find(({ points }) => Object.keys(points).length > MOST_POINTS);
  return full === undefined ? { kind: 'moved', pages: [...touched.values()] } : { kind: 'full', page: full };
}

/** A period that was sealed is over: a command that was received before its end and comes after its sealing acts on the next. */
function notSealed({ colour, sealedThrough }: DutyPage, { cadences }: MoveRules, at: Instant): Instant {
  if (sealedThrough === undefined) return at;
  const { until } = windowOf(cadences[colour], sealedThrough);
  return until > at ? until : at;
}

/** A duty that had not begun when it ended leaves no trace. */
const without = (page: DutyPage, no: RiskNo): DutyPage => ({
  ...page,
  points: Object.fromEntries(Object.entries(page.points).filter(([key]) => key !== no)),
});
