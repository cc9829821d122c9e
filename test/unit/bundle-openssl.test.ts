/** The commands that a bundle's README tells, run as they stand there: an auditor has Python and openssl, and that is enough. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manyEvents } from '../support/bundle-cases.ts';
import { dayNamed, growLog, SIGNER, signerOf } from '../support/bundles-of.ts';
import { inFolder, writeFiles } from '../support/python-verifier.ts';

const log = growLog();
log.append(manyEvents(20));
const bundle = await log.closeDay(dayNamed('2026-03-01'));
const commandsOf = (readme: string): readonly string[] =>
  Array.from(
    Buffer.from(bundle.files.get(readme) ?? '')
      .toString()
      .matchAll(/^```sh\n([\s\S]*?)^```/gm),
    ([, block = '']) => block,
  );

const run = (cwd: string, block: string, vkey = SIGNER.vkey) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', block.replaceAll('<key>', vkey)], { cwd });
  return { status, says: `${stdout}${stderr}` };
};

test('both languages tell the same commands', () => {
  expect(commandsOf('README.md')).toHaveLength(3);
  expect(commandsOf('README.zh.md')).toEqual(commandsOf('README.md'));
}, 60_000);

test(
  'sums and verify.py pass, and leave the folder as it was',
  () =>
    inFolder((folder) => {
      const [block = ''] = commandsOf('README.md');
      const there = writeFiles(join(folder, 'bundle'), bundle.files);
      for (const _ of [1, 2]) expect(run(there, block)).toMatchObject({ status: 0, says: expect.stringContaining('验证通过') });
      expect(run(there, block, signerOf('another').vkey)).toMatchObject({ status: 1 });
    }),
  60_000,
);

test(
  'openssl verifies the signature of the checkpoint',
  () =>
    inFolder((folder) => {
      const [, block = ''] = commandsOf('README.md');
      const there = writeFiles(join(folder, 'bundle'), bundle.files);
      expect(run(there, block)).toEqual({ status: 0, says: 'Signature Verified Successfully\n' });
      expect(run(there, block, signerOf('another').vkey).status).not.toBe(0);
      writeFileSync(join(there, 'log/checkpoint'), bundle.note.replace('\n20\n', '\n21\n'));
      expect(run(there, block).status).not.toBe(0);
    }),
  60_000,
);

test(
  'openssl verifies a time-stamp token over it',
  () =>
    inFolder((folder) => {
      const [, , block = ''] = commandsOf('README.md');
      const there = writeFiles(join(folder, 'bundle'), bundle.files);
      const authority = `
[tsa]
default_tsa = own
[own]
serial = ${folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
`;
      writeFileSync(join(folder, 'tsa.cnf'), authority);
      writeFileSync(join(folder, 'serial'), '01\n');
      const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        'tsa.key',
        '-out',
        'bundle/tsa.pem',
        '-subj',
        '/CN=tsa',
        '-addext',
        'extendedKeyUsage=critical,timeStamping',
      );
      openssl('ts', '-query', '-data', 'bundle/log/checkpoint', '-sha256', '-cert', '-out', 'query.tsq');
      openssl(
        'ts',
        '-reply',
        '-config',
        'tsa.cnf',
        '-queryfile',
        'query.tsq',
        '-signer',
        'bundle/tsa.pem',
        '-inkey',
        'tsa.key',
        '-out',
        'bundle/checkpoint.tsr',
      );
      expect(run(there, block)).toMatchObject({ status: 0, says: expect.stringContaining('Verification: OK') });
      writeFileSync(join(there, 'log/checkpoint'), bundle.note.replace('\n20\n', '\n21\n'));
      expect(run(there, block).status).not.toBe(0);
    }),
  60_000,
);
