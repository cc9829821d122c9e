/** One receiver at one instant: what was answered is settled, what rests is tried again, what waits is sent, as far as it may be now. */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import { untaken } from '../../shared/domain/receiver.ts';
import type { ComposeDependencies, Lane, Step } from './lane.ts';
import type { Measured } from './metrics.ts';
import { moveWaiting } from './move-waiting.ts';
import { nextMessage } from './next-message.ts';
import { retryMessage } from './retry-message.ts';
import { settleAttempt } from './settle-attempt.ts';

/** What came of one receiver. */
export interface Served {
  readonly channel: string;
  readonly measured: readonly Measured[];
  readonly released: number;
  /** When a call would do something here again. */
  readonly next?: Instant;
  /** Others that have to be looked at, as something was moved to them. */
  readonly also: readonly ReceiverId[];
  /** What is due there waits for us: nothing was sent now, it does not fail, and no quiet hours hold it. */
  readonly isLate: boolean;
}

/** Another composer was quicker; after so many times something else is wrong. */
const MOST_STALE = 5;

/** Of what was handed over and nobody began: it is handed over again, or rests until it may be. */
async function handOverAgain(deps: ComposeDependencies, lane: Lane, after: Lane['receiver'], at: Instant): Promise<Step> {
  const step = await retryMessage(deps, { receiver: after, rev: lane.rev }, at);
  if (step.is === 'done') return step;
  await deps.receivers.put(after, lane.rev);
  return { is: 'done', channel: after.channel, measured: {} };
}

async function takeStep(deps: ComposeDependencies, id: ReceiverId, lane: Lane | undefined, at: Instant): Promise<Step> {
  if (lane?.receiver.underway === undefined) return nextMessage(deps, { id, lane }, at);
  const after = untaken(lane.receiver, at);
  if (after !== undefined) return handOverAgain(deps, lane, after, at);
  return lane.receiver.underway.phase === 'resting' ? retryMessage(deps, lane, at) : settleAttempt(deps, lane, at);
}

/** `isWoken`: it was asked for by name, so what waits is looked through also where the receiver is not free. */
export async function serveReceiver(deps: ComposeDependencies, id: ReceiverId, at: Instant, isWoken: boolean): Promise<Served> {
  const measured: Measured[] = [];
  const also: ReceiverId[] = [];
  let released = 0;
  for (let stale = 0; ; ) {
    const lane = await deps.receivers.load(id);
    try {
      let step = await takeStep(deps, id, lane, at);
      const { next, isHeld } = step.is === 'rest' ? step : {};
      if (step.is === 'rest' && isWoken && next !== undefined && lane !== undefined) step = await moveWaiting(deps, lane, at);
      if (step.is === 'rest') {
        const { channel, failures } = lane?.receiver ?? { channel: '', failures: 0 };
        const isLate = next !== undefined && !isHeld && failures === 0 && released === 0;
        return { channel, measured, released, also, isLate, ...(next !== undefined && { next }) };
      }
      measured.push(step.measured);
      if (step.isReleased) released++;
      if (step.also !== undefined) also.push(step.also);
    } catch (error) {
      if (!(error instanceof StaleVersion) || ++stale === MOST_STALE) throw error;
    }
  }
}
