/**
 * A draw (抽查) from its announcement to its reveal, policy 三(四): announced with everything that decides it but the public randomness,
 * drawn at the announced instant, assigned, inspected, revealed. What it holds may be shown to everybody at every stage: the objects,
 * the secret and the teams lie elsewhere until the reveal. The algorithm is in `shared/draw`.
 */
import type { Day, Instant, Window } from './calendar.ts';
import type { DrawKind } from './draw-kind.ts';
import type { CountyCode, Department, DrawPeriod, PersonId } from './ids.ts';
import type { Actor } from './ledger-event.ts';

/** Where a draw stands. `inspected`: every visit has ended. `revealed` and `void` are its ends. */
export const DRAW_STAGES = ['announced', 'drawn', 'assigned', 'inspected', 'revealed', 'void'] as const;
export type DrawStage = (typeof DRAW_STAGES)[number];

export const DRAW_STAGE_NAMES: Readonly<Record<DrawStage, string>> = {
  announced: '已公告，待抽取',
  drawn: '已抽取，待派发',
  assigned: '检查中',
  inspected: '检查完毕，待公开',
  revealed: '已公开',
  void: '已作废',
};

/** SHA-256, lower-case hex. */
export type Sha256 = string;

/** What is drawn of one stratum. */
export interface Stratum {
  readonly name: string;
  readonly objects: number;
  readonly quota: number;
  /** What the policy asks, where there are not the inspectors for it: the difference is a gap that is shown. */
  readonly wanted: number;
}

/** Objects that were no part of a draw: visited in its window already, or standing still on all its days. */
export interface LeftOut {
  readonly visited: number;
  readonly suspended: number;
}

/** A value of a source of public randomness as one person read it. */
export interface RandomnessEntry {
  /** Its place among the announced sources, from 0. */
  readonly source: number;
  /** As `randomness.json` holds it, canonical. */
  readonly value: string;
  readonly by: Actor;
  readonly at: Instant;
}

/** One run of the draw: the first, or one that replaces objects. */
export interface Iteration {
  readonly no: number;
  /** Absent for the first. */
  readonly substitution?: { readonly sha256: Sha256; readonly objects: number; readonly by: PersonId; readonly at: Instant };
  readonly result?: {
    readonly sha256: Sha256;
    readonly selected: number;
    /** Objects for which no team was found: a person assigns them. */
    readonly unassigned: number;
    readonly at: Instant;
  };
  readonly assignedAt?: Instant;
}

export interface Draw {
  readonly county: CountyCode;
  readonly authority: Department;
  readonly number: number;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly window: Window;
  readonly announcedAt: Instant;
  readonly drawAt: Instant;
  readonly revealBy: Instant;
  /** Why it was not announced when the calendar has it: an outage, a void predecessor, a county that has just begun. */
  readonly because?: string;
  /** H of `announcement.json`. */
  readonly announcement: Sha256;
  readonly previous: Sha256;
  readonly files: Readonly<Record<'objects' | 'inspectors' | 'recusals' | 'items', Sha256>>;
  /** Those that are drawn from, and with quota 0 those for which there is nobody to send: these stand in no file of the draw. */
  readonly strata: readonly Stratum[];
  readonly leftOut?: LeftOut;
  /** How many inspectors visit each object. */
  readonly teamSize: number;
  /** How many sources of public randomness were announced. */
  readonly sources: number;
  readonly entries: readonly RandomnessEntry[];
  /** H of `randomness.json`, once every source has its value. */
  readonly randomness?: Sha256;
  readonly iterations: readonly Iteration[];
  readonly stage: DrawStage;
  readonly void?: {
    readonly reason: string;
    readonly by: Actor;
    readonly at: Instant;
    readonly from: DrawStage;
    readonly sha256: Sha256;
  };
  readonly revealedAt?: Instant;
  /** Files of a void draw that were changed or are not there: it is shown without them, and no verifier says yes to it. */
  readonly lost?: readonly string[];
  /** Somebody was told that the randomness does not come, or that the reveal is late. */
  readonly warned?: readonly ('randomness-missing' | 'not-revealed')[];
}

export type DrawFact =
  | { readonly type: 'DrawAnnounced'; readonly data: Omit<Draw, 'entries' | 'randomness' | 'iterations' | 'stage'> }
  | { readonly type: 'RandomnessEntered'; readonly data: Omit<RandomnessEntry, 'by' | 'at'> }
  | { readonly type: 'RandomnessSettled'; readonly data: { readonly sha256: Sha256 } }
  | { readonly type: 'RandomnessMissing'; readonly data: { readonly since: Instant } }
  | {
      readonly type: 'ObjectsReplaced';
      /** Which objects and why stands in `substitution-<i>.json`, whose hash this is. */
      readonly data: { readonly iteration: number; readonly sha256: Sha256; readonly objects: number };
    }
  | {
      readonly type: 'DrawDrawn';
      readonly data: {
        readonly iteration: number;
        readonly sha256: Sha256;
        readonly selected: number;
        readonly unassigned: number;
      };
    }
  | { readonly type: 'DrawAssigned'; readonly data: { readonly iteration: number } }
  | { readonly type: 'DrawInspected'; readonly data: { readonly tasks: number } }
  | { readonly type: 'DrawNotRevealed'; readonly data: { readonly since: Instant } }
  | { readonly type: 'DrawVoided'; readonly data: { readonly reason: string; readonly sha256: Sha256 } }
  | { readonly type: 'FilesLost'; readonly data: { readonly files: readonly string[] } }
  | { readonly type: 'DrawRevealed'; readonly data: { readonly files: Readonly<Record<string, Sha256>> } };

/** What is recorded of an authority where there is no draw to record it of. Its subject is `SERIES#<authority>`. */
export type SeriesFact =
  | {
      readonly type: 'DrawRefused';
      readonly data: { readonly kind: DrawKind; readonly period: DrawPeriod; readonly code: string; readonly says: string };
    }
  /** A person asked for a draw that the calendar does not begin by itself. */
  | {
      readonly type: 'DrawAsked';
      readonly data: { readonly kind: DrawKind; readonly period: DrawPeriod; readonly reason: string };
    }
  /** The window of a period has ended, or has no day of visits left, and nothing was drawn that counts. Once for a period. */
  | {
      readonly type: 'DrawMissed';
      readonly data: { readonly kind: DrawKind; readonly period: DrawPeriod; readonly code: string; readonly says: string };
    }
  | { readonly type: 'NothingToDraw'; readonly data: { readonly kind: DrawKind; readonly period: DrawPeriod } };

/** Why there was no draw of a period, as it was said on a day. */
export interface Said {
  readonly period: DrawPeriod;
  readonly code: string;
  readonly says: string;
  readonly day: Day;
}

/** A period that was not drawn for, and why as far as it is known: no object of a directory is named. */
export interface Missed {
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly code: string;
  readonly says: string;
  readonly at: Instant;
}

/** The head of an authority's series: the next announcement takes its number and the hash before it from here. */
export interface Series {
  readonly authority: Department;
  /** 0 before the first draw. */
  readonly number: number;
  /** H of the last announcement; 64 zeros before the first. */
  readonly head: Sha256;
  /** Of each kind, what was last said of why there is no draw, and before that on the same day: the same is said once a day. */
  readonly said?: Partial<Readonly<Record<DrawKind, Said & { readonly earlier?: readonly Said[] }>>>;
  /** Every period that was lost. */
  readonly missed?: readonly Missed[];
  /** Of each kind, until when it is settled what became of the windows that have ended. */
  readonly accounted?: Partial<Readonly<Record<DrawKind, Instant>>>;
}

/** Everything that is remembered of what was said of a kind, the latest first. */
export function saidOf({ said }: Series, kind: DrawKind): readonly Said[] {
  const last = said?.[kind];
  if (last === undefined) return [];
  const { earlier = [], ...latest } = last;
  return [latest, ...earlier];
}

const DIGITS = 6;
/** `000017` */
export const paddedNumber = (number: number): string => String(number).padStart(DIGITS, '0');

/** Its subject in the ledger and its sort key. */
export const drawSubject = ({ authority, number }: Pick<Draw, 'authority' | 'number'>): string =>
  `DRAW#${authority}#${paddedNumber(number)}`;
export const seriesSubject = (authority: Department): string => `SERIES#${authority}`;

/** The authority as announcements and folders name it: `533102.YJJ`. */
export const authorityName = (county: CountyCode, authority: Department): string => `${county}.${authority}`;
/** `533102.YJJ:000017` */
export const drawIdOf = ({ county, authority, number }: Pick<Draw, 'county' | 'authority' | 'number'>): string =>
  `${authorityName(county, authority)}:${paddedNumber(number)}`;
