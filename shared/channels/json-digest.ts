/**
 * A digest for apps: the words of it, and the facts behind them. Standard Webhooks asks for a type, a timestamp and data. Texts are
 * shortened where room is short, facts never, and nothing is left out: a message takes no more reminders than always find room in it.
 */
import type { Reminder } from '../domain/reminder.ts';
import type { Digest } from './digest.ts';
import type { Item } from './item.ts';
import { present } from './present.ts';
import { bytesOf, oneLine, shorten } from './shorten.ts';

/** Bytes of JSON for each text. */
interface Measure {
  readonly title: number;
  readonly line: number;
  readonly detail: number;
  /** Of what people wrote, where it stands beside the words as a fact. */
  readonly written: number;
}
const LEAST = { title: 120, line: 60, detail: 60, written: 60 } as const satisfies Measure;
const MEASURES: readonly Measure[] = [
  { title: 240, line: 240, detail: 900, written: 300 },
  { title: 160, line: 120, detail: 180, written: 150 },
];

/** What people wrote, and names: all else of a content is a fact. */
const WRITTEN = new Set([
  ...['ownerName', 'place', 'description', 'scope', 'area', 'note'],
  ...['authorityName', 'targetName', 'name', 'says'],
]);
/** By these a thing is known, so they stay whole; nobody may enter longer ones. */
const KNOWN_BY = new Set(['workshop', 'document']);
const KNOWN_BY_BYTES = 300;

const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value));
const QUOTES = 2;

/** Within so many bytes of JSON, where a sign may take two. */
function short(text: string, most: number): string {
  const line = oneLine(text);
  const tried = shorten(line, most);
  return jsonBytes(tried) - QUOTES <= most ? tried : shorten(line, Math.floor(most / 2));
}

/** A content with the texts of it made short. */
function shortened(value: unknown, most: number, key = ''): unknown {
  if (typeof value === 'string') {
    if (KNOWN_BY.has(key)) return short(value, KNOWN_BY_BYTES);
    return WRITTEN.has(key) ? short(value, most) : value;
  }
  if (Array.isArray(value)) return value.map((one) => shortened(one, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one, most, name)]));
}

const factsOf = ({ id, at, about, content, why }: Reminder, { written }: Measure) => ({
  ...{ id, at, about, content: shortened(content, written) },
  ...(why !== undefined && { why: { rule: why.rule, clause: why.clause, edition: why.edition, origin: why.origin } }),
});

function itemOf({ reminders, headline, detail, where, until, why, ...item }: Item, measure: Measure) {
  const line = (text: string | undefined) => (text === undefined ? undefined : short(text, measure.line));
  return {
    ...{ ...item, headline: short(headline, measure.line) },
    ...present({
      detail: detail === undefined ? undefined : short(detail, measure.detail),
      ...{ where: line(where), until: line(until), why: line(why) },
    }),
    reminders: reminders.map((reminder) => factsOf(reminder, measure)),
  };
}

const textOf = (digest: Digest, measure: Measure): string =>
  JSON.stringify({
    type: 'reminders.digest',
    timestamp: digest.at,
    data: {
      ...{ message: digest.id, subscription: digest.subscription, language: digest.language },
      ...{ title: short(digest.title, measure.title), isUrgent: digest.isUrgent, grade: digest.grade, link: digest.link },
      items: digest.items.map((item) => itemOf(item, measure)),
    },
  });

/** As JSON of at most so many bytes, if it holds no more than `fittingItems` says. */
export function jsonOf(digest: Digest, most: number, shorter: boolean): string {
  for (const measure of shorter ? MEASURES.slice(1) : MEASURES) {
    const text = textOf(digest, measure);
    if (bytesOf(text) <= most) return text;
  }
  return textOf(digest, LEAST);
}

/** What stands around the items: names of fixed length, the title, the address of the app. */
const AROUND_BYTES = 1_000;
/** A figure of now may have more digits than that of before. */
const DIGITS = 6;

/** The most that one reminder takes, whatever its words are when it is sent, in whatever language. */
function mostBytesOf({ reminders, ...item }: Item): number {
  const [line, detail] = ['x'.repeat(LEAST.line), 'x'.repeat(LEAST.detail)];
  const widest: Item = { ...item, reminders, headline: line, detail, where: line, until: line, why: line };
  const figures = reminders.map(({ content }) => (content.of === 'checks' ? content.places.length : 1));
  return jsonBytes(itemOf(widest, LEAST)) + DIGITS * figures.reduce((sum, one) => sum + one, 1);
}

/** So many of the items, each of one reminder, find room in so many bytes, also merged, with figures of later, and when some are done. */
export function fittingItems(items: readonly Item[], most: number): number {
  let left = most - AROUND_BYTES;
  const first = items.findIndex((item) => {
    left -= mostBytesOf(item);
    return left < 0;
  });
  return first < 0 ? items.length : Math.max(1, first);
}
