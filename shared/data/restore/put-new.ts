/** Puts items where there are none: a restore never writes over anything. */
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
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

async function putAll(items: readonly NewItem[]): Promise<void> {
  const TransactItems = items.map((item) => ({ Put: { ...item, ConditionExpression: 'attribute_not_exists(pk)' } }));
  if (TransactItems.length > 0) await documentClient.send(new TransactWriteCommand({ TransactItems }));
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

/** As many at a time as a transaction holds. Answers how many there were. */
export async function putNew(writes: Iterable<Write> | AsyncIterable<Write>): Promise<number> {
  let [count, bytes] = [0, 0];
  let some: NewItem[] = [];
  for await (const write of writes) {
    const item = itemOf(write);
    const size = Buffer.byteLength(JSON.stringify(item.Item));
    if (some.length === TRANSACTION_LIMIT || bytes + size > MOST_BYTES) {
      await putAll(some);
      [some, bytes] = [[], 0];
    }
    some.push(item);
    bytes += size;
    count += 1;
  }
  await putAll(some);
  return count;
}
