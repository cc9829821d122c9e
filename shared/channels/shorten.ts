/** Texts that people wrote, made harmless for a chat and short enough, without breaking a character or a sentence more than needed. */

const ELLIPSIS = '…';
/** After one of these a text may end. */
const PAUSE = /^[。！？；，、：.!?;,:）)\s]$/u;
/** A pause is taken when at most this part of the room is lost by it. */
const LOST = 0.35;

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** At most so many bytes of UTF-8: whole characters as people see them, ended at a pause where one is near. */
export function shorten(text: string, most: number): string {
  if (bytesOf(text) <= most) return text;
  const room = most - bytesOf(ELLIPSIS);
  let used = 0;
  let end = 0;
  let pause = { end: 0, used: 0 };
  for (const { segment, index } of graphemes.segment(text)) {
    used += bytesOf(segment);
    if (used > room) break;
    end = index + segment.length;
    if (PAUSE.test(segment)) pause = { end, used };
  }
  const kept = text.slice(0, pause.used >= room * (1 - LOST) ? pause.end : end);
  return `${kept.replace(/[，、：；,:;\s]+$/u, '')}${ELLIPSIS}`;
}

/** Breaks of lines, tabs and other controls would let a text look like another's. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
/** Signs that are not seen: what turns the direction of writing, parts a word, or stands in it. Only what joins emoji stays. */
const UNSEEN = /(?!\u200d)\p{Cf}/gu;

/** One line of well-formed text: what is half a character becomes the sign for that. */
export const oneLine = (text: string): string =>
  text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(UNSEEN, '')
    .replace(CONTROLS, ' ')
    .trim();

/**
 * What any of the platforms takes for markup, a mention or an entity within a line, as the sign of full width that looks like it. They
 * escape differently, or not at all, and what a client makes of a backslash nobody has written down. `#`, `-` and figures mean something
 * at the beginning of a line only, where no text of people stands.
 */
const MARKUP = /[<>[\]`*_~|\\@&]/g;
const WIDE = 0xfee0;
/** A client makes a link of what begins like one, `tel:110`, and of what is like the name of a host. */
const SCHEME = /:(?<=\b[a-z][a-z\d+.-]*:)(?=\S)|:(?=\/\/)/gi;
const DOT_OF_A_NAME = /\.(?<=[\p{L}\p{N}-]\.)(?=[a-z]{2}|xn--)/giu;

/** A text that is nothing but text within a line of markdown: no link, no mention, no emphasis. */
export const plain = (text: string): string =>
  oneLine(text)
    .replace(MARKUP, (sign) => String.fromCharCode(sign.charCodeAt(0) + WIDE))
    .replace(SCHEME, '：')
    .replace(DOT_OF_A_NAME, '．');
