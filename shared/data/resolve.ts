/** The addresses of a name, asked of the name servers once for each sending. */
import { Resolver } from 'node:dns/promises';

/** All addresses that a connection may go to; none where there are none. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A question that is not answered is asked again after so long, and once more after twice that. */
const ASK_AGAIN_MS = 2_000;

/**
 * Not by the machine's `getaddrinfo`: it has four threads for all who ask, cannot be stopped, and a name server that hangs would hold up
 * every other receiver, and the tables and keys too. IPv6 is asked for only where a host has no address of IPv4, so that nobody waits for
 * servers that pass over such questions. What the machine itself calls `localhost` is known without asking.
 * `servers`: absent, those of the machine.
 */
export const resolveBy =
  (servers?: readonly string[]): Resolve =>
  async (host, signal) => {
    if (host === 'localhost') return ['127.0.0.1'];
    const resolver = new Resolver({ timeout: ASK_AGAIN_MS, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const stop = () => resolver.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const four = await resolver.resolve4(host).catch(() => []);
      return four.length > 0 || signal.aborted ? four : await resolver.resolve6(host).catch(() => []);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
