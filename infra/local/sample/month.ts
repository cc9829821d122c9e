/** Thirty simulated days: everybody's acts in the order of time, and between them the calls of the schedules, as the plan has both. */
import * as z from 'zod';
import { readHazardList, submitHazardList } from '../../../functions/serve-checks/api.ts';
import { listHazards } from '../../../functions/serve-hazards/api.ts';
import { dayOf, epochMs, type Instant, instantAt } from '../../../shared/domain/calendar.ts';
import { limitMs } from '../../../shared/domain/limit.ts';
import { type Policy, policyFor } from '../../../shared/policy/load.ts';
import type { RunningCounty } from '../running-county.ts';
import { type Act, DAYS, MONTH, on, type Scene } from './act.ts';
import { everyItem, inParallel, Refused } from './api-client.ts';
import type { SampleCounty } from './county.ts';
import type { Random } from './random.ts';
import { planRegister } from './register-acts.ts';
import { planRounds } from './rounds.ts';
import { type Call, planCalls } from './schedules.ts';
import { somebody, staffOf } from './staff.ts';
import { planHazards } from './stories.ts';

export interface MonthPlan {
  /** In the order of time. */
  readonly acts: readonly Act[];
  readonly calls: readonly Call[];
}

/** When the month is looked back on: all its periods have ended and been closed, and afterthoughts have come in. */
export const LOOKED_BACK_AT = on(DAYS + 1, '12:00');

/** Enterprises whose days are played side by side; each more costs the local cloud another process of every function. */
const ABREAST = 3;
/** More than this going wrong has one cause, which the first of them say. */
const TOO_MANY_FAULTS = 40;
/** How long an escalation may take from the ledger through stream and workflow, and how often it is looked for. */
const TOLD_WITHIN = { patienceMs: 15_000, everyMs: 100 };

/** The diligent hand in their list of hazards before the month ends (二(五)). */
function planLists(sample: SampleCounty, random: Random): Act[] {
  return sample.enterprises.flatMap((enterprise): Act[] => {
    if (enterprise.behaviour !== 'diligent') return [];
    const at = on(DAYS - random.below(2), `${18 + random.below(4)}:${10 + random.below(40)}`);
    const { manager } = staffOf(sample, enterprise);
    return [
      {
        ...{ at, track: enterprise.uscc, story: 'hazard-list', does: 'SubmitHazardList' },
        async run({ api }) {
          const params = { month: MONTH };
          const { version } = await api(readHazardList, { as: manager, at, params });
          await api(submitHazardList, { as: manager, at, key: `sample-list-${enterprise.uscc}`, params, body: { version } });
        },
      },
    ];
  });
}

const inTime = (a: Act, b: Act): number => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1);

export function planMonth(sample: SampleCounty, random: Random): MonthPlan {
  const acts = [
    ...planRegister(sample, random),
    ...planHazards(sample, random),
    ...planRounds(sample, random),
    ...planLists(sample, random),
  ];
  return { acts: acts.sort(inTime), calls: planCalls(sample.county) };
}

export interface Playing {
  readonly county: Pick<RunningCounty, 'invoke'>;
  readonly scene: Scene;
  readonly plan: MonthPlan;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Plays the plan. Between two calls the enterprises' days go on side by side, each in its own order. */
export async function playMonth({ county, scene, plan, signal, tell, pause }: Playing): Promise<void> {
  const { acts, calls } = plan;
  const faults: string[] = [];
  const watched: Scene = {
    ...scene,
    fault: (says) => {
      scene.fault(says);
      faults.push(says);
      if (faults.length < TOO_MANY_FAULTS) return;
      throw new Error(`the month does not go as it should:\n${faults.slice(0, 5).join('\n')}`);
    },
  };
  let played = 0;
  const show = (at: Instant) => tell(`${dayOf(at)}, ${played} of ${acts.length} acts, ${scene.api.requests()} requests`);
  const runAll = (track: readonly Act[]) =>
    track.reduce(async (before, act) => {
      await before;
      signal.throwIfAborted();
      await act.run(watched).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        watched.fault(`${act.story} of ${act.track}, ${act.does} at ${act.at}: ${error.message}`);
      });
      played += 1;
      show(act.at);
    }, Promise.resolve());
  const playUntil = async (from: number, until: Instant): Promise<number> => {
    const rest = acts.slice(from);
    const count = rest.findIndex(({ at }) => at >= until);
    const due = count < 0 ? rest : rest.slice(0, count);
    await inParallel([...byTrack(due).values()], ABREAST, runAll);
    return from + due.length;
  };
  let next = 0;
  for (const call of calls) {
    next = await playUntil(next, call.at);
    signal.throwIfAborted();
    show(call.at);
    await makeCall({ county, scene, signal, pause }, call);
  }
  await playUntil(next, LOOKED_BACK_AT);
}

function byTrack(acts: readonly Act[]): Map<string, Act[]> {
  const tracks = new Map<string, Act[]>();
  for (const act of acts) tracks.set(act.track, [...(tracks.get(act.track) ?? []), act]);
  return tracks;
}

const swept = z.object({ marked: z.number() });

async function makeCall(
  playing: Pick<Playing, 'county' | 'scene' | 'signal' | 'pause'>,
  { at, calls, payload }: Call,
): Promise<void> {
  // The reconciler holds its instant against the executions' clock, which nobody simulates.
  const meant = calls === 'reconcile-cases' ? instantAt(Date.now()) : at;
  const answer = await playing.county.invoke(calls, { at: meant, ...payload });
  if (calls === 'sweep-deadlines' && swept.parse(answer).marked > 0) await awaitTold(playing, at);
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

/**
 * Waits until everybody who has to be told of what is overdue was told: the workflow does that in its own time, and the simulated
 * days would run away from it.
 */
async function awaitTold(
  { scene: { api, sample, fault }, signal, pause }: Pick<Playing, 'scene' | 'signal' | 'pause'>,
  at: Instant,
): Promise<void> {
  const as = somebody(sample, 'committee-officer');
  const policy = policyFor(sample.county, at);
  const begun = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const items = await everyItem((from) => api(listHazards, { as, at, query: { overdue: 'true', ...from } }));
    const untold = items.filter(
      ({ level = 'general', overdue }) =>
        overdue !== undefined && overdue.metAt === undefined && overdue.steps < stepsBy(policy, level, overdue.since, at),
    );
    if (untold.length === 0) return;
    if (Date.now() - begun > TOLD_WITHIN.patienceMs) {
      for (const { id } of untold)
        fault(
          `case ${id} is overdue at ${at}, and the next of the ladder were not told within ${TOLD_WITHIN.patienceMs / 1000} s`,
        );
      return;
    }
    await pause(TOLD_WITHIN.everyMs);
  }
}
