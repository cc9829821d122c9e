/**
 * What the workflow and the functions around it say to each other. Payloads are ids and small facts: the case in the table says the
 * rest. `test/workflows` holds the definition against these schemas.
 */
import * as z from 'zod';
import { type HazardId, hazardId } from '../../shared/domain/ids.ts';
import { instantText, named } from '../../shared/runtime/schemas.ts';

/**
 * One execution of a case. A case that is reopened is a new generation; an execution that was lost or handed over is followed by the
 * next attempt of the same generation. A later run of a case always takes the place of an earlier one.
 */
export interface Run {
  readonly hazard: HazardId;
  readonly generation: number;
  readonly attempt: number;
}

const ordinal = z.int().nonnegative();
const run = { hazard: named(hazardId), generation: z.int().positive(), attempt: ordinal };

/** Where a case stands, as the machine sees it: the table decides, the machine routes. `overdue`: an escalation is owed. */
export const outcome = z.strictObject({ stage: z.string().min(1), overdue: z.boolean() });
export type Outcome = z.output<typeof outcome>;

/** What an execution starts with. */
export const runInput = z.strictObject({ ...run, ...outcome.shape });
export type RunInput = z.output<typeof runInput>;

/** To open-stage: wait for what happens to the case, from where the machine believes it to be. `turn` counts the waits of a run. */
export const openStageInput = z.strictObject({ ...run, turn: ordinal, stage: z.string().min(1), taskToken: z.string().min(1) });
export type OpenStage = z.output<typeof openStageInput>;

/** To escalate-hazard, which answers with an outcome. `at`: when the state was entered. */
export const escalateInput = z.strictObject({ hazard: named(hazardId), at: instantText });

/** The stage that a run is told whose place another has taken. It is no stage of a case, so no definition knows it: the run ends. */
export const SUPERSEDED: Outcome = { stage: 'superseded', overdue: false };

/** Executions are named by what they drive, so starting one twice starts it once. */
export const runName = ({ hazard, generation, attempt }: Run): string =>
  attempt === 0 ? `${hazard}-g${generation}` : `${hazard}-g${generation}-r${attempt}`;

const NAME = /^(.+)-g([1-9]\d*)(?:-r([1-9]\d*))?$/;

/** The run of an execution's name; `undefined` for an execution that somebody started by hand under another name. */
export function runOf(name: string): Run | undefined {
  const [, hazard, generation, attempt] = NAME.exec(name) ?? [];
  if (hazard === undefined || !hazardId.is(hazard)) return undefined;
  return { hazard, generation: Number(generation), attempt: Number(attempt ?? 0) };
}

/** Negative, zero or positive, as `a` is the earlier, the same or the later run of one case. */
export const compareRuns = (a: Omit<Run, 'hazard'>, b: Omit<Run, 'hazard'>): number =>
  a.generation - b.generation || a.attempt - b.attempt;
