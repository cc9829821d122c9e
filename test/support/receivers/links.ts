const ADDRESS = /https?:\/\/[^\s"'<>()\\\u4e00-\u9fff]+/g;

/** The links that a body has, wherever they stand in it: behind a button, in a field of a card, in a text. */
export function linksIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(ADDRESS)].map(([link]) => link);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(linksIn) : [];
}
