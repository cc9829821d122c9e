/** The addresses of a name, asked of the name servers once for each sending. */
import { Resolver } from 'node:dns/promises';

/** All addresses of a name, of both kinds; none where there are none. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A question that is not answered is asked again after so long, three times in all. */
const ASK_AGAIN_MS = 2_000;

/**
 * Not by the machine's `getaddrinfo`: it has four threads for all who ask, cannot be stopped, and a name server that hangs would hold up
 * every other receiver, and the tables and keys too. What the machine itself calls `localhost` is known without asking.
 */
export const resolveByDns: Resolve = async (host, signal) => {
  if (host === 'localhost') return ['127.0.0.1'];
  const resolver = new Resolver({ timeout: ASK_AGAIN_MS, tries: 3 });
  const stop = () => resolver.cancel();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
