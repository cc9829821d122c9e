/** Thirty simulated days: everybody's acts in the order of time, and between them the calls of the schedules, as the plan has both. */
import * as z from 'zod';
import { readHazardList, submitHazardList } from '../../../functions/serve-checks/api.ts';
import { dayOf, type Instant, instantAt } from '../../../shared/domain/calendar.ts';
import type { RunningCounty } from '../running-county.ts';
import { type Act, DAYS, MONTH, on, type Scene } from './act.ts';
import { inParallel, Refused } from './api-client.ts';
import { awaitAnnounced, awaitDriven, awaitTold, type Waiting } from './awaiting.ts';
import type { SampleCounty } from './county.ts';
import { planDirectories } from './directory-acts.ts';
import { DrawWatch, planSubstitution, planVoid } from './draw-acts.ts';
import type { Random } from './random.ts';
import { planRegister } from './register-acts.ts';
import { Reminders } from './reminding.ts';
import { planRounds } from './rounds.ts';
import { type Call, planCalls } from './schedules.ts';
import { staffOf } from './staff.ts';
import { planHazards } from './stories.ts';
import { planReminders, type RemindersPlan } from './subscribers.ts';
import { planSupervision } from './supervision-acts.ts';
import { Visits } from './visit-acts.ts';

export interface MonthPlan {
  /** In the order of time. */
  readonly acts: readonly Act[];
  readonly calls: readonly Call[];
  /** Who follows the draws, whose outcome no plan knows. */
  readonly watch: DrawWatch;
  /** Who is reminded where. */
  readonly reminders: Pick<RemindersPlan, 'subscriptions' | 'pulse'>;
}

/** When the month is looked back on: all its periods have ended and been closed, and afterthoughts have come in. */
export const LOOKED_BACK_AT = on(DAYS + 1, '12:00');
/** What is to be told of the month is told by then. */
export const LAST_TOLD_AT = on(DAYS + 1, '11:40');

/** Enterprises whose days are played side by side; each more costs the local cloud another process of every function. */
const ABREAST = 3;
/** More than this going wrong has one cause, which the first of them say. */
const TOO_MANY_FAULTS = 40;

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
  const visits = new Visits();
  const register = planRegister(sample, random);
  const hazards = planHazards(sample, random);
  const reminders = planReminders(sample, hazards);
  const acts = [
    ...reminders.acts,
    ...planSupervision(sample),
    ...planDirectories(sample),
    ...planVoid(sample),
    ...planSubstitution(sample, visits),
    ...register,
    ...hazards,
    ...planRounds(sample, random),
    ...planLists(sample, random),
  ];
  return { acts: acts.sort(inTime), calls: planCalls(sample.county), watch: new DrawWatch(visits), reminders };
}

export interface Playing {
  readonly county: Pick<RunningCounty, 'invoke' | 'drawsRunning' | 'receivers' | 'remindersQueued'>;
  /** What people act with, but for what their own acts give rise to. */
  readonly scene: Omit<Scene, 'later'>;
  readonly plan: MonthPlan;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Plays the plan. Between two calls the enterprises' days go on side by side, each in its own order. */
export async function playMonth({ county, scene: asGiven, plan, signal, tell, pause }: Playing): Promise<void> {
  const { calls, watch } = plan;
  let waiting = [...plan.acts];
  let played = 0;
  const faults: string[] = [];
  const scene: Scene = {
    ...asGiven,
    fault: (says) => {
      asGiven.fault(says);
      faults.push(says);
      if (faults.length < TOO_MANY_FAULTS) return;
      throw new Error(`the month does not go as it should:\n${faults.slice(0, 5).join('\n')}`);
    },
    later: (acts) => {
      waiting = [...waiting, ...acts.filter(({ at }) => at < LOOKED_BACK_AT)].sort(inTime);
    },
  };
  const show = (at: Instant) =>
    tell(`${dayOf(at)}, ${played} of ${played + waiting.length} acts, ${scene.api.requests()} requests`);
  const runAll = (track: readonly Act[]) =>
    track.reduce(async (before, act) => {
      await before;
      signal.throwIfAborted();
      await act.run(scene).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        scene.fault(`${act.story} of ${act.track}, ${act.does} at ${act.at}: ${error.message}`);
      });
      played += 1;
      show(act.at);
    }, Promise.resolve());
  const playUntil = async (until: Instant): Promise<void> => {
    for (;;) {
      const due = waiting.filter(({ at }) => at < until);
      if (due.length === 0) return;
      waiting = waiting.slice(due.length);
      await inParallel([...byTrack(due).values()], ABREAST, runAll);
    }
  };
  const reminders = new Reminders({ county, scene, plan: plan.reminders, signal, pause });
  /** Plays on, and composes whenever something is due. */
  const goOnUntil = async (until: Instant): Promise<void> => {
    for (let at = reminders.next; at !== undefined && at < until; at = reminders.next) {
      await playUntil(at);
      signal.throwIfAborted();
      await reminders.call(at);
    }
    await playUntil(until);
  };
  for (const call of calls) {
    await goOnUntil(call.at);
    signal.throwIfAborted();
    show(call.at);
    await makeCall({ county, scene, watch, reminders, signal, pause }, call);
  }
  await goOnUntil(LAST_TOLD_AT);
  await reminders.caughtUp(LAST_TOLD_AT);
  await reminders.call(LAST_TOLD_AT);
  await goOnUntil(LOOKED_BACK_AT);
}

function byTrack(acts: readonly Act[]): Map<string, Act[]> {
  const tracks = new Map<string, Act[]>();
  for (const act of acts) tracks.set(act.track, [...(tracks.get(act.track) ?? []), act]);
  return tracks;
}

const swept = z.object({ marked: z.number() });
const opened = z.object({ started: z.number() });

interface Calling extends Waiting {
  readonly county: Playing['county'];
  readonly watch: DrawWatch;
  readonly reminders: Reminders;
}

/** Calls, and waits for what it sets going; who is then told of draws acts on them. */
async function makeCall(calling: Calling, { at, calls, payload }: Call): Promise<void> {
  const { county, scene, watch, reminders } = calling;
  if (calls === 'compose-messages') {
    await reminders.caughtUp(at);
    return reminders.call(at);
  }
  // The reconciler holds its instant against the executions' clock, which nobody simulates.
  const meant = calls === 'reconcile-cases' ? instantAt(Date.now()) : at;
  const answer = await county.invoke(calls, { at: meant, ...payload });
  if (calls === 'sweep-deadlines' && swept.parse(answer).marked > 0) await awaitTold(calling, at);
  if (calls === 'open-draws' && opened.parse(answer).started > 0) await watch.look(scene, at, await awaitAnnounced(calling, at));
  // What was entered by two has set draws going by itself, so there is something to wait for also where the sweep had nothing to do.
  if (calls === 'sweep-draws') await watch.look(scene, at, await awaitDriven(calling, at));
}
