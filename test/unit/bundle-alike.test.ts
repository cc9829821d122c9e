/** Where the two verifiers of bundles could part: the bundle before, keys of odd forms, notes at their bounds, salts and lists without an end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolder } from '../../infra/cli/read-folder.ts';
import { readWhole } from '../../shared/archive/bundle-files.ts';
import { cosignatureLine, lineOf, readNote, signNote } from '../../shared/archive/note.ts';
import { vkeyOf } from '../../shared/archive/vkey.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { manyEvents, SALTED } from '../support/bundle-cases.ts';
import { bundlesOfCounty } from '../support/bundle-county.ts';
import { changed, eventPaths, forged, linesIn } from '../support/bundle-forgery.ts';
import { judgeByBoth } from '../support/bundle-verifiers.ts';
import { COUNTY, dayNamed, growLog, ORIGIN, SIGNER, signerOf, type TestBundle } from '../support/bundles-of.ts';
import { type JudgedCase, runVerifier, writeFiles } from '../support/python-verifier.ts';
import { witnessOf } from '../support/witnesses.ts';

const { one, two, nothing, hazard } = await bundlesOfCounty();
const witness = witnessOf('an archive');
const stranger = signerOf('a stranger');
const textOf = (note: string): string => `${note.split('\n\n')[0]}\n`;

/** What is said of each case, and by whom otherwise than it ought to be. */
async function expectAlike(rows: readonly (readonly [name: string, isTrue: boolean, of: JudgedCase])[]): Promise<void> {
  const said = await judgeByBoth(rows.map(([, , of]) => ({ vkeys: [SIGNER.vkey], ...of })));
  expect(rows.map(([name], at) => [name, said[at]?.here.ok, said[at]?.python.ok])).toEqual(
    rows.map(([name, isTrue]) => [name, isTrue, isTrue]),
  );
}

test('the bundle before: its manifest and its checkpoint as they are named, and nothing else of it', async () => {
  const [old, young] = [signerOf('the old key'), signerOf('the young key')];
  const log = growLog();
  log.append(manyEvents(10));
  const first = await log.closeDay(dayNamed('2026-03-01'), undefined, { signers: [old] });
  const day = { kind: 'day', from: dayNamed('2026-03-02'), to: dayNamed('2026-03-02') } as const;
  const cut = await log.cut({ ...day, sequence: 2, first: 10, end: log.size, previous: first, signers: [young] });
  const rotated = forged(cut, {
    put: {
      'log/vkey': [old.vkey, young.vkey]
        .sort()
        .map((vkey) => `${vkey}\n`)
        .join(''),
    },
  });
  const seen = forged(two, {
    put: {
      'log/checkpoint': `${two.note}${await cosignatureLine(readNote(Buffer.from(two.note), 'note'), witness, 1_772_380_800)}`,
    },
  });
  const record = { kind: 'record', from: day.from, to: day.to } as const;
  const earlier = await log.cut({ ...record, sequence: 1, first: 2, end: 3, indexes: [2] });
  const later = await log.cut({ ...record, sequence: 2, first: 3, end: 4, indexes: [3], previous: earlier });
  const after = (before: TestBundle, put: Parameters<typeof changed>[1]): JudgedCase => ({
    bundles: [two.files],
    previous: changed(before.files, put),
  });
  const other = await signNote(textOf(one.note), [stranger]);
  await expectAlike([
    ['a day that no witness saw', true, { bundles: [seen], previous: one.files, witnesses: [witness.vkey] }],
    ['a day of a retired key', true, { bundles: [rotated], previous: first.files, vkeys: [young.vkey] }],
    ['the same without a key', true, { bundles: [rotated], previous: first.files, vkeys: [] }],
    ['its text signed by a stranger', false, after(one, { 'log/checkpoint': other })],
    ['its text with another line', false, after(one, { 'log/checkpoint': `${one.note}${other.split('\n\n')[1]}` })],
    ['another checkpoint', false, after(one, { 'log/checkpoint': two.note })],
    ['no checkpoint', false, after(one, { 'log/checkpoint': undefined })],
    ['no manifest', false, after(one, { 'manifest.json': undefined })],
    ['another manifest', false, after(one, { 'manifest.json': two.files.get('manifest.json') })],
    ['keys that cannot be read', true, after(one, { 'log/vkey': 'keys\n' })],
    [
      'nothing but the two',
      true,
      after(
        one,
        Object.fromEntries(
          [...one.files.keys()]
            .filter((path) => !['manifest.json', 'log/checkpoint'].includes(path))
            .map((path) => [path, undefined]),
        ),
      ),
    ],
    ['a record', true, { bundles: [later.files], previous: earlier.files }],
    [
      'a record whose checkpoint is another',
      false,
      { bundles: [later.files], previous: changed(earlier.files, { 'log/checkpoint': other }) },
    ],
  ]);
}, 60_000);

const le = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
const P = 2n ** 255n - 19n;
const SIGN = 2n ** 255n;
const OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

test('a public key is written in its one way, and is no point of small order', async () => {
  const points = [0n, 1n, P - 1n, OF_ORDER_8, P - OF_ORDER_8].flatMap((y) => [y, y + SIGN]);
  // R is the point of nothing and S is 0: this fits where the key is, or is taken for, the point of nothing.
  const signature = Buffer.concat([le(1n), Buffer.alloc(32)]);
  const rows = [...points, P, P + 1n, P + 1n + SIGN, P + 18n].map((encoded) => {
    const vkey = vkeyOf(ORIGIN, le(encoded));
    const note = `${textOf(one.note)}\n${lineOf({ name: ORIGIN, keyId: vkey.split('+')[1] ?? '', signature })}`;
    const files = forged(one, { put: { 'log/checkpoint': note, 'log/vkey': `${vkey}\n` } });
    return [
      [`${encoded} given`, false, { bundles: [files], vkeys: [vkey] }],
      [`${encoded} of the bundle`, false, { bundles: [files], vkeys: [] }],
      [`${encoded} beside that of the log`, false, { bundles: [one.files], vkeys: [SIGNER.vkey, vkey] }],
    ] as const;
  });
  await expectAlike(rows.flat());
}, 60_000);

test('a name has no white space, whatever the language calls so', async () => {
  const names = ['\u0085', '\u00a0', '\u1680', '\u2000', '\u2028', '\u202f', '\u3000', '\ufeff', '\u007f', '\u009f'];
  const line = (name: string): string => `— ${name} ${Buffer.alloc(68, 9).toString('base64')}\n`;
  const noted = (name: string): JudgedCase => ({
    bundles: [forged(one, { put: { 'log/checkpoint': `${one.note}${line(name)}` } })],
  });
  await expectAlike([
    ...names.map((each) => [`U+${each.charCodeAt(0).toString(16)}`, false, noted(`a${each}b`)] as const),
    ...['\u180e', '\u200b', '\u00ad', '\u{1f600}', '见证'].map((each) => [each, true, noted(`a${each}b`)] as const),
  ]);
}, 60_000);

test('a checkpoint from elsewhere is one of the log’s own keys, and not longer than a note is', async () => {
  const line = (name: string, size: number): string => `— ${name} ${Buffer.alloc(size, 9).toString('base64')}\n`;
  const elsewhere = signerOf('elsewhere', `log.other/${COUNTY}`);
  let long = one.note;
  for (let at = 0; Buffer.byteLength(long) + 1_600 < 65_536; at += 1) long += line(`y${at}`, 800);
  const left = 65_536 - Buffer.byteLength(long);
  const names = Array.from({ length: 1_300 }, (_, at) => 'z'.repeat(at + 1));
  const last = names.map((name) => line(name, 300)).find((each) => Buffer.byteLength(each) === left) ?? '';
  const next = (note: string, keys: readonly string[] = []): JudgedCase => ({
    bundles: [two.files],
    checkpoints: [note],
    vkeys: [SIGNER.vkey, ...keys],
  });
  expect(Buffer.byteLength(long + last)).toBe(65_536);
  await expectAlike([
    ['as long as it may be', true, next(long + last)],
    ['and something after it', false, next(`${long}${last}JUNK\n`)],
    ['signed by a given key of another log', false, next(await signNote(textOf(one.note), [elsewhere]), [elsewhere.vkey])],
    ['signed by that key too', true, next(await signNote(textOf(one.note), [elsewhere, SIGNER]), [elsewhere.vkey])],
  ]);
}, 60_000);

test('salts end with a line feed, and a list of no evidence may be empty', async () => {
  const salted = eventPaths(one.files)
    .flatMap((path) => linesIn(one.files, path))
    .find((line) => line.includes('sxj-pii-1:'));
  const { subject, sequence }: { subject: string; sequence: number } = JSON.parse(salted ?? '');
  const line = Buffer.from(canonical({ subject, sequence, values: [{ ...SALTED }] })).toString();
  const salts = (text: string): JudgedCase => ({ bundles: [one.files], salts: text });
  await expectAlike([
    ['salts', true, salts(`${line}\n`)],
    ['salts without an end', false, salts(line)],
    ['salts with an empty line', false, salts(`${line}\n\n`)],
    ['no salts', true, salts('')],
    ['an empty list of evidence', true, { bundles: [forged(nothing, { put: { 'evidence.jsonl': '' } })] }],
    [
      'an empty list in a bundle of a hazard',
      !hazard.files.has('evidence.jsonl'),
      { bundles: [forged(hazard, { put: { 'evidence.jsonl': '' } })] },
    ],
    ['an empty list where evidence is named', false, { bundles: [forged(one, { put: { 'evidence.jsonl': '' } })] }],
  ]);
}, 60_000);

describe('links and pipes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alike-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const bundle = writeFiles(join(folder, 'true'), two.files);
  const linked = writeFiles(
    join(folder, 'linked'),
    changed(one.files, { 'log/checkpoint': undefined, 'manifest.json': undefined }),
  );
  const outside = writeFiles(join(folder, 'outside'), one.files);
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  symlinkSync(join(outside, 'manifest.json'), join(linked, 'manifest.json'));
  symlinkSync(join(outside, 'log'), join(inner, 'log'));
  symlinkSync('/dev/zero', join(inner, 'SHA256SUMS'));

  test('are not read, not even by the name that is asked for', async () => {
    for (const [at, path] of [
      [linked, 'manifest.json'],
      [inner, 'log/checkpoint'],
      [inner, 'SHA256SUMS'],
    ] as const)
      await expect(readWhole(readFolder(at), path, 1 << 20)).rejects.toThrow(`${path}: is a link`);
    await expect(readWhole(readFolder(folder), 'true', 1 << 20)).rejects.toThrow('true: is not a file');
    const said = (...words: readonly string[]) => runVerifier(folder, ...words, '--vkey', SIGNER.vkey);
    expect(said(bundle, '--previous', linked)).toEqual({ code: 1, says: expect.stringContaining('manifest.json: is a link') });
    expect(said(inner)).toEqual({ code: 1, says: expect.stringContaining('SHA256SUMS: is a link') });
  });
});
