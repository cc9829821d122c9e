/** How much of a digest finds room: long texts are shortened first, then whole items are left out from the end and counted. */
import type { Digest } from './digest.ts';
import type { Item } from './item.ts';
import { present } from './present.ts';
import { bytesOf, shorten } from './shorten.ts';

/** A digest as it is shown: texts are harmless and short. */
export interface View {
  readonly title: string;
  readonly items: readonly Item[];
  /** So many more items there are. */
  readonly left: number;
}

/** Bytes of UTF-8 for each text, and how many items at most. */
interface Measure {
  readonly title: number;
  readonly line: number;
  readonly detail: number;
  readonly items: number;
}
/** As long as people write; enough to know what it is; a line or two. Most of a platform's 4096 bytes are kept for more items. */
const MEASURES = [
  { title: 240, line: 240, detail: 900, items: Number.POSITIVE_INFINITY },
  { title: 160, line: 120, detail: 180, items: Number.POSITIVE_INFINITY },
  { title: 120, line: 90, detail: 90, items: 3 },
] as const satisfies readonly Measure[];

function viewOf(digest: Digest, measure: Measure, clean: (text: string) => string): View {
  const line = (text: string | undefined) => (text === undefined ? undefined : shorten(clean(text), measure.line));
  const items = digest.items.map((item): Item => {
    const { headline, detail, where, until, why, ...rest } = item;
    return {
      ...rest,
      headline: shorten(clean(headline), measure.line),
      ...present({
        detail: detail === undefined ? undefined : shorten(clean(detail), measure.detail),
        where: line(where),
        until: line(until),
        why: line(why),
      }),
    };
  });
  return { title: shorten(clean(digest.title), measure.title), items, left: 0 };
}

/** The first so many items; the others are counted. */
const first = ({ title, items, left }: View, count: number): View => ({
  title,
  items: items.slice(0, count),
  left: left + items.length - count,
});

export interface Room {
  readonly most: number;
  readonly shorter: boolean;
  /** Makes a text harmless in the channel's form. */
  readonly clean: (text: string) => string;
}

/** The most items with which a form has at most so many bytes: fewer items are fewer bytes. `undefined`: not even one finds room. */
function fullest(view: View, { items: mostItems }: Measure, most: number, form: (view: View) => string): string | undefined {
  let found: string | undefined;
  let fewest = 1;
  let count = Math.min(view.items.length, mostItems);
  for (let upTo = count; fewest <= upTo; count = Math.ceil((fewest + upTo) / 2)) {
    const text = form(first(view, count));
    if (bytesOf(text) <= most) {
      found = text;
      fewest = count + 1;
    } else upTo = count - 1;
  }
  return found;
}

/**
 * The fullest form of a digest that has at most so many bytes. `shorter`: the platform found that one too long, whatever its
 * documentation says; so a few items in few words.
 */
export function fitted(digest: Digest, { most, shorter, clean }: Room, form: (view: View) => string): string {
  const [whole, brief, least] = MEASURES;
  if (!shorter) {
    const text = form(viewOf(digest, whole, clean));
    if (bytesOf(text) <= most) return text;
    const some = fullest(viewOf(digest, brief, clean), brief, most, form);
    if (some !== undefined) return some;
  }
  const view = viewOf(digest, least, clean);
  return fullest(view, least, most, form) ?? form(first(view, 0));
}
