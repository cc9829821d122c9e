/** Puts items where there are none: a restore never writes over anything. What is there already, and equal, is passed over. */
import { isDeepStrictEqual } from 'node:util';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { HistoryBroken } from '../../domain/hazard-evolve.ts';
import type { Write } from '../commit.ts';
import { TRANSACTION_LIMIT } from '../commit.ts';
import { documentClient } from '../tables.ts';

/** Well below the 4 MB of a transaction, counted as JSON. */
const MOST_BYTES = 2_000_000;

interface NewItem {
  readonly TableName: string;
  readonly Item: Record<string, unknown>;
}

/** The item that a store's write would put, whatever it is put in the place of. */
function itemOf(write: Write): NewItem {
  const { Put } = write.params();
  if (Put?.TableName === undefined || Put.Item === undefined) throw new TypeError('a restore puts items, and nothing else');
  return { TableName: Put.TableName, Item: Put.Item };
}

/** Whether both are the same once they are stored. */
export const isSameStored = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));

/** Those that are not there. Throws where another one is, and names no more of it than its key. */
async function missing(items: readonly NewItem[]): Promise<readonly NewItem[]> {
  const isThere = await Promise.all(
    items.map(async ({ TableName, Item }) => {
      const Key = { pk: Item.pk, sk: Item.sk };
      const there = (await documentClient.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
      if (there === undefined || isSameStored(there, Item)) return there !== undefined;
      throw new HistoryBroken(`${TableName} has another item at ${Item.pk} ${Item.sk} than the sealed events say`);
    }),
  );
  return items.filter((_, at) => isThere[at] === false);
}

async function putAll(items: readonly NewItem[]): Promise<void> {
  if (items.length === 0) return;
  const TransactItems = items.map((item) => ({ Put: { ...item, ConditionExpression: 'attribute_not_exists(pk)' } }));
  try {
    await documentClient.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const rest = await missing(items);
    if (rest.length === items.length) throw error;
    await putAll(rest);
  }
}

/** Of some tables only. */
export function* inTables(writes: Iterable<Write>, tables: ReadonlySet<string>): Generator<Write> {
  for (const write of writes) if (tables.has(itemOf(write).TableName)) yield write;
}

/** Refuses items that would be put in each other's place, before any of them is put. */
export function refuseDoubles(writes: Iterable<Write>): void {
  const seen = new Set<string>();
  for (const write of writes) {
    const { TableName, Item } = itemOf(write);
    const key = `${TableName} ${Item.pk} ${Item.sk}`;
    if (seen.has(key)) throw new HistoryBroken(`two items would be put at ${key}`);
    seen.add(key);
  }
}

/** As many at a time as a transaction holds. */
async function* atATime(writes: Iterable<Write> | AsyncIterable<Write>): AsyncGenerator<readonly NewItem[]> {
  let bytes = 0;
  let some: NewItem[] = [];
  for await (const write of writes) {
    const item = itemOf(write);
    const size = Buffer.byteLength(JSON.stringify(item.Item));
    if (some.length === TRANSACTION_LIMIT || bytes + size > MOST_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(item);
    bytes += size;
  }
  yield some;
}

/** Refuses what could not be put since something else is there, before any of it is put. */
export async function refuseOthers(writes: Iterable<Write> | AsyncIterable<Write>): Promise<void> {
  for await (const items of atATime(writes)) await missing(items);
}

/** Answers how many there are, those included that were there already. */
export async function putNew(writes: Iterable<Write> | AsyncIterable<Write>): Promise<number> {
  let count = 0;
  for await (const items of atATime(writes)) {
    await putAll(items);
    count += items.length;
  }
  return count;
}
