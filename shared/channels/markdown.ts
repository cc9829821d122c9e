/** A digest in the markdown that the robots have in common; where they differ, a channel says how. */
import type { Digest } from './digest.ts';
import type { View } from './fit.ts';
import type { Item } from './item.ts';
import { wordsOf } from './templates.ts';

export interface Dialect {
  /** Lines of one item. */
  readonly newline: string;
  /** Between items. */
  readonly gap: string;
  /** The only item has a button beside its text: it needs no link in it. */
  readonly hasButton: boolean;
  readonly strong: (text: string, item: Item) => string;
  readonly faint: (text: string) => string;
}

/** One item, with its number where there are several. */
export function itemLines(item: Item, number: number | undefined, { language }: Digest, dialect: Dialect): string {
  const { what, where, until, basis, open, colon } = wordsOf(language);
  const labelled = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`${label}${colon}${text}`];
  return [
    `${number === undefined ? '' : `${number}. `}${dialect.strong(item.headline, item)}`,
    ...labelled(what, item.detail),
    ...labelled(where, item.where),
    ...labelled(until, item.until),
    ...labelled(basis, item.why).map(dialect.faint),
    ...(dialect.hasButton && number === undefined ? [] : [`[${open}](${item.link})`]),
  ].join(dialect.newline);
}

/** All of it: the title where there are several, who is called, the items, and what was left out. */
export function markdownOf({ title, items, left }: View, digest: Digest, called: readonly string[], dialect: Dialect): string {
  const { more, openAll } = wordsOf(digest.language);
  const isOne = items.length === 1 && left === 0;
  return [
    ...(isOne ? [] : [`**${title}**`]),
    ...(called.length === 0 ? [] : [called.join(' ')]),
    ...items.map((item, index) => itemLines(item, isOne ? undefined : index + 1, digest, dialect)),
    ...(isOne ? [] : [`${left === 0 ? '' : `${more(left)} `}[${openAll}](${digest.link})`]),
  ].join(dialect.gap);
}
