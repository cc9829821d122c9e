/** What a receiver may be sent, and what becomes of a message whatever is answered, held against slow oracles. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochMs, type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { receiverId, subscriptionId } from '../../shared/domain/ids.ts';
import {
  type Attempt,
  answer,
  begin,
  FAILING_FROM,
  freeAt,
  hasPlace,
  LEASE_MS,
  LONGEST_REST_MS,
  lookAt,
  MOST_RESTING,
  MOST_URGENT_BESIDES,
  newReceiver,
  type Outcome,
  PATIENCE_MS,
  type RateLimit,
  type Receiver,
  release,
  roomAt,
  SCHEDULE_MS,
  SEND_TIMEOUT_MS,
  SHORTEST_PENALTY_MS,
  THROTTLED_FOR_MS,
  untaken,
  withdraw,
} from '../../shared/domain/receiver.ts';
import { type Settled, settle } from '../../shared/domain/receiver-settle.ts';

const START = instant('2026-06-01T08:00:00+08:00');
const robot = newReceiver(receiverId('0'.repeat(32)), 'wecom');
const subscription = subscriptionId('a'.repeat(20));
const turn = { turn: 'other' } as const;
const WECOM: RateLimit[] = [{ most: 20, ms: 60_000 }];
const SENT: Outcome = { is: 'delivered' };
const BROKEN: Outcome = { is: 'failed', says: '500' };

/** What must be there. */
function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('refused');
  return value;
}
const attemptOf = ({ underway }: Receiver): Attempt => there(underway);
const begun = (receiver: Receiver, limits: readonly RateLimit[], at: Instant): Receiver => {
  const answered = begin(receiver, attemptOf(receiver), limits, at);
  if (answered.is !== 'begun') throw new Error(answered.is);
  return answered.receiver;
};
/** One attempt of a message from its release to what its outcome leads to. */
const attempted = (before: Receiver, message: number, outcome: Outcome, at: Instant, chance = 0): Settled => {
  const sending = begun(there(release(before, { ...turn, subscription, message }, [], at)), [], at);
  return there(settle(there(answer(sending, attemptOf(sending), outcome, at)), at, chance));
};

const limit = fc.record({ most: fc.integer({ min: 1, max: 5 }), ms: fc.constantFrom(1_000, 10_000, 60_000) });
const limits = fc.array(limit, { minLength: 1, maxLength: 2 });
const delay = fc.oneof(fc.constantFrom(0, SEND_TIMEOUT_MS), fc.integer({ min: 0, max: SEND_TIMEOUT_MS }));

interface Sent {
  readonly gap: number;
  /** From the grant to the arrival, and from there to the answer; without one, nobody hears what came of it. */
  readonly delay: number;
  readonly back?: number | undefined;
}

/** Sends as soon as there is room after each gap; `latest`: by when each has arrived, as far as the sender can know. */
function arrivals(limits: readonly RateLimit[], sends: readonly Sent[]) {
  const latest: number[] = [];
  const arrived: number[] = [];
  let receiver = robot;
  let at = START;
  for (const [index, { gap, delay, back }] of sends.entries()) {
    at = there(freeAt(receiver, limits, plusMs(at, gap)));
    const of = { ...turn, subscription, message: index + 1 };
    const sending = begun(there(release(receiver, of, limits, at)), limits, at);
    const took = Math.min(delay + (back ?? 0), SEND_TIMEOUT_MS);
    arrived.push(epochMs(at) + delay);
    latest.push(epochMs(at) + (back === undefined ? SEND_TIMEOUT_MS : took));
    at = plusMs(at, back === undefined ? LEASE_MS : took);
    const known = back === undefined ? sending : there(answer(sending, attemptOf(sending), SENT, at));
    const settled = there(settle(known, at, 0)).receiver;
    receiver = withdraw(settled, of) ?? settled;
  }
  return { latest, arrived, receiver, at };
}

const most = (instants: readonly number[], ms: number): number =>
  Math.max(...instants.map((from) => instants.filter((each) => from <= each && each <= from + ms).length));

test('no stretch sees more arrive than its limit allows, whatever each takes from its grant until it arrives, and until it is answered', () => {
  const gap = fc.constantFrom(0, 0, 0, 500, 7_000);
  const back = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 0, 300, SEND_TIMEOUT_MS) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  fc.assert(
    fc.property(limits, fc.array(fc.record({ gap, delay, back }), { minLength: 5, maxLength: 40 }), (limits, sends) => {
      const { arrived } = arrivals(limits, sends);
      for (const limit of limits) expect(most(arrived, limit.ms)).toBeLessThanOrEqual(limit.most);
    }),
    { numRuns: 150 },
  );
});

test('room is there as early as it can be: a millisecond before, too many may arrive at once', () => {
  const sent = fc.record({
    gap: fc.constantFrom(0, 0, 300, 12_000),
    delay: fc.constantFrom(0, 40),
    back: fc.constantFrom(0, 0, 900),
  });
  fc.assert(
    fc.property(limits, fc.array(sent, { minLength: 1, maxLength: 25 }), (limits, sends) => {
      const { latest, receiver, at } = arrivals(limits, sends);
      const fits = (next: number): boolean => limits.every(({ most: allowed, ms }) => most([...latest, next], ms) <= allowed);
      const room = epochMs(roomAt(receiver, limits, at));
      expect(fits(room)).toBe(true);
      if (room > epochMs(at)) expect(fits(room - 1)).toBe(false);
      expect(receiver.grants.length).toBeLessThanOrEqual(Math.max(...limits.map((limit) => limit.most)));
    }),
    { numRuns: 100 },
  );
});

test('of what nobody hears it is supposed that it arrives as late as it can', () => {
  const { receiver, at } = arrivals([{ most: 1, ms: 200_000 }], [{ gap: 0, delay: 0 }]);
  expect(at).toBe(plusMs(START, LEASE_MS));
  expect(roomAt(receiver, [{ most: 1, ms: 200_000 }], at)).toBe(plusMs(START, SEND_TIMEOUT_MS + 200_001));
});

test('a sender whose clock lags behind gets no room before the newest grant, and a penalty holds for all', () => {
  const { receiver, at } = arrivals(WECOM, [{ gap: 0, delay: 0, back: 0 }]);
  expect(roomAt(receiver, WECOM, plusMs(at, -5_000))).toBe(at);
  const sending = begun(there(release(receiver, { ...turn, subscription, message: 2 }, WECOM, at)), WECOM, at);
  const throttled = there(answer(sending, attemptOf(sending), { is: 'throttled', says: '45009', forMs: 60_000 }, at));
  expect(roomAt(throttled, WECOM, at)).toBe(plusMs(at, 60_000));
});

test('of two senders that read the same, one is granted; an attempt is begun once, however often and late its shipment comes', () => {
  const step = fc.record({
    sender: fc.nat(2),
    does: fc.constantFrom('read', 'begin', 'answer', 'compose'),
    shipment: fc.nat(50),
    after: fc.constantFrom(0, 20, LEASE_MS),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      let stored = { receiver: robot, rev: 0 };
      const put = (receiver: Receiver, ifRev: number): boolean => {
        if (stored.rev !== ifRev) return false;
        stored = { receiver, rev: ifRev + 1 };
        return true;
      };
      const shipped: Attempt[] = [];
      const read = new Map<number, typeof stored>();
      const counts = new Map<string, number>();
      let grants = 0;
      let at = START;
      for (const { sender, does, shipment, after } of steps) {
        at = plusMs(at, after);
        const seen = read.get(sender) ?? stored;
        const attempt = shipped[shipment % Math.max(1, shipped.length)];
        if (does === 'read') read.set(sender, stored);
        else if (does === 'compose') {
          const { receiver, rev } = stored;
          const settled = settle(receiver, at, 0)?.receiver ?? receiver;
          const message = settled.resting?.[0]?.message ?? shipped.length + 1;
          const released = release(settled, { ...turn, subscription, message }, WECOM, at);
          if (put(released ?? settled, rev) && released) shipped.push(attemptOf(released));
        } else if (attempt === undefined) continue;
        else if (does === 'begin') {
          const answered = begin(seen.receiver, attempt, WECOM, at);
          if (answered.is === 'stale' || !put(answered.receiver, seen.rev)) continue;
          expect(answered.is).toBe('begun');
          grants += 1;
          const name = `${attempt.message}/${attempt.attempt}`;
          counts.set(name, (counts.get(name) ?? 0) + 1);
        } else {
          const answered = answer(seen.receiver, attempt, BROKEN, at);
          if (answered) put(answered, seen.rev);
        }
      }
      for (const count of counts.values()) expect(count).toBe(1);
      expect(stored.receiver.grants.length).toBeLessThanOrEqual(grants);
      expect(new Set(stored.receiver.grants.map(epochMs)).size).toBeLessThanOrEqual(grants);
    }),
    { numRuns: 150 },
  );
});

const outcome: fc.Arbitrary<Came> = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Outcome>({ is: 'failed', says: '503' }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(1_000, 3_600_000, LONGEST_REST_MS, 40 * LONGEST_REST_MS)
      .map((afterMs): Outcome => ({ is: 'failed', says: '429', afterMs })),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(0, 60_000, 600_000, 40 * LONGEST_REST_MS)
      .map((forMs): Outcome => ({ is: 'throttled', says: '45009', forMs })),
  },
  { weight: 4, arbitrary: fc.constant('no-room' as const) },
  { weight: 4, arbitrary: fc.constantFrom('never-begun' as const, 'never-answered' as const, 'heard-late' as const) },
  { weight: 2, arbitrary: fc.constantFrom<Outcome>({ is: 'stale', says: '19021' }, { is: 'too-long', says: '40058' }) },
  { weight: 2, arbitrary: fc.constantFrom<Outcome>({ is: 'refused', says: '93000' }, { is: 'gone', says: '410' }, SENT) },
);

type Came = Outcome | 'no-room' | 'never-begun' | 'never-answered' | 'heard-late';

/** A released attempt after what came of it, and when that is to be settled. */
function afterwards(released: Receiver, came: Came, at: Instant): { readonly receiver: Receiver; readonly at: Instant } {
  if (came === 'never-begun') return { receiver: released, at: plusMs(at, LEASE_MS) };
  if (came === 'no-room') {
    const full = begin({ ...released, blockedUntil: plusMs(at, 5_000) }, attemptOf(released), [], at);
    if (full.is !== 'no-room') throw new Error(full.is);
    return { receiver: full.receiver, at };
  }
  const sending = begun(released, [], at);
  if (typeof came === 'string') return { receiver: sending, at: plusMs(at, LEASE_MS) };
  return { receiver: there(answer(sending, attemptOf(sending), came, at)), at };
}

const isThrottle = (came: Came): boolean => came === 'no-room' || (typeof came !== 'string' && came.is === 'throttled');

/** How long it rests at the least and at the most, where it rests after so many failures. */
function restOf(came: Came, isFailure: boolean, failures: number): readonly [number, number] {
  const asked =
    typeof came === 'string'
      ? 0
      : came.is === 'throttled'
        ? Math.max(came.forMs, SHORTEST_PENALTY_MS)
        : came.is === 'failed'
          ? (came.afterMs ?? 0)
          : 0;
  const least = Math.min(came === 'no-room' ? 5_000 : asked, LONGEST_REST_MS);
  const schedule = isFailure ? (SCHEDULE_MS[failures] ?? Number.NaN) : 0;
  return [Math.max(schedule, least), Math.max(Math.ceil(schedule * 1.1), least)];
}

test('whatever is answered, a message ends: delivered, dead or disabled, after ten attempts that count at the most, none before its time', () => {
  const seen = { delivered: 0, dead: 0, disable: 0, again: 0 };
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 25 }), chances, (all, chance) => {
      let receiver = robot;
      let at = START;
      let failures = 0;
      let told = 0;
      for (let step = 0; ; step += 1) {
        const came = all[step] ?? BROKEN;
        const released = there(release(receiver, { ...turn, subscription, message: 1 }, [], at));
        expect(settle(released, plusMs(at, LEASE_MS - 1), chance)).toBeUndefined();
        const before = afterwards(released, came, at);
        let settled = there(settle(before.receiver, before.at, chance));
        const isFailure =
          settled.of.counted > failures || (settled.is === 'dead' && !isThrottle(came)) || settled.is === 'disable';
        if (settled.failing) told += 1;
        failures += isFailure ? 1 : 0;
        // A throttling that lasts is a failure of the receiver, and none of its message.
        if (settled.is !== 'delivered') expect(told).toBe(settled.receiver.failures >= FAILING_FROM ? 1 : 0);
        expect(settled.is === 'delivered' || settled.receiver.failures >= failures).toBe(true);
        if (came === 'heard-late' && settled.is === 'again') {
          const heard = there(answer(settled.receiver, attemptOf(released), SENT, before.at));
          settled = there(settle(heard, before.at, chance));
          expect(settled).toMatchObject({ is: 'delivered', attempts: failures });
        }
        seen[settled.is] += 1;
        if (settled.is !== 'again') {
          expect(settled.receiver).not.toHaveProperty('underway');
          expect(settled.receiver).not.toHaveProperty('resting');
          if (settled.is === 'delivered') expect(settled.receiver.failures).toBe(0);
          // By the schedule, or after all the time that an attempt which does not count may take.
          else if (settled.is === 'dead' && isFailure) expect(settled.attempts).toBe(SCHEDULE_MS.length);
          if (settled.is !== 'dead' || isFailure) expect(settled.attempts).toBeLessThanOrEqual(SCHEDULE_MS.length);
          return;
        }
        const rest = epochMs(settled.due) - epochMs(before.at);
        const [least, longest] = restOf(came, isFailure, failures);
        expect(rest).toBeGreaterThanOrEqual(least);
        expect(rest).toBeLessThanOrEqual(longest);
        expect(settled.receiver.resting).toMatchObject([{ counted: failures }]);
        receiver = settled.receiver;
        at = settled.due;
        expect(freeAt(receiver, [], at)).toBe(at);
        // Not sooner; and another one goes past it.
        if (rest > 0)
          expect(release(receiver, { ...turn, subscription, message: 1 }, [], plusMs(settled.due, -1))).toBeUndefined();
        expect(release(receiver, { ...turn, subscription, message: 2 }, [], at)).toMatchObject({ underway: { message: 2 } });
        expect(step).toBeLessThan(all.length + SCHEDULE_MS.length);
      }
    }),
    { numRuns: 120 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(3);
});

test('a platform that throttles for ever ends its message too, later than the schedule would', () => {
  let receiver: Receiver = robot;
  let at = START;
  const told: Instant[] = [];
  for (let settled: Settled | undefined; settled?.is !== 'dead'; receiver = settled.receiver) {
    at = [there(freeAt(receiver, [], at)), lookAt(receiver) ?? at].sort()[1] ?? at;
    settled = attempted(receiver, 1, { is: 'throttled', says: '130101', forMs: 600_000 }, at);
    // It is no failure at first; after an hour it is, and somebody is told, once.
    const isLong = epochMs(at) - epochMs(START) >= THROTTLED_FOR_MS;
    expect(settled.receiver.failures > 0).toBe(isLong);
    if (settled.failing) told.push(settled.failing.since);
    if (settled.is === 'dead') expect(settled.attempts).toBeGreaterThan(PATIENCE_MS / 600_000);
  }
  expect(told).toEqual([START]);
  const schedule = SCHEDULE_MS.reduce((sum, ms) => sum + ms * 1.1, 0);
  expect(epochMs(at) - epochMs(START)).toBeGreaterThanOrEqual(PATIENCE_MS);
  expect(epochMs(at) - epochMs(START)).toBeLessThan(PATIENCE_MS + 600_000);
  expect(PATIENCE_MS).toBeGreaterThan(schedule);
});

test('a signature that is too old and a text that is too long get one more attempt at once, each once', () => {
  const stale: Outcome = { is: 'stale', says: '19021' };
  const once = attempted(robot, 1, stale, START);
  expect(once).toMatchObject({ is: 'again', due: START, receiver: { resting: [{ signedAnew: 1, counted: 0 }], failures: 0 } });
  expect(attempted(once.receiver, 1, stale, START)).toMatchObject({ is: 'disable', because: '19021', receiver: { failures: 1 } });
  const byMore = attempted(once.receiver, 1, { ...stale, more: true }, START);
  expect(byMore).toMatchObject({ is: 'again', due: START, receiver: { resting: [{ signedAnew: 2, counted: 0 }], failures: 0 } });
  expect(attempted(byMore.receiver, 1, stale, START)).toMatchObject({ is: 'disable' });
  const long: Outcome = { is: 'too-long', says: '40058' };
  const shorter = attempted(once.receiver, 1, long, START);
  expect(shorter).toMatchObject({ is: 'again', due: START, receiver: { resting: [{ shortened: true, signedAnew: 1 }] } });
  expect(attempted(shorter.receiver, 1, long, START)).toMatchObject({
    is: 'again',
    due: plusMs(START, 5_000),
    receiver: { resting: [{ shortened: true, counted: 1 }], failures: 1 },
  });
});

test('rests differ by chance, and are never shorter than the schedule', () => {
  const rests = [0, 0.5, 0.999]
    .map((chance) => attempted(robot, 1, BROKEN, START, chance))
    .map((one) => one.is === 'again' && one.due);
  expect(rests).toEqual([plusMs(START, 5_000), plusMs(START, 5_250), plusMs(START, 5_500)]);
});

test('what nobody began in all its lease is handed over again at once, and is no failure; what was begun is not, nor what waits too long', () => {
  const released = there(release(robot, { ...turn, subscription, message: 1 }, [], START));
  const over = plusMs(START, LEASE_MS);
  expect(untaken(released, plusMs(over, -1))).toBeUndefined();
  expect(untaken(begun(released, [], START), over)).toBeUndefined();
  const again = there(release(there(untaken(released, over)), { ...turn, subscription, message: 1 }, [], over));
  expect(again).toMatchObject({ failures: 0, underway: { attempt: 2, counted: 0, phase: 'released', since: START } });
  expect(begin(again, attemptOf(released), [], over)).toEqual({ is: 'stale' });
  expect(untaken(again, plusMs(START, PATIENCE_MS))).toBeUndefined();
});

test('that it fails is told from the third failure in a row, of whatever messages, and again only after something was delivered', () => {
  let receiver: Receiver = robot;
  let at = START;
  const told: number[] = [];
  for (const [index, outcome] of [...Array(6).fill(BROKEN), SENT, ...Array(4).fill(BROKEN)].entries()) {
    const [resting] = receiver.resting ?? [];
    const free = resting && there(withdraw(receiver, resting));
    at = plusMs(at, 60_000);
    const settled = attempted(free ?? receiver, index + 1, outcome, at);
    if (settled.failing) {
      told.push(index);
      expect(settled.failing).toEqual({ since: plusMs(at, -120_000), failures: FAILING_FROM, says: '500' });
    }
    receiver = settled.receiver;
  }
  expect(told).toEqual([2, 9]);
});

test('once it takes something after it had failed again and again, what rests since is tried at once; after a single failure not', () => {
  for (const failures of [FAILING_FROM - 1, FAILING_FROM]) {
    let receiver: Receiver = robot;
    for (let message = 1; message <= failures; message++) receiver = attempted(receiver, message, BROKEN, START).receiver;
    const later = plusMs(START, 1_000);
    const well = attempted(receiver, failures + 1, SENT, later).receiver;
    const due = failures < FAILING_FROM ? plusMs(START, 5_000) : later;
    expect(well.resting?.map((one) => one.due)).toEqual(Array(failures).fill(due));
  }
});

test('what does not fit is refused: another message, one in flight, a stale answer, a withdrawal of what is on its way', () => {
  const released = there(release(robot, { ...turn, subscription, message: 1 }, [], START));
  const of = attemptOf(released);
  expect(release(released, { ...turn, subscription, message: 1 }, [], plusMs(START, 1))).toBeUndefined();
  expect(answer(released, of, SENT, START)).toBeUndefined();
  expect(withdraw(released, of)).toBeUndefined();
  const sending = begun(released, [], START);
  expect(begin(sending, of, [], START)).toEqual({ is: 'stale' });
  expect(begin(released, { ...of, attempt: 2 }, [], START)).toEqual({ is: 'stale' });
  expect(answer(sending, { ...of, attempt: 2 }, SENT, START)).toBeUndefined();
  const resting = there(settle(there(answer(sending, of, BROKEN, START)), START, 0)).receiver;
  expect(answer(resting, of, SENT, START)).toBeUndefined();
  expect(withdraw(resting, { subscription, message: 2 })).toBeUndefined();
  expect(withdraw(resting, of)).toEqual({ ...resting, resting: undefined });
});

test('what rests leaves the lane free: others go past it, it keeps its own time, and so many rest and no more', () => {
  let receiver: Receiver = robot;
  const limits = MOST_RESTING + MOST_URGENT_BESIDES;
  for (let message = 1; message <= limits; message++) {
    expect(hasPlace(receiver, 'other')).toBe(message <= MOST_RESTING);
    const of = { subscription, message, turn: message <= MOST_RESTING ? 'other' : 'urgent' } as const;
    const released = there(release(receiver, of, [], START));
    expect(released.resting ?? []).toHaveLength(message - 1);
    const sending = begun(released, [], START);
    receiver = there(settle(there(answer(sending, attemptOf(sending), BROKEN, START)), START, 0)).receiver;
  }
  expect(receiver.underway).toBeUndefined();
  expect(lookAt(receiver)).toBe(plusMs(START, 5_000));
  const later = plusMs(START, 5_000);
  const next = { subscription, message: limits + 1, turn: 'urgent' } as const;
  expect(release(receiver, next, [], later)).toBeUndefined();
  const again = there(release(receiver, { subscription, message: 7, turn: 'other' }, [], later));
  expect(again).toMatchObject({ underway: { message: 7, attempt: 2, counted: 1 } });
  expect(again.resting).toHaveLength(limits - 1);
  // Another is under way by the time that it is heard.
  const lost = there(settle(begun(again, [], later), plusMs(later, LEASE_MS), 0));
  expect(lost).toMatchObject({ is: 'again', of: { perhapsArrived: true } });
  const other = there(release(lost.receiver, { subscription, message: 8, turn: 'other' }, [], plusMs(later, LEASE_MS)));
  const heard = there(answer(other, attemptOf(again), SENT, plusMs(later, LEASE_MS)));
  expect(settle(heard, plusMs(later, LEASE_MS), 0)).toMatchObject({
    ...{ is: 'delivered', of: { message: 7 }, attempts: 2 },
    receiver: { underway: { message: 8, phase: 'released' } },
  });
});

test('a sender whose clock is minutes behind is granted nothing before it was handed the message', () => {
  let receiver = robot;
  const grants: Instant[] = [];
  for (let message = 1; message <= 20; message++) {
    const released = there(release(receiver, { ...turn, subscription, message }, WECOM, START));
    const sending = begun(released, WECOM, plusMs(START, -300_000));
    receiver = there(settle(there(answer(sending, attemptOf(sending), SENT, plusMs(START, -300_000))), START, 0)).receiver;
    grants.push(...receiver.grants.slice(-1));
  }
  expect(new Set(grants)).toEqual(new Set([START]));
  expect(roomAt(receiver, WECOM, START)).toBe(plusMs(START, 60_001));
});
