/** The command that a witness runs: what grows is cosigned into its file, what was rewritten is refused and laid beside. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readNote, verifyCosignature } from '../../shared/archive/note.ts';
import { keyOfSeed, ORIGIN, SIGNER } from '../support/bundles-of.ts';
import { type FollowedLog, followedLog } from '../support/followed-log.ts';
import { runCommand } from '../support/run-command.ts';
import { WITNESS_NAME, witnessOf } from '../support/witnesses.ts';

/** Programs of their own start slowly where all the tests run at once. */
const PATIENCE = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'witness-'));
const [state, key] = [join(folder, 'seen'), join(folder, 'witness.pem')];
writeFileSync(key, keyOfSeed('an archive').export({ format: 'pem', type: 'pkcs8' }));

const entries = Array.from({ length: 600 }, (_, at) => `entry ${at}`);
let shown: FollowedLog;
const asked: string[] = [];
/** What was handed in; taken as long as it is told so. */
const handed: string[] = [];
let takes = true;
const server = createServer(async (request, response) => {
  const path = (request.url ?? '').replace('/api/public/log/', '');
  if (request.method === 'POST' && path === 'cosignatures') {
    handed.push(await text(request));
    response.writeHead(takes ? 200 : 403).end(takes ? '{}' : '{"code":"witness-unknown"}');
    return;
  }
  asked.push(path);
  try {
    response.end(path === 'checkpoint' ? shown.note : await shown.read(path));
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
const bound = server.address();
const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}/api`;
const ALL = [url, '--vkey', SIGNER.vkey, '--name', WITNESS_NAME, '--key', key, '--state', state];

async function run(words: readonly string[]) {
  const heard = await runCommand('infra/cli/witness.ts', words);
  return { ...heard, said: heard.said.replaceAll(`${folder}/`, '') };
}

test(
  'a log that grows, then one with another past',
  async () => {
    shown = await followedLog(entries.slice(0, 300));
    const first = await run(ALL);
    expect(first).toMatchObject({ status: 0, complained: '' });
    expect(first.said).toContain(`Yes: the log ${ORIGIN} has 300 events. Nothing was seen of it before`);

    expect(first.said).toContain('The county has it, for its bundles.');
    expect(handed).toEqual([readFileSync(state, 'utf8')]);

    shown = await followedLog(entries);
    takes = false;
    const grown = await run(ALL);
    expect(grown).toMatchObject({ status: 0, complained: '' });
    expect(grown.said).toContain(`Yes: the log ${ORIGIN} only grew, from 300 to 600 events.`);
    const { vkey } = witnessOf('an archive');
    expect(grown.said).toContain(`Cosigned into seen by ${vkey}`);
    // What it has seen it has seen, whether the county takes it or not.
    expect(grown.said).toContain('The county did not take it in (403): {"code":"witness-unknown"}');
    const kept = readFileSync(state);
    expect(verifyCosignature(readNote(kept, 'seen'), vkey, 'seen')).toBeGreaterThan(1_700_000_000);
    expect(asked.filter((path) => path !== 'checkpoint').every((path) => /^tile\/\d\/\d{3}(?:\.p\/\d+)?$/.test(path))).toBe(true);

    shown = await followedLog([...entries.with(7, 'something else'), 'entry 600']);
    const forked = await run(ALL);
    expect(forked).toMatchObject({ status: 1, complained: '' });
    expect(forked.said).toContain(
      'No, it is not cosigned. the checkpoint seen before: is not the root of the first 600 leaves of the checkpoint offered: the log was forked.',
    );
    expect(handed).toHaveLength(2);
    expect(readFileSync(state)).toEqual(kept);
    expect(readFileSync(`${state}.refused`, 'utf8')).toBe(shown.note);
  },
  PATIENCE,
);

test.each([
  [[url], 'Say a URL, --vkey, --name, --key and --state.'],
  [[...ALL.slice(0, 2), 'key', ...ALL.slice(3)], '--vkey: "key" is not a verifier key'],
  [['http://127.0.0.1:1', ...ALL.slice(1)], 'fetch failed'],
])(
  'witness %j is not understood, or the log is not there: 2, and nothing is kept',
  async (words, sentence) => {
    const { status, complained } = await run(words.map((word) => (word === state ? join(folder, 'none') : word)));
    expect([status, complained]).toEqual([2, expect.stringContaining(sentence)]);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  },
  PATIENCE,
);
