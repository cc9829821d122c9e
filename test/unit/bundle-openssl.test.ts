/** The commands that a bundle's README tells, run as they stand there: an auditor has Python and openssl, and that is enough. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timestampRequest } from '../../shared/archive/timestamp.ts';
import { digest } from '../../shared/draw/bytes.ts';
import { manyEvents } from '../support/bundle-cases.ts';
import { dayNamed, growLog, SIGNER, signerOf } from '../support/bundles-of.ts';
import { inFolder, writeFiles } from '../support/python-verifier.ts';
import { TimestampAuthority } from '../support/timestamp-authority.ts';

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
  'openssl verifies a time-stamp token over it, by the certificate of its authority',
  () =>
    inFolder((folder) => {
      const [, , block = ''] = commandsOf('README.md');
      const there = writeFiles(join(folder, 'bundle'), bundle.files);
      const authority = new TimestampAuthority();
      writeFileSync(
        join(there, 'checkpoint.tsr'),
        authority.answerTo(timestampRequest(digest(bundle.note), Buffer.alloc(8, 255))),
      );
      copyFileSync(authority.root, join(there, 'tsa.pem'));
      expect(run(there, block)).toMatchObject({ status: 0, says: expect.stringContaining('Verification: OK') });
      const another = new TimestampAuthority();
      copyFileSync(another.root, join(there, 'tsa.pem'));
      expect(run(there, block).status).not.toBe(0);
      copyFileSync(authority.root, join(there, 'tsa.pem'));
      writeFileSync(join(there, 'log/checkpoint'), bundle.note.replace('\n20\n', '\n21\n'));
      expect(run(there, block).status).not.toBe(0);
      for (const one of [authority, another]) one.stop();
    }),
  60_000,
);
