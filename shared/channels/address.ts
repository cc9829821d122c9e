/** What the addresses have in common: read as a browser would, and nothing in them but what is known. */
import type { AddressFault } from './channel.ts';
import { isAddress, isPublic } from './public-address.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

export const addressFault = (says: string): AddressFault => ({ field: 'address', says });
export const secretFault = (says: string): AddressFault => ({ field: 'secret', says });

/** An address without credentials, fragment or unseen signs. A dot behind its host would make another receiver of the same. */
export function readUrl(text: string): URL | undefined {
  const trimmed = text.trim();
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(trimmed) || trimmed.includes('\\') || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  const isPlain = url.username === '' && url.password === '' && !trimmed.includes('#') && !url.hostname.endsWith('.');
  return isPlain ? url : undefined;
}

/** A receiver on this very machine: for a local cloud alone. */
export const isLoopback = ({ protocol, hostname }: URL): boolean => protocol === 'http:' && LOOPBACK.has(hostname);

/** https on the port that goes without saying. */
export const isSecure = ({ protocol, port }: URL): boolean => protocol === 'https:' && port === '';

/** Names without a domain, and those that only an inner network resolves. */
const INNER = /^[^.]+$|\.(?:localhost|local|internal|localdomain|home\.arpa)$/;

/** A host that can be one of the internet, as far as its name tells. What it resolves to is looked at whenever something is sent. */
export function isOutside({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isAddress(bare) ? isPublic(bare) : !INNER.test(bare);
}

/** A platform's own host; or this machine, where a deployment allows it. */
export const isOfHost = (url: URL, host: string, allowsLoopback: boolean): boolean =>
  (isSecure(url) && url.hostname === host) || (allowsLoopback && isLoopback(url));
