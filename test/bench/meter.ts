/** Counts what the tables charge, and what the published rule would charge where they say too little. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface Units {
  /** Write units, indexes included, as the tables reported them. */
  readonly write: number;
  /** Read units as reported. */
  readonly reported: number;
  /** Read units by the rule: each started 4 KB that a call read, half of it where eventually consistent. */
  readonly read: number;
  readonly bytesRead: number;
  readonly requests: number;
}

export const noUnits: Units = { write: 0, reported: 0, read: 0, bytesRead: 0, requests: 0 };

export const sumUnits = (a: Units, b: Units): Units => ({
  write: a.write + b.write,
  reported: a.reported + b.reported,
  read: a.read + b.read,
  bytesRead: a.bytesRead + b.bytesRead,
  requests: a.requests + b.requests,
});

type Item = Readonly<Record<string, unknown>>;

export interface Meter {
  /** What is called within `work`, however late, is counted under this name. */
  under<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** What was counted under a name since it was last taken. */
  take(name: string): Units;
  /** What was put into a table since it was last asked, in order: what its stream delivers. */
  putInto(table: string): readonly Item[];
  /** Bytes that are charged for in a table by now, of what was put through this client; an index that holds an item is not counted. */
  stored(table: string): number;
}

interface Charged {
  readonly CapacityUnits?: number;
}
interface Put {
  readonly TableName: string;
  readonly Item: Item;
}
interface Batch {
  readonly Keys: readonly Item[];
  readonly ConsistentRead?: boolean;
}
interface Called {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly { readonly Put?: Put }[];
  readonly RequestItems?: Readonly<Record<string, Batch>>;
}
interface Answered {
  readonly ConsumedCapacity?: Charged | readonly Charged[];
  readonly Items?: readonly Item[];
  readonly Item?: Item;
  readonly Count?: number;
  readonly ScannedCount?: number;
}

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;
const READ_UNIT_BYTES = 4096;
/** What DynamoDB charges for storing an item beside the item. */
const STORED_BESIDE_BYTES = 100;

/** The size of a value as DynamoDB counts it (developer guide, "item sizes and formats"). */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace('.', '').length / 2) + 1 + (value < 0 ? 1 : 0);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + sizeOf(one), 3);
  if (typeof value === 'object' && value !== null) return 3 + itemSize(value) + Object.keys(value).length;
  return 1;
}

/** Names and values of an item's attributes. */
export const itemSize = (item: object): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

/** A query is charged for what it looked at, also for what a filter then left out. */
function bytesOf({ Items, Item, Count = 0, ScannedCount = Count }: Answered): number {
  const found = (Items ?? (Item ? [Item] : [])).reduce((sum, item) => sum + itemSize(item), 0);
  return Count > 0 ? (found * ScannedCount) / Count : found;
}

const readUnits = ({ ConsistentRead }: { readonly ConsistentRead?: boolean }, bytes: number): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (ConsistentRead ? 1 : 0.5);

/** What a batch is charged for: each item by itself, the whole of it even where only a part is wanted, and each that is not there. */
export function batchUnits(
  { RequestItems = {} }: Called,
  sizeAt: (table: string, key: Item) => number,
): Pick<Units, 'read' | 'bytesRead'> {
  const items = Object.entries(RequestItems).flatMap(([table, batch]) =>
    batch.Keys.map((key) => ({ batch, bytes: sizeAt(table, key) })),
  );
  return {
    read: items.reduce((sum, { batch, bytes }) => sum + readUnits(batch, bytes), 0),
    bytesRead: items.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** From then on every command of the client is counted. */
export function meter(client: DynamoDBDocumentClient): Meter {
  const names = new AsyncLocalStorage<string>();
  const counted = new Map<string, Units>();
  const puts = new Map<string, Item[]>();
  const sizes = new Map<string, Map<string, number>>();
  const nameOf = ({ pk, sk }: Item): string => `${pk}/${sk}`;
  const sizeAt = (table: string, key: Item): number =>
    Math.max(0, (sizes.get(table)?.get(nameOf(key)) ?? 0) - STORED_BESIDE_BYTES);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const called = { ...(args.input as Called), ReturnConsumedCapacity: 'INDEXES' };
      const answer = await next({ ...args, input: called });
      const answered = answer.output as Answered;
      const isWrite = WRITES.test(String(context.commandName));
      const charged = [answered.ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      const name = names.getStore() ?? '';
      const bytes = bytesOf(answered);
      const read = called.RequestItems ? batchUnits(called, sizeAt) : { read: readUnits(called, bytes), bytesRead: bytes };
      const units = isWrite ? { ...noUnits, write: charged, requests: 1 } : { write: 0, reported: charged, ...read, requests: 1 };
      counted.set(name, sumUnits(counted.get(name) ?? noUnits, units));
      const { TableName = '', Item } = called;
      const written = (called.TransactItems ?? []).flatMap(({ Put }) => Put ?? []);
      for (const put of isWrite && Item ? [{ TableName, Item }, ...written] : written) {
        puts.set(put.TableName, [...(puts.get(put.TableName) ?? []), put.Item]);
        const of = sizes.get(put.TableName) ?? new Map<string, number>();
        sizes.set(put.TableName, of.set(nameOf(put.Item), itemSize(put.Item) + STORED_BESIDE_BYTES));
      }
      return answer;
    },
    { step: 'initialize', name: 'meter', priority: 'low' },
  );
  return {
    under: (name, work) => names.run(name, work),
    take(name) {
      const taken = counted.get(name) ?? noUnits;
      counted.delete(name);
      return taken;
    },
    putInto(table) {
      const taken = puts.get(table) ?? [];
      puts.delete(table);
      return taken;
    },
    stored: (table) => [...(sizes.get(table)?.values() ?? [])].reduce((sum, size) => sum + size, 0),
  };
}
