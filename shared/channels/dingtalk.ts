/**
 * 钉钉自定义机器人 (open.dingtalk.com/document/robots/custom-robot-access). Signed in the query where it has a secret. One thing is a card
 * with its button; several, or with people mentioned, are markdown: a card mentions nobody.
 */
import { createHmac } from 'node:crypto';
import { epochMs } from '../domain/calendar.ts';
import type { Outcome } from '../domain/receiver.ts';
import { addressFault, isOfHost, readUrl, secretFault } from './address.ts';
import { errcodeOf, readCoded } from './answer.ts';
import type { Channel } from './channel.ts';
import { fitted } from './fit.ts';
import { type Dialect, markdownOf } from './markdown.ts';
import { mentioned } from './mention.ts';
import { plain } from './shorten.ts';
import { wordsOf } from './templates.ts';

const HOST = 'oapi.dingtalk.com';
const PATH = '/robot/send';
const MOST_BYTES = 20_000;
const MINUTE_MS = 60_000;
/** Over 20 in a minute, a robot is silenced for so long. */
const PENALTY_MS = 10 * MINUTE_MS;

const DIALECT: Dialect = {
  newline: '  \n',
  gap: '\n\n',
  hasButton: false,
  strong: (text) => `**${text}**`,
  faint: (text) => text,
};

/** 310000 is one code for four reasons, told apart by the words alone. Only a signature may be mended by signing anew. */
function readRefusal(said: string): Outcome {
  if (/timestamp/i.test(said)) return { is: 'stale', says: `钉钉认为签名时间已过（310000）：${said}` };
  if (/keyword/i.test(said)) {
    return { is: 'refused', says: '钉钉机器人设置了关键词（310000）：请在安全设置中改用“加签”，并填写密钥' };
  }
  if (/whitelist|\bip\b/i.test(said))
    return { is: 'refused', says: '钉钉机器人限制了 IP（310000）：请在安全设置中改用“加签”，并填写密钥' };
  // By the secret before, where it is still in its time; whoever has rotated it did so here and there, not at once.
  return { is: 'stale', says: '钉钉签名不符（310000）：请重新复制安全设置中“加签”的密钥' };
}

function readCode(code: number, said: string): Outcome {
  switch (code) {
    case 0:
      return { is: 'delivered' };
    case 130101: // send too fast, exceed 20 times per minute
    case 410100: // the same, of the newer interface
      return { is: 'throttled', says: `钉钉限流（${code}）：${said}`, forMs: PENALTY_MS };
    case 310000:
      return readRefusal(said);
    case 460101: // message too long, exceed 20000 bytes
      return { is: 'too-long', says: `钉钉认为消息过长（${code}）：${said}` };
    case 300001: // token is not exist
    case 400013: // the group was dissolved
    case 400101: // access_token does not exist
    case 400102: // the robot was stopped
    case 400106: // the robot does not exist
      return { is: 'refused', says: `钉钉不认此地址（${code}）：机器人可能已停用或删除，请重新复制 Webhook 地址` };
    default:
      return { is: 'failed', says: `钉钉未接收（${code}）：${said}` };
  }
}

const PASTE = `请粘贴钉钉自定义机器人的 Webhook 地址，形如 https://${HOST}${PATH}?access_token=…`;

const readSecret: Channel['readSecret'] = (secret) =>
  /^SEC[0-9A-Za-z]{8,128}$/.test(secret) ? secret : secretFault('钉钉的密钥以 SEC 开头：请粘贴机器人安全设置中“加签”一栏的全文');

export const dingtalk: Channel = {
  kind: 'dingtalk',
  name: '钉钉自定义机器人',
  isPulled: false,
  limits: [{ most: 20, ms: MINUTE_MS }],
  hosts: [HOST],
  secret: 'possible',
  knowsIds: false,
  readAddress(address, secret, allowsLoopback) {
    const url = readUrl(address);
    const token = /^\?access_token=([0-9A-Za-z_-]{8,128})$/.exec(url?.search ?? '')?.[1];
    if (url === undefined || !isOfHost(url, HOST, allowsLoopback) || url.pathname !== PATH || token === undefined)
      return addressFault(PASTE);
    const read = secret === undefined ? undefined : readSecret(secret);
    if (typeof read === 'object') return read;
    return { url: `${url.origin}${PATH}?access_token=${token}`, secrets: read === undefined ? [] : [{ secret: read }] };
  },
  readSecret,
  render(digest, mentions, shorter) {
    const { open } = wordsOf(digest.language);
    const { everybody } = mentions;
    const users = mentioned(mentions);
    const called = users.map((user) => `@${user}`);
    const [only] = digest.items;
    const isCard = digest.items.length === 1 && only !== undefined && users.length === 0 && !everybody;
    return fitted(digest, { most: MOST_BYTES, shorter, clean: plain }, (view) => {
      const text = markdownOf(view, digest, called, { ...DIALECT, hasButton: isCard });
      return JSON.stringify(
        isCard
          ? { msgtype: 'actionCard', actionCard: { title: view.title, text, singleTitle: open, singleURL: only.link } }
          : { msgtype: 'markdown', markdown: { title: view.title, text }, at: { atUserIds: users, isAtAll: everybody } },
      );
    });
  },
  request({ url, secrets }, body, at) {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const [newest] = secrets;
    if (newest === undefined) return { url, headers, body };
    const timestamp = epochMs(at);
    const sign = createHmac('sha256', newest.secret).update(`${timestamp}\n${newest.secret}`).digest('base64');
    return { url: `${url}&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`, headers, body };
  },
  read: (answer) => readCoded(answer, errcodeOf, readCode),
};
