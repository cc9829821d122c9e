import { type Cursor, CursorMalformed, cursorOf, startOf } from '../../shared/data/cursor.ts';

/** A page of a list that is worked out anew for every request. The cursor is the key of the last item, so nothing shifts when the list grows. */
export function pageOfSorted<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: Cursor | undefined },
): { items: Item[]; cursor?: Cursor } {
  const last = startOf(cursor).exclusiveStartKey?.last;
  if (cursor !== undefined && last === undefined) throw new CursorMalformed('this cursor is of another list');
  const rest = last === undefined ? items : items.filter((item) => keyOf(item) > last);
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  return { items: page, ...(rest.length > limit && end !== undefined && cursorOf({ last: keyOf(end) })) };
}
