/**
 * What the bus tells and the ledger does not keep: it follows from the register, the calendar and the records as they stand, or names whom
 * the ledger may not name. The same told again has the same id.
 */
import type { Cadence, Instant, Window } from './calendar.ts';
import type { Colour } from './colour.ts';
import type { ObligationKind } from './hazard-deadlines.ts';
import type { CountyCode, HazardId, PersonId, RiskNo, TaskId } from './ids.ts';
import type { Owner } from './owner.ts';
import type { OwedKind } from './task.ts';
import type { Why } from './why.ts';

interface Noticed<Type extends string> {
  readonly id: string;
  readonly type: Type;
  /** The instant that it was told for: of the run that found it. */
  readonly at: Instant;
  readonly county: CountyCode;
}

/** Points of one place that are still to be checked; without a workshop: those that belong to none. */
export interface OpenPlace {
  readonly workshop?: string;
  readonly points: readonly RiskNo[];
}

interface OfPeriod<Type extends string> extends Noticed<Type>, Window {
  readonly colour: Colour;
  readonly owner: Owner;
  readonly cadence: Cadence;
  readonly period: string;
  /** How many points are due, and where. */
  readonly due: number;
  readonly places: readonly OpenPlace[];
  readonly why: Why;
}

/** A period has begun, and asks an owner for checks. */
export type PeriodOpened = OfPeriod<'PeriodOpened'>;
/** A period is about to end, and not all of its checks have been made. */
export type PeriodEnding = OfPeriod<'PeriodEnding'>;

/** A month is about to end, and its hazard list has not been handed in. */
export interface ListEnding extends Noticed<'ListEnding'> {
  readonly owner: Owner;
  readonly month: string;
  readonly until: Instant;
  readonly why: Why;
}

/** The form of a month that has ended (月报表) has to be signed and sent on. */
export interface FormDue extends Noticed<'FormDue'> {
  readonly month: string;
  readonly until: Instant;
  readonly why: Why;
}

/** Something that is owed in a case has its deadline soon. */
export interface DeadlineNear extends Noticed<'DeadlineNear'> {
  readonly hazard: HazardId;
  readonly kind: ObligationKind;
  readonly due: Instant;
  /** It is given less time than any lead of its level takes. */
  readonly isShort?: true;
}

/** Something that a task still asks has its deadline soon. Until when says the task alone: it would give the day of the visit away. */
export interface TaskNear extends Noticed<'TaskNear'> {
  readonly task: TaskId;
  readonly what: OwedKind;
}

/** Told to those who are sent to a task, and to those who are not any more, and to them alone: it names no object. */
export interface TaskNotice extends Noticed<'TaskNotice'> {
  readonly task: TaskId;
  readonly inspectors: readonly PersonId[];
}

export type Notice = PeriodOpened | PeriodEnding | ListEnding | FormDue | DeadlineNear | TaskNear | TaskNotice;
