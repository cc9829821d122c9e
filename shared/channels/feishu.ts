/**
 * 飞书自定义机器人 (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Signed in the body where it has a secret. A card whose head
 * has the colour of the gravest item.
 */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { epochMs } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import type { Outcome } from '../domain/receiver.ts';
import { addressFault, isOfHost, readUrl, secretFault } from './address.ts';
import { type Coded, readCoded, readJson } from './answer.ts';
import type { Channel } from './channel.ts';
import type { Digest } from './digest.ts';
import { fitted, type View } from './fit.ts';
import { type Dialect, itemLines } from './markdown.ts';
import { mentioned } from './mention.ts';
import { plain } from './shorten.ts';
import { wordsOf } from './templates.ts';

const HOST = 'open.feishu.cn';
const PATH = '/open-apis/bot/v2/hook/';
/** 20 KB with the fields of the signature, which are added to it when it is sent. */
const SIGN_BYTES = 100;
const MOST_BYTES = 20_000 - SIGN_BYTES;
const MINUTE_MS = 60_000;

const HEADS: Readonly<Record<Colour, string>> = { RED: 'red', ORANGE: 'orange', YELLOW: 'yellow', BLUE: 'blue' };

const DIALECT: Dialect = {
  newline: '\n',
  gap: '\n\n',
  hasButton: true,
  strong: (text, { grade }) => (grade === 'RED' ? `**<font color='red'>${text}</font>**` : `**${text}**`),
  faint: (text) => `<font color='grey'>${text}</font>`,
};

const markdown = (content: string) => ({ tag: 'markdown', content });
const button = (text: string, url: string) => ({
  tag: 'action',
  actions: [{ tag: 'button', type: 'primary', text: { tag: 'plain_text', content: text }, url }],
});

function cardOf({ title, items, left }: View, digest: Digest, called: readonly string[]) {
  const { more, open, openAll } = wordsOf(digest.language);
  const isOne = digest.items.length === 1;
  const lines = items.map((item, index) => itemLines(item, isOne ? undefined : index + 1, digest, DIALECT));
  return {
    config: { wide_screen_mode: true },
    header: { template: HEADS[digest.grade], title: { tag: 'plain_text', content: title } },
    elements: [
      ...(called.length === 0 ? [] : [markdown(called.join(' '))]),
      ...lines.flatMap((text, index) => (index === 0 ? [markdown(text)] : [{ tag: 'hr' }, markdown(text)])),
      ...(left === 0 ? [] : [markdown(more(left))]),
      isOne ? button(open, digest.items[0]?.link ?? digest.link) : button(openAll, digest.link),
    ],
  };
}

/** Older answers have it under another name. */
const codeOf = (body: string): Coded | undefined =>
  readJson(z.object({ code: z.int(), msg: z.string().default('') }), body) ??
  readJson(
    z.object({ StatusCode: z.int() }).transform(({ StatusCode }) => ({ code: StatusCode, msg: '' })),
    body,
  );

function readCode(code: number, said: string): Outcome {
  switch (code) {
    case 0:
      return { is: 'delivered' };
    case 11232: // frequency limited
      return { is: 'throttled', says: `飞书限流（${code}）：${said}`, forMs: MINUTE_MS };
    case 9499: // Bad Request: the body is over 20 KB, or not of the form; ours is of the form
      return { is: 'too-long', says: `飞书不认消息格式或认为过长（${code}）：${said}` };
    case 19021: // sign match fail or timestamp is not within one hour from current time
      return { is: 'stale', says: '飞书签名不符（19021）：请重新复制安全设置中“签名校验”的密钥' };
    case 19022: // Ip Not Allowed
      return { is: 'refused', says: '飞书机器人限制了 IP（19022）：请在安全设置中改用“签名校验”，并填写密钥' };
    case 19024: // Key Words Not Found
      return { is: 'refused', says: '飞书机器人设置了关键词（19024）：请在安全设置中改用“签名校验”，并填写密钥' };
    case 19001: // param invalid: incoming webhook access token invalid
    case 19007: // Bot Not Enabled
      return { is: 'refused', says: `飞书不认此地址（${code}）：机器人可能已停用或移出群聊，请重新复制 Webhook 地址` };
    default:
      return { is: 'failed', says: `飞书未接收（${code}）：${said}` };
  }
}

const PASTE = `请粘贴飞书自定义机器人的 Webhook 地址，形如 https://${HOST}${PATH}…`;

const readSecret: Channel['readSecret'] = (secret) =>
  /^[\x21-\x7e]{8,128}$/.test(secret) ? secret : secretFault('请粘贴飞书机器人安全设置中“签名校验”一栏的密钥全文');

export const feishu: Channel = {
  kind: 'feishu',
  name: '飞书自定义机器人',
  isPulled: false,
  limits: [
    { most: 5, ms: 1_000 },
    { most: 100, ms: MINUTE_MS },
  ],
  hosts: [HOST],
  secret: 'possible',
  knowsIds: false,
  readAddress(address, secret, allowsLoopback) {
    const url = readUrl(address);
    const token = url?.pathname.startsWith(PATH) ? url.pathname.slice(PATH.length) : '';
    if (url === undefined || !isOfHost(url, HOST, allowsLoopback) || url.search !== '' || !/^[0-9A-Za-z_-]{8,128}$/.test(token))
      return addressFault(PASTE);
    const read = secret === undefined ? undefined : readSecret(secret);
    if (typeof read === 'object') return read;
    return { url: `${url.origin}${PATH}${token}`, secrets: read === undefined ? [] : [{ secret: read }] };
  },
  readSecret,
  render(digest, mentions, shorter) {
    const called = [...(mentions.everybody ? ['all'] : []), ...mentioned(mentions)].map((user) => `<at id=${user}></at>`);
    return fitted(digest, { most: MOST_BYTES, shorter, clean: plain }, (view) =>
      JSON.stringify({ msg_type: 'interactive', card: cardOf(view, digest, called) }),
    );
  },
  request({ url, secrets }, body, at) {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const [newest] = secrets;
    if (newest === undefined) return { url, headers, body };
    const timestamp = String(Math.floor(epochMs(at) / 1000));
    const sign = createHmac('sha256', `${timestamp}\n${newest.secret}`).digest('base64');
    return { url, headers, body: `${JSON.stringify({ timestamp, sign }).slice(0, -1)},${body.slice(1)}` };
  },
  read: (answer) => readCoded(answer, codeOf, readCode),
};
