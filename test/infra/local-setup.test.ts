import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { deploySample } from '../../infra/local/deploy.ts';
import { Unready } from '../../infra/local/setup.mjs';

let checkout: string;
const at = (...path: string[]) => join(checkout, ...path);

/** The lock file of a project with one package, and of another version of it. */
const lock = (version: string) =>
  JSON.stringify({
    packages: { 'node_modules/one': { version }, 'node_modules/of-another-platform': { version, optional: true } },
  });

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const folder of ['bin', 'node_modules', 'infra/local']) mkdirSync(at(folder), { recursive: true });
  for (const file of ['setup.mjs', 'start.mjs', 'requirements.txt']) {
    cpSync(join('infra/local', file), at('infra/local', file));
  }
  writeFileSync(at('package-lock.json'), lock('1.0.0'));
  writeFileSync(
    at('node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/one': { version: '1.0.0' } } }),
  );
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** A program of this name, alone with others made so on the path. */
const program = (name: string, script: string) => {
  writeFileSync(at('bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(at('bin', name), 0o755);
};
const python = (name: string, version: readonly number[], venv: boolean, otherwise = 'exit 1') =>
  program(name, `if [ "$1" = -c ]; then echo '${JSON.stringify({ version, venv })}'; else ${otherwise}; fi`);

const start = (environment: Record<string, string> = {}) => {
  const env = { PATH: at('bin'), ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('infra/local/start.mjs')], { env, encoding: 'utf8' });
  return { status, said: stdout, sentence: stderr.trim() };
};

test('without Python it says what to install', () => {
  expect(start()).toMatchObject({
    status: 1,
    sentence: expect.stringMatching(/^There is no Python here: install Python 3\.10 or newer/),
  });
});

test('a Python that is too old is named with its version', () => {
  python('python3', [3, 8, 10], true);
  expect(start()).toMatchObject({
    status: 1,
    sentence: expect.stringMatching(/^Python 3\.8\.10 is too old: install Python 3\.10/),
  });
});

test('a Python without venv, as on a bare Debian, is told which package is missing', () => {
  python('python3', [3, 11, 2], false);
  expect(start()).toMatchObject({
    status: 1,
    sentence: expect.stringMatching(/^Python 3\.11\.2 .*apt install python3\.11-venv/),
  });
});

test('a named Python that does not run is not silently replaced by another', () => {
  python('python3', [3, 12, 0], true);
  expect(start({ PYTHON: '/nowhere/python' }).sentence).toMatch(/^PYTHON names \/nowhere\/python, which does not run/);
});

test('the first Python that fits is taken, and a download that breaks ends in one sentence without a half-made environment', () => {
  python('python3', [3, 9, 1], true);
  // `$3` is the folder of the environment; its own Python can do nothing, so pip fails.
  python(
    'python3.12',
    [3, 12, 4],
    true,
    '/bin/mkdir -p "$3/bin" && echo "#!/bin/sh\nexit 1" > "$3/bin/python" && /bin/chmod +x "$3/bin/python"',
  );
  expect(start()).toMatchObject({
    status: 1,
    said: expect.stringContaining('Installing the emulator'),
    sentence: expect.stringMatching(/^pip could not install the emulator \(details: .*pip\.log\): check the network/),
  });
  expect(existsSync(at('.local/venv'))).toBe(false);
});

test('packages are installed when they are not those of the lock file, whatever the files’ times say', () => {
  utimesSync(at('node_modules/.package-lock.json'), 0, 0);
  expect(start().sentence).toMatch(/^There is no Python/);

  writeFileSync(at('package-lock.json'), lock('1.0.1'));
  program('npm', 'exit 1');
  expect(start()).toMatchObject({
    status: 1,
    sentence: expect.stringMatching(/^npm could not install the packages \(details: .*npm\.log\): check the network/),
  });
});

test('packages that a link leads to are left alone', () => {
  const shared = at('shared');
  cpSync(at('node_modules'), shared, { recursive: true });
  rmSync(at('node_modules'), { recursive: true });
  symlinkSync(shared, at('node_modules'));
  writeFileSync(at('package-lock.json'), lock('1.0.1'));
  program('npm', `/bin/rm -rf ${shared}`);
  expect(start().sentence).toMatch(/node_modules is a link .*: remove the link/);
  expect(existsSync(shared)).toBe(true);
});

test('a deployment that fails ends in one sentence that says what failed, where its log is and what to do', async () => {
  const endpoint = 'http://127.0.0.1:4566';
  const options = {
    endpoint,
    witness: '',
    issuer: endpoint,
    folder: checkout,
    environment: {},
    signal: new AbortController().signal,
  };
  const failing = (name: string) => async (_: string, args: readonly string[]) => (args.includes(name) ? 1 : 0);
  for (const [name, what] of [
    ['bootstrap', 'Preparing the account'],
    ['deploy', 'Deploying the sample county'],
  ] as const) {
    const failed: unknown = await deploySample(options, failing(name)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Unready);
    const sentence = failed instanceof Error ? failed.message : '';
    expect(sentence).toMatch(new RegExp(`^${what} did not succeed .*${checkout}/${name}\\.log\\): mend .* start again, .*\\.$`));
  }
});
