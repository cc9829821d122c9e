/**
 * A custom robot of DingTalk (domain.md 16.2). HTTP says 200 whatever it makes of the message. The codes of an unknown token and of a
 * body that is too long are those that people report of the real one.
 */
import { createHmac } from 'node:crypto';
import {
  type Arrival,
  fieldOf,
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

export const dingtalk: Platform = {
  keyOf: ({ pathname, searchParams }) => (pathname === '/robot/send' ? (searchParams.get('access_token') ?? '') : undefined),
  stranger: says(300001, 'token is not exist'),
};

const LONGEST_BODY = 20_000;
const HOUR_MS = 3_600_000;
const BLOCKED_MS = 600_000;

/** What is wrong with a signature; `undefined`: nothing. */
function signFault({ searchParams }: URL, secret: string, at: number): string | undefined {
  const timestamp = searchParams.get('timestamp') ?? '';
  if (!/^\d{13}$/.test(timestamp)) return 'invalid timestamp';
  if (Math.abs(at - Number(timestamp)) > HOUR_MS) return 'invalid timestamp';
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  return searchParams.get('sign') === sign ? undefined : 'sign not match';
}

/** Only of what may be mentioned: in a markdown text whoever is to be told has to stand in it. */
function mentionsOf(body: unknown, type: string, text: string): readonly string[] {
  const named = [...listOf(fieldOf(body, 'at', 'atUserIds')), ...listOf(fieldOf(body, 'at', 'atMobiles'))];
  const everybody = fieldOf(body, 'at', 'isAtAll') === true ? ['@all'] : [];
  if (type === 'text') return [...named.flatMap((user) => textOf(user) ?? []), ...everybody];
  if (type !== 'markdown') return [];
  return [...named.flatMap((user) => textOf(user) ?? []).filter((user) => text.includes(`@${user}`)), ...everybody];
}

function hasAButton(card: unknown): boolean {
  const buttons = listOf(fieldOf(card, 'btns'));
  const isButton = (button: unknown) =>
    textOf(fieldOf(button, 'title')) !== undefined && textOf(fieldOf(button, 'actionURL')) !== undefined;
  const single = textOf(fieldOf(card, 'singleTitle')) !== undefined && textOf(fieldOf(card, 'singleURL')) !== undefined;
  return single || (buttons.length > 0 && buttons.every(isButton));
}

/** What the group is shown, or why not. */
function verdictOf(body: unknown, keywords: readonly string[]): Verdict {
  const type = textOf(fieldOf(body, 'msgtype')) ?? '';
  const message = fieldOf(body, type);
  if (!['text', 'markdown', 'actionCard', 'link'].includes(type)) return says(400105, 'msgtype not supported');
  const text = textOf(fieldOf(message, type === 'text' ? 'content' : 'text')) ?? '';
  const title = type === 'text' ? text.split('\n')[0] : textOf(fieldOf(message, 'title'));
  if (text === '' || title === undefined || title === '') return says(40035, `${type}: title or text missing`);
  if (type === 'actionCard' && !hasAButton(message)) return says(40035, 'actionCard: no button');
  if (keywords.length > 0 && !keywords.some((word) => `${title}\n${text}`.includes(word)))
    return says(310000, 'keywords not in content');
  return says(0, 'ok', { title, text, mentions: mentionsOf(body, type, text) });
}

/** Twenty messages a minute; who sends one more is blocked for ten. `secret` absent: it does not ask for a signature. */
export function dingtalkRobot({
  secret,
  keywords = [],
}: {
  readonly secret?: string;
  readonly keywords?: readonly string[];
}): Robot {
  const limit = slidingLimit(20, 60_000);
  let blockedUntil = Number.NEGATIVE_INFINITY;
  const tooFast = says(130101, 'send too fast, exceed 20 times per minute');
  return {
    judge(arrival: Arrival) {
      const { method, url, body, at } = arrival;
      if (method !== 'POST') return says(43002, 'require POST method');
      if (at < blockedUntil) return tooFast;
      if (!saysJson(arrival)) return says(43004, 'invalid HTTP header Content-Type');
      const fault = secret === undefined ? undefined : signFault(url, secret, at);
      if (fault !== undefined) return says(310000, fault);
      if (!limit.hasRoom(at)) {
        blockedUntil = at + BLOCKED_MS;
        return tooFast;
      }
      limit.take(at);
      if (body.length > LONGEST_BODY) return says(460101, `message too long, exceed ${LONGEST_BODY} bytes`);
      const json = jsonOf(body);
      return json === undefined ? says(40035, 'no JSON') : verdictOf(json, keywords);
    },
  };
}
