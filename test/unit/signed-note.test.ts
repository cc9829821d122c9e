/** Signed notes, checkpoints, cosignatures and proofs as C2SP has them, and what is refused. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { checkpointText, openCheckpoint, readCheckpoint } from '../../shared/archive/checkpoint.ts';
import { EMPTY_ROOT, leafHash } from '../../shared/archive/merkle.ts';
import { type NoteSigner, readNote, signNote, verifyCosignature, verifyNote } from '../../shared/archive/note.ts';
import { proofFile, readProof } from '../../shared/archive/proof.ts';
import { COSIGNATURE, rawPublicKey, readVkey, vkeyOf } from '../../shared/archive/vkey.ts';
import { sha256 } from '../../shared/draw/bytes.ts';

const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyOf = (seed: string) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(sha256(seed), 'hex')]), format: 'der', type: 'pkcs8' });
const publicOf = (seed: string): Uint8Array => rawPublicKey(createPublicKey(keyOf(seed)).export({ format: 'der', type: 'spki' }));

const ORIGIN = 'log.example/533102';
const signer = (seed: string, name = ORIGIN): NoteSigner => ({
  vkey: vkeyOf(name, publicOf(seed)),
  sign: async (bytes) => sign(null, bytes, keyOf(seed)),
});
const [ONE, TWO] = [signer('one'), signer('two')];
const HEAD = { origin: ORIGIN, size: 1_234, root: leafHash(Buffer.from('entry')) };
const TEXT = checkpointText(HEAD);
const noteOf = (text: string) => readNote(Buffer.from(text), 'checkpoint');

test('the public example is verified, and no changed text is', () => {
  const { name, publicKey } = readVkey(EXAMPLE_KEY);
  expect(vkeyOf(name, publicKey)).toBe(EXAMPLE_KEY);
  expect(verifyNote(noteOf(EXAMPLE), [EXAMPLE_KEY], 'note')).toEqual([EXAMPLE_KEY]);
  expect(() => verifyNote(noteOf(EXAMPLE.replace('example', 'exemple')), [EXAMPLE_KEY], 'note')).toThrow(
    'note: the signature of example.com/foo+530d903a does not fit.',
  );
});

test('a checkpoint is read as it was written; two keys sign while one follows the other', async () => {
  const note = Buffer.from(await signNote(TEXT, [ONE, TWO]));
  const { signedBy, ...rest } = openCheckpoint(note, [TWO.vkey, ONE.vkey], 'checkpoint');
  expect(rest).toMatchObject(HEAD);
  expect(signedBy).toEqual([TWO.vkey, ONE.vkey]);
  expect(openCheckpoint(note, [TWO.vkey], 'checkpoint').signedBy).toEqual([TWO.vkey]);
  expect(await signNote(TEXT, [ONE])).toBe(await signNote(TEXT, [ONE]));
});

test('signatures that nobody knows are passed over, one that is known has to fit', async () => {
  const stranger = await signNote(TEXT, [signer('three')]);
  expect(() => openCheckpoint(Buffer.from(stranger), [ONE.vkey], 'checkpoint')).toThrow(
    /^checkpoint: is signed by none of the keys/,
  );
  expect(() => openCheckpoint(Buffer.from(stranger), [signer('one', 'log.example/533103').vkey], 'checkpoint')).toThrow(
    'is of the log log.example/533102, of which no key is known',
  );
  const both = await signNote(TEXT, [signer('three'), ONE]);
  expect(openCheckpoint(Buffer.from(both), [ONE.vkey], 'checkpoint').signedBy).toEqual([ONE.vkey]);
  const swapped = await signNote(TEXT, [TWO, { ...ONE, sign: TWO.sign }]);
  expect(() => openCheckpoint(Buffer.from(swapped), [ONE.vkey, TWO.vkey], 'checkpoint')).toThrow('does not fit');
});

test('a witness says when it saw a checkpoint', async () => {
  const witness = vkeyOf('archive.example/w1', publicOf('witness'), COSIGNATURE);
  const { name, keyId } = readVkey(witness, COSIGNATURE);
  const lineAt = (seconds: number, seen = seconds): string => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seen}\n${TEXT}`), keyOf('witness'));
    return `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), time, signature]).toString('base64')}\n`;
  };
  const note = await signNote(TEXT, [ONE]);
  const cosigned = noteOf(note + lineAt(1_782_864_000));
  expect(verifyCosignature(cosigned, witness, 'checkpoint')).toBe(1_782_864_000);
  expect(verifyNote(cosigned, [ONE.vkey], 'checkpoint')).toEqual([ONE.vkey]);
  expect(() => verifyCosignature(noteOf(note), witness, 'checkpoint')).toThrow(/is not cosigned by archive.example\/w1/);
  expect(() => verifyCosignature(noteOf(note + lineAt(5, 6)), witness, 'checkpoint')).toThrow('does not fit');
  expect(() => verifyNote(cosigned, [witness], 'checkpoint')).toThrow('is a key of type 4, not of type 1');
});

test.each([
  ['without a signature', `${TEXT}\n`],
  ['without an end', EXAMPLE.slice(0, -1)],
  ['without an empty line', EXAMPLE.replace('\n\n', '\n')],
  ['with another dash', EXAMPLE.replace('—', '-')],
  ['with a tabulator', EXAMPLE.replace('This', '\tThis')],
  ['with a carriage return', EXAMPLE.replaceAll('\n', '\r\n')],
  ['with a signature in another writing', EXAMPLE.replace('aQM=', 'aQN=')],
  ['with a signature twice', EXAMPLE + EXAMPLE.slice(EXAMPLE.indexOf('—'))],
])('a note %s is none', (_, text) => {
  expect(() => noteOf(text)).toThrow(/^checkpoint: /);
});

test('bytes that are no text are no note', () => {
  expect(() => readNote(Buffer.concat([Buffer.of(0xff), Buffer.from(EXAMPLE)]), 'note')).toThrow('note: is not UTF-8.');
});

const ROOT = Buffer.from(EMPTY_ROOT).toString('base64');
test.each([
  `\n5\n${ROOT}\n`,
  `a\n05\n${ROOT}\n`,
  `a\n-1\n${ROOT}\n`,
  `a\n9007199254740993\n${ROOT}\n`,
  `a\n5\n${ROOT.slice(0, -1)}\n`,
  `a\n5\n${ROOT}\nextension\n`,
  `a\n5\n${ROOT}`,
])('%j is no checkpoint', (text) => {
  expect(() => readCheckpoint(text, 'checkpoint')).toThrow('is not a checkpoint');
});

test.each([
  ['', 'is not a verifier key'],
  ['example.com/foo', 'is not a verifier key'],
  [EXAMPLE_KEY.replace('foo', 'f o'), 'is not a verifier key'],
  [EXAMPLE_KEY.replace('foo', 'bar'), 'does not have the id of its key'],
  [EXAMPLE_KEY.replace('530d903a', '530D903A'), 'does not have the id of its key'],
  [EXAMPLE_KEY.replace('U2k', 'U2l'), 'does not have the id of its key'],
  [vkeyOf('w', publicOf('w'), COSIGNATURE), 'is a key of type 4, not of type 1'],
])('%j is no key of a log', (text, what) => {
  expect(() => readVkey(text)).toThrow(what);
});

test('a proof is written and read', async () => {
  const proof = { index: 7, path: [EMPTY_ROOT, HEAD.root], checkpoint: await signNote(TEXT, [ONE]) };
  const text = proofFile(proof);
  expect(text.split('\n').slice(0, 5)).toEqual([
    'c2sp.org/tlog-proof@v1',
    'index 7',
    ROOT,
    Buffer.from(HEAD.root).toString('base64'),
    '',
  ]);
  expect(readProof(Buffer.from(text), 'proof')).toEqual({ ...proof, path: proof.path.map((hash) => Buffer.from(hash)) });
  const alone = { ...proof, path: [] };
  expect(readProof(Buffer.from(proofFile(alone)), 'proof')).toEqual(alone);
  for (const bad of [
    text.replace('@v1', '@v2'),
    text.replace('index 7', 'index 07'),
    text.replace('\nindex', '\nextra AA==\nindex'),
    text.replace(ROOT, `${ROOT} `),
    text.slice(0, 40),
  ])
    expect(() => readProof(Buffer.from(bad), 'proof')).toThrow('proof: is not a proof');
});
