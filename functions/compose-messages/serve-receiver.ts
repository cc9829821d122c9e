/** One receiver at one instant: what was answered is settled, what rests is tried again, what waits is sent, as far as it may be now. */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import { untaken } from '../../shared/domain/receiver.ts';
import { type ComposeDependencies, earliest, type Lane, type Step } from './lane.ts';
import type { Measured } from './metrics.ts';
import { moveWaiting } from './move-waiting.ts';
import { settleAttempt } from './settle-attempt.ts';
import { takeTurn } from './take-turn.ts';

/** What came of one receiver. */
export interface Served {
  readonly channel: string;
  readonly measured: readonly Measured[];
  readonly released: number;
  /** When a call would do something here again. */
  readonly next?: Instant;
  /** Others that have to be looked at, as something was moved to them. */
  readonly also: readonly ReceiverId[];
  /** When what rests there from now on is due. */
  readonly rests?: Instant;
  /** Since when something waits there that could go, and nothing was sent now. */
  readonly lateSince?: Instant;
  /** Something is under way there and nothing failed before it: then the longest that is due waits for its outcome. */
  readonly isBusy: boolean;
}

/** Another composer was quicker; after so many times something else is wrong. */
const MOST_STALE = 5;

/** Of what was handed over and nobody began: it is handed over again, or rests until it may be; whoever is urgent goes first. */
async function handOverAgain(deps: ComposeDependencies, { receiver, rev }: Lane, at: Instant): Promise<Step> {
  const step = await takeTurn(deps, { id: receiver.id, lane: { receiver, rev } }, at);
  if (step.is === 'done') return step;
  await deps.receivers.put(receiver, rev);
  return { is: 'done', channel: receiver.channel, measured: {} };
}

async function takeStep(deps: ComposeDependencies, id: ReceiverId, lane: Lane | undefined, at: Instant): Promise<Step> {
  if (lane === undefined) return takeTurn(deps, { id, lane }, at);
  const untouched = untaken(lane.receiver, at);
  if (untouched !== undefined) return handOverAgain(deps, { receiver: untouched, rev: lane.rev }, at);
  return (await settleAttempt(deps, lane, at)) ?? takeTurn(deps, { id, lane }, at);
}

/** `isWoken`: it was asked for by name, so what waits is looked through also where the receiver is not free. */
export async function serveReceiver(deps: ComposeDependencies, id: ReceiverId, at: Instant, isWoken: boolean): Promise<Served> {
  const measured: Measured[] = [];
  const also: ReceiverId[] = [];
  const rests: Instant[] = [];
  let released = 0;
  for (let stale = 0; ; ) {
    const lane = await deps.receivers.load(id);
    try {
      let step = await takeStep(deps, id, lane, at);
      const { next, lateSince } = step.is === 'rest' ? step : {};
      if (step.is === 'rest' && isWoken && next !== undefined && lane !== undefined) step = await moveWaiting(deps, lane, at);
      if (step.is === 'rest') {
        const { channel, failures, underway, resting } = lane?.receiver ?? { channel: '', failures: 0 };
        const isBusy = underway !== undefined && resting === undefined && failures === 0 && released === 0;
        const first = earliest([next, ...rests]);
        const rested = earliest(rests);
        return {
          ...{ channel, measured, released, also, isBusy },
          ...(first !== undefined && { next: first }),
          ...(rested !== undefined && { rests: rested }),
          ...(lateSince !== undefined && released === 0 && { lateSince }),
        };
      }
      if (step.rests !== undefined && step.rests > at) rests.push(step.rests);
      measured.push(step.measured);
      if (step.isReleased) released++;
      if (step.also !== undefined) also.push(step.also);
    } catch (error) {
      if (!(error instanceof StaleVersion) || ++stale === MOST_STALE) throw error;
    }
  }
}
