/** Tokens of a time-stamp authority over the checkpoint of a bundle: how they are asked for, and that both verifiers read them alike. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type AskTimestamp, askTimestamp } from '../../functions/close-export/timestamp.ts';
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { CHECKPOINT, TIMESTAMP } from '../../shared/archive/layout.ts';
import { MOST_TIMESTAMP, readTimestamp, timestampRequest } from '../../shared/archive/timestamp.ts';
import { verifyBundle } from '../../shared/archive/verify-bundle.ts';
import { outboundBytes } from '../../shared/data/outbound.ts';
import { digest, sha256 } from '../../shared/draw/bytes.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { manyEvents } from '../support/bundle-cases.ts';
import { dayNamed, type Files, growLog, SIGNER, withManifest } from '../support/bundles-of.ts';
import { judgeByPython } from '../support/python-verifier.ts';
import { type Misbehaviour, TimestampAuthority } from '../support/timestamp-authority.ts';

const authority = new TimestampAuthority();
const log = growLog();
log.append(manyEvents(20));
const bundle = await log.closeDay(dayNamed('2026-03-01'));
const url = await authority.listen();
afterAll(() => authority.stop());

/** What `verify.py` says of the tokens that come in, a line each. */
const READ_BY_PYTHON = `
import importlib.util, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
def said(line):
    try:
        return verify.stamped_hash(bytes.fromhex(line), "the token").hex()
    except verify.Fault:
        return "No"
sys.stdout.write("\\n".join(said(line) for line in sys.stdin.read().split("\\n")))
`;
const VERIFY = fileURLToPath(new URL('../../shared/archive/verify.py', import.meta.url));

const nonceOf = (n: number): Uint8Array => Buffer.alloc(32, n);
const tokenOver = (bytes: Uint8Array | string, nonce = nonceOf(7)): Buffer =>
  authority.answerTo(timestampRequest(digest(bytes), nonce.subarray(0, 8)));
const CHECKPOINT_BYTES = Buffer.from(bundle.note);
const TOKEN = tokenOver(CHECKPOINT_BYTES);

describe('asking', () => {
  const asking = (patienceMs = 5_000): { readonly ask: AskTimestamp; readonly failures: readonly string[] } => {
    const failures: string[] = [];
    let n = 0;
    const ask = askTimestamp({
      ...{ url, patienceMs },
      post: outboundBytes({ allowsLoopback: true, most: MOST_TIMESTAMP }),
      nonce: () => nonceOf(++n),
      failed: (why) => failures.push(why),
    });
    return { ask, failures };
  };
  const saying =
    (bytes: Uint8Array): Misbehaviour =>
    (response) =>
      response.end(bytes);
  const hangs: Misbehaviour = () => {};

  test('a token is about the bytes and answers the request', async () => {
    const { ask, failures } = asking();
    const token = await ask(CHECKPOINT_BYTES);
    const { hash, nonce, time } = readTimestamp(token ?? new Uint8Array(), TIMESTAMP);
    expect(Buffer.from(hash)).toEqual(Buffer.from(digest(CHECKPOINT_BYTES)));
    expect(Buffer.from(nonce ?? [])).toEqual(Buffer.alloc(8, 1));
    expect(time).toMatch(/^20\d{12}Z$/);
    expect(failures).toEqual([]);
  });

  test.each<[why: string, misbehaviour: Misbehaviour, says: RegExp]>([
    ['a fault', (response) => response.writeHead(503).end(), /status 503/],
    ['a way elsewhere', (response) => response.writeHead(302, { location: url }).end(), /status 302/],
    ['nothing', saying(Buffer.alloc(0)), /not a time-stamp token/],
    ['words', saying(Buffer.from('<html>')), /not a time-stamp token/],
    ['half a token', saying(TOKEN.subarray(0, 300)), /not a time-stamp token/],
    ['more than a token', saying(Buffer.concat([TOKEN, TOKEN])), /not a time-stamp token/],
    ['a token that is too long', saying(Buffer.concat([TOKEN, Buffer.alloc(MOST_TIMESTAMP)])), /not a time-stamp token/],
    ['a token over something else', saying(tokenOver('else', nonceOf(1))), /another hash/],
    ['a token that somebody asked for before', saying(TOKEN), /another request/],
    ['a refusal', saying(Buffer.from('30053003020102', 'hex')), /not granted \(status 02\)/],
  ])('%s brings nothing, and is asked again once', async (_, misbehaviour, says) => {
    const { ask, failures } = asking();
    authority.next.push(misbehaviour, misbehaviour, misbehaviour);
    const before = authority.asked;
    expect(await ask(CHECKPOINT_BYTES)).toBeUndefined();
    expect(failures).toEqual([expect.stringMatching(says), expect.stringMatching(says)]);
    expect(authority.asked - before).toBe(2);
    expect(await ask(CHECKPOINT_BYTES)).toBeDefined();
  });

  test('nobody is waited for', async () => {
    const { ask, failures } = asking(100);
    authority.next.push(hangs, hangs);
    expect(await ask(CHECKPOINT_BYTES)).toBeUndefined();
    expect(failures).toHaveLength(2);
  });

  test('of a real county it is asked by https alone', async () => {
    const failures: string[] = [];
    const post = outboundBytes({ allowsLoopback: false });
    const ask = askTimestamp({ url, post, nonce: () => nonceOf(1), failed: (why) => failures.push(why) });
    const before = authority.asked;
    expect(await ask(CHECKPOINT_BYTES)).toBeUndefined();
    expect([failures.length, authority.asked]).toEqual([2, before]);
  });
});

describe('in a bundle', () => {
  const having = (token: Uint8Array, path = TIMESTAMP): Files => {
    const { files: _, ...said } = bundle.manifest;
    return withManifest(new Map([...bundle.files, [path, token]]), said);
  };
  const byNode = async (files: Files) => {
    const verdict = await verifyBundle(filesInMemory(files), { vkeys: [SIGNER.vkey] });
    return verdict.ok ? 'ok' : verdict.fault.message;
  };
  const byPython = (...all: readonly Files[]) =>
    judgeByPython(all.map((files) => ({ bundles: [files], vkeys: [SIGNER.vkey] }))).map(({ ok, says }) => (ok ? 'ok' : says));

  test('tokens over its checkpoint pass, of several authorities too; any other is refused', async () => {
    const two = withManifest(new Map([...having(TOKEN).entries(), ['another.tsr', tokenOver(CHECKPOINT_BYTES)]]), {
      ...bundle.manifest,
    });
    const cases: readonly (readonly [Files, string | RegExp])[] = [
      [having(TOKEN), 'ok'],
      [two, 'ok'],
      [having(tokenOver(bundle.note.replace('\n20\n', '\n21\n'))), new RegExp(`about something else than ${CHECKPOINT}`)],
      [having(tokenOver(bundle.note.split('\n\n')[0] ?? '')), /about something else/],
      [having(Buffer.from('a token')), /is not a time-stamp token/],
      [having(Buffer.alloc(0)), /is not a time-stamp token/],
      [having(TOKEN, 'log/checkpoint.tsr'), /belong|has no place/],
    ];
    const judged = byPython(...cases.map(([files]) => files));
    for (const [at, [files, says]] of cases.entries()) {
      for (const said of [await byNode(files), judged[at]])
        expect(said).toEqual(says === 'ok' ? 'ok' : expect.stringMatching(says));
    }
  });

  test('both verifiers read the same of a token, whatever is done to it', () => {
    const flipped = Array.from(TOKEN, (byte, at) => {
      const bytes = Buffer.from(TOKEN);
      bytes[at] = byte ^ (1 << (at % 8));
      return bytes;
    });
    const cut = Array.from(TOKEN, (_, at) => TOKEN.subarray(0, at));
    const longer = Array.from(TOKEN, (_, at) => Buffer.concat([TOKEN.subarray(0, at), TOKEN.subarray(at - 1)]));
    const tokens = [TOKEN, ...flipped, ...cut, ...longer];
    const own = tokens.map((token) => {
      try {
        return Buffer.from(readTimestamp(token, TIMESTAMP).hash).toString('hex');
      } catch (error) {
        if (error instanceof Fault) return 'No';
        throw error;
      }
    });
    const input = tokens.map((token) => token.toString('hex')).join('\n');
    const { stdout, stderr } = spawnSync('python3', ['-I', '-B', '-c', READ_BY_PYTHON, VERIFY], { input });
    expect(stderr.toString()).toBe('');
    expect(stdout.toString().split('\n')).toEqual(own);
    expect(own[0]).toBe(sha256(CHECKPOINT_BYTES));
    expect(own.filter((said) => said === 'No').length).toBeGreaterThan(TOKEN.length);
  });
});
