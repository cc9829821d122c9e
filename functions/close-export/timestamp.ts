/**
 * A time-stamp token over the checkpoint of a bundle: from its time on, nobody can say that the log was another, its operator included. A bundle
 * never waits for an authority: without an answer it is closed without a token, and an alarm tells.
 */
import { TIMESTAMP } from '../../shared/archive/layout.ts';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import { isSameHash } from '../../shared/archive/merkle.ts';
import { isAnswerTo, readTimestamp, timestampRequest } from '../../shared/archive/timestamp.ts';
import { type ArchiveFiles, LogForked } from '../../shared/data/archive-files.ts';
import type { PostBytes } from '../../shared/data/outbound.ts';
import { digest, sha256 } from '../../shared/draw/bytes.ts';
import { Fault } from '../../shared/draw/fault.ts';

/** A token over these bytes; `undefined` where the authority gives none. */
export type AskTimestamp = (stamped: Uint8Array) => Promise<Uint8Array | undefined>;

export interface Asking {
  readonly url: string;
  /** Reads up to `MOST_TIMESTAMP` bytes of an answer. */
  readonly post: PostBytes;
  /** Fresh bytes for each request. */
  readonly nonce: () => Uint8Array;
  /** Is told why an attempt has brought nothing. */
  readonly failed: (why: string) => void;
  readonly patienceMs?: number;
}

const ATTEMPTS = 2;
const PATIENCE_MS = 10_000;
/** As long as openssl's own: an authority may take no longer ones. */
const NONCE_BYTES = 8;

/** What is wrong with an answer; nothing where it is a token over the hash that was asked for. */
function wrongWith(answer: Uint8Array, hash: Uint8Array, nonce: Uint8Array): string | undefined {
  try {
    const stamp = readTimestamp(answer, 'the answer');
    if (!isSameHash(stamp.hash, hash)) return 'the answer is about another hash';
    return isAnswerTo(stamp, nonce) ? undefined : 'the answer is to another request';
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

/** Asks an authority, twice at most and each time for a bounded time. */
export const askTimestamp =
  ({ url, post, nonce, failed, patienceMs = PATIENCE_MS }: Asking): AskTimestamp =>
  async (stamped) => {
    const hash = digest(stamped);
    const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const fresh = nonce().subarray(0, NONCE_BYTES);
      const bounds = { hosts: [new URL(url).hostname], signal: AbortSignal.timeout(patienceMs) };
      const reply = await post({ url, headers, body: timestampRequest(hash, fresh) }, bounds);
      if (reply.is !== 'answered') failed(reply.says);
      else if (reply.answer.status !== 200) failed(`status ${reply.answer.status}`);
      else {
        const wrong = wrongWith(reply.answer.body, hash, fresh);
        if (wrong === undefined) return reply.answer.body;
        failed(wrong);
      }
    }
    return undefined;
  };

export interface Stamping {
  /** Absent: the deployment has no authority. */
  readonly ask: AskTimestamp | undefined;
  readonly working: ArchiveFiles;
  readonly put: (path: string, bytes: Uint8Array) => Promise<BundleFile>;
}

/**
 * The token of a bundle, or none. No two answers of an authority are the same, so the first run that asked settles it, also that there is none
 * (an empty file): whoever goes on with the bundle, at once or later, writes the same manifest.
 */
export async function writeTimestamp({ ask, working, put }: Stamping, checkpoint: Uint8Array): Promise<readonly BundleFile[]> {
  const path = `${sha256(checkpoint)}.tsr`;
  const token = (await working.read(path)) ?? (await settle(working, path, await ask?.(checkpoint)));
  return token.length === 0 ? [] : [await put(TIMESTAMP, token)];
}

async function settle(working: ArchiveFiles, path: string, token: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
  try {
    await working.putOnce(path, token);
    return token;
  } catch (error) {
    const first = error instanceof LogForked ? await working.read(path) : undefined;
    if (first === undefined) throw error;
    return first;
  }
}
