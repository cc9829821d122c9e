/**
 * 企业微信群机器人 (developer.work.weixin.qq.com/document/path/91770). Its key is its secret: there is no signature. One thing in few words
 * is a card; all else is markdown of the first kind, for it alone mentions people and has colours; of these only 橙红 is used: its green
 * would paint low risk green.
 */
import type { Outcome } from '../domain/receiver.ts';
import { addressFault, isOfHost, readUrl, secretFault } from './address.ts';
import { errcodeOf, readCoded } from './answer.ts';
import type { Channel } from './channel.ts';
import { fitted } from './fit.ts';
import { type Dialect, markdownOf } from './markdown.ts';
import { mentioned } from './mention.ts';
import { plain } from './shorten.ts';
import { cardOf } from './wecom-card.ts';

const HOST = 'qyapi.weixin.qq.com';
const PATH = '/cgi-bin/webhook/send';
/** Of the content, not of the body. */
const MOST_BYTES = 4096;
const MINUTE_MS = 60_000;

const DIALECT: Dialect = {
  newline: '\n> ',
  gap: '\n\n',
  hasButton: false,
  strong: (text, { grade }) => (grade === 'RED' || grade === 'ORANGE' ? `<font color="warning">${text}</font>` : `**${text}**`),
  faint: (text) => `<font color="comment">${text}</font>`,
};

function readCode(code: number, said: string): Outcome {
  switch (code) {
    case 0:
      return { is: 'delivered' };
    case 45009: // over 20 in a minute
    case 45033: // too many at a time
      return { is: 'throttled', says: `企业微信限流（${code}）：${said}`, forMs: MINUTE_MS };
    case 40058: // markdown.content exceed max length
    case 45002: // the content is too large
      return { is: 'too-long', says: `企业微信认为消息过长（${code}）：${said}` };
    case 93000: // the address is not valid, or the robot was removed from its group
    case 93004: // the robot was switched off
    case 93008: // it is not in the group
      return { is: 'refused', says: `企业微信不认此地址（${code}）：机器人可能已移出群聊，请重新复制 Webhook 地址` };
    default:
      return { is: 'failed', says: `企业微信未接收（${code}）：${said}` };
  }
}

const PASTE = `请粘贴企业微信群机器人的 Webhook 地址，形如 https://${HOST}${PATH}?key=…`;

const readSecret = () => secretFault('企业微信群机器人没有签名密钥，请留空');

export const wecom: Channel = {
  kind: 'wecom',
  name: '企业微信群机器人',
  isPulled: false,
  limits: [{ most: 20, ms: MINUTE_MS }],
  hosts: [HOST],
  secret: 'none',
  knowsIds: false,
  readAddress(address, secret, allowsLoopback) {
    const url = readUrl(address);
    const key = /^\?key=([0-9A-Za-z-]{8,128})$/.exec(url?.search ?? '')?.[1];
    if (url === undefined || !isOfHost(url, HOST, allowsLoopback) || url.pathname !== PATH || key === undefined)
      return addressFault(PASTE);
    if (secret !== undefined) return readSecret();
    return { url: `${url.origin}${PATH}?key=${key}`, secrets: [] };
  },
  readSecret,
  render(digest, mentions, shorter) {
    const called = [...(mentions.everybody ? ['all'] : []), ...mentioned(mentions)].map((user) => `<@${user}>`);
    const card = shorter || called.length > 0 ? undefined : cardOf(digest);
    if (card !== undefined) return JSON.stringify({ msgtype: 'template_card', template_card: card });
    const content = fitted(digest, { most: MOST_BYTES, shorter, clean: plain }, (view) =>
      markdownOf(view, digest, called, DIALECT),
    );
    return JSON.stringify({ msgtype: 'markdown', markdown: { content } });
  },
  request: ({ url }, body) => ({ url, headers: { 'content-type': 'application/json; charset=utf-8' }, body }),
  read: (answer) => readCoded(answer, errcodeOf, readCode),
};
