/**
 * A custom bot of Feishu (domain.md 16.3). Signature and time stand in the body. 19002 and 11246, with their words, are what people report
 * of the real one: for a body without its fields, and for a card that does not validate.
 */
import { createHmac } from 'node:crypto';
import {
  type Arrival,
  type Content,
  fieldOf,
  isRecord,
  jsonOf,
  listOf,
  type Platform,
  type Robot,
  saysJson,
  slidingLimit,
  textOf,
  type Verdict,
} from './platform.ts';

const says = (code: number, msg: string, content: Content = {}): Verdict => ({
  status: 200,
  code,
  answer: JSON.stringify(code === 0 ? { StatusCode: 0, StatusMessage: 'success', code, data: {}, msg } : { code, data: {}, msg }),
  isTaken: code === 0,
  ...content,
});

export const feishu: Platform = {
  keyOf: ({ pathname }) => /^\/open-apis\/bot\/v2\/hook\/([^/]*)$/.exec(pathname)?.[1],
  stranger: says(19001, 'param invalid: incoming webhook access token invalid'),
};

/** 20 KB: the smaller reading of it. */
const LONGEST_BODY = 20_000;
const TOLERANCE_S = 3_600;
const TEMPLATES = 'default blue wathet turquoise green yellow orange red carmine violet purple indigo grey'.split(' ');

const hasUrl = (value: unknown): boolean => URL.canParse(textOf(fieldOf(value, 'url')) ?? '');
const isOfText = (value: unknown): boolean =>
  ['plain_text', 'lark_md'].some((tag) => fieldOf(value, 'tag') === tag) && textOf(fieldOf(value, 'content')) !== undefined;
const areElements = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isElement);
/** What a button does: opens a page, calls back, or has its behaviours told. */
const isButton = (value: unknown): boolean =>
  isOfText(fieldOf(value, 'text')) &&
  (hasUrl(value) || isRecord(fieldOf(value, 'value')) || listOf(fieldOf(value, 'behaviors')).length > 0);

/** The components of a card that a custom bot sends, each with what it cannot be without. */
const ELEMENTS: Readonly<Record<string, (element: unknown) => boolean>> = {
  markdown: (element) => textOf(fieldOf(element, 'content')) !== undefined,
  hr: () => true,
  div: (element) =>
    isOfText(fieldOf(element, 'text')) || listOf(fieldOf(element, 'fields')).some((one) => isOfText(fieldOf(one, 'text'))),
  img: (element) => textOf(fieldOf(element, 'img_key')) !== undefined && isOfText(fieldOf(element, 'alt')),
  note: (element) => {
    const parts = listOf(fieldOf(element, 'elements'));
    return parts.length > 0 && parts.every((part) => isOfText(part) || isElement(part));
  },
  action: (element) => {
    const actions = listOf(fieldOf(element, 'actions'));
    return actions.length > 0 && actions.every((action) => fieldOf(action, 'tag') === 'button' && isButton(action));
  },
  button: isButton,
  column_set: (element) => {
    const columns = listOf(fieldOf(element, 'columns'));
    return (
      columns.length > 0 &&
      columns.every((column) => fieldOf(column, 'tag') === 'column' && areElements(fieldOf(column, 'elements')))
    );
  },
};
const tagOf = (element: unknown): string => textOf(fieldOf(element, 'tag')) ?? '';
const componentOf = (element: unknown) => Object.entries(ELEMENTS).find(([tag]) => tag === tagOf(element))?.[1];

function isElement(element: unknown): boolean {
  return componentOf(element)?.(element) ?? false;
}

const invalid = (path: string, why: string) =>
  says(11246, `path: message->card->${path}; err_msg: ${why}; err_type: validation; `);

/** All texts that a card or a post shows, in their order. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (['content', 'text'].includes(name) ? [inner] : []) : textsIn(inner),
  );
}

const mentionsIn = (text: string): string[] =>
  [...text.matchAll(/<at (?:user_id|id)="?([^">\s]+)"?>/g)].flatMap(([, user]) => (user === 'all' ? '@all' : (user ?? [])));

function cardVerdict(card: unknown): Verdict {
  if (!isRecord(card)) return says(19002, 'params error, unknown card value');
  const title = textOf(fieldOf(card, 'header', 'title', 'content'));
  const template = fieldOf(card, 'header', 'template');
  const elements = [...listOf(fieldOf(card, 'elements')), ...listOf(fieldOf(card, 'body', 'elements'))];
  if (title === undefined || elements.length === 0) return says(9499, 'Bad Request: card without header or elements');
  if (!isOfText(fieldOf(card, 'header', 'title'))) return invalid('header->title', 'unsupported text');
  const wrong = elements.findIndex((element) => !isElement(element));
  if (wrong !== -1)
    return invalid(`${wrong + 1}th block(${tagOf(elements[wrong])})`, 'unknown component, or one without what it needs');
  if (template !== undefined && !TEMPLATES.includes(textOf(template) ?? '')) return says(9499, 'Bad Request: header.template');
  const text = textsIn(elements).join('\n');
  return says(0, 'success', { title, text, mentions: mentionsIn(text) });
}

/** What the group is shown, or why not. */
function verdictOf(body: unknown): Verdict {
  const content = fieldOf(body, 'content');
  switch (textOf(fieldOf(body, 'msg_type'))) {
    case 'text': {
      const text = textOf(fieldOf(content, 'text')) ?? '';
      if (text === '') return says(9499, 'Bad Request: no text');
      return says(0, 'success', { title: text.split('\n')[0] ?? '', text, mentions: mentionsIn(text) });
    }
    case 'post': {
      const title = textOf(fieldOf(content, 'post', 'zh_cn', 'title')) ?? '';
      const text = textsIn(fieldOf(content, 'post', 'zh_cn', 'content')).join('\n');
      return text === '' ? says(9499, 'Bad Request: no content') : says(0, 'success', { title, text });
    }
    case 'interactive':
      return cardVerdict(fieldOf(body, 'card'));
    case undefined:
      return says(19002, 'params error, msg_type need');
    default:
      // Pictures and shared groups need keys of the platform, which this bot has none of. The code is not documented.
      return says(19002, 'params error, msg_type unknown');
  }
}

function isSigned(body: unknown, secret: string, at: number): boolean {
  const timestamp = textOf(fieldOf(body, 'timestamp')) ?? '';
  if (!/^\d{10}$/.test(timestamp) || Math.abs(at / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
  return fieldOf(body, 'sign') === createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
}

/** A hundred messages a minute and five a second. `secret` absent: it does not ask for a signature. */
export function feishuBot({ secret, keywords = [] }: { readonly secret?: string; readonly keywords?: readonly string[] }): Robot {
  const limits = [slidingLimit(100, 60_000), slidingLimit(5, 1_000)];
  return {
    judge(arrival: Arrival) {
      const { method, body, at } = arrival;
      // Documented are POST and application/json alone, and no code for anything else: "Bad Request" is the general one.
      if (method !== 'POST' || !saysJson(arrival)) return says(9499, 'Bad Request');
      if (!limits.every((limit) => limit.hasRoom(at))) return says(11232, 'frequency limited');
      for (const limit of limits) limit.take(at);
      const json = jsonOf(body);
      if (json === undefined || body.length > LONGEST_BODY) return says(9499, 'Bad Request');
      if (secret !== undefined && !isSigned(json, secret, at))
        return says(19021, 'sign match fail or timestamp is not within one hour from current time');
      const verdict = verdictOf(json);
      const shown = `${verdict.title}\n${verdict.text}`;
      if (verdict.isTaken && keywords.length > 0 && !keywords.some((word) => shown.includes(word)))
        return says(19024, 'Key Words Not Found');
      return verdict;
    },
  };
}
