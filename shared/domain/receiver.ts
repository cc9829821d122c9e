/**
 * Where messages go (接收端): a group's robot or an app's endpoint. It has one budget for all who send there, and one message under way
 * at a time, so that it is never flooded, a hanging one holds up nobody else, and what piles up meanwhile is merged. A message that waits
 * for its next attempt is not under way: whatever it failed of, others go past it.
 */
import { epochMs, type Instant, instantAt, plusMs } from './calendar.ts';
import type { ReceiverId, SubscriptionId } from './ids.ts';

/** What a platform allows: in every stretch of `ms`, at most so many. */
export interface RateLimit {
  readonly most: number;
  readonly ms: number;
}

/** What came of an attempt, as a channel reads the answer. Only `delivered` is an end by itself. */
export type Outcome =
  | { readonly is: 'delivered' }
  /** Try again by the schedule, and not before `after` where the receiver or platform asked for that. */
  | {
      readonly is: 'failed';
      readonly says: string;
      readonly afterMs?: number;
      /** All of it may have been sent, and no answer came: nobody knows whether it arrived. */
      readonly perhapsArrived?: true;
    }
  /** Over the platform's rate: nothing goes there for so long. It is no failure of the receiver. */
  | { readonly is: 'throttled'; readonly says: string; readonly forMs: number }
  /** Sign anew and try once more at once: the signature was too old, or is by another secret. `more`: it was not tried by all of them. */
  | { readonly is: 'stale'; readonly says: string; readonly more?: true }
  /** Too long after all: render it shorter and try once more. */
  | { readonly is: 'too-long'; readonly says: string }
  /** It will refuse this for ever (bad key, bad signature): disable and tell somebody. */
  | { readonly is: 'refused'; readonly says: string }
  /** 410: the endpoint is no more. */
  | { readonly is: 'gone'; readonly says: string }
  /** The budget had no room; nothing was sent. */
  | { readonly is: 'over-budget'; readonly freeAt: Instant };

/** In which turn a message goes: one that holds urgent reminders and no others, one of the others, one that is sent again (replay). */
export type Turn = 'urgent' | 'other' | 'again';

/** A message that has been released at least once and has no end yet. */
export interface Tried {
  readonly subscription: SubscriptionId;
  readonly message: number;
  readonly turn: Turn;
  /** From 1, another with every release: by it a shipment that comes late is known. */
  readonly attempt: number;
  /** So many attempts before this one, or before the next, count by the schedule. */
  readonly counted: number;
  /** When it was released first. */
  readonly since: Instant;
  /** So often was it signed anew, each time by the next secret; for its length: it is rendered shorter from then on. */
  readonly signedAnew?: number;
  readonly shortened?: true;
  /** What came of one of its attempts is not known. */
  readonly perhapsArrived?: true;
}

/** The message that is under way to a receiver. */
export interface Underway extends Tried {
  /** `released`: handed to the sender. `sending`: begun, with room taken from the budget. `answered`: the outcome is known. */
  readonly phase: 'released' | 'sending' | 'answered';
  /** When the phase began. */
  readonly at: Instant;
  /** When it has to be looked at: the lease of `released` and `sending`, at once for `answered`. */
  readonly due: Instant;
  /** Of `answered`. */
  readonly outcome?: Outcome;
}

/** A message that waits for its next attempt. */
export interface Resting extends Tried {
  readonly at: Instant;
  /** When its next attempt may be. */
  readonly due: Instant;
  /** Of the attempt before; absent: it is not known. `delivered`: it was heard after all, and has to be settled. */
  readonly outcome?: Outcome;
}

export interface Receiver {
  readonly id: ReceiverId;
  readonly channel: string;
  /** Of what it was sent, as far back as its limits look: by when each has arrived, whatever it took. Ascending. */
  readonly grants: readonly Instant[];
  /** Nothing is sent before: the platform's penalty. */
  readonly blockedUntil?: Instant;
  /** In a row, of whatever message. */
  readonly failures: number;
  readonly failingSince?: Instant;
  readonly lastFailure?: { readonly at: Instant; readonly says: string };
  readonly lastDelivered?: Instant;
  /** Since when its platform has had no room for anything. */
  readonly throttledSince?: Instant;
  readonly underway?: Underway;
  /** Absent: none rests. */
  readonly resting?: readonly Resting[];
}

/** One that nothing was ever sent to. */
export const newReceiver = (id: ReceiverId, channel: string): Receiver => ({ id, channel, grants: [], failures: 0 });

/** A message and one attempt of it. */
export type Attempt = Pick<Tried, 'subscription' | 'message' | 'attempt'>;

/** A sender has so long from its grant until the receiver has the last byte; it gives up an attempt that takes longer. */
export const SEND_TIMEOUT_MS = 15_000;
/** After so long nothing is heard any more of an attempt that was handed over or begun. */
export const LEASE_MS = 120_000;
/** Standard Webhooks: how long after the attempt before each of the ten comes. */
export const SCHEDULE_MS = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * 1000);
/** An answer may ask for a rest of so long, and for no longer. */
export const LONGEST_REST_MS = 86_400_000;
/** Who has no room now has none for so long, whatever he says: it is asked of him again each minute at the most. */
export const SHORTEST_PENALTY_MS = 60_000;
/** What a platform has no room for is no failure; that it has none for so long, for anything, is one. */
export const THROTTLED_FOR_MS = 3_600_000;
/** So many messages may rest at a receiver before nothing new is begun there, and so many more before nothing urgent is either. */
export const MOST_RESTING = 20;
export const MOST_URGENT_BESIDES = 20;
/** Attempts that do not count end too: what a platform had no room for all that time is dead. Longer than the schedule. */
export const PATIENCE_MS = 4 * 86_400_000;
/** So many failures in a row, and somebody else is told. */
export const FAILING_FROM = 3;

/** The last of them; those that are not known do not count. */
export const latest = (...instants: readonly (Instant | undefined)[]): Instant =>
  instants.reduce<Instant>((a, b) => (b !== undefined && b > a ? b : a), instantAt(0));

/**
 * The earliest instant from which one more may be sent. It arrives then at the earliest, and what was granted before has arrived by what
 * its grant says: by its answer, or by the timeout. So whatever each takes, no stretch of a limit sees more arrive than it allows. Who has a
 * clock that lags behind waits.
 */
export const roomAt = (
  { grants, blockedUntil }: Pick<Receiver, 'grants' | 'blockedUntil'>,
  limits: readonly RateLimit[],
  at: Instant,
): Instant =>
  latest(
    at,
    blockedUntil,
    grants.at(-1),
    ...limits.map((limit) => {
      const oldest = grants.at(-limit.most);
      return oldest && plusMs(oldest, limit.ms + 1);
    }),
  );

/** When one more may be released. `undefined`: not before the one under way has an outcome. */
export const freeAt = (receiver: Receiver, limits: readonly RateLimit[], at: Instant): Instant | undefined =>
  receiver.underway === undefined ? roomAt(receiver, limits, at) : undefined;

/** When a receiver has to be looked at. */
export const lookAt = ({ underway, resting = [] }: Pick<Receiver, 'underway' | 'resting'>): Instant | undefined =>
  [...(underway === undefined ? [] : [underway.due]), ...resting.map(({ due }) => due)].sort()[0];

type Named = Pick<Attempt, 'subscription' | 'message'>;
const isOf = (one: Named | undefined, { subscription, message }: Named): boolean =>
  one?.subscription === subscription && one.message === message;

const restingOf = ({ resting = [] }: Receiver, of: Named): Resting | undefined => resting.find((one) => isOf(one, of));

/** In the place of what rests of the same message; `undefined`: it rests no more. */
export function withResting({ resting = [], ...receiver }: Receiver, of: Named, one: Resting | undefined): Receiver {
  const others = resting.filter((each) => !isOf(each, of));
  const all = one === undefined ? others : [...others, one];
  return { ...receiver, ...(all.length > 0 && { resting: all }) };
}

/** Whether a new message may be begun beside those that rest. So many are enough to see that a receiver fails; what waits is merged. */
export const hasPlace = ({ resting = [] }: Pick<Receiver, 'resting'>, turn: Turn): boolean =>
  resting.length < MOST_RESTING + (turn === 'urgent' ? MOST_URGENT_BESIDES : 0);

/** Hands a message to the sender: a new one, or the next attempt of one that rests. `undefined`: not now. */
export function release(
  receiver: Receiver,
  of: Named & { readonly turn: Turn },
  limits: readonly RateLimit[],
  at: Instant,
): Receiver | undefined {
  const free = freeAt(receiver, limits, at);
  if (free === undefined || free > at) return undefined;
  const rested = restingOf(receiver, of);
  if (rested === undefined ? !hasPlace(receiver, of.turn) : rested.due > at) return undefined;
  const { subscription, message, turn } = of;
  const { outcome: _, ...before } = rested ?? { subscription, message, turn, attempt: 0, counted: 0, since: at };
  const released: Underway = { ...before, attempt: before.attempt + 1, phase: 'released', at, due: plusMs(at, LEASE_MS) };
  return { ...withResting(receiver, of, undefined), underway: released };
}

/** Of a message whose attempt is over: it leaves the lane. */
export function rested({ underway, ...receiver }: Receiver, resting: Resting): Receiver {
  return withResting(receiver, resting, resting);
}

/** What it was, whatever came of it. */
export const triedOf = ({ phase: _, outcome: __, ...tried }: Underway) => tried;

/**
 * Nobody began what was handed over, in all its lease: that is no failure of the receiver's, and it rests until it is handed over again, at
 * once. `undefined`: it still may be begun, it was, or it was tried for so long that it counts as a failure after all.
 */
export function untaken(receiver: Receiver, at: Instant): Receiver | undefined {
  const { underway } = receiver;
  if (underway?.phase !== 'released' || underway.due > at) return undefined;
  if (epochMs(at) - epochMs(underway.since) >= PATIENCE_MS) return undefined;
  return rested(receiver, { ...triedOf(underway), at, due: at });
}

/** `begun`: it is to be sent, room is taken. `no-room`: it is answered so, nothing is sent. `stale`: another's, or begun already; nothing is done. */
export type Begun = { readonly is: 'begun' | 'no-room'; readonly receiver: Receiver } | { readonly is: 'stale' };

/**
 * A sender whose clock lags behind goes by the one that handed it over: no grant is earlier than its release. What a shipment waited in its
 * queue, or the call that released it, is all that such a clock can be wrong by.
 */
export function begin(receiver: Receiver, attempt: Attempt, limits: readonly RateLimit[], now: Instant): Begun {
  const { underway, grants } = receiver;
  if (underway?.phase !== 'released' || !isOf(underway, attempt) || underway.attempt !== attempt.attempt) return { is: 'stale' };
  const at = latest(now, underway.at);
  const room = roomAt(receiver, limits, at);
  if (room > at) {
    const outcome: Outcome = { is: 'over-budget', freeAt: room };
    return { is: 'no-room', receiver: { ...receiver, underway: { ...underway, phase: 'answered', at, due: at, outcome } } };
  }
  const back = plusMs(at, -Math.max(0, ...limits.map(({ ms }) => ms)));
  const arrived = plusMs(at, SEND_TIMEOUT_MS);
  return {
    is: 'begun',
    receiver: {
      ...receiver,
      grants: limits.length === 0 ? [] : [...grants.filter((grant) => grant >= back), arrived],
      underway: { ...underway, phase: 'sending', at, due: plusMs(at, LEASE_MS) },
    },
  };
}

/** How long a platform's penalty is held, whatever it says. */
export const penaltyMs = ({ forMs }: Extract<Outcome, { is: 'throttled' }>): number =>
  Math.min(Math.max(forMs, SHORTEST_PENALTY_MS), LONGEST_REST_MS);

/**
 * What came of an attempt that was begun. A penalty holds from then on for all who send there. That it arrived is heard also after its
 * lease, as long as no further attempt was released. `undefined`: a stale one.
 */
export function answer(receiver: Receiver, attempt: Attempt, outcome: Outcome, now: Instant): Receiver | undefined {
  const { underway } = receiver;
  if (underway === undefined || !isOf(underway, attempt)) return answerLate(receiver, attempt, outcome, now);
  if (underway.phase !== 'sending' || underway.attempt !== attempt.attempt) return undefined;
  const at = latest(now, underway.at);
  const granted = receiver.grants.at(-1);
  return {
    ...receiver,
    ...(granted !== undefined && at < granted && { grants: [...receiver.grants.slice(0, -1), at] }),
    ...(outcome.is === 'throttled' && { blockedUntil: plusMs(at, penaltyMs(outcome)) }),
    underway: { ...underway, phase: 'answered', at, due: at, outcome },
  };
}

function answerLate(receiver: Receiver, attempt: Attempt, outcome: Outcome, now: Instant): Receiver | undefined {
  const late = restingOf(receiver, attempt);
  if (late === undefined || late.attempt !== attempt.attempt || late.outcome !== undefined) return undefined;
  if (outcome.is !== 'delivered') return undefined;
  const at = latest(now, late.at);
  return withResting(receiver, late, { ...late, counted: late.counted - 1, at, due: at, outcome });
}

/** Ends what rests: there is nothing left of it to tell, or nobody to tell it to. `undefined`: it does not rest. */
export const withdraw = (receiver: Receiver, of: Named): Receiver | undefined =>
  restingOf(receiver, of) && withResting(receiver, of, undefined);
