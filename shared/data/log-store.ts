/**
 * The county's log in the table: `{county}#LOG` / `HEAD` (how many events have their place), `SIGNED` (the newest signed checkpoint),
 * `BATCH#<12 digits>` (which events have the places from there on), `RECONCILED` (how far the ledger was compared),
 * `FINDING#<hash>` (what is or was wrong between the two); and `{county}#PLACES#<subject>` / `<8 digits>`: the places of a subject's events, a hundred to a page.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { dayOf, type Instant, instant, plusDays } from '../domain/calendar.ts';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import {
  type EventPlace,
  type Finding,
  LOG_SUBJECT,
  type LogHead,
  type SealingFact,
  type SignedHead,
} from '../domain/sealing.ts';
import { commit } from './commit.ts';
import {
  BATCH,
  BatchEntity,
  batchKey,
  FINDING,
  FindingEntity,
  findingKey,
  HeadEntity,
  headKey,
  LAST_BATCH,
  logPartition,
  PlacesEntity,
  placeOfId,
  placesKey,
  placesPartition,
  ReconciledEntity,
  reconciledKey,
  SignedEntity,
  signedKey,
} from './log-items.ts';
import { NONE_SEALED, nextPages, PLACES_PAGE, type PlacesPage, pageOf } from './log-places.ts';
import { exportsTable } from './tables.ts';

/** Events that got their places at once; the first of them has the place `first`. */
export interface Batch {
  readonly first: number;
  readonly places: readonly EventPlace[];
}

/** How far the ledger was compared with the log: all before `from`, and of the stretch up to `until` all standings before the one named. */
export interface ReconciledUpTo {
  readonly from: Instant;
  readonly until: Instant;
  readonly standing: Standing;
  /** Where a page of that stretch and standing ended. */
  readonly cursor?: string | undefined;
  /** The bundle of entries at which the log goes on being compared with the ledger; 0 where it was not said. */
  readonly compared?: number | undefined;
}

/** One checkpoint more. `before` is the one that was read; facts of keys come after the `last` event of the log's subject. */
export interface Signing {
  readonly before: SignedHead | undefined;
  readonly after: SignedHead;
  readonly facts: readonly SealingFact[];
  readonly last: number;
  readonly occasion: Occasion;
}

export interface LogStore {
  /** Strongly consistent; what is signed is never more than what has its place. */
  head(): Promise<LogHead>;
  /** Batches from a place on at which one begins, in order, strongly consistent. */
  batches(from: number, limit: number): Promise<readonly Batch[]>;
  /** For each of some events, the page of its subject at which the log stands: the last one. Strongly consistent. */
  lastPages(places: readonly EventPlace[]): Promise<ReadonlyMap<string, PlacesPage>>;
  /** The indexes of a subject's events by their sequence, from the first on, strongly consistent. */
  placesOf(subject: string): Promise<readonly number[]>;
  /**
   * Gives the events of a batch their places, all or nothing. `pages`: the last ones of their subjects, read after the head. Rejects with
   * `StaleVersion` where the head is another by now.
   */
  sequence(batch: Batch, pages: ReadonlyMap<string, PlacesPage>): Promise<void>;
  /** Keeps a signed checkpoint. Rejects with `StaleVersion` where another was kept since. */
  sign(signing: Signing): Promise<void>;
  /** `undefined` before the first time. */
  reconciled(): Promise<ReconciledUpTo | undefined>;
  advance(upTo: ReconciledUpTo): Promise<void>;
  /** Keeps what was found; answers what of it was not open already. */
  find(found: readonly Finding[]): Promise<readonly Finding[]>;
  /** So many of what is open, strongly consistent. */
  findings(limit: number): Promise<readonly Finding[]>;
  /** A finding is gone. It stays on record. */
  settle(finding: Finding, until: Instant): Promise<void>;
}

/** The service's limit of one request. */
const AT_ONCE = 100;
/** What the service did not come to is asked for again, this often in all. */
const ATTEMPTS = 3;

const consistent = { consistent: true } as const;

export function dynamoLogStore(county: CountyCode): LogStore {
  const pagesAt = async (
    keys: readonly { readonly subject: string; readonly page: number }[],
  ): Promise<Map<string, PlacesPage>> => {
    const found = new Map<string, PlacesPage>();
    for (let first = 0; first < keys.length; first += AT_ONCE) {
      const some = keys.slice(first, first + AT_ONCE);
      const command = exportsTable
        .build(BatchGetCommand)
        .requests(...some.map(({ subject, page }) => PlacesEntity.build(BatchGetRequest).key(placesKey(county, subject, page))))
        .options(consistent);
      const { Responses: [items] = [], UnprocessedKeys = {} } = await execute({ maxAttempts: ATTEMPTS }, command);
      if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the table is too busy to tell the places');
      for (const [index, { subject }] of some.entries()) {
        const item = items?.[index];
        if (item !== undefined) found.set(subject, { through: item.through, indexes: item.indexes });
      }
    }
    return found;
  };

  const lastPageOf = async (subject: string): Promise<PlacesPage | undefined> => {
    const { Items } = await exportsTable
      .build(QueryCommand)
      .query({ partition: placesPartition(county, subject) })
      .entities(PlacesEntity)
      .options({ limit: 1, reverse: true, ...consistent })
      .send();
    const [item] = Items ?? [];
    return item && { through: item.through, indexes: item.indexes };
  };

  return {
    async head() {
      // In this order, so that what is signed is never more than what has its place.
      const { Item: signed } = await SignedEntity.build(GetItemCommand).key(signedKey(county)).options(consistent).send();
      const { Item: head } = await HeadEntity.build(GetItemCommand).key(headKey(county)).options(consistent).send();
      return { size: head?.size ?? 0, ...(signed && { signed: signed.signed }) };
    },
    async batches(from, limit) {
      const { Items } = await exportsTable
        .build(QueryCommand)
        .query({
          partition: logPartition(county),
          range: { between: [batchKey(county, from).part, LAST_BATCH] },
        })
        .entities(BatchEntity)
        .options({ limit, ...consistent })
        .send();
      return (Items ?? []).map(({ part, events }) => ({
        first: Number(part.slice(BATCH.length)),
        places: events.map(placeOfId),
      }));
    },
    async lastPages(places) {
      const lowest = new Map<string, number>();
      for (const { subject, sequence } of places) lowest.set(subject, Math.min(sequence, lowest.get(subject) ?? sequence));
      // Where all before it is sealed, the event before it stands on the last page: one look tells. Else the last is asked for.
      const guesses = [...lowest].map(([subject, sequence]) => ({ subject, page: pageOf(Math.max(1, sequence - 1)) }));
      const found = await pagesAt(guesses);
      const last = guesses.map(async ({ subject, page }) => {
        const guess = found.get(subject);
        const isLast = guess === undefined ? page === 0 : guess.indexes.length < PLACES_PAGE;
        return [subject, (isLast ? guess : await lastPageOf(subject)) ?? NONE_SEALED] as const;
      });
      return new Map(await Promise.all(last));
    },
    async placesOf(subject) {
      const indexes: number[] = [];
      let exclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await exportsTable
          .build(QueryCommand)
          .query({ partition: placesPartition(county, subject) })
          .entities(PlacesEntity)
          .options({ ...consistent, ...(exclusiveStartKey && { exclusiveStartKey }) })
          .send();
        indexes.push(...(Items ?? []).flatMap((item) => item.indexes));
        exclusiveStartKey = LastEvaluatedKey;
      } while (exclusiveStartKey !== undefined);
      return indexes;
    },
    async sequence({ first, places }, pages) {
      await commit({
        events: [],
        writes: [
          HeadEntity.build(PutTransaction)
            .item({ ...headKey(county), size: first + places.length })
            .options({ condition: first === 0 ? { attr: 'size', exists: false } : { attr: 'size', eq: first } }),
          BatchEntity.build(PutTransaction)
            .item({ ...batchKey(county, first), events: places.map(({ subject, sequence }) => `${subject}:${sequence}`) })
            .options({ condition: { attr: 'partition', exists: false } }),
          ...nextPages(pages, places, first).map(({ subject, page, before, after }) =>
            PlacesEntity.build(PutTransaction)
              .item({ ...placesKey(county, subject, page), ...after, indexes: [...after.indexes] })
              .options({
                condition: before === undefined ? { attr: 'through', exists: false } : { attr: 'through', eq: before },
              }),
          ),
        ],
      });
    },
    async sign({ before, after, facts, last, occasion }) {
      await commit({
        events: recordFacts(facts, LOG_SUBJECT, last, 'NONE', occasion),
        writes: [
          SignedEntity.build(PutTransaction)
            .item({ ...signedKey(county), size: after.size, signed: after })
            .options({
              condition: before === undefined ? { attr: 'size', exists: false } : { attr: 'size', eq: before.size },
            }),
        ],
      });
    },
    async reconciled() {
      const { Item } = await ReconciledEntity.build(GetItemCommand).key(reconciledKey(county)).options(consistent).send();
      if (Item === undefined) return undefined;
      const midnight = instant(`${Item.day}T00:00:00+08:00`);
      const from = Item.from === undefined ? midnight : instant(Item.from);
      const until = Item.until === undefined ? plusDays(midnight, 1) : instant(Item.until);
      return { from, until, standing: Item.standing, cursor: Item.cursor, compared: Item.compared };
    },
    async advance({ from, until, standing, cursor, compared }) {
      await ReconciledEntity.build(PutItemCommand)
        .item({
          ...reconciledKey(county),
          ...{ day: dayOf(from), from, until, standing },
          ...(cursor !== undefined && { cursor }),
          ...(compared !== undefined && { compared }),
        })
        .send();
    },
    async find(found) {
      const fresh: Finding[] = [];
      for (const finding of found) {
        const put = FindingEntity.build(PutItemCommand)
          .item(findingItem(county, finding))
          .options({
            condition: {
              or: [
                { attr: 'since', exists: false },
                { attr: 'until', exists: true },
              ],
            },
          });
        if (await isDone(put.send())) fresh.push(finding);
      }
      return fresh;
    },
    async findings(limit) {
      const open: Finding[] = [];
      let exclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await exportsTable
          .build(QueryCommand)
          .query({ partition: logPartition(county), range: { beginsWith: FINDING } })
          .entities(FindingEntity)
          .options({
            ...consistent,
            filters: { [FindingEntity.entityName]: { attr: 'until', exists: false } },
            ...(exclusiveStartKey && { exclusiveStartKey }),
          })
          .send();
        for (const { what, subject, sequence, because, since, index } of Items ?? [])
          open.push({ what, subject, sequence, because, since: instant(since), index });
        exclusiveStartKey = LastEvaluatedKey;
      } while (exclusiveStartKey !== undefined && open.length < limit);
      return open.slice(0, limit);
    },
    async settle(finding, until) {
      await FindingEntity.build(PutItemCommand)
        .item({ ...findingItem(county, finding), until })
        .send();
    },
  };
}

const findingItem = (county: CountyCode, { what, subject, sequence, because, since, index }: Finding) => ({
  ...findingKey(county, { subject, sequence }),
  ...{ what, subject, sequence, because, since },
  ...(index !== undefined && { index }),
});

/** Whether it was written: `false` where its condition did not hold. */
async function isDone(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
