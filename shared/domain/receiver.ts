/**
 * Where messages go (接收端): a group's robot or an app's endpoint. It has one budget for all who send there, and one message under way
 * at a time, so that it is never flooded, a hanging one holds up nobody else, and what piles up meanwhile is merged.
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
  | { readonly is: 'failed'; readonly says: string; readonly afterMs?: number }
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

/** The message that is under way to a receiver. */
export interface Underway {
  readonly subscription: SubscriptionId;
  readonly message: number;
  /** From 1, another with every release: by it a shipment that comes late is known. */
  readonly attempt: number;
  /** So many attempts before this one count by the schedule. */
  readonly counted: number;
  /** When it was released first. */
  readonly since: Instant;
  /** So often was it signed anew, each time by the next secret; for its length: it is rendered shorter from then on. */
  readonly signedAnew?: number;
  readonly shortened?: true;
  /** `released`: handed to the sender. `sending`: begun, with room taken from the budget. `answered`: the outcome is known. `resting`: until its next attempt. */
  readonly phase: 'released' | 'sending' | 'answered' | 'resting';
  /** When the phase began. */
  readonly at: Instant;
  /** When it has to be looked at: the lease of `released` and `sending`, the next attempt of `resting`, at once for `answered`. */
  readonly due: Instant;
  /** Of `answered`; of `resting`, absent: what came of the attempt before is not known. */
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
  readonly underway?: Underway;
}

/** One that nothing was ever sent to. */
export const newReceiver = (id: ReceiverId, channel: string): Receiver => ({ id, channel, grants: [], failures: 0 });

/** A message and one attempt of it. */
export type Attempt = Pick<Underway, 'subscription' | 'message' | 'attempt'>;

/** A sender has so long from its grant until the receiver has the last byte; it gives up an attempt that takes longer. */
export const SEND_TIMEOUT_MS = 15_000;
/** After so long nothing is heard any more of an attempt that was handed over or begun. */
export const LEASE_MS = 120_000;
/** Standard Webhooks: how long after the attempt before each of the ten comes. */
export const SCHEDULE_MS = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * 1000);
/** A rest is up to so much longer, by chance, lest all who failed together come together again. */
const JITTER = 0.1;
/** An answer may ask for a rest of so long, and for no longer. */
export const LONGEST_REST_MS = 86_400_000;
/** Attempts that do not count end too: what a platform had no room for all that time is dead. Longer than the schedule. */
export const PATIENCE_MS = 4 * 86_400_000;
/** So many failures in a row, and somebody else is told. */
export const FAILING_FROM = 3;

const latest = (...instants: readonly (Instant | undefined)[]): Instant =>
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

/** When one more may be released: its room, and the rest of the message that is under way. `undefined`: not before that has an outcome. */
export function freeAt(receiver: Receiver, limits: readonly RateLimit[], at: Instant): Instant | undefined {
  const { underway } = receiver;
  if (underway !== undefined && underway.phase !== 'resting') return undefined;
  return latest(roomAt(receiver, limits, at), underway?.due);
}

const isOf = (underway: Underway | undefined, { subscription, message }: Pick<Attempt, 'subscription' | 'message'>): boolean =>
  underway?.subscription === subscription && underway.message === message;

/** Hands a message to the sender: a new one where none is under way, the next attempt of the one that rests. `undefined`: not now, or not this one. */
export function release(
  receiver: Receiver,
  of: Pick<Attempt, 'subscription' | 'message'>,
  limits: readonly RateLimit[],
  at: Instant,
): Receiver | undefined {
  const { underway } = receiver;
  if (underway !== undefined && !isOf(underway, of)) return undefined;
  const free = freeAt(receiver, limits, at);
  if (free === undefined || free > at) return undefined;
  const { subscription, message } = of;
  const { outcome: _, ...before } = underway ?? { subscription, message, attempt: 0, counted: 0, since: at };
  const released: Underway = { ...before, attempt: before.attempt + 1, phase: 'released', at, due: plusMs(at, LEASE_MS) };
  return { ...receiver, underway: released };
}

/**
 * Nobody began what was handed over, in all its lease: that is no failure of the receiver's, and it rests until it is handed over again, at
 * once. `undefined`: it still may be begun, it was, or it was tried for so long that it counts as a failure after all.
 */
export function untaken(receiver: Receiver, at: Instant): Receiver | undefined {
  const { underway } = receiver;
  if (underway?.phase !== 'released' || underway.due > at) return undefined;
  if (epochMs(at) - epochMs(underway.since) >= PATIENCE_MS) return undefined;
  return { ...receiver, underway: { ...underway, phase: 'resting', at, due: at } };
}

/** `begun`: it is to be sent, room is taken. `no-room`: it is answered so, nothing is sent. `stale`: another's, or begun already; nothing is done. */
export type Begun = { readonly is: 'begun' | 'no-room'; readonly receiver: Receiver } | { readonly is: 'stale' };

export function begin(receiver: Receiver, attempt: Attempt, limits: readonly RateLimit[], at: Instant): Begun {
  const { underway, grants } = receiver;
  if (underway?.phase !== 'released' || !isOf(underway, attempt) || underway.attempt !== attempt.attempt) return { is: 'stale' };
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

/**
 * What came of an attempt that was begun. A penalty holds from then on for all who send there. That it arrived is heard also after its
 * lease, as long as no further attempt was released. `undefined`: a stale one.
 */
export function answer(receiver: Receiver, attempt: Attempt, outcome: Outcome, at: Instant): Receiver | undefined {
  const { underway } = receiver;
  if (underway === undefined || !isOf(underway, attempt) || underway.attempt !== attempt.attempt) return undefined;
  const isLate = underway.phase === 'resting' && underway.outcome === undefined && outcome.is === 'delivered';
  if (underway.phase !== 'sending' && !isLate) return undefined;
  const counted = isLate ? underway.counted - 1 : underway.counted;
  const granted = receiver.grants.at(-1);
  const isEarlier = !isLate && granted !== undefined && at < granted;
  return {
    ...receiver,
    ...(isEarlier && { grants: [...receiver.grants.slice(0, -1), at] }),
    ...(outcome.is === 'throttled' && { blockedUntil: plusMs(at, Math.min(outcome.forMs, LONGEST_REST_MS)) }),
    underway: { ...underway, counted, phase: 'answered', at, due: at, outcome },
  };
}

/** Ends what rests: there is nothing left of it to tell, or nobody to tell it to. `undefined`: it does not rest. */
export function withdraw(receiver: Receiver, of: Pick<Attempt, 'subscription' | 'message'>): Receiver | undefined {
  const { underway, ...rest } = receiver;
  return underway?.phase === 'resting' && isOf(underway, of) ? rest : undefined;
}

/** That a receiver fails again and again, said once for each time that it begins to. */
export interface Failing {
  readonly since: Instant;
  readonly failures: number;
  readonly says: string;
}

/** What an outcome leads to. `attempts`: those that count, this one among them. */
export type Settled = { readonly receiver: Receiver; readonly failing?: Failing } & (
  | { readonly is: 'delivered'; readonly attempts: number; readonly at: Instant }
  /** It rests until then. */
  | { readonly is: 'again'; readonly due: Instant }
  | { readonly is: 'dead'; readonly attempts: number; readonly because: string }
  /** As `dead`, and its subscription is disabled. */
  | { readonly is: 'disable'; readonly attempts: number; readonly because: string }
);

const NOT_SENT = '发送超时：消息未能交给发送程序';
const UNKNOWN = '发送超时：已开始发送，未收到结果';

const failed = ({ failures, failingSince, ...receiver }: Receiver, at: Instant, says: string) => {
  const after: Receiver = { ...receiver, failures: failures + 1, failingSince: failingSince ?? at, lastFailure: { at, says } };
  const failing: Failing = { since: failingSince ?? at, failures: failures + 1, says };
  return { receiver: after, ...(after.failures === FAILING_FROM && { failing }) };
};

/**
 * Reads what came of the message under way: the outcome that was answered, or a lease that is over. `chance` is in [0, 1).
 * `undefined`: there is nothing to settle yet.
 */
export function settle(receiver: Receiver, at: Instant, chance: number): Settled | undefined {
  const { underway, ...rest } = receiver;
  if (underway === undefined || underway.phase === 'resting') return undefined;
  if (underway.phase !== 'answered' && underway.due > at) return undefined;
  const { outcome, ...message } = underway;
  if (underway.phase !== 'answered' || outcome === undefined) {
    const says = underway.phase === 'released' ? NOT_SENT : UNKNOWN;
    return settleFailed(rest, message, { is: 'failed', says }, at, chance, false);
  }
  const resting = (due: Instant, more: Pick<Underway, 'signedAnew' | 'shortened'> = {}): Settled => ({
    is: 'again',
    due,
    receiver: { ...rest, underway: { ...message, ...more, phase: 'resting', at, due, outcome } },
  });
  const disabled = (because: string): Settled => ({
    is: 'disable',
    ...failed(rest, underway.at, because),
    attempts: message.counted + 1,
    because,
  });
  const later = (due: Instant, because: string): Settled =>
    epochMs(at) - epochMs(message.since) < PATIENCE_MS
      ? resting(latest(at, due))
      : { is: 'dead', receiver: rest, attempts: message.counted, because };
  switch (outcome.is) {
    case 'delivered': {
      const { failingSince: _, ...well } = rest;
      return {
        is: 'delivered',
        receiver: { ...well, failures: 0, lastDelivered: underway.at },
        attempts: message.counted + 1,
        at: underway.at,
      };
    }
    case 'throttled':
      return later(plusMs(underway.at, Math.min(outcome.forMs, LONGEST_REST_MS)), outcome.says);
    case 'over-budget':
      return later(outcome.freeAt, '超出平台的发送频率');
    case 'stale':
      return message.signedAnew && !outcome.more
        ? disabled(outcome.says)
        : resting(at, { signedAnew: (message.signedAnew ?? 0) + 1 });
    case 'too-long':
      return message.shortened
        ? settleFailed(rest, message, { is: 'failed', says: outcome.says }, underway.at, chance, true)
        : resting(at, { shortened: true });
    case 'failed':
      return settleFailed(rest, message, outcome, underway.at, chance, true);
    case 'refused':
    case 'gone':
      return disabled(outcome.says);
  }
}

/** A failure counts: its message rests by the schedule, or has had all its attempts. */
function settleFailed(
  before: Receiver,
  message: Omit<Underway, 'outcome'>,
  outcome: Extract<Outcome, { is: 'failed' }>,
  at: Instant,
  chance: number,
  isKnown: boolean,
): Settled {
  const { says, afterMs = 0 } = outcome;
  const { receiver, ...failing } = failed(before, at, says);
  const counted = message.counted + 1;
  const step = SCHEDULE_MS[counted];
  if (step === undefined) return { is: 'dead', receiver, ...failing, attempts: counted, because: says };
  const due = plusMs(at, Math.max(Math.ceil(step * (1 + JITTER * chance)), Math.min(afterMs, LONGEST_REST_MS)));
  const resting: Underway = { ...message, counted, phase: 'resting', at, due, ...(isKnown && { outcome }) };
  return { is: 'again', due, receiver: { ...receiver, underway: resting }, ...failing };
}
