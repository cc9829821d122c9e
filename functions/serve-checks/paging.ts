import { type Cursor, CursorMalformed, cursorOf, startOf } from '../../shared/data/cursor.ts';

/** Where a page ended: the key of its last item, and how many items of that key were shown by then. */
function endOf(cursor: Cursor | undefined): { readonly last: string; readonly seen: number } | undefined {
  if (cursor === undefined) return undefined;
  const { last, seen } = startOf(cursor).exclusiveStartKey ?? {};
  if (last === undefined || !/^[1-9]\d{0,5}$/.test(seen ?? '')) throw new CursorMalformed('this cursor is of another list');
  return { last, seen: Number(seen) };
}

/**
 * A page of a list that is worked out anew for every request, in the order of its keys. The cursor is the key of the last item, so
 * nothing shifts when the list grows.
 */
export function pageOfSorted<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: Cursor | undefined },
): { items: Item[]; cursor?: Cursor } {
  const sorted = items.map((item) => ({ key: keyOf(item), item })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const end = endOf(cursor);
  const before = (wanted: string): number => sorted.filter(({ key }) => key < wanted).length;
  const same = (wanted: string): number => sorted.filter(({ key }) => key === wanted).length;
  const from = end === undefined ? 0 : before(end.last) + Math.min(end.seen, same(end.last));
  const page = sorted.slice(from, from + limit);
  const last = page.at(-1)?.key;
  const isMore = sorted.length > from + page.length;
  return {
    items: page.map(({ item }) => item),
    ...(isMore && last !== undefined && cursorOf({ last, seen: String(from + page.length - before(last)) })),
  };
}
