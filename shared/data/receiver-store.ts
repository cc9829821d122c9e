/**
 * Receivers, and the encrypted addresses of subscriptions: `{county}#RECEIVERS` / `BUDGET#<receiver>`, `SECRET#<subscription>`. The sender
 * may touch this partition and nothing else, so all that it reads and writes is here.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import type { CountyCode, ReceiverId, SubscriptionId } from '../domain/ids.ts';
import { lookAt, type Receiver } from '../domain/receiver.ts';
import { StaleVersion, type Write } from './commit.ts';
import { channelsTable } from './tables.ts';

export const ReceiverEntity = new Entity({
  name: 'RECEIVER', // stored on every item as `_et`; renaming it is a data migration
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** Grows with each writing. */
    rev: number(),
    receiver: string(),
    state: any().castAs<Receiver>(),
    /** Only while a message is under way or rests: what puts it into `openByDue`. */
    openCounty: string().optional(),
    due: string().optional(),
  }),
  timestamps: false,
});

export const AddressEntity = new Entity({
  name: 'ADDRESS',
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** As `channel-secret.ts` seals it, under the key of channels, with the subscription as its context. */
    ciphertext: string(),
  }),
  timestamps: false,
});

/** A receiver as it is stored; `rev` guards its next writing. */
export interface StoredReceiver {
  readonly receiver: Receiver;
  readonly rev: number;
}

export interface ReceiverStore {
  /** Strongly consistent; `undefined` where nothing was ever sent there. */
  load(id: ReceiverId): Promise<StoredReceiver | undefined>;
  /** In the place of what was read (`rev` 0: of nothing). Rejects with `StaleVersion` where somebody wrote it meanwhile. */
  put(receiver: Receiver, ifRev: number): Promise<StoredReceiver>;
  /** The ciphertext of a subscription's address, strongly consistent; `undefined` for a feed, and once the subscription has ended. */
  sealedAddress(subscription: SubscriptionId): Promise<string | undefined>;
}

const partitionOf = (county: CountyCode): string => `${county}#RECEIVERS`;
const keyOf = (county: CountyCode, id: ReceiverId) => ({ partition: partitionOf(county), part: `BUDGET#${id}` });
const addressKey = (county: CountyCode, id: SubscriptionId) => ({ partition: partitionOf(county), part: `SECRET#${id}` });

const itemOf = (county: CountyCode, receiver: Receiver, ifRev: number) => {
  const due = lookAt(receiver);
  return {
    ...keyOf(county, receiver.id),
    rev: ifRev + 1,
    receiver: receiver.id,
    state: receiver,
    ...(due !== undefined && { openCounty: county, due }),
  };
};
const guard = (ifRev: number) =>
  ifRev === 0 ? ({ attr: 'rev', exists: false } as const) : ({ attr: 'rev', eq: ifRev } as const);

/** A receiver in a transaction, in the place of what was read. */
export const receiverWrite = (county: CountyCode, receiver: Receiver, ifRev: number): Write =>
  ReceiverEntity.build(PutTransaction)
    .item(itemOf(county, receiver, ifRev))
    .options({ condition: guard(ifRev) });

/** A subscription's address in the transaction that changes the subscription; `undefined` takes it away. */
export const addressWrite = (county: CountyCode, id: SubscriptionId, ciphertext: string | undefined): Write =>
  ciphertext === undefined
    ? AddressEntity.build(DeleteTransaction).key(addressKey(county, id)).options({})
    : AddressEntity.build(PutTransaction)
        .item({ ...addressKey(county, id), ciphertext })
        .options({});

export const dynamoReceiverStore = (county: CountyCode): ReceiverStore => ({
  async load(id) {
    const { Item } = await ReceiverEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
    return Item && { receiver: Item.state, rev: Item.rev };
  },
  async put(receiver, ifRev) {
    try {
      await ReceiverEntity.build(PutItemCommand)
        .item(itemOf(county, receiver, ifRev))
        .options({ condition: guard(ifRev) })
        .send();
      return { receiver, rev: ifRev + 1 };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        throw new StaleVersion(`receiver ${receiver.id} was written meanwhile`);
      throw error;
    }
  },
  async sealedAddress(subscription) {
    const { Item } = await AddressEntity.build(GetItemCommand)
      .key(addressKey(county, subscription))
      .options({ consistent: true })
      .send();
    return Item?.ciphertext;
  },
});
