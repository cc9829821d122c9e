/** The command that an auditor runs on exports: a clear sentence, an exit code that a script can go by, and nothing written where it should not be. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cosignatureLine, readNote } from '../../shared/archive/note.ts';
import { bundlesOfCounty } from '../support/bundle-county.ts';
import { changed } from '../support/bundle-forgery.ts';
import { type Files, SIGNER } from '../support/bundles-of.ts';
import { witnessOf } from '../support/witnesses.ts';

/** Programs of their own start slowly where all the tests run at once. */
const PATIENCE = 60_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, files: Files): string {
  const at = join(folder, name);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), bytes);
  }
  return at;
}

interface Said {
  readonly status: number | null;
  readonly said: string;
  readonly complained: string;
}

/** Runs beside this process, which may have to answer it. */
function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'infra/cli/verify.ts', ...words], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '--no-warnings', TMPDIR: join(folder, 'tmp'), ...environment },
  });
  const heard = { said: '', complained: '' };
  child.stdout.on('data', (piece) => {
    heard.said += piece;
  });
  child.stderr.on('data', (piece) => {
    heard.complained += piece;
  });
  return new Promise((done) => {
    child.on('close', (status) => done({ status, ...heard, said: heard.said.replaceAll(`${folder}/`, '') }));
  });
}

mkdirSync(join(folder, 'tmp'));
const { one, two, three } = await bundlesOfCounty();
const [a, b, c] = [written('a', one.files), written('b', two.files), written('c', three.files)];
const KEY = ['--vkey', SIGNER.vkey] as const;

test(
  'a bundle, a series and two checkpoints: yes and 0',
  async () => {
    const witness = witnessOf('an archive');
    const seen = join(folder, 'seen');
    writeFileSync(seen, `${one.note}${await cosignatureLine(readNote(Buffer.from(one.note), 'note'), witness, 1_772_380_800)}`);
    const [bundle, series, keyless, grown, witnessed, unwitnessed] = await Promise.all([
      run(['export', b, '--previous', a, ...KEY]),
      run(['export', c, a, b, ...KEY]),
      run(['export', a]),
      run(['checkpoints', join(c, 'log/checkpoint'), join(a, 'log/checkpoint'), b, c, ...KEY]),
      run(['checkpoints', seen, join(c, 'log/checkpoint'), b, c, ...KEY, '--witness', witness.vkey]),
      run(['checkpoints', join(a, 'log/checkpoint'), seen, b, c, ...KEY, '--witness', witness.vkey]),
    ]);
    expect(bundle).toEqual({
      status: 0,
      complained: '',
      said:
        `day-000002 of 533102 (as it says, 2026-03-02): 1 event (dated 2026-03-02), at [60, 61) of the log log.example/533102, in a tree of 61 with the root ${two.manifest.root}.\n` +
        `  Its manifest has the SHA-256 ${two.hash}; whether the log has it, the bundle of the day after it was closed shows (--closed-by).\n` +
        `  Signed by ${SIGNER.vkey}\n` +
        'Complete in places of the log, not in days: what was sealed later, or after the end, is not in it.\n' +
        'Yes: every event is in the signed log, unchanged, and no place within is left out.\n',
    });
    expect([series.status, series.said.split('\n').at(-2)]).toEqual([
      0,
      'Yes: the 3 bundles follow each other without a gap, every event is in the signed log, unchanged, and no place within is left out.',
    ]);
    expect(keyless.status).toBe(0);
    expect(keyless.said).toContain('which proves nothing about who signed it');
    expect(grown).toMatchObject({ status: 0, said: expect.stringContaining('only grew, from 60 to 332 events') });
    expect(witnessed).toMatchObject({
      status: 0,
      said: expect.stringContaining('Seen by a witness at 2026-03-01T16:00:00.000Z'),
    });
    expect(unwitnessed).toMatchObject({ status: 1, said: expect.stringContaining('is not cosigned by archive.example/witness') });
  },
  PATIENCE,
);

test(
  'what was touched: no, where, and 1',
  async () => {
    const view = written('view', changed(one.files, { 'views/events.csv': 'x' }));
    const linked = written('linked', changed(one.files, { 'README.md': undefined }));
    symlinkSync(join(a, 'README.md'), join(linked, 'README.md'));
    const deep = written('deep', one.files);
    mkdirSync(join(deep, 'views/more/empty'), { recursive: true });
    const said = await Promise.all([
      run(['export', view, ...KEY]),
      run(['export', linked, ...KEY]),
      run(['export', deep, ...KEY]),
      run(['export', a, c, ...KEY]),
    ]);
    expect(said.map(({ status }) => status)).toEqual([1, 1, 1, 1]);
    expect(said.map((each) => each.said.trimEnd())).toEqual([
      expect.stringMatching(/^No\. views\/events\.csv: has the hash [0-9a-f]{64}, not that of SHA256SUMS\.$/),
      'No. README.md: is a link, not a file.',
      'No. views/more/empty: is a folder without files, not a file.',
      'No. c/manifest.json, sequence: is 3; the bundle before is number 1.',
    ]);
  },
  PATIENCE,
);

test.each([
  [['export'], 'Say a folder, or the folders of a series.'],
  [['export', 'nowhere'], 'It cannot be read (ENOENT'],
  [['export', a, '--vkey', 'key'], '--vkey: "key" is not a verifier key'],
  [['export', a, '--what'], "Unknown option '--what'"],
  [['checkpoints', join(a, 'log/checkpoint')], 'Say two checkpoints, and folders with tiles.'],
])(
  'verify %j is not understood: what to do, and 2',
  async (words, sentence) => {
    const { status, complained } = await run(words);
    expect([status, complained]).toEqual([2, expect.stringContaining(sentence)]);
    expect(complained).toContain('npm run verify -- export FOLDER');
  },
  PATIENCE,
);

/** As much of S3 as lists and gives objects. */
function bucketOf(objects: Files): Promise<Server> {
  const keys = [...objects.keys()].map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://bucket');
    if (searchParams.has('list-type')) {
      const prefix = searchParams.get('prefix') ?? '';
      const found = keys.filter((key) => key.startsWith(`<Contents><Key>${prefix}`)).join('');
      response.end(`<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${found}</ListBucketResult>`);
      return;
    }
    response.end(objects.get(decodeURIComponent(pathname).replace(/^\/archive\//, '')));
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

test(
  'a bundle that lies in S3 is fetched, verified and taken away again; a key that climbs out is refused',
  async () => {
    const inFolder = (name: string, files: Files): Files =>
      new Map([...files].map(([path, bytes]) => [`${name}/${path}`, bytes]));
    const climbing = new Map([...one.files, ['../../climbed', Buffer.from('x')] as const]);
    const server = await bucketOf(new Map([...inFolder('day/bundle=000001', one.files), ...inFolder('bad', climbing)]));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const environment = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    };
    const [good, bad, none] = await Promise.all([
      run(['export', 's3://archive/day/bundle=000001/', ...KEY], environment),
      run(['export', 's3://archive/bad', ...KEY], environment),
      run(['export', 's3://archive/nothing', ...KEY], environment),
    ]);
    server.close();
    expect(good).toMatchObject({
      status: 0,
      complained: '',
      said: expect.stringContaining('Yes: every event is in the signed log'),
    });
    expect(bad).toMatchObject({ status: 1, said: 'No. "../../climbed": is not the path of a file of a bundle.\n' });
    expect(none).toMatchObject({ status: 2, complained: expect.stringContaining('nothing lies under s3://archive/nothing') });
    expect(existsSync(join(folder, 'climbed'))).toBe(false);
    expect(readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('bundle-'))).toEqual([]);
  },
  PATIENCE,
);
