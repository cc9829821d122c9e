/** Any app that takes HTTPS, by Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks): signed, with an id that stays. */
import { createHmac } from 'node:crypto';
import { epochMs } from '../domain/calendar.ts';
import { addressFault, isLoopback, isOutside, isSecure, readUrl, secretFault } from './address.ts';
import { quoted, restOf } from './answer.ts';
import type { Channel } from './channel.ts';
import { fittingItems, jsonOf } from './json-digest.ts';

const MOST_BYTES = 20_000;
const MINUTE_MS = 60_000;
const PREFIX = 'whsec_';
const SECRET_BYTES = { least: 24, most: 64 } as const;

/** The bytes of a secret, `undefined` where it is none. */
function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return isWhole && bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : undefined;
}

const SECRET = `请填写签名密钥：${PREFIX} 加 24 至 64 个随机字节的 base64，可用 openssl rand -base64 32 生成`;
const readSecret: Channel['readSecret'] = (secret) => (keyOf(secret) === undefined ? secretFault(SECRET) : secret);

export const webhook: Channel = {
  kind: 'webhook',
  name: 'Webhook',
  isPulled: false,
  limits: [],
  secret: 'needed',
  knowsIds: true,
  readAddress(address, secret, allowsLoopback) {
    const url = readUrl(address);
    const isHere = url !== undefined && allowsLoopback && isLoopback(url);
    if (url === undefined || !(isHere || isSecure(url))) {
      return addressFault('请填写 https:// 开头的地址，端口 443，不含用户名、密码和 # 之后的内容');
    }
    if (!(isHere || isOutside(url))) {
      return addressFault('请填写公网主机的地址：内网、本机的地址系统连不上，内网的应用请改用“由对方来取”（feed）');
    }
    const read = readSecret(secret ?? '');
    return typeof read === 'string' ? { url: url.href, secrets: [{ secret: read }] } : read;
  },
  readSecret,
  fitting: (items) => fittingItems(items, MOST_BYTES),
  render: (digest, _mentions, shorter) => jsonOf(digest, MOST_BYTES, shorter),
  request({ url, secrets }, body, at, id) {
    const timestamp = String(Math.floor(epochMs(at) / 1000));
    const signatures = secrets
      .filter(({ until }) => until === undefined || until > at)
      .flatMap(({ secret }) => keyOf(secret) ?? [])
      .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
    return {
      url,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatures.join(' '),
      },
      body,
    };
  },
  read(answer) {
    const { status, body } = answer;
    const afterMs = restOf(answer);
    if (status >= 200 && status < 300) return { is: 'delivered' };
    if (status === 410) return { is: 'gone', says: '接收地址已停用（HTTP 410）' };
    if (status === 429) return { is: 'throttled', says: '接收端要求放慢（HTTP 429）', forMs: afterMs ?? MINUTE_MS };
    const says =
      status >= 300 && status < 400
        ? `接收端要求转到别处（HTTP ${status}），不跟随：请填写最终地址`
        : `接收端未接收（HTTP ${status}）${body === '' ? '' : `：${quoted(body)}`}`;
    return { is: 'failed', says, ...(afterMs !== undefined && { afterMs }) };
  },
};
