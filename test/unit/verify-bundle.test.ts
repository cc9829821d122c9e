/** What the verifier says: the first fault in the order of the format, in a sentence with file and place. */
import { type BundleFiles, filesInMemory } from '../../shared/archive/bundle-files.ts';
import { openCheckpoint } from '../../shared/archive/checkpoint.ts';
import { roleOf } from '../../shared/archive/layout.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { verifyBundle, verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { checkConsistency, type NamedCheckpoint, tilesIn } from '../../shared/archive/verify-checkpoints.ts';
import { manyEvents, SALTED } from '../support/bundle-cases.ts';
import { bundlesOfCounty } from '../support/bundle-county.ts';
import { changed, eventPaths, forged, linesIn, withLines } from '../support/bundle-forgery.ts';
import { dayNamed, type Files, growLog, SIGNER, signerOf, type TestBundle } from '../support/bundles-of.ts';

const { one, two, three, hazard } = await bundlesOfCounty();
const vkeys = [SIGNER.vkey];
const [path = ''] = eventPaths(one.files);

async function faultOf(files: Files, options: Parameters<typeof verifyBundle>[1] = {}): Promise<string> {
  const verdict = await verifyBundle(filesInMemory(files), { vkeys, ...options });
  return verdict.ok ? 'none' : verdict.fault.message;
}

test('a bundle that is whole says what it is', async () => {
  const verdict = await verifyBundle(filesInMemory(three.files), { vkeys, previous: filesInMemory(two.files) });
  expect(verdict).toMatchObject({
    ok: true,
    summary: { hash: three.hash, root: three.manifest.root, signedBy: vkeys, manifest: { first: 61, end: 332, events: 271 } },
  });
});

test('the first fault is told, in the order of the format', async () => {
  const line = (files: Files): Files =>
    withLines({ ...one, files }, path, ([first = '', ...rest]) => [first.replace('"schema":1', '"schema":2'), ...rest]);
  const lastTile = [...one.files.keys()].find((each) => each.startsWith('log/tile/0/')) ?? '';
  // From the last step to the first, each on top of those before it.
  const withLine = line(one.files);
  const withTile = forged(
    { ...one, files: withLine },
    { put: { [lastTile]: Buffer.from(one.files.get(lastTile) ?? '').fill(7, 0, 1) } },
  );
  const withNote = forged({ ...one, files: withTile }, { put: { 'log/checkpoint': one.note.replace('\n60\n', '\n61\n') } });
  const withManifest = forged({ ...one, files: withNote }, { said: { events: 59 } });
  const withSums = changed(withManifest, { 'README.md': 'x' });
  expect(await faultOf(withLine)).toBe(
    `${path}, line 1: is not what was sealed at index ${JSON.parse(linesIn(one.files, path)[0] ?? '').index}.`,
  );
  expect(await faultOf(withTile)).toBe('log/checkpoint: is not the root that the tiles lead to.');
  expect(await faultOf(withNote)).toMatch(/^log\/checkpoint: the signature of log\.example\/533102\+[0-9a-f]{8} does not fit\.$/);
  expect(await faultOf(withManifest)).toBe('manifest.json, events: is 59 for the range from 0 to before 60.');
  expect(await faultOf(withSums)).toMatch(/^README\.md: has the hash [0-9a-f]{64}, not that of SHA256SUMS\.$/);
});

test('the chain is told before the signature; of the bundle before none is asked for, since it was verified when it came', async () => {
  const other = { vkeys: [signerOf('a stranger').vkey], previous: filesInMemory(one.files) };
  expect(await faultOf(three.files, { previous: filesInMemory(one.files) })).toBe(
    'manifest.json, sequence: is 3; the bundle before is number 1.',
  );
  const broken = forged(one, { put: { 'log/checkpoint': one.note.replace(/\n60\n/, '\n61\n') } });
  const before = { ...other, previous: filesInMemory(broken) };
  expect(await faultOf(two.files, before)).toMatch(/^manifest\.json, previous: /);
  expect(await faultOf(two.files, other)).toMatch(/^log\/checkpoint: is signed by none of the keys/);
  expect(await faultOf(two.files, { ...other, previous: undefined })).toMatch(/^log\/checkpoint: is signed by none of the keys/);
});

test('a fault of a series names the folder', async () => {
  const named = (...bundles: readonly (readonly [string, TestBundle])[]) =>
    verifyBundles(
      bundles.map(([folder, { files }]) => [folder, filesInMemory(files)]),
      { vkeys },
    );
  expect(await named(['c', three], ['a', one], ['b', two])).toMatchObject({ ok: true, summary: [{ hash: one.hash }, {}, {}] });
  expect(await named(['c', three], ['a', one])).toMatchObject({
    fault: { message: 'c/manifest.json, sequence: is 3; the bundle before is number 1.' },
  });
  const view = { ...one, files: forged(one, { put: { 'views/events.csv': 'x' } }) };
  expect(await named(['a', view], ['b', two])).toMatchObject({
    fault: { message: expect.stringMatching(/^b\/manifest\.json, previous: is /) },
  });
});

test('what lies in a folder and is no file of it', async () => {
  const with_ = (more: ReturnType<BundleFiles['found']> & Iterable<{ path: string; isNot?: string }>): BundleFiles => {
    const files = filesInMemory(one.files);
    return { ...files, found: () => [...one.files.keys()].map((path) => ({ path })).concat([...more]) };
  };
  const said = async (files: BundleFiles) => {
    const verdict = await verifyBundle(files, { vkeys });
    return verdict.ok ? 'none' : verdict.fault.message;
  };
  expect(await said(with_([{ path: 'views/empty', isNot: 'a folder without files' }]))).toBe(
    'views/empty: is a folder without files, not a file.',
  );
  expect(await said(with_([{ path: 'README.md' }]))).toBe('README.md: is there twice.');
  const climbing = changed(one.files, { SHA256SUMS: `${'0'.repeat(64)}  ../../etc/passwd\n` });
  expect(await faultOf(climbing)).toBe('SHA256SUMS, line 1: is not a hash and the path of a file.');
  expect(await faultOf(changed(one.files, { 'manifest.json': '' }))).toMatch(/^manifest\.json: has the hash e3b0c442/);
  expect(await faultOf(changed(one.files, { SHA256SUMS: '' }))).toMatch(/is not named by SHA256SUMS\.$/);
});

test.each([
  ['county=533102/colour=RED/date=2026-03-01/events.jsonl.gz', 'events'],
  ['county=533102/colour=RED/date=2026-03-01/events-000001.jsonl.gz', 'events'],
  ['county=533102/colour=RED/date=2026-03-01/events-000000.jsonl.gz', undefined],
  ['county=533102/colour=PINK/date=2026-03-01/events.jsonl.gz', undefined],
  [`large/${'a'.repeat(64)}.json`, 'events'],
  ['log/tile/0/x001/234.p/7', 'log'],
  ['log/tile/entries/000', undefined],
  ['proofs/17.tlog-proof', 'proof'],
  ['proofs/017.tlog-proof', undefined],
  ['checkpoint.tsr', 'proof'],
  ['views/parquet/events.parquet', 'view'],
  ['views/../manifest.json', undefined],
  ['views//a', undefined],
  ['/etc/passwd', undefined],
  ['views/.hidden', undefined],
  ['notes.txt', undefined],
])('%s has the role %s', (path, role) => {
  expect(roleOf(path)).toBe(role);
});

test('an event without its proof shows', async () => {
  const less = forged(hazard, { put: { 'proofs/0.tlog-proof': undefined } });
  expect(await faultOf(less)).toMatch(/^manifest\.json, files: has \d+ proofs, where \d+ belong\.$/);
});

test('salts open what events commit to', async () => {
  async function* once(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const event = manyEvents(60).find(({ data }) => JSON.stringify(data).includes('sxj-pii-1:'));
  const line = (value: string): string =>
    `{"sequence":${event?.sequence},"subject":"${event?.subject}","values":[{"path":"${SALTED.path}","salt":"${SALTED.salt}","value":"${value}"}]}\n`;
  const salts = (value: string) => readSalts(once(line(value)));
  const verdict = await verifyBundle(filesInMemory(one.files), { vkeys, salts: await salts(SALTED.value) });
  expect(verdict).toMatchObject({ ok: true, summary: { opened: 1 } });
  expect(verdict.ok && verdict.summary.commitments).toBeGreaterThan(1);
  expect(await faultOf(one.files, { salts: await salts('李四') })).toMatch(
    /, line \d+, data\.contacts\.0\.name: is not the commitment of what salts\.jsonl has for it\.$/,
  );
  expect(await faultOf(two.files, { salts: await salts(SALTED.value) })).toMatch(
    /^salts\.jsonl: .* is no event of what was verified\.$/,
  );
});

describe('two checkpoints', () => {
  const named = ({ note }: TestBundle, file: string): NamedCheckpoint => ({
    file,
    checkpoint: openCheckpoint(Buffer.from(note), vkeys, file),
  });
  const [a, b, c] = [named(one, 'a'), named(two, 'b'), named(three, 'c')];
  const tilesOf = (...bundles: readonly TestBundle[]) => tilesIn(bundles.map(({ files }) => filesInMemory(files)));

  test('of a log that only grew, in either order, by the tiles of its bundles', async () => {
    const tiles = await tilesOf(one, two, three);
    for (const [x, y] of [
      [a, b],
      [a, c],
      [c, b],
      [b, b],
    ] as const)
      await expect(checkConsistency(x, y, tiles)).resolves.toBeUndefined();
  });

  test('of a log that was forked', async () => {
    const fork = growLog();
    fork.append(manyEvents(330).slice(1, 61));
    const other = named(await fork.closeDay(dayNamed('2026-03-01')), 'other');
    const tiles = await tilesOf(two, three);
    await expect(checkConsistency(other, a, tiles)).rejects.toThrow(
      'a: has another root than other for the same size of 60: the log was forked.',
    );
    await expect(checkConsistency(other, c, tiles)).rejects.toThrow(
      'other: is not the root of the first 60 leaves of c: the log was forked.',
    );
  });

  test('without the tiles that it takes', async () => {
    await expect(checkConsistency(a, c, await tilesOf(one))).rejects.toThrow(/lies in none of the folders/);
    await expect(checkConsistency(a, b, await tilesOf(three))).resolves.toBeUndefined();
  });
});
