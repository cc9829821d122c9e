/**
 * What the workflow and the functions around it say to each other. Payloads are ids and small facts: the draw in the table says the rest,
 * and no payload names an object. `test/workflows` holds the definition against these schemas.
 */
import * as z from 'zod';
import { ROLES } from '../../shared/domain/caller.ts';
import { DRAW_KINDS, type DrawKind } from '../../shared/domain/draw-kind.ts';
import { type Department, type DrawPeriod, department, drawPeriod, personId } from '../../shared/domain/ids.ts';
import { instantText, line, named, owner } from '../../shared/runtime/schemas.ts';

/**
 * One execution for a period. A run that was lost, refused or handed over is followed by the next attempt, and a draw that is void by one
 * that announces another: attempts only grow, the later takes the place of the earlier.
 */
export interface DrawRun {
  readonly authority: Department;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly attempt: number;
}

const ordinal = z.int().nonnegative();
const run = {
  authority: named(department),
  kind: z.enum(DRAW_KINDS),
  period: named(drawPeriod),
  attempt: ordinal,
  /** On the county's clock, when the run began or was last told something: what happens next happens then. */
  at: instantText,
};

/** Who asked for the draw and why, where that was not the calendar: one, or none. */
const asked = z
  .array(
    z.strictObject({
      reason: line(200),
      by: z.strictObject({ id: named(personId), role: z.enum(ROLES), owner: owner.optional() }),
    }),
  )
  .max(1);

/** What an execution starts with. `number`: the draw that it goes on with; 0 where one is to be announced. */
export const drawRunInput = z.strictObject({ ...run, number: ordinal, asked });
export type DrawRunInput = z.input<typeof drawRunInput> & DrawRun;

/** To freeze-draw. */
export const freezeInput = drawRunInput;
export type Freeze = z.output<typeof freezeInput>;

/** What a draw is owed next, as the machine sees it, and as of when: the table decides, the machine routes. */
export const drawOutcome = z.strictObject({ step: z.string().min(1), at: z.string() });
export type DrawOutcome = z.output<typeof drawOutcome>;

/** What freeze-draw answers: the draw, or 0 and `not-drawn`. */
export const frozenOutcome = z.strictObject({ number: ordinal, ...drawOutcome.shape });
export type FrozenOutcome = z.output<typeof frozenOutcome>;

/** To the functions that carry out a step, which answer with an outcome. */
export const stepInput = z.strictObject({ ...run, number: z.int().positive() });
export type StepOfRun = z.output<typeof stepInput>;

/** To open-draw-stage: wait until the draw is owed something else than the machine believes. `turn` counts what a run did. */
export const openDrawStageInput = z.strictObject({
  ...stepInput.shape,
  turn: ordinal,
  step: z.string().min(1),
  taskToken: z.string().min(1),
});
export type OpenDrawStage = z.output<typeof openDrawStageInput>;

/** Refused, or nothing to draw. */
export const NOT_DRAWN = 'not-drawn';

/** What a run is told whose place another has taken. It is no step of a draw, so no definition knows it: the run ends. */
export const SUPERSEDED: DrawOutcome = { step: 'superseded', at: '' };

export const drawRunName = ({ authority, kind, period, attempt }: DrawRun): string =>
  `${authority}-${kind}-${period}-r${attempt}`;

const NAME = /^([A-Z][A-Z0-9]+)-([A-Z.]+)-(\d{4}[0-9_Q-]*)-r(\d+)$/;

/** The run of an execution's name; `undefined` for an execution that somebody started by hand under another name. */
export function drawRunOf(name: string): DrawRun | undefined {
  const [, authority = '', wanted, period = '', attempt] = NAME.exec(name) ?? [];
  const kind = DRAW_KINDS.find((each) => each === wanted);
  if (kind === undefined || !department.is(authority) || !drawPeriod.is(period)) return undefined;
  return { authority, kind, period, attempt: Number(attempt) };
}

/** The first attempt of a day: `20260526` and two digits for more of the same day. So every day begins behind all that were before. */
export const firstAttemptOn = (day: string): number => Number(day.replaceAll('-', '')) * 100;
