/** What the addresses have in common: read as a browser would, and nothing in them but what is known. */
import type { AddressFault } from './channel.ts';

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

/** A platform's own host; or this machine, where a deployment allows it. */
export const isOfHost = (url: URL, host: string, allowsLoopback: boolean): boolean =>
  (isSecure(url) && url.hostname === host) || (allowsLoopback && isLoopback(url));
