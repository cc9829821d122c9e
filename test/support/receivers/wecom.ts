/**
 * A group's robot of WeCom (domain.md 16.1). HTTP says 200 whatever it makes of the message. Of a card its documents (path/91770) say which
 * fields it needs; which code it answers where one is missing they do not say: 41016 for the title is what people report.
 */
import {
  type Arrival,
  bytesOf,
  charactersOf,
  fieldOf,
  isRecord,
  jsonOf,
  listOf,
  type Platform,
  type Robot,
  saysErrcode as says,
  saysJson,
  slidingLimit,
  textOf,
  type Verdict,
} from './platform.ts';

export const wecom: Platform = {
  keyOf: ({ pathname, searchParams }) => (pathname === '/cgi-bin/webhook/send' ? (searchParams.get('key') ?? '') : undefined),
  stranger: says(93000, 'invalid webhook url, hint: [0], from ip: 127.0.0.1'),
};

const tooLong = (field: string, most: number) => says(40058, `${field} exceed max length ${most}. invalid Request Parameter`);
const isLonger = (value: unknown, most: number, sizeOf: (text: string) => number): boolean => sizeOf(textOf(value) ?? '') > most;

/** Not documented under which code it refuses what is missing in a card: as any parameter that is not valid. */
const missing = (field: string) => says(40058, `template_card.${field} missing`);
const isText = (value: unknown): boolean => (textOf(value) ?? '') !== '';
const isUrl = (value: unknown): boolean => URL.canParse(textOf(value) ?? '');
/** What a tap opens: a page, or a small program by its id. */
const opens = (jump: unknown): boolean =>
  fieldOf(jump, 'type') === 1 ? isUrl(fieldOf(jump, 'url')) : fieldOf(jump, 'type') === 2 && isText(fieldOf(jump, 'appid'));
const isPlain = (jump: unknown): boolean => [undefined, 0].some((type) => fieldOf(jump, 'type') === type);

/** A field that a card needs and does not have; `undefined`: it has them all. */
function cardLack(card: unknown, type: 'text_notice' | 'news_notice'): Verdict | undefined {
  const hasTitle = isText(fieldOf(card, 'main_title', 'title'));
  const hasText = isText(fieldOf(card, 'sub_title_text'));
  if (!isRecord(fieldOf(card, 'main_title'))) return missing('main_title');
  if (!hasTitle && (type === 'news_notice' || !hasText)) return says(41016, 'missing title');
  // Of an image and a text beside one the documents ask for one at least.
  if (
    type === 'news_notice' &&
    !isUrl(fieldOf(card, 'card_image', 'url')) &&
    !isUrl(fieldOf(card, 'image_text_area', 'image_url'))
  )
    return missing('card_image.url');
  if (!opens(fieldOf(card, 'card_action'))) return missing('card_action');
  const rows = listOf(fieldOf(card, 'horizontal_content_list'));
  if (!rows.every((row) => isText(fieldOf(row, 'keyname')))) return missing('horizontal_content_list.keyname');
  if (rows.some((row) => fieldOf(row, 'type') === 1 && !isUrl(fieldOf(row, 'url'))))
    return missing('horizontal_content_list.url');
  if (rows.some((row) => fieldOf(row, 'type') === 2 && !isText(fieldOf(row, 'media_id'))))
    return missing('horizontal_content_list.media_id');
  const jumps = listOf(fieldOf(card, 'jump_list'));
  if (!jumps.every((jump) => isText(fieldOf(jump, 'title')))) return missing('jump_list.title');
  return jumps.every((jump) => isPlain(jump) || opens(jump)) ? undefined : missing('jump_list.url');
}

/** The limits of a card, in characters, as far as the documents name them. */
function cardVerdict(card: unknown): Verdict {
  const type = textOf(fieldOf(card, 'card_type'));
  if (type !== 'text_notice' && type !== 'news_notice') return says(40058, 'template_card.card_type invalid');
  const lack = cardLack(card, type);
  if (lack !== undefined) return lack;
  const title = textOf(fieldOf(card, 'main_title', 'title'));
  const rows = listOf(fieldOf(card, 'horizontal_content_list'));
  if (isLonger(fieldOf(card, 'source', 'desc'), 13, charactersOf)) return tooLong('template_card.source.desc', 13);
  if (isLonger(title, 26, charactersOf)) return tooLong('template_card.main_title.title', 26);
  if (rows.length > 6) return tooLong('template_card.horizontal_content_list', 6);
  if (listOf(fieldOf(card, 'jump_list')).length > 3) return tooLong('template_card.jump_list', 3);
  if (rows.some((row) => isLonger(fieldOf(row, 'keyname'), 5, charactersOf))) return tooLong('keyname', 5);
  if (rows.some((row) => isLonger(fieldOf(row, 'value'), 26, charactersOf))) return tooLong('value', 26);
  if (isLonger(fieldOf(card, 'main_title', 'desc'), 30, charactersOf)) return tooLong('template_card.main_title.desc', 30);
  if (isLonger(fieldOf(card, 'sub_title_text'), 112, charactersOf)) return tooLong('template_card.sub_title_text', 112);
  const text = [
    fieldOf(card, 'main_title', 'desc'),
    fieldOf(card, 'sub_title_text'),
    ...rows.map((row) => `${textOf(fieldOf(row, 'keyname')) ?? ''}：${textOf(fieldOf(row, 'value')) ?? ''}`),
    ...listOf(fieldOf(card, 'jump_list')).map(
      (jump) => `${textOf(fieldOf(jump, 'title')) ?? ''}：${textOf(fieldOf(jump, 'url')) ?? ''}`,
    ),
  ].flatMap((part) => textOf(part) ?? []);
  return says(0, 'ok', { ...(title !== undefined && { title }), text: text.join('\n') });
}

function newsVerdict(news: unknown): Verdict {
  const articles = listOf(fieldOf(news, 'articles'));
  if (articles.length < 1 || articles.length > 8) return says(40058, 'news.articles size invalid');
  // An article needs both by the documents; the codes are those of the platform's list for what is missing.
  if (!articles.every((article) => isText(fieldOf(article, 'title')))) return says(41016, 'missing title');
  if (!articles.every((article) => isUrl(fieldOf(article, 'url')))) return says(41010, 'missing url');
  if (articles.some((article) => isLonger(fieldOf(article, 'title'), 128, bytesOf))) return tooLong('news.title', 128);
  if (articles.some((article) => isLonger(fieldOf(article, 'description'), 512, bytesOf)))
    return tooLong('news.description', 512);
  return says(0, 'ok', { text: articles.flatMap((article) => textOf(fieldOf(article, 'title')) ?? []).join('\n') });
}

const LONGEST: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 };

/** What the group is shown, or why not. */
function verdictOf(body: unknown): Verdict {
  const type = textOf(fieldOf(body, 'msgtype')) ?? '';
  if (type === 'template_card') return cardVerdict(fieldOf(body, type));
  if (type === 'news') return newsVerdict(fieldOf(body, type));
  const longest = LONGEST[type];
  if (longest === undefined) return says(40008, 'invalid message type');
  const text = textOf(fieldOf(body, type, 'content')) ?? '';
  if (text === '') return says(44004, 'empty content');
  if (bytesOf(text) > longest) return tooLong(`${type}.content`, longest);
  const mentions =
    type === 'text'
      ? listOf(fieldOf(body, type, 'mentioned_list')).flatMap((user) => textOf(user) ?? [])
      : type === 'markdown'
        ? [...text.matchAll(/<@([^<>\s]+)>/g)].flatMap(([, user]) => user ?? [])
        : [];
  return says(0, 'ok', { title: text.split('\n')[0]?.replace(/^#+\s*/, '') ?? '', text, mentions });
}

/** Twenty messages a minute, of whatever kind and whatever comes of them. */
export function wecomRobot(): Robot {
  const limit = slidingLimit(20, 60_000);
  return {
    judge(arrival: Arrival) {
      const { method, body, at } = arrival;
      // Documented is POST alone, and no code for any other method.
      if (method !== 'POST') return says(43002, 'require POST method');
      // A form is known to be answered so. Of a request that says nothing of its body nothing is documented: refused with it.
      if (!saysJson(arrival)) return { status: 415, answer: '', isTaken: false };
      if (!limit.hasRoom(at)) return says(45009, 'api freq out of limit');
      limit.take(at);
      const json = jsonOf(body);
      return json === undefined ? says(40058, 'invalid Request Parameter: no JSON') : verdictOf(json);
    },
  };
}
