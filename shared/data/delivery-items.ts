/** How outboxes, deliveries and messages lie in the Channels table, and how each is written in a transaction. */
import { Entity } from 'dynamodb-toolbox/entity';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { epochMs, type Instant, plusDays } from '../domain/calendar.ts';
import { DELIVERY_STATES, type Delivery } from '../domain/delivery.ts';
import type { CountyCode, ReceiverId, SubscriptionId } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import type { Message } from '../domain/message.ts';
import { type Outbox, type OutboxFact, outboxAfter, outboxSubject } from '../domain/outbox.ts';
import type { Write } from './commit.ts';
import { channelsTable } from './tables.ts';

/** Only while it waits, or is to be sent again: what puts it into `openByDue` and `waiting`. */
const whileOpen = {
  openCounty: string().optional(),
  due: string().optional(),
  waiting: string().optional(),
  turn: string().optional(),
};

export const DeliveryEntity = new Entity({
  name: 'DELIVERY', // stored on every item as `_et`; renaming it is a data migration
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** `{county}#{about}`: who was told of a thing is found by it. */
    about: string(),
    stage: string().enum(...DELIVERY_STATES),
    receiver: string(),
    state: any().castAs<Delivery>(),
    ...whileOpen,
    /** Only once it has ended. */
    expires: number().optional(),
  }),
  timestamps: false,
});

export const MessageEntity = new Entity({
  name: 'MESSAGE',
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    stage: string(),
    attempts: number(),
    receiver: string(),
    state: any().castAs<Message>(),
    ...whileOpen,
    expires: number().optional(),
  }),
  timestamps: false,
});

export const OutboxEntity = new Entity({
  name: 'OUTBOX',
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    version: number(),
    state: any().castAs<Outbox>(),
  }),
  timestamps: false,
});

/** An outbox as it is stored: `version` is the sequence of its last event, 0 where nothing was ever written. */
export interface StoredOutbox {
  readonly outbox: Outbox;
  readonly version: number;
}

/** From what was read to what is to be; `before` absent: it is new. */
export interface Step<Item> {
  readonly before?: Item;
  readonly after: Item;
}

export const partitionOf = (county: CountyCode, subscription: SubscriptionId): string => `${county}#${subscription}`;
export const SENT = 'SENT#';
export const MESSAGE = 'MSG#';
const WIDTH = 10;
export const padded = (no: number): string => String(no).padStart(WIDTH, '0');
export const deliveryKey = (county: CountyCode, subscription: SubscriptionId, reminder: string) => ({
  partition: partitionOf(county, subscription),
  part: `${SENT}${reminder}`,
});
export const messageKey = (county: CountyCode, subscription: SubscriptionId, no: number) => ({
  partition: partitionOf(county, subscription),
  part: `${MESSAGE}${padded(no)}`,
});
export const outboxKey = (county: CountyCode, subscription: SubscriptionId) => ({
  partition: partitionOf(county, subscription),
  part: 'OUTBOX',
});

/** In the index `waiting`: urgent ones, others, and what is sent again, each by when they were due; messages also by their number. */
export const TURNS = { urgent: '0', other: '1', again: '2' } as const;
export type TurnKind = keyof typeof TURNS;
const awaited = (county: CountyCode, receiver: ReceiverId, kind: TurnKind, due: Instant, no?: number) => ({
  openCounty: county,
  due,
  waiting: `${county}#${receiver}`,
  turn: `${TURNS[kind]}#${due}${no === undefined ? '' : `#${padded(no)}`}`,
});
const expiry = (endedAt: Instant, keptDays: number) => ({ expires: Math.ceil(epochMs(plusDays(endedAt, keptDays)) / 1000) });

export const deliveryItem = (county: CountyCode, delivery: Delivery, keptDays: number) => {
  const { subscription, reminder, receiver, due } = delivery;
  return {
    ...deliveryKey(county, subscription, reminder.id),
    about: `${county}#${reminder.about}`,
    stage: delivery.state,
    receiver,
    state: delivery,
    ...(delivery.state === 'waiting'
      ? awaited(county, receiver, reminder.isUrgent ? 'urgent' : 'other', due)
      : expiry(delivery.endedAt, keptDays)),
  };
};

export function deliveryWrite(county: CountyCode, { before, after }: Step<Delivery>, keptDays: number): Write {
  const put = DeliveryEntity.build(PutTransaction).item(deliveryItem(county, after, keptDays));
  if (before === undefined) return put.options({ condition: { attr: 'part', exists: false } });
  return put.options({
    condition: {
      and: [
        { attr: 'stage', eq: before.state },
        { attr: 'receiver', eq: before.receiver },
      ],
    },
  });
}

export function messageWrite(county: CountyCode, { before, after }: Step<Message>, keptDays: number, at: Instant): Write {
  const { subscription, number: no, receiver, state, attempts, endedAt } = after;
  const put = MessageEntity.build(PutTransaction).item({
    ...messageKey(county, subscription, no),
    stage: state,
    attempts,
    receiver,
    state: after,
    ...(state === 'again' && awaited(county, receiver, 'again', at, no)),
    ...(endedAt !== undefined && state !== 'again' && state !== 'ready' && expiry(endedAt, keptDays)),
  });
  if (before === undefined) return put.options({ condition: { attr: 'part', exists: false } });
  return put.options({
    condition: {
      and: [
        { attr: 'stage', eq: before.state },
        { attr: 'attempts', eq: before.attempts },
      ],
    },
  });
}

/** What is recorded of an outbox, and the outbox after it in the place of what was read. */
export function outboxParts({ outbox, version }: StoredOutbox, facts: readonly OutboxFact[], occasion: Occasion) {
  const { subscription } = outbox;
  const put = OutboxEntity.build(PutTransaction).item({
    ...outboxKey(occasion.county, subscription),
    version: version + facts.length,
    state: outboxAfter(outbox, facts, occasion.at),
  });
  return {
    writes: [put.options({ condition: version === 0 ? { attr: 'version', exists: false } : { attr: 'version', eq: version } })],
    events: recordFacts(facts, outboxSubject(subscription), version, 'NONE', occasion),
  };
}
