/**
 * Whose turn it is at a receiver on which nothing is under way: urgent reminders that no message holds yet, messages whose rest is over,
 * what else waits, replays. So a message that fails, is throttled or is held by quiet hours holds nothing urgent, and one subscription's
 * holds nobody else's. A penalty and a budget hold for all.
 */
import { MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import { freeAt, hasPlace, newReceiver, type Resting, type Turn } from '../../shared/domain/receiver.ts';
import {
  type ComposeDependencies,
  channelOfKind,
  earliest,
  type Lane,
  movedFrom,
  occasionOf,
  rest,
  type Step,
  subscriptionOf,
} from './lane.ts';
import { move } from './move-waiting.ts';
import { nextMessage } from './next-message.ts';
import { isOver, replayNext } from './replay.ts';
import { retryMessage } from './retry-message.ts';
import { type Group, type Looked, lookThrough } from './waiting.ts';

/** So many of what waits are looked at first; more where none of them may go yet. */
const LOOK_AT = 200;
const LOOK_AT_MOST = 2000;

/** The receiver as it was read; it is not there where nothing was ever sent to it. */
export interface FreeLane {
  readonly id: ReceiverId;
  readonly lane: Lane | undefined;
}

const TURNS: readonly Turn[] = ['urgent', 'other', 'again'];

/** Urgent ones first, then the oldest. */
const inTurn = (resting: readonly Resting[]): readonly Resting[] =>
  [...resting].sort((a, b) => TURNS.indexOf(a.turn) - TURNS.indexOf(b.turn) || (a.since < b.since ? -1 : 1));

const laneOf = ({ id, lane }: FreeLane, { subscription }: Group): Lane =>
  lane ?? { receiver: newReceiver(id, subscription.channel), rev: 0 };

/** What is to be sent there no more, whatever the receiver has room for. */
async function endsUnsent(deps: ComposeDependencies, lane: Lane, at: Instant): Promise<Step | undefined> {
  const { id, resting = [] } = lane.receiver;
  for (const one of resting) {
    if (isOver(await subscriptionOf(deps, one.subscription), id)) return retryMessage(deps, lane, one, at);
  }
  return undefined;
}

/** Nothing new joins a message that was tried: what waits behind one of its own subscription is merged, and goes after it. */
const isBehind = (resting: readonly Resting[], { subscription }: Group): boolean =>
  subscription.state === 'active' && resting.some(({ turn, subscription: of }) => turn === 'other' && of === subscription.id);

/** A new message of the first that may have one. */
async function begun(
  deps: ComposeDependencies,
  free: FreeLane,
  groups: readonly Group[],
  turn: 'urgent' | 'other',
  at: Instant,
): Promise<Step | undefined> {
  for (const group of groups) {
    const { subscription } = group;
    const waiting = turn === 'urgent' ? group.urgent : group.others;
    const lane = laneOf(free, group);
    const { resting = [] } = lane.receiver;
    if (waiting.length === 0 || (turn === 'other' && isBehind(resting, group))) continue;
    if (subscription.state === 'active' && !hasPlace(lane.receiver, turn)) continue;
    const step = await nextMessage(deps, lane, { subscription, waiting, turn }, at);
    if (step.is === 'done') return step;
  }
  return undefined;
}

/** The messages whose rest is over, as far as they may go now. */
async function triedAgain(deps: ComposeDependencies, lane: Lane, at: Instant): Promise<Step> {
  const opens: (Instant | undefined)[] = [];
  for (const one of inTurn(lane.receiver.resting ?? [])) {
    const step = one.due > at ? rest(one.due) : await retryMessage(deps, lane, one, at);
    if (step.is === 'done') return step;
    opens.push(step.next);
  }
  return rest(earliest(opens));
}

/** What quiet hours hold is due when they end, where it is so much that it hides what they do not hold. */
async function putOff(
  deps: ComposeDependencies,
  free: FreeLane,
  { groups, isFull }: Looked,
  at: Instant,
): Promise<Step | undefined> {
  const [first] = groups.filter(({ held }) => held.length > 0);
  if (!isFull || first === undefined) return undefined;
  const { receiver, rev } = laneOf(free, first);
  const some = first.held.slice(0, MOST_DELIVERIES);
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: some.map(({ delivery, until }) => ({ before: delivery, after: { ...delivery, due: until } })),
    receiver: { after: receiver, ifRev: rev },
  });
  const until = earliest(some.map((one) => one.until));
  return { is: 'done', channel: receiver.channel, measured: {}, ...(until !== undefined && { rests: until }) };
}

/** Whatever is first in its turn among so many of what waits. */
async function firstOf(deps: ComposeDependencies, free: FreeLane, { groups, isFull }: Looked, at: Instant): Promise<Step> {
  const { lane } = free;
  const urgent = await begun(deps, free, groups, 'urgent', at);
  if (urgent !== undefined) return urgent;
  const tried = lane === undefined ? rest() : await triedAgain(deps, lane, at);
  if (tried.is === 'done') return tried;
  const other = (await begun(deps, free, groups, 'other', at)) ?? (await putOff(deps, free, { groups, isFull }, at));
  if (other !== undefined) return other;
  const until = groups.flatMap(({ held }) => held.map((one) => one.until));
  return rest(earliest([tried.is === 'rest' ? tried.next : undefined, ...until]));
}

/** Since when the oldest waits that nothing holds but the receiver. */
const lateSince = ({ groups }: Looked, resting: readonly Resting[]): Instant | undefined =>
  earliest(groups.flatMap((group) => [...group.urgent, ...(isBehind(resting, group) ? [] : group.others)].map(({ due }) => due)));

const restLate = (next: Instant | undefined, since: Instant | undefined): Step => ({
  is: 'rest',
  ...(next !== undefined && { next }),
  ...(since !== undefined && { lateSince: since }),
});

/** One step of whoever is first in his turn. */
export async function takeTurn(deps: ComposeDependencies, free: FreeLane, at: Instant): Promise<Step> {
  const { id, lane } = free;
  const resting = lane?.receiver.resting ?? [];
  const unsent = lane && (await endsUnsent(deps, lane, at));
  if (unsent !== undefined) return unsent;
  const from = lane && freeAt(lane.receiver, channelOfKind(deps, lane.receiver.channel).limits, at);
  for (const limit of [LOOK_AT, LOOK_AT_MOST]) {
    const looked = await lookThrough(deps, id, lane?.receiver, at, limit);
    const moved = looked.groups.find(({ subscription }) => movedFrom(id, subscription) !== undefined);
    const to = moved && movedFrom(id, moved.subscription);
    if (moved !== undefined && to !== undefined) return move(deps, laneOf(free, moved), moved.waiting, to, at);
    if (from !== undefined && from > at) return restLate(from, lateSince(looked, resting));
    const step = await firstOf(deps, free, looked, at);
    if (step.is === 'done') return step;
    if (looked.isFull && limit < LOOK_AT_MOST) continue;
    const replay = await replayNext(deps, free, at);
    if (replay.is === 'done') return replay;
    return restLate(earliest([step.next, replay.next]), lateSince(looked, resting));
  }
  return rest();
}
