/** The next attempt of a message that rests: the same id, the same reminders less those that are done, in words of now. */
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import { release, type Tried, withdraw } from '../../shared/domain/receiver.ts';
import { type Dropping, deadFact, droppedFacts, dropSteps, ended, endedMessage, MOVED, movedTo, toldBy } from './endings.ts';
import {
  type ComposeDependencies,
  channelOfKind,
  isWaiting,
  type Lane,
  movedFrom,
  occasionOf,
  rest,
  type Step,
  subscriptionOf,
  type Waiting,
} from './lane.ts';
import { recheck } from './recheck.ts';
import { render } from './render.ts';
import { isOver, NOT_REPLAYED } from './replay.ts';
import { messageUnderway } from './settle-attempt.ts';
import { shipmentOf } from './shipment.ts';
import { opensAt } from './waiting.ts';

/** One that rests, as it was read, with all that it is about. */
interface Resting {
  readonly lane: Lane;
  readonly tried: Tried;
  readonly message: Message;
  readonly waiting: readonly Waiting[];
}

const DISABLED = '订阅已停用';
const DONE = '其中的提醒均已办结或不再需要';

/** What rests is taken off its lane and ends. */
async function end(
  deps: ComposeDependencies,
  { lane, tried, message, waiting }: Resting,
  how: {
    readonly state: 'dead' | 'dropped';
    readonly because: string;
    readonly dropping?: readonly Dropping[];
    readonly to?: ReceiverId;
  },
  at: Instant,
): Promise<Step> {
  const { subscription, number } = message;
  const after = withdraw(lane.receiver, { subscription, message: number });
  if (after === undefined) throw new Error(`message ${number} of ${subscription} does not rest`);
  const { state, because, dropping = [], to } = how;
  const attempts = tried.counted;
  const gone = new Set(dropping.map(({ delivery }) => delivery));
  const left = waiting.filter((delivery) => !gone.has(delivery));
  const facts: OutboxFact[] = [
    ...droppedFacts(dropping, tried),
    ...(state === 'dead' ? [deadFact(toldBy(message, left, attempts), because, tried)] : []),
  ];
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: [
      ...dropSteps(dropping, at),
      ...(state === 'dead' ? left.map((delivery) => ended(delivery, 'dead', number, at)) : []),
      ...(to === undefined ? [] : left.map((delivery) => movedTo(delivery, to))),
    ],
    messages: [endedMessage(message, state, attempts, at, because)],
    ...(facts.length > 0 && { outbox: { before: await deps.deliveries.outbox(subscription), facts } }),
    receiver: { after, ifRev: lane.rev },
  });
  const measured = state === 'dead' ? { Dead: [left.length] } : { Dropped: [dropping.length] };
  return { is: 'done', channel: after.channel, measured, ...(to !== undefined && { also: to }) };
}

/** The next attempt is written and handed over. */
async function releaseAgain(
  deps: ComposeDependencies,
  { lane, tried, message }: Resting,
  {
    body,
    reminders,
    dropping,
  }: { readonly body: string; readonly reminders: readonly string[]; readonly dropping: readonly Dropping[] },
  at: Instant,
): Promise<Step> {
  const { limits } = channelOfKind(deps, lane.receiver.channel);
  const after = release(lane.receiver, tried, limits, at);
  if (after === undefined) throw new Error(`message ${message.number} of ${message.subscription} cannot be released`);
  const facts = droppedFacts(dropping, tried);
  await deps.deliveries.save({
    ...occasionOf(deps, at),
    deliveries: dropSteps(dropping, at),
    messages: [
      { before: message, after: { ...message, reminders, body, attempts: after.underway?.attempt ?? message.attempts } },
    ],
    ...(facts.length > 0 && { outbox: { before: await deps.deliveries.outbox(message.subscription), facts } }),
    receiver: { after, ifRev: lane.rev },
  });
  await deps.shipments.send(shipmentOf(deps, after, body, at));
  return { is: 'done', channel: after.channel, measured: { Retried: [1], Dropped: [dropping.length] }, isReleased: true };
}

/**
 * Of a message that rests, once its time has come and its receiver may be sent something; at once where nothing is to be sent there any
 * more. Quiet hours hold it unless it is urgent, and hold nothing else with it.
 */
export async function retryMessage(deps: ComposeDependencies, lane: Lane, tried: Tried, at: Instant): Promise<Step> {
  const { id } = lane.receiver;
  const subscription = await subscriptionOf(deps, tried.subscription);
  const to = movedFrom(id, subscription);
  const over = isOver(subscription, id);
  const opens = over ? at : opensAt(deps, subscription, tried.turn === 'urgent', at);
  if (opens > at) return rest(opens);

  const message = await messageUnderway(deps, tried);
  if (message.state === 'again') return replay(deps, { lane, tried, message, waiting: [] }, over, at);
  const waiting = (await deps.deliveries.load(message.subscription, message.reminders)).filter(isWaiting);
  const { standing, dropping } = await recheck(deps, subscription, waiting, at);
  const resting: Resting = { lane, tried, message, waiting };
  if (standing.length === 0) return end(deps, resting, { state: 'dropped', because: DONE, dropping }, at);
  if (subscription.state === 'disabled') {
    return end(deps, resting, { state: 'dead', because: subscription.disabled?.because ?? DISABLED, dropping }, at);
  }
  if (to !== undefined) return end(deps, resting, { state: 'dropped', because: MOVED, dropping, to }, at);
  const reminders = standing.map(({ reminder }) => reminder);
  const body = render(deps, subscription, message.number, reminders, at, tried.shortened);
  return releaseAgain(deps, resting, { body, reminders: reminders.map(({ id }) => id), dropping }, at);
}

/** What is replayed goes as it was told, whatever was done since. */
const replay = (deps: ComposeDependencies, resting: Resting, over: boolean, at: Instant): Promise<Step> =>
  over
    ? end(deps, resting, { state: 'dropped', because: NOT_REPLAYED }, at)
    : releaseAgain(deps, resting, { body: resting.message.body, reminders: resting.message.reminders, dropping: [] }, at);
