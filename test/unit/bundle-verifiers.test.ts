/** Both verifiers of bundles, the one in TypeScript and `verify.py`, on true bundles, on forged ones and on hostile ones: they say the same. */
import { gzipSync } from 'node:zlib';
import { entryOf } from '../../shared/archive/entry.ts';
import { leafHash } from '../../shared/archive/merkle.ts';
import { COSIGNATURE, readVkey, vkeyOf } from '../../shared/archive/vkey.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { manyEvents, SALTED } from '../support/bundle-cases.ts';
import { bundlesOfCounty } from '../support/bundle-county.ts';
import { changed, eventPaths, forged, linesIn, packed, textOf, withLines } from '../support/bundle-forgery.ts';
import { judgeByBoth } from '../support/bundle-verifiers.ts';
import { dayNamed, type Files, growLog, SIGNER, signerOf, type TestBundle, withSums } from '../support/bundles-of.ts';
import type { JudgedCase } from '../support/python-verifier.ts';

const { one, two, three, range, nothing, hazard, record } = await bundlesOfCounty();
const vkeys = [SIGNER.vkey];
const filesOf = (...bundles: readonly TestBundle[]): JudgedCase => ({ bundles: bundles.map(({ files }) => files) });
const just = (files: Files): JudgedCase => ({ bundles: [files] });

type Row = readonly [name: string, isTrue: boolean, of: JudgedCase];

/** Rows that both are asked, at once. */
async function judged(rows: readonly Row[]) {
  const said = await judgeByBoth(rows.map(([, , of]) => ({ vkeys, ...of })));
  return rows.map(([name], at) => [name, said[at]?.here.ok, said[at]?.python.ok]);
}
const expected = (rows: readonly Row[]) => rows.map(([name, isTrue]) => [name, isTrue, isTrue]);

test('true bundles of every kind, alone and as a series', async () => {
  const rows: readonly Row[] = [
    ['a day', true, filesOf(one)],
    ['the next day after it', true, { ...filesOf(two), previous: one.files }],
    ['a day without what was before', true, filesOf(three)],
    ['a series', true, filesOf(one, two, three)],
    ['a series in another order', true, filesOf(three, one, two)],
    ['a range', true, filesOf(range)],
    ['a day on which nothing happened', true, filesOf(nothing)],
    ['a hazard', true, filesOf(hazard)],
    ['a record', true, filesOf(record)],
    ['a day without a key', true, { ...filesOf(one), vkeys: [] }],
  ];
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);

test('a series that is none', async () => {
  const another = growLog();
  another.append(manyEvents(30));
  const stranger = await another.closeDay(dayNamed('2026-03-01'));
  const rows: readonly Row[] = [
    ['a gap', false, filesOf(one, three)],
    ['the same twice', false, filesOf(one, one)],
    ['the wrong one before', false, { ...filesOf(three), previous: one.files }],
    ['one of another log before', false, { ...filesOf(two), previous: stranger.files }],
    ['two kinds', false, filesOf(one, record)],
  ];
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);

/** What a forger changes, who makes sums and manifest anew and has no key. */
test('forgeries of single files', async () => {
  const [path = '', other = ''] = eventPaths(one.files);
  const put = (bundle: TestBundle, files: Readonly<Record<string, Uint8Array | string | undefined>>): JudgedCase =>
    just(forged(bundle, { put: files }));
  const said = (bundle: TestBundle, manifest: Partial<TestBundle['manifest']>): JudgedCase =>
    just(forged(bundle, { said: manifest }));
  const large = [...one.files.keys()].find((each) => each.startsWith('large/')) ?? '';
  const evidence = textOf(one.files, 'evidence.jsonl').split('\n').slice(0, -1);
  const list = (...lines: readonly string[]) => put(one, { 'evidence.jsonl': lines.map((line) => `${line}\n`).join('') });
  const stranger = signerOf('a stranger').vkey;
  const moved = path
    .replace(/colour=[A-Z]+/, (now) => (now === 'colour=RED' ? 'colour=BLUE' : 'colour=RED'))
    .replace(/date=[\d-]+/, 'date=2026-01-01');
  const compressed = one.files.get(path) ?? new Uint8Array();
  const rows: readonly Row[] = [
    [
      'an event changed',
      false,
      just(withLines(one, path, ([first = '', ...rest]) => [first.replace('"schema":1', '"schema":2'), ...rest])),
    ],
    ['an event left out', false, just(withLines(one, path, (lines) => lines.slice(1)))],
    ['an event twice', false, just(withLines(one, path, (lines) => [...lines, ...lines.slice(-1)]))],
    ['an event and its tile', false, just(forgedWithTile(range))],
    ['an event in a later slice', false, just(inLaterSlice(one))],
    ['an event in a later slice of a hazard', false, just(inLaterSlice(hazard))],
    ['two events swapped', false, just(withLines(one, path, ([a = '', b = '', ...rest]) => [b, a, ...rest]))],
    ['an event of another file', false, just(withLines(one, path, (lines) => [...lines, ...linesIn(one.files, other)]))],
    ['blanks in a line', false, just(withLines(one, path, ([first = '', ...rest]) => [first.replace(':', ': '), ...rest]))],
    ['no line end', false, put(one, { [path]: gzipSync(linesIn(one.files, path).join('\n')) })],
    ['an empty line', false, just(withLines(one, path, (lines) => [...lines, '']))],
    ['a file without lines', false, put(one, { [path]: gzipSync('') })],
    ['a file of events left out', false, put(one, { [path]: undefined })],
    [
      'its events left out of the manifest too',
      false,
      just(forged(one, { put: { [path]: undefined }, said: { events: one.manifest.events - linesIn(one.files, path).length } })),
    ],
    ['a file of events at another place', false, put(one, { [path]: undefined, [moved]: compressed })],
    [
      'a file of events as another slice',
      false,
      put(one, { [path]: undefined, [path.replace('events', 'events-000007')]: compressed }),
    ],
    ['a file of events as a view', false, put(one, { [path]: undefined, 'views/events.jsonl.gz': compressed })],
    ['two packed files in one', false, put(one, { [path]: Buffer.concat([compressed, compressed]) })],
    ['something after a packed file', false, put(one, { [path]: Buffer.concat([compressed, Buffer.from('x')]) })],
    ['zeros after a packed file', false, put(one, { [path]: Buffer.concat([compressed, Buffer.alloc(9)]) })],
    ['another sum of a packed file', false, put(one, { [path]: Buffer.concat([compressed.subarray(0, -8), Buffer.alloc(8)]) })],
    ['a checkpoint of another root', false, put(one, { 'log/checkpoint': one.note.replace('\n60\n', '\n59\n') })],
    ['a signature left out', false, put(one, { 'log/checkpoint': `${one.note.split('\n\n')[0]}\n\n` })],
    ['a signature twice', false, put(one, { 'log/checkpoint': `${one.note}${one.note.split('\n\n')[1]}` })],
    ['keys of nobody', false, put(one, { 'log/vkey': '' })],
    ['a key that did not sign', false, put(one, { 'log/vkey': `${[SIGNER.vkey, stranger].sort().join('\n')}\n` })],
    ['another key', false, put(one, { 'log/vkey': `${stranger}\n` })],
    ['the checkpoint before left out', false, put(two, { 'log/checkpoint.previous': undefined })],
    ['the checkpoint itself as the one before', true, put(two, { 'log/checkpoint.previous': two.note })],
    ['a checkpoint before it that does not reach its beginning', false, put(three, { 'log/checkpoint.previous': one.note })],
    ['a tile left out', false, put(three, { 'log/tile/0/000': undefined })],
    ['a tile of a larger tree', false, put(one, { 'log/tile/0/001.p/76': three.files.get('log/tile/0/001.p/76') ?? '' })],
    ['a tile too many', false, put(range, { 'log/tile/0/000.p/60': one.files.get('log/tile/0/000.p/60') ?? '' })],
    ['data left out', false, put(one, { [large]: undefined })],
    ['data changed', false, put(one, { [large]: '{}' })],
    ['data that nobody names', false, put(one, { [`large/${'0'.repeat(64)}.json`]: '{}' })],
    ['evidence left out', false, list(...evidence.slice(1))],
    ['evidence twice', false, list(...evidence.slice(0, 1), ...evidence)],
    ['evidence in another order', false, list(...evidence.toReversed())],
    [
      'evidence of another event',
      false,
      list(...evidence.slice(0, -1), (evidence.at(-1) ?? '').replace(/"index":\d+/, '"index":59')),
    ],
    ['no list of evidence', false, put(one, { 'evidence.jsonl': undefined })],
    ['a list of evidence where there is none', false, put(nothing, { 'evidence.jsonl': `${evidence[0]}\n` })],
    ['two names that differ in capitals', false, put(one, { 'views/A.csv': '1', 'views/a.csv': '2' })],
    ['two folders that differ in capitals', false, put(one, { 'views/A/x.csv': '1', 'views/a/y.csv': '2' })],
    ['a file that has no place', false, put(one, { 'notes.txt': 'x' })],
    ['proofs in a complete bundle', false, put(one, { 'proofs/5.tlog-proof': record.files.get('proofs/5.tlog-proof') ?? '' })],
    ['a proof left out', false, put(hazard, { 'proofs/0.tlog-proof': undefined })],
    ['a proof of another event', false, put(hazard, { 'proofs/0.tlog-proof': hazard.files.get('proofs/3.tlog-proof') ?? '' })],
    ['a proof too many', false, put(hazard, { 'proofs/5.tlog-proof': record.files.get('proofs/5.tlog-proof') ?? '' })],
    ['another kind', false, said(one, { kind: 'month' })],
    ['a complete bundle as one that is not', false, said(one, { complete: false })],
    ['another county', false, said(one, { county: '533103' })],
    ['a smaller range', false, said(one, { end: 59, events: 59 })],
    ['another root', false, said(one, { root: two.manifest.root })],
    ['another size', false, said(one, { treeSize: 61 })],
    ['another number', false, said(two, { sequence: 3 })],
    ['no bundle before', false, said(two, { previous: '0'.repeat(64) })],
    ['another bundle before', false, said(two, { previous: two.hash })],
    ['a day that there is not', false, said(one, { from: '2026-02-30', to: '2026-02-30' })],
  ];
  expect(await judged(rows)).toEqual(expected(rows));

  /** A changed event whose tile has the hash of it: only the tile above tells. */
  function forgedWithTile(bundle: TestBundle): Files {
    const tile = 'log/tile/0/000';
    const [of = ''] = eventPaths(bundle.files);
    const [line = '', ...rest] = linesIn(bundle.files, of);
    const other = line.replace('"schema":1', '"schema":2');
    const hashes = Buffer.from(bundle.files.get(tile) ?? '');
    hashes.set(leafHash(Buffer.from(other)), 32 * JSON.parse(line).index);
    return forged(bundle, { put: { [of]: packed([other, ...rest]), [tile]: hashes } });
  }

  /** The first event in the second slice: each event is there, and each file in order. */
  function inLaterSlice(bundle: TestBundle): Files {
    const early = eventPaths(bundle.files).find((each) => each.endsWith('/events.jsonl.gz')) ?? '';
    const later = early.replace('events.jsonl', 'events-000001.jsonl');
    expect(eventPaths(bundle.files)).toContain(later);
    const [line = '', ...rest] = linesIn(bundle.files, early);
    return forged(bundle, { put: { [early]: packed(rest), [later]: packed([line, ...linesIn(bundle.files, later)]) } });
  }
}, 60_000);

test('what no bundle can tell by itself, and what the next one tells of it', async () => {
  const early = growLog();
  early.append(manyEvents(50));
  const truncated = await early.closeDay(dayNamed('2026-03-01'));
  const view = forged(one, { put: { 'views/events.csv': '序号\r\n' } });
  const program = forged(one, { put: { 'verify.py': 'print("Yes")' } });
  const state = forged(one, { put: { 'state/coverage.json': '{}' } });
  const named = forged(one, { said: { from: dayNamed('2026-03-02'), to: dayNamed('2026-03-02') } });
  const after = (files: Files): JudgedCase => ({ bundles: [files, two.files] });
  // The next one made anew as well, so that it names the forged one; its events still hold the true hash.
  const next = forged(two, { said: { previous: sha256(view.get('manifest.json') ?? '') } });
  const rows: readonly Row[] = [
    ['newer events left out', true, just(truncated.files)],
    ['newer events left out, with the next bundle', false, after(truncated.files)],
    ['a view', true, just(view)],
    ['a view, with the next bundle', false, after(view)],
    ['a view, with the next bundle made anew', false, { bundles: [view, next] }],
    ['the next bundle made anew, alone', false, just(next)],
    ['the program', true, just(program)],
    ['the program, with the next bundle', false, after(program)],
    ['a state', true, just(state)],
    ['a state, with the next bundle', false, after(state)],
    ['the days that it says it is about', true, just(named)],
    ['the days that it says it is about, with the next bundle', false, after(named)],
    ['the size of evidence', true, just(withSize(one))],
    ['the size of evidence, with the next bundle', false, after(withSize(one))],
  ];
  expect(await judged(rows)).toEqual(expected(rows));

  function withSize(bundle: TestBundle): Files {
    const lines = textOf(bundle.files, 'evidence.jsonl').replace(/"size":\d+/, '"size":1');
    return forged(bundle, { put: { 'evidence.jsonl': lines } });
  }
}, 60_000);

test('keys: another, several while one takes the place of the other, and witnesses', async () => {
  const [old, young] = [signerOf('the old key'), signerOf('the young key')];
  const log = growLog();
  log.append(manyEvents(10));
  const first = await log.closeDay(dayNamed('2026-03-01'), undefined, { signers: [old] });
  log.append(manyEvents(20).slice(10));
  const both = await log.closeDay(dayNamed('2026-03-02'), first, { signers: [old, young] });
  const last = await log.closeDay(dayNamed('2026-03-03'), both, { signers: [young] });
  const late = await log.cut({
    kind: 'day',
    sequence: 2,
    from: dayNamed('2026-03-02'),
    to: dayNamed('2026-03-02'),
    first: 10,
    end: 20,
    previous: first,
    signers: [young],
  });
  const [, signatures = ''] = both.note.split('\n\n');
  const [ofOld = '', ofYoung = ''] = signatures.split('\n');
  const witness = signerOf('a witness', 'witness.example');
  const { name, publicKey } = readVkey(witness.vkey);
  const witnesses = [vkeyOf(name, publicKey, COSIGNATURE)];
  const text = `${last.note.split('\n\n')[0]}\n`;
  const time = Buffer.from('0000000069a3b2c0', 'hex');
  const cosigned = await witness.sign(Buffer.from(`cosignature/v1\ntime ${time.readUInt32BE(4)}\n${text}`));
  const { keyId } = readVkey(witnesses[0] ?? '', COSIGNATURE);
  const line = (signature: Uint8Array, at = time): string =>
    `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), at, signature]).toString('base64')}\n`;
  const seen = forged(last, { put: { 'log/checkpoint': `${last.note}${line(cosigned)}` } });
  const endless = Buffer.from('ffffffffffffffff', 'hex');
  const cosignedLate = await witness.sign(Buffer.from(`cosignature/v1\ntime ${endless.readBigUInt64BE()}\n${text}`));
  const seenLate = forged(last, { put: { 'log/checkpoint': `${last.note}${line(cosignedLate, endless)}` } });
  const unseen = forged(last, { put: { 'log/checkpoint': `${last.note}${line(await witness.sign(time))}` } });
  const by = (...keys: readonly string[]) => ({ vkeys: keys });
  const rows: readonly Row[] = [
    ['the key of the log', true, { ...filesOf(first), ...by(old.vkey) }],
    ['another key', false, { ...filesOf(first), ...by(young.vkey) }],
    ['another key and that of the log', true, { ...filesOf(first), ...by(young.vkey, old.vkey) }],
    ['the old one of two', true, { ...filesOf(both), ...by(old.vkey) }],
    ['the young one of two', true, { ...filesOf(both), ...by(young.vkey) }],
    [
      'one of two signatures changed',
      false,
      {
        ...just(forged(both, { put: { 'log/checkpoint': both.note.replace(ofYoung.slice(-9), ofOld.slice(-9)) } })),
        ...by(old.vkey),
      },
    ],
    ['the old key for the last bundle', false, { ...filesOf(last), ...by(old.vkey) }],
    ['a series through the change', true, { ...filesOf(first, both, last), ...by(old.vkey, young.vkey) }],
    ['a checkpoint before it of a key that is not told', false, { ...filesOf(late), ...by(young.vkey) }],
    ['a checkpoint before it of a key that is', true, { ...filesOf(late), ...by(young.vkey, old.vkey) }],
    ['a witness', true, { bundles: [seen], witnesses, ...by(young.vkey) }],
    ['a witness that nobody asks for', true, { bundles: [seen], ...by(young.vkey) }],
    ['a witness of a time that there is not', false, { bundles: [seenLate], witnesses, ...by(young.vkey) }],
    ['the key of the log as a witness', false, { ...filesOf(last), witnesses: [young.vkey], ...by(young.vkey) }],
    ['the key of a witness as that of the log', false, { ...filesOf(last), ...by(...witnesses) }],
    ['no witness', false, { ...filesOf(last), witnesses, ...by(young.vkey) }],
    ['a witness of another text', false, { bundles: [unseen], witnesses, ...by(young.vkey) }],
    ['a witness of another text that nobody asks for', true, { bundles: [unseen], ...by(young.vkey) }],
  ];
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);

test('salts are held against commitments', async () => {
  const events = eventPaths(one.files)
    .flatMap((path) => linesIn(one.files, path))
    .map((line): LedgerEvent => JSON.parse(line));
  const committed = events.find(({ data }) => JSON.stringify(data).includes('sxj-pii-1:'));
  const { subject = '', sequence = 0 } = committed ?? {};
  const salts = (values: readonly object[], of: object = { subject, sequence }): JudgedCase => ({
    ...filesOf(one),
    salts: `${Buffer.from(canonical(JSON.parse(JSON.stringify({ ...of, values })))).toString()}\n`,
  });
  const rows: readonly Row[] = [
    ['the value', true, salts([SALTED])],
    ['no value any more', true, salts([])],
    ['another value', false, salts([{ ...SALTED, value: '李四' }])],
    ['another salt', false, salts([{ ...SALTED, salt: '0'.repeat(64) }])],
    ['another path', false, salts([{ ...SALTED, path: 'data.contacts.1.name' }])],
    ['a path through a text', false, salts([{ ...SALTED, path: 'data.contacts.0.name.length' }])],
    ['an event of another bundle', false, salts([SALTED], { subject: 'HAZ#B', sequence: 1 })],
  ];
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);

test('hostile bundles end in a sentence', async () => {
  const [path = ''] = eventPaths(one.files);
  const [line = ''] = linesIn(one.files, path);
  const put = (bytes: Uint8Array | string): JudgedCase => just(forged(one, { put: { [path]: bytes } }));
  /** SHA256SUMS and a manifest that have a file elsewhere. */
  const elsewhere = (to: string): JudgedCase => {
    const renamed = (file: string): string => textOf(one.files, file).replaceAll('README.md', to);
    return just(changed(one.files, { SHA256SUMS: renamed('SHA256SUMS'), 'manifest.json': renamed('manifest.json') }));
  };
  const manifest = (text: string): JudgedCase => just(withSums(changed(one.files, { 'manifest.json': text })));
  const most = Number.MAX_SAFE_INTEGER;
  const rows: readonly Row[] = [
    ['a path that leads out', false, elsewhere('../../etc/passwd')],
    ['an absolute path', false, elsewhere('/etc/passwd')],
    ['a line of ten million bytes', false, put(gzipSync(Buffer.alloc(10_000_000, 'a')))],
    ['the same line ten thousand times', false, put(gzipSync(`${line}\n`.repeat(10_000)))],
    ['a number of sixty thousand digits', false, put(packed([`{"index":${'9'.repeat(60_000)}}`]))],
    ['a number that is not exact', false, put(packed([line.replace(/"index":\d+/, `"index":${2 ** 53}`)]))],
    ['a number that is not whole', false, put(packed([line.replace(/"index":\d+/, '"index":0.5')]))],
    ['a number below zero', false, put(packed([line.replace(/"index":\d+/, '"index":-1')]))],
    ['lists in lists', false, put(packed([`${'['.repeat(30_000)}${']'.repeat(30_000)}`]))],
    ['a file that ends too early', false, put((one.files.get(path) ?? new Uint8Array()).subarray(0, -20))],
    ['no packed file', false, put('not packed')],
    ['half of a surrogate pair', false, put(packed([line.replace('"type":"', '"type":"\\ud800')]))],
    ['a member twice', false, put(packed([line.replace('{', '{"actor":{},')]))],
    ['an event that is no object', false, put(packed(['[]']))],
    ['an empty folder', false, just(new Map())],
    ['sums alone', false, just(withSums(new Map()))],
    [
      'a tree of as many leaves as there are numbers',
      false,
      just(forged(one, { said: { treeSize: most, end: most, events: most } })),
    ],
    ['a manifest that is no object', false, manifest('[]')],
    ['a manifest of numbers', false, manifest('{"files":[1e400]}')],
    ['a manifest in UTF-16', false, manifest('\ufeff{}')],
  ];
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);

test('events of every form that one may have, and of some that none has', async () => {
  const [like] = manyEvents(1);
  if (like === undefined) throw new Error('there is no event');
  /** A second day with one event of which something is otherwise. */
  const odd = async (over: object): Promise<JudgedCase> => {
    const log = growLog();
    log.append(manyEvents(3));
    const first = await log.closeDay(dayNamed('2026-03-01'));
    const event: LedgerEvent = JSON.parse(JSON.stringify({ ...like, subject: 'TASK#1', id: 'TASK#1:1', sequence: 1, ...over }));
    log.append([event]);
    return filesOf(await log.closeDay(dayNamed('2026-03-02'), first));
  };
  const closed = (data: object) =>
    odd({ type: 'ExportClosed', data: { kind: 'day', sequence: 1, manifest: 'a'.repeat(64), ...data } });
  const large = (data: object) => odd({ data: { large: { bytes: 2, sha256: 'a'.repeat(64), ...data } } });
  const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`);
  const [path = ''] = eventPaths(one.files);
  const [line = ''] = linesIn(one.files, path);
  const lists = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
  const rows: readonly Row[] = [
    ['nothing odd', true, await odd({})],
    ['no type', false, await odd({ type: '' })],
    ['no subject', false, await odd({ subject: '', id: ':1' })],
    ['schema 0', false, await odd({ schema: 0 })],
    ['sequence 0', false, await odd({ sequence: 0, id: 'TASK#1:0' })],
    ['another closing of the bundle before', false, await closed({})],
    ['one whose number is none', true, await closed({ sequence: true })],
    ['one without a manifest', true, await closed({ manifest: undefined })],
    ['one whose manifest is nothing', true, await closed({ manifest: null })],
    ['one whose manifest is no hash', true, await closed({ manifest: 'A'.repeat(64) })],
    ['large data that is missing', false, await large({})],
    ['what looks like large data: capitals', true, await large({ sha256: 'A'.repeat(64) })],
    ['what looks like large data: no text', true, await large({ sha256: 7 })],
    ['what looks like large data: below zero', true, await large({ bytes: -1 })],
    ['what looks like large data: bytes as text', true, await large({ bytes: '2' })],
    ['what looks like large data: bytes that are true', true, await large({ bytes: true })],
    ['the year 0', false, await odd({ at: '0000-06-01T00:00:00.000Z' })],
    ['the last evening of the year 0', false, await odd({ at: '0000-12-31T20:00:00.000Z' })],
    ['the year 1969', false, await odd({ at: '1969-06-01T00:00:00.000Z' })],
    ['the year 1970', true, await odd({ at: '1970-01-01T00:00:00.000Z' })],
    ['a bundle of the year 0', false, just(forged(nothing, { said: { from: '0000-01-01', to: '0000-01-01' } }))],
    ['a bundle of the last year', false, just(forged(nothing, { said: { from: '9999-12-31', to: '9999-12-31' } }))],
    ['objects in each other, as many as may be', true, await odd({ data: nested(99) })],
    ['one more', false, await odd({ data: nested(100) })],
    ['a thousand', false, await odd({ data: nested(1_000) })],
    [
      'lists in lists',
      false,
      just(forged(one, { put: { [path]: packed([line.replace(/"data":\{.*\},"id"/, `"data":${lists},"id"`)]) } })),
    ],
  ];
  // No deeper than both read is anything written.
  const written = (depth: number) => entryOf({ ...like, data: nested(depth) }, 0);
  expect(() => written(99)).not.toThrow();
  expect(() => written(100)).toThrow(RangeError);
  expect(await judged(rows)).toEqual(expected(rows));
}, 60_000);
