/** How deliveries and messages end, as one change has it: the state of each, and what the ledger says of it. */
import { createHash } from 'node:crypto';
import type { Step } from '../../shared/data/delivery-items.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Delivery, DropReason } from '../../shared/domain/delivery.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { MessageTold, OutboxFact } from '../../shared/domain/outbox.ts';
import type { Tried } from '../../shared/domain/receiver.ts';
import type { Waiting } from './lane.ts';

/** What is not to be told any more, and why. */
export interface Dropping {
  readonly delivery: Waiting;
  readonly because: DropReason;
}

export const MOVED = '接收地址已更换，改发新地址';

const nameOf = ({ reminder: { id, kind, about } }: Pick<Delivery, 'reminder'>) => ({ id, kind, about });

export const sha256Of = (body: string): string => createHash('sha256').update(body).digest('hex');

export const ended = (delivery: Waiting, state: 'told' | 'dead', message: number, endedAt: Instant): Step<Delivery> => ({
  before: delivery,
  after: { ...delivery, state, message, endedAt },
});

/** It waits on, for another receiver. */
export const movedTo = (delivery: Waiting, receiver: ReceiverId): Step<Delivery> => ({
  before: delivery,
  after: { ...delivery, receiver },
});

export const dropSteps = (dropping: readonly Dropping[], endedAt: Instant): Step<Delivery>[] =>
  dropping.map(({ delivery, because }) => ({
    before: delivery,
    after: { ...delivery, state: 'dropped', because, endedAt },
  }));

type Trace = Pick<Tried, 'message' | 'counted' | 'perhapsArrived'>;

/** `tried`: they were in a message already, so that they may have been told after all. */
export const droppedFacts = (dropping: readonly Dropping[], tried?: Trace): OutboxFact[] =>
  dropping.length === 0
    ? []
    : [
        {
          type: 'RemindersDropped',
          data: {
            reminders: dropping.map(({ delivery, because }) => ({ ...nameOf(delivery), because })),
            ...(tried && { message: tried.message, attempts: tried.counted }),
            ...(tried?.perhapsArrived && { perhapsArrived: true }),
          },
        },
      ];

export const deadFact = (told: MessageTold, because: string, { perhapsArrived }: Pick<Trace, 'perhapsArrived'>): OutboxFact => ({
  type: 'MessageDead',
  data: { ...told, because, ...(perhapsArrived && { perhapsArrived }) },
});

/** What the ledger says that a message held. A replayed one says how often it was sent again, this time included. */
export const toldBy = (message: Message, deliveries: readonly Pick<Delivery, 'reminder'>[], attempts: number): MessageTold => ({
  message: message.number,
  attempts,
  reminders: deliveries.map(nameOf),
  sha256: sha256Of(message.body),
  ...(message.state === 'again' && { again: (message.again ?? 0) + 1 }),
});

/** A message that is over: one that was, or was to be, sent again stays delivered, as it was before. */
export function endedMessage(
  message: Message,
  state: 'delivered' | 'dead' | 'dropped',
  attempts: number,
  at: Instant,
  because?: string,
): Step<Message> {
  const { because: _, ...before } = message;
  const why = because === undefined ? {} : { because };
  if (message.state === 'again') {
    const again = (message.again ?? 0) + 1;
    return { before: message, after: { ...before, state: 'delivered', ...(state !== 'dropped' && { attempts, again }), ...why } };
  }
  return { before: message, after: { ...before, state, attempts, endedAt: at, ...why } };
}
