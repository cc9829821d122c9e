/**
 * What a subscription was sent, and is to be: `{county}#<subscription>` / `OUTBOX`, `SENT#<reminder id>` (deliveries), `MSG#<number>`
 * (messages). Whatever happens to them together is one transaction with the receiver, whose `rev` keeps two composers from each other.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import * as z from 'zod';
import { type Instant, instant } from '../domain/calendar.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type CountyCode, type ReceiverId, receiverId, type SubscriptionId } from '../domain/ids.ts';
import type { Occasion } from '../domain/ledger-event.ts';
import type { Message } from '../domain/message.ts';
import { emptyOutbox, type OutboxFact } from '../domain/outbox.ts';
import type { Receiver } from '../domain/receiver.ts';
import { instantText } from '../runtime/schemas.ts';
import { type CommandRecord, commit } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import {
  DeliveryEntity,
  deliveryItem,
  deliveryKey,
  deliveryWrite,
  MESSAGE,
  MessageEntity,
  messageKey,
  messageWrite,
  OutboxEntity,
  outboxKey,
  outboxParts,
  padded,
  partitionOf,
  SENT,
  type Step,
  type StoredOutbox,
  TURNS,
  type TurnKind,
} from './delivery-items.ts';
import { receiverWrite } from './receiver-store.ts';
import { type SubscriptionChange, subscriptionParts } from './subscription-store.ts';
import { channelsTable } from './tables.ts';

/** A receiver that has to be looked at: since when something for it is due. */
export interface DueReceiver {
  readonly receiver: ReceiverId;
  readonly due: Instant;
}

export interface DuePage {
  readonly items: readonly DueReceiver[];
  readonly cursor?: Cursor;
}
export interface DeliveryPage {
  readonly items: readonly Delivery[];
  readonly cursor?: Cursor;
}

/**
 * What happens at once: a message is released or settled, some are sent again, dead ones wait anew, what is done is dropped. Deliveries
 * and messages have to be as they were read; outbox, receiver and subscription not written meanwhile.
 */
export interface DeliveryChange {
  readonly occasion: Occasion;
  /** So many days is kept what ended (`reminders.records.kept`). */
  readonly keptDays: number;
  readonly deliveries?: readonly Step<Delivery>[];
  readonly messages?: readonly Step<Message>[];
  /** What is recorded of its outbox, at least one fact; what it counts follows from them. */
  readonly outbox?: { readonly before: StoredOutbox; readonly facts: readonly OutboxFact[] };
  /** `ifRev` 0: nothing was ever sent there. */
  readonly receiver?: { readonly after: Receiver; readonly ifRev: number };
  /** What happens to the subscription itself: it is disabled. */
  readonly state?: Pick<SubscriptionChange, 'after' | 'facts' | 'ifVersion'>;
  readonly command?: CommandRecord;
}

export interface DeliveryStore {
  /** Puts a waiting delivery unless there is one of that reminder and subscription; answers whether it was put. */
  add(delivery: Delivery & { readonly state: 'waiting' }): Promise<boolean>;
  /** The deliveries of these reminders that there are, in the order asked. Strongly consistent. */
  load(subscription: SubscriptionId, reminders: readonly string[]): Promise<readonly Delivery[]>;
  /** For whom something is due up to an instant, the longest first; a receiver may come several times. Follows the writes within about a second. */
  due(until: Instant, limit: number, cursor?: Cursor): Promise<DuePage>;
  /** When something becomes due for the first time after an instant. */
  nextDue(after: Instant): Promise<Instant | undefined>;
  /**
   * What waits for a receiver and is due up to an instant: urgent ones first, then the longest. A new one comes about a second after its
   * writing. None is answered that has ended, if the receiver was loaded before and its `rev` guards what is done with the answer.
   */
  waitingFor(receiver: ReceiverId, until: Instant, limit: number): Promise<readonly Delivery[]>;
  /** How many wait there of one subscription, counted up to a limit. Follows the writes within about a second. */
  countWaiting(receiver: ReceiverId, subscription: SubscriptionId, most: number): Promise<number>;
  /** Messages that a receiver is to be sent again, the longest first, then by their numbers. The same holds of them. */
  againFor(receiver: ReceiverId, until: Instant, limit: number): Promise<readonly Message[]>;
  /** All of a subscription by the ids of their reminders; of one state, if it is given: a page may then hold fewer. Strongly consistent. */
  ofSubscription(subscription: SubscriptionId, limit: number, cursor?: Cursor, state?: Delivery['state']): Promise<DeliveryPage>;
  /** Who was, or is to be, told of a thing. Follows the writes within about a second. */
  about(about: string, limit: number, cursor?: Cursor): Promise<DeliveryPage>;
  /** Strongly consistent. */
  message(subscription: SubscriptionId, number: number): Promise<Message | undefined>;
  /** From behind a number on, ascending. Strongly consistent. */
  messages(subscription: SubscriptionId, limit: number, after?: number): Promise<readonly Message[]>;
  /** Strongly consistent; empty where nothing was ever written. */
  outbox(subscription: SubscriptionId): Promise<StoredOutbox>;
  /** All or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: DeliveryChange): Promise<void>;
}

/** As many deliveries fit one change beside messages, outbox, receiver, subscription and their events. */
export const MOST_DELIVERIES = 80;

/** The service's limit of one request. */
const AT_ONCE = 100;
/** What the service did not come to is asked for again, this often in all. */
const ATTEMPTS = 3;

type DeliveryKey = ReturnType<typeof deliveryKey>;

async function loadAll(keys: readonly DeliveryKey[]): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    const requests = keys.slice(first, first + AT_ONCE).map((key) => DeliveryEntity.build(BatchGetRequest).key(key));
    const command = channelsTable
      .build(BatchGetCommand)
      .requests(...requests)
      .options({ consistent: true });
    const { Responses: [items] = [], UnprocessedKeys = {} } = await execute({ maxAttempts: ATTEMPTS }, command);
    if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the table is too busy to tell the deliveries');
    found.push(...(items ?? []).flatMap((each) => each?.state ?? []));
  }
  return found;
}

/** What is read of the indexes `openByDue`, `waiting` and `byAbout`, which hold no more. */
const dueItem = z.object({ receiver: z.string().transform(receiverId), due: instantText });
const keyItem = z.object({ pk: z.string(), sk: z.string() }).transform(({ pk, sk }) => ({ partition: pk, part: sk }));

const EVER = instant('9999-12-31T00:00:00Z');

const LAST_NUMBER = '9'.repeat(padded(0).length);

export function dynamoDeliveryStore(county: CountyCode): DeliveryStore {
  /** What takes its turn at a receiver, page by page. */
  async function* turnsOf(receiver: ReceiverId, kind: TurnKind, until: Instant): AsyncGenerator<DeliveryKey[]> {
    const turn = `${TURNS[kind]}#`;
    let cursor: Cursor | undefined;
    do {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ index: 'waiting', partition: `${county}#${receiver}`, range: { between: [turn, `${turn}${until}~`] } }) // behind whatever has that instant
        .options({ limit: AT_ONCE, ...startOf(cursor) })
        .send();
      if (Items !== undefined && Items.length > 0) yield Items.map((each) => keyItem.parse(each));
      ({ cursor } = cursorOf(LastEvaluatedKey));
    } while (cursor !== undefined);
  }

  const loadMessage = async (key: DeliveryKey): Promise<Message | undefined> => {
    const { Item } = await MessageEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
    return Item?.state;
  };

  return {
    async add(delivery) {
      try {
        await DeliveryEntity.build(PutItemCommand)
          .item(deliveryItem(county, delivery, 0))
          .options({ condition: { attr: 'part', exists: false } })
          .send();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    load: (subscription, reminders) => loadAll(reminders.map((reminder) => deliveryKey(county, subscription, reminder))),
    async due(until, limit, cursor) {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ index: 'openByDue', partition: county, range: { lte: until } })
        .options({ limit, ...startOf(cursor) })
        .send();
      return { items: (Items ?? []).map((each) => dueItem.parse(each)), ...cursorOf(LastEvaluatedKey) };
    },
    async nextDue(after) {
      const { Items } = await channelsTable
        .build(QueryCommand)
        .query({ index: 'openByDue', partition: county, range: { gt: after } })
        .options({ limit: 1 })
        .send();
      return Items?.[0] && dueItem.parse(Items[0]).due;
    },
    async waitingFor(receiver, until, limit) {
      const found: Delivery[] = [];
      for (const kind of ['urgent', 'other'] as const) {
        for await (const keys of turnsOf(receiver, kind, until)) {
          const standing = await loadAll(keys);
          found.push(...standing.filter((one) => one.state === 'waiting' && one.receiver === receiver));
          if (found.length >= limit) return found.slice(0, limit);
        }
      }
      return found;
    },
    async countWaiting(receiver, subscription, most) {
      let count = 0;
      for (const kind of ['urgent', 'other'] as const) {
        for await (const keys of turnsOf(receiver, kind, EVER)) {
          count += keys.filter(({ partition }) => partition === partitionOf(county, subscription)).length;
          if (count >= most) return most;
        }
      }
      return count;
    },
    async againFor(receiver, until, limit) {
      const found: Message[] = [];
      for await (const keys of turnsOf(receiver, 'again', until)) {
        const standing = await Promise.all(keys.map(loadMessage));
        found.push(...standing.flatMap((one) => (one?.state === 'again' && one.receiver === receiver ? [one] : [])));
        if (found.length >= limit) return found.slice(0, limit);
      }
      return found;
    },
    async ofSubscription(subscription, limit, cursor, state) {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, subscription), range: { beginsWith: SENT } })
        .entities(DeliveryEntity)
        .options({
          limit,
          consistent: true,
          ...startOf(cursor),
          ...(state !== undefined && { filters: { DELIVERY: { attr: 'stage', eq: state } } }),
        })
        .send();
      return { items: (Items ?? []).map((each) => each.state), ...cursorOf(LastEvaluatedKey) };
    },
    async about(about, limit, cursor) {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ index: 'byAbout', partition: `${county}#${about}` })
        .options({ limit, ...startOf(cursor) })
        .send();
      return { items: await loadAll((Items ?? []).map((each) => keyItem.parse(each))), ...cursorOf(LastEvaluatedKey) };
    },
    message: (subscription, no) => loadMessage(messageKey(county, subscription, no)),
    async messages(subscription, limit, after = 0) {
      const range = { between: [`${MESSAGE}${padded(after + 1)}`, `${MESSAGE}${LAST_NUMBER}`] as [string, string] };
      const { Items } = await channelsTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, subscription), range })
        .entities(MessageEntity)
        .options({ limit, consistent: true })
        .send();
      return (Items ?? []).map((each) => each.state);
    },
    async outbox(subscription) {
      const { Item } = await OutboxEntity.build(GetItemCommand)
        .key(outboxKey(county, subscription))
        .options({ consistent: true })
        .send();
      return Item === undefined
        ? { outbox: emptyOutbox(subscription), version: 0 }
        : { outbox: Item.state, version: Item.version };
    },
    async save({ occasion, keptDays, deliveries = [], messages = [], outbox, receiver, state, command }) {
      const ofOutbox = outbox && outboxParts(outbox.before, outbox.facts, occasion);
      const ofSubscription = state && subscriptionParts({ ...state, occasion });
      await commit({
        writes: [
          ...deliveries.map((step) => deliveryWrite(county, step, keptDays)),
          ...messages.map((step) => messageWrite(county, step, keptDays, occasion.at)),
          ...(receiver === undefined ? [] : [receiverWrite(county, receiver.after, receiver.ifRev)]),
          ...(ofOutbox?.writes ?? []),
          ...(ofSubscription?.writes ?? []),
        ],
        events: [...(ofOutbox?.events ?? []), ...(ofSubscription?.events ?? [])],
        ...(command && { command }),
      });
    },
  };
}
