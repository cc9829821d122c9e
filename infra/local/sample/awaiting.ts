/**
 * Waiting for what the county does in its own time after a call: streams, workflows and functions take a moment, and the simulated days
 * would run away from them.
 */
import { listHazards } from '../../../functions/serve-hazards/api.ts';
import { epochMs, type Instant } from '../../../shared/domain/calendar.ts';
import { limitMs } from '../../../shared/domain/limit.ts';
import { type Policy, policyFor } from '../../../shared/policy/load.ts';
import type { RunningCounty } from '../running-county.ts';
import type { Scene } from './act.ts';
import { everyItem } from './api-client.ts';
import { type DrawLine, drawsOf } from './draw-acts.ts';
import { somebody } from './staff.ts';

export interface Waiting {
  readonly scene: Scene;
  readonly county: Pick<RunningCounty, 'drawsRunning'>;
  readonly signal: AbortSignal;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** How long it may take, and how often it is looked for. */
const PATIENCE = { shortMs: 15_000, longMs: 60_000, everyMs: 300 };

/** Looks until nothing is left to wait for; what is left when the patience ends are faults. */
export async function until(
  { scene, signal, pause }: Waiting,
  patienceMs: number,
  left: () => Promise<string[]>,
  everyMs = PATIENCE.everyMs,
): Promise<void> {
  const begun = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const missing = await left();
    if (missing.length === 0) return;
    if (Date.now() - begun > patienceMs) {
      for (const says of missing) scene.fault(`${says} within ${patienceMs / 1000} s`);
      return;
    }
    await pause(everyMs);
  }
}

/** How many steps of the ladder have come by `at` for a deadline that passed at `since`. */
export function stepsBy({ hazards: { escalation } }: Policy, level: 'general' | 'major', since: Instant, at: Instant): number {
  const { levels, thenEvery } = escalation[level];
  const late = epochMs(at) - epochMs(since);
  const last = levels.at(-1);
  const come = levels.filter(({ after }) => limitMs(after) <= late).length;
  if (last === undefined || come < levels.length) return come;
  return come + Math.floor((late - limitMs(last.after)) / limitMs(thenEvery));
}

/** Everybody who has to be told of what is overdue was told. */
export function awaitTold(waiting: Waiting, at: Instant): Promise<void> {
  const { api, sample } = waiting.scene;
  const as = somebody(sample, 'committee-officer');
  const policy = policyFor(sample.county, at);
  return until(waiting, PATIENCE.shortMs, async () => {
    const items = await everyItem((from) => api(listHazards, { as, at, query: { overdue: 'true', ...from } }));
    return items
      .filter(
        ({ level = 'general', overdue }) =>
          overdue !== undefined && overdue.metAt === undefined && overdue.steps < stepsBy(policy, level, overdue.since, at),
      )
      .map(({ id }) => `case ${id} is overdue at ${at}, and the next of the ladder were not told`);
  });
}

/** Every draw that was called for is announced, or its run has ended without one. Answers the draws as they are then. */
export async function awaitAnnounced(waiting: Waiting, at: Instant): Promise<readonly DrawLine[]> {
  let draws: readonly DrawLine[] = [];
  await until(waiting, PATIENCE.longMs, async () => {
    const running = await waiting.county.drawsRunning();
    draws = await drawsOf(waiting.scene, at);
    const isAnnounced = (run: (typeof running)[number]): boolean =>
      draws.some(
        ({ authority, kind, period, stage }) =>
          authority === run.authority && kind === run.kind && period === run.period && stage !== 'void',
      );
    return running
      .filter((run) => !isAnnounced(run))
      .map(({ authority, kind, period }) => `${kind} of ${authority} for ${period} was not announced`);
  });
  return draws;
}

const isOnItsWay = ({ stage, drawAt }: DrawLine, at: Instant): boolean =>
  stage === 'drawn' || stage === 'inspected' || (stage === 'announced' && drawAt <= at);

/** Every draw whose instant has come is drawn and its tasks are given out; every one that was inspected is revealed. Answers them. */
export async function awaitDriven(waiting: Waiting, at: Instant): Promise<readonly DrawLine[]> {
  let draws: readonly DrawLine[] = [];
  await until(waiting, PATIENCE.longMs, async () => {
    draws = await drawsOf(waiting.scene, at);
    return draws
      .filter((draw) => isOnItsWay(draw, at))
      .map(({ drawId, stage }) => `${drawId} is ${stage} at ${at} and went no further`);
  });
  return draws;
}
