/** What comes of an attempt (结算): told, to be tried again, or given up, and what its receiver is like by then. */
import { epochMs, type Instant, plusMs } from './calendar.ts';
import {
  FAILING_FROM,
  LONGEST_REST_MS,
  latest,
  type Outcome,
  PATIENCE_MS,
  penaltyMs,
  type Receiver,
  type Resting,
  rested,
  SCHEDULE_MS,
  THROTTLED_FOR_MS,
  type Tried,
  triedOf,
  type Underway,
  withResting,
} from './receiver.ts';

/** A rest is up to so much longer, by chance, lest all who failed together come together again. */
const JITTER = 0.1;

/** That a receiver fails again and again, said once for each time that it begins to. */
export interface Failing {
  readonly since: Instant;
  readonly failures: number;
  readonly says: string;
}

/** What an outcome leads to, and for which message. `attempts`: those that count, this one among them. */
export type Settled = { readonly receiver: Receiver; readonly of: Tried; readonly failing?: Failing } & (
  | { readonly is: 'delivered'; readonly attempts: number; readonly at: Instant }
  /** It rests until then. */
  | { readonly is: 'again'; readonly due: Instant }
  | Dead
  /** As `dead`, and its subscription is disabled. */
  | (Omit<Dead, 'is'> & { readonly is: 'disable' })
);

interface Dead {
  readonly is: 'dead';
  readonly attempts: number;
  readonly because: string;
}

const NOT_SENT = '发送超时：消息未能交给发送程序';
const UNKNOWN = '发送超时：已开始发送，未收到结果';
const NO_ROOM = '超出平台的发送频率';

const failed = ({ failures, failingSince, ...receiver }: Receiver, at: Instant, says: string, since = at) => {
  const after: Receiver = {
    ...receiver,
    failures: failures + 1,
    failingSince: failingSince ?? since,
    lastFailure: { at, says },
  };
  const failing: Failing = { since: failingSince ?? since, failures: failures + 1, says };
  return { receiver: after, ...(after.failures === FAILING_FROM && { failing }) };
};

/**
 * Reads what came of an attempt: the outcome that was answered, also late, or a lease that is over. `chance` is in [0, 1).
 * `undefined`: there is nothing to settle yet.
 */
export function settle(receiver: Receiver, at: Instant, chance: number): Settled | undefined {
  const heard = receiver.resting?.find(({ outcome }) => outcome?.is === 'delivered');
  if (heard !== undefined) return delivered(withResting(receiver, heard, undefined), heard, heard.at);
  const { underway, ...rest } = receiver;
  if (underway === undefined || (underway.phase !== 'answered' && underway.due > at)) return undefined;
  const { outcome } = underway;
  if (outcome === undefined) {
    const isBegun = underway.phase !== 'released';
    const of: Tried = { ...triedOf(underway), ...(isBegun && { perhapsArrived: true }) };
    return settleFailed(rest, of, { is: 'failed', says: isBegun ? UNKNOWN : NOT_SENT }, at, chance, false);
  }
  return settleAnswered(rest, underway, outcome, at, chance);
}

/** It takes messages again: what rests since it took none is tried at once, and not when its own rest is over, which may be a day. */
const atOnce = ({ resting = [], ...receiver }: Receiver, at: Instant): Receiver => ({
  ...receiver,
  ...(resting.length > 0 && { resting: resting.map((one) => (one.due > at ? { ...one, due: at } : one)) }),
});

function delivered({ failingSince: _, throttledSince: __, ...well }: Receiver, of: Tried, at: Instant): Settled {
  const hasFailed = well.failures >= FAILING_FROM;
  const receiver: Receiver = { ...(hasFailed ? atOnce(well, at) : well), failures: 0, lastDelivered: at };
  return { is: 'delivered', of, receiver, attempts: of.counted + 1, at };
}

function settleAnswered(before: Receiver, underway: Underway, outcome: Outcome, at: Instant, chance: number): Settled {
  const of = triedOf(underway);
  const again = (due: Instant, more: Pick<Tried, 'signedAnew' | 'shortened'> = {}): Settled => {
    const resting: Resting = { ...of, ...more, at, due, outcome };
    return { is: 'again', of, due, receiver: rested(before, resting) };
  };
  const disabled = (because: string): Settled => ({
    ...{ is: 'disable', of, attempts: of.counted + 1, because },
    ...failed(before, underway.at, because),
  });
  switch (outcome.is) {
    case 'delivered':
      return delivered(before, of, underway.at);
    case 'throttled':
      return settleThrottled(before, underway, outcome, plusMs(underway.at, penaltyMs(outcome)), outcome.says, at);
    case 'over-budget':
      return settleThrottled(before, underway, outcome, outcome.freeAt, NO_ROOM, at);
    case 'stale':
      return of.signedAnew && !outcome.more ? disabled(outcome.says) : again(at, { signedAnew: (of.signedAnew ?? 0) + 1 });
    case 'too-long':
      return of.shortened
        ? settleFailed(before, of, { is: 'failed', says: outcome.says }, underway.at, chance, true)
        : again(at, { shortened: true });
    case 'failed':
      return settleFailed(before, of, outcome, underway.at, chance, true);
    case 'refused':
    case 'gone':
      return disabled(outcome.says);
  }
}

/** No attempt that counts, and after some time no failure less: somebody is told, and whoever was patient for days gives up. */
function settleThrottled(
  { throttledSince, ...before }: Receiver,
  underway: Underway,
  outcome: Outcome,
  free: Instant,
  says: string,
  at: Instant,
): Settled {
  const of = triedOf(underway);
  const since = throttledSince ?? underway.at;
  const isLong = epochMs(underway.at) - epochMs(since) >= THROTTLED_FOR_MS;
  const spell: Receiver = { ...before, throttledSince: since };
  const { receiver, ...failing } = isLong ? failed(spell, underway.at, says, since) : { receiver: spell };
  if (epochMs(at) - epochMs(of.since) >= PATIENCE_MS) {
    return { is: 'dead', of, receiver, ...failing, attempts: of.attempt, because: says };
  }
  const due = latest(at, free);
  return { is: 'again', of, due, receiver: rested(receiver, { ...of, at, due, outcome }), ...failing };
}

/** A failure counts: its message rests by the schedule, or has had all its attempts. */
function settleFailed(
  before: Receiver,
  message: Tried,
  outcome: Extract<Outcome, { is: 'failed' }>,
  at: Instant,
  chance: number,
  isKnown: boolean,
): Settled {
  const { says, afterMs = 0, perhapsArrived } = outcome;
  const { receiver, ...failing } = failed(before, at, says);
  const counted = message.counted + 1;
  const of: Tried = { ...message, counted, ...(perhapsArrived && { perhapsArrived }) };
  const step = SCHEDULE_MS[counted];
  if (step === undefined) return { is: 'dead', of, receiver, ...failing, attempts: counted, because: says };
  const due = plusMs(at, Math.max(Math.ceil(step * (1 + JITTER * chance)), Math.min(afterMs, LONGEST_REST_MS)));
  const resting: Resting = { ...of, at, due, ...(isKnown && { outcome }) };
  return { is: 'again', of, due, receiver: rested(receiver, resting), ...failing };
}
