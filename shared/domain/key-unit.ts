/**
 * Key units (重点县市、乡镇、企业、环节和点段), policy 三(三): the prefecture and the county each designate so many, with a term and a reason.
 * All of one level stand in one record, whose version guards the quota. Enterprises and sections are an alternative: while one kind is
 * chosen the other is not (P2).
 */
import { type Day, dayOf, type Instant } from './calendar.ts';
import type { Role } from './caller.ts';
import type { CreditCode } from './credit-code.ts';
import type { CountyCode, ObjectId, PersonId, TownshipCode } from './ids.ts';
import { enterpriseObject } from './object.ts';
import type { Owner } from './owner.ts';
import { isSame } from './same.ts';
import { notSupervised, type SupervisionDenied, type SupervisionRuling } from './supervision-denials.ts';

export const KEY_LEVELS = ['prefecture', 'county'] as const;
export type KeyLevel = (typeof KEY_LEVELS)[number];
export const KEY_KINDS = ['county', 'township', 'enterprise', 'section'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What is designated. A section (环节、点段) has no number of its own: its name, where it lies and whose it is tell it. */
export type KeyUnit =
  | { readonly kind: 'county'; readonly county: CountyCode }
  | { readonly kind: 'township'; readonly township: TownshipCode }
  | { readonly kind: 'enterprise'; readonly uscc: CreditCode }
  | { readonly kind: 'section'; readonly name: string; readonly township: TownshipCode; readonly owner: Owner };

export interface Designation {
  /** Its number within its level, from 1. */
  readonly no: number;
  readonly unit: KeyUnit;
  /** The first and the last day of its term. */
  readonly from: Day;
  readonly until: Day;
  readonly reason: string;
  readonly document: string;
  readonly by: PersonId;
  readonly at: Instant;
  readonly ended?: { readonly at: Instant; readonly by: PersonId; readonly because: string };
}

export interface KeyUnits {
  readonly level: KeyLevel;
  /** The highest number that was given. */
  readonly last: number;
  /** Those that run or will run, and the latest of those that are over: all of them stand in the ledger. */
  readonly designations: readonly Designation[];
}

export type KeyUnitFact =
  | {
      readonly type: 'KeyUnitDesignated';
      readonly data: Pick<Designation, 'no' | 'unit' | 'from' | 'until' | 'reason' | 'document'> & { readonly level: KeyLevel };
    }
  | {
      readonly type: 'DesignationEnded';
      readonly data: { readonly level: KeyLevel; readonly no: number; readonly because: string };
    };

export const keyUnitsSubject = (level: KeyLevel): string => `KEY#${level}`;
export const noKeyUnits = (level: KeyLevel): KeyUnits => ({ level, last: 0, designations: [] });

/** So many that run or will run fit a record, and so many of the past are kept beside them. */
const MOST_AHEAD = 100;
const MOST_PAST = 50;

interface AreaQuota {
  readonly kind: 'county' | 'township';
  readonly atLeast: number;
  readonly atMost: number;
}

/** What the policy says of a level (`Policy['keyUnits']`), and what places there are. */
export interface KeyUnitRules {
  readonly levels: {
    readonly [Level in KeyLevel]: {
      readonly areas: AreaQuota;
      readonly units: { readonly eitherOf: { readonly enterprise: number; readonly section: number } };
    };
  };
  /** What becomes of one more than the quota. */
  readonly more: 'accept' | 'warn' | 'refuse';
  readonly townships: ReadonlySet<TownshipCode>;
  readonly counties: ReadonlySet<CountyCode>;
}

interface Asked {
  readonly at: Instant;
  readonly role: Role;
}

/** Whether it holds on a day. One that was ended holds to the day before. */
export const holdsOn = ({ from, until, ended }: Designation, day: Day): boolean =>
  from <= day && day <= until && (ended === undefined || day < dayOf(ended.at));

const isOver = ({ until, ended }: Designation, today: Day): boolean => ended !== undefined || until < today;

/** Those that hold on a day. */
export const designatedOn = ({ designations }: KeyUnits, day: Day): readonly Designation[] =>
  designations.filter((designation) => holdsOn(designation, day));

/** The enterprises among them, as draws name them. */
export const keyObjectsOn = (units: KeyUnits, day: Day): readonly ObjectId[] =>
  designatedOn(units, day).flatMap(({ unit }) => (unit.kind === 'enterprise' ? [enterpriseObject(unit.uscc)] : []));

const isAlternative = (kind: KeyKind): kind is 'enterprise' | 'section' => kind === 'enterprise' || kind === 'section';

/** How many of a kind a level may have at a time; `undefined`: it designates none of that kind. */
export function quotaOf(kind: KeyKind, level: KeyLevel, { levels }: Pick<KeyUnitRules, 'levels'>): number | undefined {
  const { areas, units } = levels[level];
  if (isAlternative(kind)) return units.eitherOf[kind];
  return areas.kind === kind ? areas.atMost : undefined;
}

/** The most of these that hold on one day between two: it can only grow on a day on which one begins. */
function mostAtOnce(designations: readonly Designation[], from: Day, until: Day): number {
  const days = [from, ...designations.map((each) => each.from).filter((day) => from < day && day <= until)];
  return Math.max(...days.map((day) => designations.filter((each) => holdsOn(each, day)).length));
}

/** The prefecture decides of its own, the committee and the county's government of theirs. */
const isTheirs = (level: KeyLevel, role: Role): boolean => (level === 'prefecture') === (role === 'prefecture-officer');

function isKnown(unit: KeyUnit, { townships, counties }: KeyUnitRules): boolean {
  switch (unit.kind) {
    case 'county':
      return counties.has(unit.county);
    case 'township':
    case 'section':
      return townships.has(unit.township);
    case 'enterprise':
      return true;
  }
}

export interface DesignateKeyUnit {
  readonly unit: KeyUnit;
  readonly from: Day;
  readonly until: Day;
  readonly reason: string;
  readonly document: string;
}

/** Designates a unit, if it is one that the level may designate and there is room for it in the whole of its term. */
export function designate(
  units: KeyUnits,
  wanted: DesignateKeyUnit,
  rules: KeyUnitRules,
  { at, role }: Asked,
): SupervisionRuling<KeyUnitFact> {
  const { level, last, designations } = units;
  const { unit, from, until } = wanted;
  const today = dayOf(at);
  const most = quotaOf(unit.kind, level, rules);
  if (!isTheirs(level, role)) return notSupervised('level-of-another');
  if (most === undefined) return notSupervised('kind-of-another-level', { field: 'kind' });
  if (!isKnown(unit, rules)) return notSupervised('unknown-unit', { field: unit.kind === 'section' ? 'township' : unit.kind });
  if (until < from) return notSupervised('term-backwards', { field: 'until' });
  if (until < today) return notSupervised('term-over', { field: 'until' });
  // What is over is not all in the record, so room on a past day cannot be counted; nor can anything be done on one.
  if (from < today) return notSupervised('term-begun', { field: 'from', members: { today } });
  const ahead = designations.filter((each) => !isOver(each, today));
  if (ahead.length >= MOST_AHEAD) return notSupervised('record-full');
  const meanwhile = ahead.filter((each) => each.from <= until && from <= each.until);
  return (
    conflictOf(unit, meanwhile) ??
    (rules.more === 'refuse' && mostAtOnce(ofKind(meanwhile, unit.kind), from, until) >= most
      ? notSupervised('quota-exceeded', { members: { kind: unit.kind, atMost: most } })
      : { kind: 'decided', events: [{ type: 'KeyUnitDesignated', data: { level, no: last + 1, ...wanted } }] })
  );
}

const ofKind = (designations: readonly Designation[], kind: KeyKind): readonly Designation[] =>
  designations.filter(({ unit }) => unit.kind === kind);

function conflictOf(unit: KeyUnit, meanwhile: readonly Designation[]): SupervisionDenied | undefined {
  const same = meanwhile.find((each) => isSame(each.unit, unit));
  if (same !== undefined) return notSupervised('already-designated', { members: { no: same.no } });
  const other = meanwhile.find(
    (each) => isAlternative(each.unit.kind) && isAlternative(unit.kind) && each.unit.kind !== unit.kind,
  );
  return other && notSupervised('other-kind-chosen', { field: 'kind', members: { chosen: other.unit.kind, no: other.no } });
}

/** Ends a designation before its term. */
export function endDesignation(
  { level, designations }: KeyUnits,
  no: number,
  because: string,
  { at, role }: Asked,
): SupervisionRuling<KeyUnitFact> {
  if (!isTheirs(level, role)) return notSupervised('level-of-another');
  const found = designations.find((each) => each.no === no);
  if (found === undefined) return notSupervised('not-designated', { field: 'no' });
  if (isOver(found, dayOf(at))) return notSupervised('designation-over', { field: 'no' });
  return { kind: 'decided', events: [{ type: 'DesignationEnded', data: { level, no, because } }] };
}

/** Applies a recorded fact; judges nothing. */
export function evolveKeyUnits(units: KeyUnits, fact: KeyUnitFact, at: Instant, by: PersonId): KeyUnits {
  const { designations } = units;
  if (fact.type === 'DesignationEnded') {
    const { no, because } = fact.data;
    const ended = { at, by, because };
    return { ...units, designations: designations.map((each) => (each.no === no ? { ...each, ended } : each)) };
  }
  const { level: _, ...designation } = fact.data;
  const past = designations.filter((each) => isOver(each, dayOf(at))).slice(-MOST_PAST);
  const kept = designations.filter((each) => !isOver(each, dayOf(at)) || past.includes(each));
  return { ...units, last: designation.no, designations: [...kept, { ...designation, by, at }] };
}

/** How a quota is met: fewer is worth a warning, more cannot be. `kind`: what was chosen, where it is an alternative. */
export interface QuotaState {
  readonly kind: KeyKind | undefined;
  readonly atLeast: number;
  readonly atMost: number;
  readonly designated: number;
  readonly shortfall: number;
}

/** How a level stands on a day: its areas, and its enterprises or sections. Where none of these is chosen yet, an enterprise's number is wanted. */
export function quotaStates(
  units: KeyUnits,
  rules: Pick<KeyUnitRules, 'levels'>,
  day: Day,
): Record<'areas' | 'units', QuotaState> {
  const holding = designatedOn(units, day);
  const { areas, units: either } = rules.levels[units.level];
  const chosen = holding.map(({ unit }) => unit.kind).find(isAlternative);
  const most = either.eitherOf[chosen ?? 'enterprise'];
  const stateOf = (kind: KeyKind | undefined, atLeast: number, atMost: number): QuotaState => {
    const designated = kind === undefined ? 0 : ofKind(holding, kind).length;
    return { kind, atLeast, atMost, designated, shortfall: Math.max(0, atLeast - designated) };
  };
  return { areas: stateOf(areas.kind, areas.atLeast, areas.atMost), units: stateOf(chosen, most, most) };
}
