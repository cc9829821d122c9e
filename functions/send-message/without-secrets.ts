/** What is kept of an answer names no key: a receiver may say again what it was sent. */
import type { Address, HttpRequest } from '../../shared/channels/channel.ts';

/** Keys, tokens, secrets and signatures are at least so long; words that people read are as a rule shorter. */
const KEY = /[A-Za-z0-9+/=_%.-]{12,}/g;
const HIDDEN = '■';

/** In an address a shorter one may be the key: no channel takes one below this. */
const SHORTEST_IN_URL = 8;
const partsOf = (url: string): readonly string[] => {
  const { pathname, searchParams } = new URL(url);
  return [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= SHORTEST_IN_URL);
};

/** As a server may have read it, where it can be read. */
const unescaped = (url: string): string =>
  url.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());

/**
 * A text without anything that the sender put around the message: the address, whatever looks like a key in it, in the headers or in
 * the body that was signed, and the secrets themselves.
 */
export function withoutSecrets(text: string, { url, secrets }: Address, request: HttpRequest, body: string): string {
  const around = [request.url, unescaped(request.url), ...Object.values(request.headers), request.body];
  const keys = around.flatMap((sent) => sent.match(KEY) ?? []).flatMap((key) => [key, ...key.split(/[/=+]/)]);
  const own = keys.filter((key) => key.length >= 12 && !body.includes(key) && key !== new URL(url).hostname);
  const parts = partsOf(url).flatMap((part) => [part, unescaped(part)]);
  return [...new Set([url, request.url, ...secrets.map(({ secret }) => secret), ...parts, ...own])]
    .sort((a, b) => b.length - a.length)
    .reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text);
}
