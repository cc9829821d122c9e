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
  { title: 240, line: 240, detail: 900, items: 80 },
  { title: 160, line: 120, detail: 180, items: 80 },
  { title: 120, line: 90, detail: 90, items: 5 },
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

/**
 * The fullest form of a digest that has at most so many bytes. `shorter`: the platform found that one too long, whatever its
 * documentation says; so a few items in few words.
 */
export function fitted(digest: Digest, { most, shorter, clean }: Room, form: (view: View) => string): string {
  const measures = shorter ? MEASURES.slice(-1) : MEASURES;
  for (const measure of measures) {
    const whole = form(viewOf(digest, measure, clean));
    if (bytesOf(whole) <= most && digest.items.length <= measure.items) return whole;
  }
  for (const measure of measures.slice(-2)) {
    const view = viewOf(digest, measure, clean);
    for (let count = Math.min(view.items.length, measure.items); count > 0; count--) {
      const form1 = form(first(view, count));
      if (bytesOf(form1) <= most) return form1;
    }
  }
  return form(first(viewOf(digest, MEASURES[2], clean), 0));
}
