/**
 * `npm run witness -- URL --vkey KEY --name NAME --key PEM --state FILE`: what a witness of a county's log does every so often (an archive, an
 * association, a notary; any machine but the operator's). It fetches the newest checkpoint of the log behind URL and the tiles that it needs,
 * holds them against the checkpoint in FILE, which it cosigned before, and only then cosigns the new one into FILE and hands it to the county, whose
 * bundles hold it from then on. What does not go on from there is not cosigned: it is laid beside, for two signed checkpoints that exclude each
 * other prove who rewrote the log. FILE is what counts: a county that does not take it in is told, and changes nothing.
 * Ends with 0 where it cosigned, 1 where it refused, 2 where the command is not understood or the log cannot be read.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { HASH_BYTES } from '../../shared/archive/merkle.ts';
import type { NoteSigner } from '../../shared/archive/note.ts';
import { TILE } from '../../shared/archive/paths.ts';
import { MOST_NOTE } from '../../shared/archive/verify-log.ts';
import { COSIGNATURE, rawPublicKey, readVkey, vkeyOf } from '../../shared/archive/vkey.ts';
import { cosign } from '../../shared/archive/witness.ts';
import { epochMs } from '../../shared/domain/calendar.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { now } from '../../shared/runtime/clock.ts';

const HOW = `As in: npm run witness -- https://host --vkey KEY --name archive.example/witness --key witness.pem --state seen.checkpoint
KEY is the log's verifier key from the gazette or the county's site (several while one replaces another). witness.pem is made once, by
openssl genpkey -algorithm ed25519 -out witness.pem`;

const PATIENCE_MS = 30_000;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function fail(sentence: string): never {
  console.error(`${sentence}\n${HOW}`);
  process.exit(2);
}

function read(words: readonly string[]) {
  const option = { type: 'string' } as const;
  const options = { vkey: { ...option, multiple: true }, name: option, key: option, state: option } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const { vkey = [], name, key, state } = values;
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0 || vkey.length === 0 || !name || !key || !state)
    throw new Error('Say a URL, --vkey, --name, --key and --state.');
  for (const one of vkey) readVkey(one, undefined, '--vkey');
  return { url: new URL(url), vkey, witness: signerOf(name, key), state };
}

function signerOf(name: string, file: string): NoteSigner {
  const key = createPrivateKey(readFileSync(file));
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { vkey: vkeyOf(name, rawPublicKey(spki), COSIGNATURE), sign: async (bytes) => sign(null, bytes, key) };
}

const addressOf = (url: URL, path: string): URL => new URL(`public/log/${path}`, url.href.endsWith('/') ? url : `${url.href}/`);

/** Nothing is followed, and no more is read than there may be. */
async function asked(address: URL, most: number, more: RequestInit = {}): Promise<{ status: number; body: Buffer }> {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS), ...more });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > most) throw new Error(`${address.href} has more than ${most} bytes`);
    pieces.push(piece);
  }
  return { status: response.status, body: Buffer.concat(pieces) };
}

/** A file of the log by its public address. */
async function fetched(url: URL, path: string, most: number): Promise<Uint8Array> {
  const address = addressOf(url, path);
  const { status, body } = await asked(address, most);
  if (status !== 200) throw new Error(`${address.href} answers ${status}`);
  return body;
}

/** Hands the county what was cosigned; says in a sentence what became of it. */
async function handedIn(url: URL, note: string): Promise<string> {
  const more = { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: note };
  try {
    const { status, body } = await asked(addressOf(url, 'cosignatures'), MOST_NOTE, more);
    if (status === 200) return 'The county has it, for its bundles.';
    return `The county did not take it in (${status}): ${body.toString().slice(0, 1_000) || 'it says nothing'}`;
  } catch (error) {
    return `The county did not take it in: ${sentenceOf(error)}`;
  }
}

/** Whole or not at all: what a witness has seen it must not lose. */
function keep(file: string, bytes: Uint8Array | string): void {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

async function main(words: readonly string[]): Promise<number> {
  const { url, vkey, witness, state } = read(words);
  const offered = await fetched(url, 'checkpoint', MOST_NOTE);
  const seen = existsSync(state) ? readFileSync(state) : undefined;
  try {
    const { note, checkpoint, before } = await cosign(offered, {
      ...{ vkeys: vkey, witness, seen },
      read: (path) => fetched(url, path, TILE * HASH_BYTES),
      seconds: Math.floor(epochMs(now()) / 1000),
    });
    keep(state, note);
    const events = checkpoint.size.toLocaleString('en');
    console.log(
      before === undefined
        ? `Yes: the log ${checkpoint.origin} has ${events} events. Nothing was seen of it before, so nothing older is vouched for.`
        : `Yes: the log ${checkpoint.origin} only grew, from ${before.size.toLocaleString('en')} to ${events} events.`,
    );
    console.log(`Cosigned into ${state} by ${witness.vkey}`);
    console.log(await handedIn(url, note));
    return 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    keep(`${state}.refused`, offered);
    console.log(`No, it is not cosigned. ${error.message}`);
    console.log(`What was offered lies in ${state}.refused, what was seen before in ${state}: keep both.`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => fail(sentenceOf(error)));
