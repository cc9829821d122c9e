/** The command that a doubter runs: a clear sentence, and an exit code that a script can go by. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { revealed } from '../support/draws.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, bundle: ReadonlyMap<string, Uint8Array>): string {
  const at = join(folder, name);
  mkdirSync(at);
  for (const [file, bytes] of bundle) writeFileSync(join(at, file), bytes);
  return at;
}

const run = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'infra/cli/verify.ts', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
  });
  return { status, said: stdout.replaceAll(`${folder}/`, ''), complained: stderr };
};

const one = revealed();
const two = revealed({ number: 2, previous: sha256(one.get('announcement.json') ?? ''), period: '2026-04' });
const [first, second] = [written('000001', one), written('000002', two)];
const hidden = written('hidden', new Map([...two].filter(([file]) => file === 'announcement.json')));
const steered = written(
  'steered',
  new Map([...one, ['result-1.json', Buffer.from(one.get('result-1.json') ?? []).fill('9', 300, 301)]]),
);

test('a bundle that is whole: yes and 0', () => {
  expect(run('draw', first)).toEqual({
    status: 0,
    complained: '',
    said:
      '533102.YJJ:000001 (RANDOM.RED 2026-03): 4 of 11 objects drawn in 1 iteration, replayed byte for byte.\n' +
      '  Note: The numbers of ssq 2026023 are taken from randomness.json: compare them with what was published.\n' +
      'Yes: the bundle is complete and leads to what it says.\n',
  });
});

test('a bundle that was touched: no, where, and 1', () => {
  const { status, said } = run('draw', steered);
  expect(status).toBe(1);
  expect(said).toMatch(/^No\. result-1\.json/);
});

test('a series: yes and 0 as long as what is hidden is not due', () => {
  const series = run('draws', second, first, '--at', '2026-04-01T00:00:00Z');
  expect([series.status, series.said.split('\n').at(-2)]).toEqual([
    0,
    'Yes: 533102.YJJ has 2 draws, none of them void, numbered and chained without a gap, as of 2026-04-01T00:00:00Z.',
  ]);
  const end = { algorithm: 'sxj-draw-1', announcement: sha256(one.get('announcement.json') ?? ''), reason: '作废' };
  const voided = written('void', new Map([...one, ['void.json', canonical({ ...end, voidedAt: '2026-03-05T00:00:00Z' })]]));
  expect(run('draws', voided, second, '--at', '2026-04-01T00:00:00Z').said).toContain(
    'has 2 draws, 1 of them void (1 after it was drawn), numbered',
  );
  const open = run('draws', first, hidden, '--at', '2026-04-01T00:00:00Z');
  expect([open.status, open.said]).toEqual([0, expect.stringContaining('announced, to be revealed by 2026-04-10T00:00:00Z')]);
  const late = run('draws', first, hidden, '--at', '2026-04-10T00:00:00Z');
  expect([late.status, late.said]).toEqual([
    1,
    'No. hidden/randomness.json: is missing: the draw was not revealed in time, by 2026-04-10T00:00:00Z.\n',
  ]);
});

test.each([
  [[], 'Say what to verify'],
  [['draw'], 'Say one folder.'],
  [['draws'], 'Say the folders of all draws of one authority.'],
  [['draw', 'nowhere'], 'nowhere cannot be read'],
  [['draws', first, '--at', 'tomorrow'], '"tomorrow" is not an instant.'],
])('verify %j is not understood: what to do, and 2', (words, sentence) => {
  const { status, complained } = run(...words);
  expect(status).toBe(2);
  expect(complained).toContain(sentence);
  expect(complained).toContain('As in: npm run verify -- draw FOLDER');
});
