/** `verify.py` as a program: what it needs, how it ends, and what it says. */
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tilePath } from '../../shared/archive/paths.ts';
import { manyEvents } from '../support/bundle-cases.ts';
import { changed } from '../support/bundle-forgery.ts';
import { dayNamed, growLog, SIGNER, signerOf } from '../support/bundles-of.ts';
import { inFolder, runVerifier, writeFiles } from '../support/python-verifier.ts';

const VERIFY = fileURLToPath(new URL('../../shared/archive/verify.py', import.meta.url));

const log = growLog();
log.append(manyEvents(40));
const one = await log.closeDay(dayNamed('2026-03-01'));
const two = await log.closeDay(dayNamed('2026-03-02'), one);

test('it is Python 3.8 and needs the standard library alone', () => {
  const program = `
import ast, sys
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read(), feature_version=(3, 8))
for node in ast.walk(tree):
    if isinstance(node, ast.Import): print("\\n".join(each.name for each in node.names))
    if isinstance(node, ast.ImportFrom): print(node.module)
`;
  const imported = execFileSync('python3', ['-c', program, VERIFY]).toString().trimEnd().split('\n');
  const library = execFileSync('python3', ['-c', 'import sys; print(*sys.stdlib_module_names)']).toString().trimEnd().split(' ');
  expect(imported.filter((name) => !library.includes(name))).toEqual([]);
}, 60_000);

test('tiles have their names in trees of any size', () => {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
verify.Tiles(None, 2 ** 40, json.load(sys.stdin))
`;
  const paths = [0, 255, 999, 1_000, 3_906, 999_999, 1_000_000, 1_234_067].map((n) => `log/${tilePath(0, n)}`);
  execFileSync('python3', ['-B', '-c', program, dirname(VERIFY)], { input: JSON.stringify(paths) });
}, 60_000);

test('Ed25519 is that of RFC 8032', () => {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
for key, message, signature in json.load(sys.stdin):
    print(verify.is_signed(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)))
`;
  const vectors = [
    [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
    [
      'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
    ],
  ] as const;
  const [, [key, message, signature]] = vectors;
  // S with the order of the group added: the same point, another signature. RFC 8032 refuses it.
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(signature.slice(64), 'hex').reverse().toString('hex')}`) + order;
  const other = `${signature.slice(0, 64)}${Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex')}`;
  const wrong = [
    [key, '73', signature],
    [key, message, `93${signature.slice(2)}`],
    [key, message, other],
    ['ff'.repeat(32), message, signature],
    [key, message, signature.slice(2)],
  ];
  const said = execFileSync('python3', ['-B', '-c', program, join(VERIFY, '..')], {
    input: JSON.stringify([...vectors, ...wrong]),
  });
  expect(said.toString().trimEnd().split('\n')).toEqual([...vectors.map(() => 'True'), ...wrong.map(() => 'False')]);
}, 60_000);

/** How it ends for each of some calls, in one run of Python. */
function endsOf(cwd: string, calls: readonly (readonly string[])[]): unknown {
  const program = `
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
import verify
ends = []
for call in json.load(sys.stdin):
    try:
        with contextlib.redirect_stderr(io.TextIOWrapper(io.BytesIO())):
            ends.append(verify.main(call))
    except SystemExit as end:
        ends.append(end.code)
print(json.dumps(ends))
`;
  return JSON.parse(
    execFileSync('python3', ['-B', '-c', program, dirname(VERIFY)], { cwd, input: JSON.stringify(calls) }).toString(),
  );
}

describe('as a program', () => {
  test(
    'it ends with 0 and a sentence, 1 and the first fault, 2 for a wrong call',
    () =>
      inFolder((folder) => {
        writeFiles(join(folder, 'true'), one.files);
        writeFiles(join(folder, 'next'), two.files);
        writeFiles(join(folder, 'changed'), changed(one.files, { 'views/events.csv': 'x' }));
        const run = (...args: readonly string[]) => runVerifier(folder, ...args);
        const vkey = ['--vkey', SIGNER.vkey];
        expect(run('true', ...vkey)).toEqual({
          code: 0,
          says: expect.stringMatching(/^day-000001 of 533102 .*: 40 events [\s\S]*\nYes: .*验证通过。\n$/),
        });
        expect(run('next', 'true', ...vkey)).toMatchObject({ code: 0 });
        expect(run('next', '--previous', 'true', ...vkey)).toMatchObject({ code: 0 });
        expect(run('true', ...vkey, '--closed-by', 'next')).toEqual({
          code: 0,
          says: expect.stringContaining(`SHA-256 ${one.hash}; the log has it, too.`),
        });
        expect(run('next', ...vkey, '--checkpoint', 'true/log/checkpoint', '--root', `40:${one.manifest.root}`)).toMatchObject({
          code: 0,
          says: expect.stringContaining('true/log/checkpoint: the log had this root.'),
        });
        expect(run('true', ...vkey, '--checkpoint', 'next/log/checkpoint')).toMatchObject({ code: 1 });
        expect(run('changed', ...vkey)).toEqual({
          code: 1,
          says: 'No. views/events.csv: is not the file whose hash SHA256SUMS gives.\n不通过：校验和。\n',
        });
        expect(run('true', '--vkey', signerOf('another').vkey)).toMatchObject({
          code: 1,
          says: expect.stringContaining('log/checkpoint'),
        });
        const wrong = [
          [],
          ['nowhere'],
          ['true', '--vkey', 'key'],
          ['true', '--salts', 'none'],
          ['true', '--what'],
          ['true', '--witness', SIGNER.vkey],
          ['true', '--closed-by', 'nowhere'],
          ['true', '--checkpoint', 'nowhere'],
          ['true', '--root', '40'],
        ];
        expect(endsOf(folder, wrong)).toEqual(wrong.map(() => 2));
      }),
    60_000,
  );

  test(
    'without a key it says loudly that nothing is proved of who signed',
    () =>
      inFolder((folder) => {
        const { code, says } = runVerifier(writeFiles(join(folder, 'true'), one.files), '.');
        expect(code).toBe(0);
        expect(says).toContain('THIS PROVES NOTHING ABOUT WHO SIGNED IT');
        expect(says).toContain('不能证明由谁签名');
        expect(says).not.toContain('验证通过');
      }),
    60_000,
  );

  test(
    'links are not followed, and sentences cannot play with the terminal',
    () =>
      inFolder((folder) => {
        writeFileSync(join(folder, 'outside'), one.files.get('README.md') ?? '');
        const linked = writeFiles(join(folder, 'linked'), changed(one.files, { 'README.md': undefined }));
        symlinkSync('../outside', join(linked, 'README.md'));
        expect(runVerifier(linked, '.', '--vkey', SIGNER.vkey)).toMatchObject({
          code: 1,
          says: expect.stringContaining('README.md: is a link'),
        });
        const odd = writeFiles(join(folder, 'odd'), changed(one.files, { 'a\u001b[31m': '' }));
        expect(runVerifier(odd, '.').says).toMatch(/^No\. a\?\[31m: is a file that SHA256SUMS does not name\.\n/);
      }),
    60_000,
  );
});
