/**
 * Records that stand in the partition of their colour and move when it changes: how to find one whose colour is not known, and how to
 * go through many, gravest first.
 */
import { STANDINGS, type Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import { type Cursor, CursorMalformed, cursorOf, startOf } from './cursor.ts';

export const partitionOf = (county: CountyCode, standing: Standing): string => `${county}#${standing}`;

/** What a query answers of one partition: items with their sort keys, and whether there are more. */
export interface Slice<Item> {
  readonly items: readonly { readonly key: string; readonly item: Item }[];
  readonly hasMore: boolean;
}

/** An item of a list, with the cursor by which the list goes on behind it. */
export interface Listed<Item> {
  readonly item: Item;
  readonly cursor: Cursor;
}

/**
 * Finds the record wherever it stands. A record that is moved at this very moment may be seen at neither place or at both: then it is
 * looked for again, and the newer one counts.
 */
export async function findAmong<Found extends { readonly version: number }>(
  get: (standing: Standing) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const look = async (): Promise<Found | undefined> => {
    const found = (await Promise.all(STANDINGS.map(get))).flatMap((each) => each ?? []);
    return found.sort((a, b) => b.version - a.version)[0];
  };
  return (await look()) ?? (await look());
}

/** Goes through what has the prefix in each of the standings, one after the other, from behind the cursor on. */
export async function* eachFrom<Item>(
  county: CountyCode,
  standings: readonly Standing[],
  prefix: string,
  slice: (partition: string, after: string | undefined) => Promise<Slice<Item>>,
  cursor: Cursor | undefined,
): AsyncGenerator<Listed<Item>> {
  const partitions = standings.map((standing) => partitionOf(county, standing));
  const start = startOf(cursor).exclusiveStartKey;
  const first = start === undefined ? 0 : partitions.indexOf(start.pk ?? '');
  if (first < 0 || (start !== undefined && start.sk?.startsWith(prefix) !== true)) {
    throw new CursorMalformed('this cursor is of another list');
  }
  for (const [index, pk] of partitions.slice(first).entries()) {
    let after = index === 0 ? start?.sk : undefined;
    let hasMore = true;
    while (hasMore) {
      const answered = await slice(pk, after);
      for (const { key, item } of answered.items) yield { item, cursor: cursorOf({ pk, sk: key }).cursor ?? '' };
      after = answered.items.at(-1)?.key;
      hasMore = answered.hasMore && after !== undefined;
    }
  }
}

/** A request looks at no more than this many records; what it has not come to is behind the cursor. */
const EXAMINED_AT_MOST = 2000;

/** The wanted ones of a list, up to the limit, and where to go on if there may be more. */
export async function pageFrom<Item>(
  list: AsyncIterable<Listed<Item>>,
  limit: number,
  isWanted: (item: Item) => boolean,
): Promise<{ items: Item[]; cursor?: Cursor }> {
  const items: Item[] = [];
  let examined = 0;
  let last: Cursor | undefined;
  for await (const { item, cursor } of list) {
    const wanted = isWanted(item);
    if (last !== undefined && ((wanted && items.length === limit) || examined === EXAMINED_AT_MOST))
      return { items, cursor: last };
    examined += 1;
    last = cursor;
    if (wanted) items.push(item);
  }
  return { items };
}
