/**
 * Subscriptions: `{county}` / `SUB#<id>`, found by their scope in the index `byScope`. The encrypted address is written in the same
 * transaction and stands apart, where the sender reads it.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { CountyCode, SubscriptionId } from '../domain/ids.ts';
import { type LedgerEvent, type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type Subscription, type SubscriptionFact, scopeKey, subscriptionSubject } from '../domain/subscription.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { addressWrite } from './receiver-store.ts';
import { channelsTable } from './tables.ts';

export const SubscriptionEntity = new Entity({
  name: 'SUBSCRIPTION', // stored on every item as `_et`; renaming it is a data migration
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** `{county}#{scope}`; absent once it has ended, so that nobody looks through what has ended. */
    scope: string().optional(),
    version: number(),
    state: any().castAs<Subscription>(),
  }),
  timestamps: false,
});

/** A subscription as it is stored: `version` is the sequence of its last event. */
export interface StoredSubscription {
  readonly subscription: Subscription;
  readonly version: number;
}

export interface SubscriptionPage {
  readonly items: readonly StoredSubscription[];
  readonly cursor?: Cursor;
}

/** A decision as it is to be written. */
export interface SubscriptionChange {
  readonly after: Subscription;
  readonly facts: readonly SubscriptionFact[];
  /** The version it was decided on; 0 for a new one. */
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
  /** The ciphertext of a new address or new secrets. An ended subscription's is taken away. */
  readonly address?: string;
}

export interface SubscriptionStore {
  /** Strongly consistent; `undefined` where the county has no such subscription. */
  load(id: SubscriptionId): Promise<StoredSubscription | undefined>;
  /** All of the county, also ended ones, by their ids. Strongly consistent. */
  page(limit: number, cursor?: Cursor): Promise<SubscriptionPage>;
  /** All of these scopes that have not ended (`scopesOf` an audience). Follows the writes within about a second. */
  ofScopes(scopes: readonly string[]): Promise<readonly StoredSubscription[]>;
  /** State, address, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: SubscriptionChange): Promise<void>;
}

const keyOf = (county: CountyCode, id: SubscriptionId) => ({ partition: county, part: subscriptionSubject(id) });
const scopeIn = (county: CountyCode, scope: string): string => `${county}#${scope}`;

/** What a decision adds to a transaction: the state guarded by the version, the address, the events. */
export function subscriptionParts({ after, facts, ifVersion, occasion, address }: Omit<SubscriptionChange, 'command'>): {
  readonly writes: Write[];
  readonly events: LedgerEvent[];
} {
  const { county, id, state } = after;
  const put = SubscriptionEntity.build(PutTransaction).item({
    ...keyOf(county, id),
    ...(state !== 'ended' && { scope: scopeIn(county, scopeKey(after.scope)) }),
    version: ifVersion + facts.length,
    state: after,
  });
  return {
    writes: [
      ifVersion === 0
        ? put.options({ condition: { attr: 'part', exists: false } })
        : put.options({ condition: { attr: 'version', eq: ifVersion } }),
      ...(state === 'ended' || address !== undefined ? [addressWrite(county, id, state === 'ended' ? undefined : address)] : []),
    ],
    events: recordFacts(facts, subscriptionSubject(id), ifVersion, 'NONE', occasion),
  };
}

const stored = (items: readonly { state: Subscription; version: number }[] | undefined): StoredSubscription[] =>
  (items ?? []).map(({ state, version }) => ({ subscription: state, version }));

export function dynamoSubscriptionStore(county: CountyCode): SubscriptionStore {
  const ofScope = async (scope: string): Promise<StoredSubscription[]> => {
    const found: StoredSubscription[] = [];
    let cursor: Cursor | undefined;
    do {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ index: 'byScope', partition: scopeIn(county, scope) })
        .entities(SubscriptionEntity)
        .options(startOf(cursor))
        .send();
      found.push(...stored(Items));
      ({ cursor } = cursorOf(LastEvaluatedKey));
    } while (cursor !== undefined);
    return found;
  };
  return {
    async load(id) {
      const { Item } = await SubscriptionEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
      return Item && { subscription: Item.state, version: Item.version };
    },
    async page(limit, cursor) {
      const { Items, LastEvaluatedKey } = await channelsTable
        .build(QueryCommand)
        .query({ partition: county, range: { beginsWith: 'SUB#' } })
        .entities(SubscriptionEntity)
        .options({ limit, consistent: true, ...startOf(cursor) })
        .send();
      return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
    },
    async ofScopes(scopes) {
      return (await Promise.all(scopes.map(ofScope))).flat();
    },
    async save({ command, ...change }) {
      await commit({ ...subscriptionParts(change), ...(command && { command }) });
    },
  };
}
