/**
 * The only code that opens a connection to where a user or a deployment wanted it. A name is resolved once, every address that it has is looked at, and the
 * connection goes to those very addresses, so a name that changes meanwhile gains nothing. Nothing is followed, and nothing is told of the
 * address, whose path may be its key.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { HttpRequest } from '../channels/channel.ts';
import { isLoopback, isPublic } from '../channels/public-address.ts';
import { type Resolve, resolveBy } from './resolve.ts';

export type Reply<Body = string> =
  | { readonly is: 'answered'; readonly answer: { readonly status: number; readonly body: Body; readonly retryAfter?: string } }
  /** A later attempt may be answered. `perhapsArrived`: a connection was made, so nobody knows. */
  | { readonly is: 'unanswered'; readonly says: string; readonly perhapsArrived?: true }
  /** Nothing was sent, and never will be to an address like this. */
  | { readonly is: 'forbidden'; readonly says: string };

export interface Bounds {
  /** The hosts that the kind of channel has; absent: any that is public. */
  readonly hosts?: readonly string[] | undefined;
  /** Ends it, wherever it is: names, connecting, headers, body. */
  readonly signal: AbortSignal;
}

/** A request whose body is no text. */
export interface BytesRequest extends Omit<HttpRequest, 'body'> {
  readonly body: Uint8Array;
}

export type PostBytes = (request: BytesRequest, bounds: Bounds) => Promise<Reply<Buffer>>;
export type Post = (request: HttpRequest, bounds: Bounds) => Promise<Reply>;

export interface OutboundOptions {
  /** Of the deployment's data file: on a local cloud a receiver may be on the same machine, without https and on any port. */
  readonly allowsLoopback: boolean;
  readonly resolve?: Resolve;
  /** So much of a body is read; what follows is not taken from the line. Without: codes and a sentence. */
  readonly most?: number;
}

const MOST_BYTES = 4_096;
/** Where a host has several addresses, the next is tried after so long; far hosts take most of a second. */
const NEXT_ADDRESS_MS = 3_000;

const FORBIDDEN = '接收端地址不符合要求：只能是公网主机的 https 地址（443 端口，不带用户名）';
const NOT_OF_THE_PLATFORM = '接收端地址不是该平台的主机，请从平台重新复制地址';
const INNER = '接收端的域名指向内部网络，按安全规定不予发送';
const NO_ADDRESS = '找不到接收端的域名，请核对地址或稍后再试';
const TIMED_OUT = '接收端在规定时间内没有应答';

/** By the code of what went wrong. Its message is not told: it may name the address. */
const SAYINGS: readonly (readonly [codes: RegExp, says: string])[] = [
  [/^ECONNREFUSED$/, '接收端拒绝连接'],
  [/^(?:ECONNRESET|EPIPE)$/, '接收端中断了连接'],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, '连接不上接收端'],
  [/CERT|SELF_SIGNED|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/, '接收端的 HTTPS 证书无效或无法建立加密连接'],
  [/^HPE_/, '接收端的应答不是有效的 HTTP'],
];

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** No connection came about, so nothing of the message was sent. */
const NOT_CONNECTED =
  /^E(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL|PROTO)$|CERT|SELF_SIGNED|^UNABLE_TO_|^ERR_TLS|^ERR_SSL/;

function sayingOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return TIMED_OUT;
  return SAYINGS.find(([codes]) => codes.test(codeOf(error)))?.[1] ?? '发送时连接出错';
}

/** The url, if something may be sent to one like it. `undefined`: whatever its host resolves to, no. */
function targetOf(text: string, allowsLoopback: boolean): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hostname.endsWith('.')) return undefined;
  if (url.protocol === 'https:' && url.port === '') return url;
  return allowsLoopback && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/** Rejects as soon as the time is over. */
const untilOver = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** The answers of name servers that were looked at, and nothing else, whatever is asked. */
const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_, { all }, tell) => {
    const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = pinned;
    if (all === true || first === undefined) tell(null, pinned);
    else tell(null, first.address, first.family);
  };

/** The head of the answer. Rejects where the connection ends without one. */
function answerTo(url: URL, { headers, body }: BytesRequest, addresses: readonly string[], signal: AbortSignal) {
  const options = { lookup: pinnedTo(addresses), keepAlive: false, autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS };
  const secure = url.protocol === 'https:';
  // An agent of its own: no connection is shared with whoever hangs, and no proxy of the environment comes between.
  const agent = secure ? new https.Agent({ ...options, rejectUnauthorized: true }) : new http.Agent(options);
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = { ...headers, 'content-length': String(body.length) };
    const outgoing = (secure ? https : http).request(url, { method: 'POST', headers: sent, agent, signal }, resolve);
    outgoing.on('error', reject);
    outgoing.on('close', () => reject(new Error('closed without an answer')));
    outgoing.end(body);
  });
}

/** As far as it comes: once the head is there, the receiver has said what it made of the message. */
async function beginningOf(response: IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let read = 0;
  try {
    for await (const part of response) {
      parts.push(Buffer.from(part));
      read += part.length;
      if (read >= most) break; // leaves the rest, and the connection with it
    }
  } catch {
    response.destroy();
  }
  return Buffer.concat(parts).subarray(0, most);
}

export const outboundBytes =
  ({ allowsLoopback, resolve = resolveBy(), most = MOST_BYTES }: OutboundOptions): PostBytes =>
  async (request, { hosts, signal }) => {
    const url = targetOf(request.url, allowsLoopback);
    if (url === undefined) return { is: 'forbidden', says: FORBIDDEN };
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const isLiteral = isIP(host) !== 0;
    let isPosted = false;
    try {
      const addresses = isLiteral ? [host] : await Promise.race([resolve(host, signal), untilOver(signal)]);
      if (addresses.length === 0) return { is: 'unanswered', says: NO_ADDRESS };
      const isHere = allowsLoopback && addresses.every(isLoopback);
      if (!isHere && (url.protocol !== 'https:' || url.port !== '')) return { is: 'forbidden', says: FORBIDDEN };
      if (!isHere && hosts?.includes(host) === false) return { is: 'forbidden', says: NOT_OF_THE_PLATFORM };
      if (!isHere && !addresses.every(isPublic))
        return isLiteral ? { is: 'forbidden', says: FORBIDDEN } : { is: 'unanswered', says: INNER };
      isPosted = !signal.aborted;
      const response = await answerTo(url, request, addresses, signal);
      const body = await beginningOf(response, most);
      const retryAfter = response.headers['retry-after'];
      const status = response.statusCode ?? 0;
      return { is: 'answered', answer: { status, body, ...(retryAfter !== undefined && { retryAfter }) } };
    } catch (error) {
      return {
        is: 'unanswered',
        says: sayingOf(error, signal),
        ...(isPosted && !NOT_CONNECTED.test(codeOf(error)) && { perhapsArrived: true }),
      };
    }
  };

/** The same of text. */
export const outbound = (options: OutboundOptions): Post => {
  const post = outboundBytes(options);
  return async (request, bounds) => {
    const reply = await post({ ...request, body: Buffer.from(request.body, 'utf8') }, bounds);
    if (reply.is !== 'answered') return reply;
    return { ...reply, answer: { ...reply.answer, body: reply.answer.body.toString('utf8') } };
  };
};
