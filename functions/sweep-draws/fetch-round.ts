/** The value of a drand round from whichever mirror has it. A mirror is believed nothing: the signature proves the value or it is none. */
import * as z from 'zod';
import { sha256 } from '../../shared/draw/bytes.ts';
import { proofOf } from '../../shared/draw/drand.ts';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';
import type { FetchRound } from './settle-randomness.ts';

const MOST_BYTES = 4_000;
const PATIENCE_MS = 4_000;

/** What of a mirror's answer is read. */
const answer = z.object({ signature: z.string().regex(/^[0-9a-f]{96}$/) });

/** Asks an address for a text, without following it elsewhere. `undefined`: there was no answer to use. */
export type Ask = (url: URL) => Promise<string | undefined>;

export const askMirror: Ask = async (url) => {
  if (url.protocol !== 'https:') return undefined;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) return undefined;
    const text = await response.text();
    return text.length > MOST_BYTES ? undefined : text;
  } catch {
    return undefined; // the next mirror may answer, or the next sweep
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const fetchRound =
  (sources: readonly RandomnessSource[], ask: Ask = askMirror): FetchRound =>
  async ({ chain, round }) => {
    const mirrors = sources.flatMap((source) => (source.type === 'drand' && source.chain === chain ? source.mirrors : []));
    for (const mirror of mirrors) {
      const text = await ask(new URL(`${mirror.replace(/\/$/, '')}/${chain}/public/${round}`));
      const read = answer.safeParse(text === undefined ? undefined : parsed(text));
      if (!read.success || proofOf({ chain, round }, read.data.signature) !== 'proven') continue;
      const { signature } = read.data;
      return { randomness: sha256(Buffer.from(signature, 'hex')), signature };
    }
    return undefined;
  };
