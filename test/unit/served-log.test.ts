/** What everybody may follow of the log: enough to hold two checkpoints against each other, and no entry. */
import { type LogRoute, serveLog } from '../../functions/serve-published/served-log.ts';
import { readCheckpoint } from '../../shared/archive/checkpoint.ts';
import { HASH_BYTES, leafHash, rootOf } from '../../shared/archive/merkle.ts';
import { readNote, verifyNote } from '../../shared/archive/note.ts';
import { logFolder } from '../../shared/archive/paths.ts';
import { COUNTY, ORIGIN, SealingCounty, signerOf } from '../support/sealing-county.ts';

const TILE: LogRoute = 'GET /public/log/tile/{level}/{path+}';

async function followed() {
  const world = new SealingCounty();
  const asked: string[] = [];
  const { log, archive } = world.outside();
  const serve = serveLog({
    signed: async () => (await log.head()).signed,
    cosigned: async () => [],
    tile: async (path) => {
      asked.push(path);
      return (await archive.read(`${logFolder(COUNTY)}/${path}`)) ?? Buffer.from('nothing');
    },
  });
  const tile = async (level: string, path: string) => {
    const answer = await serve(TILE, { level, path });
    return answer.status === 200 ? Buffer.from(answer.body) : answer.status;
  };
  const text = async (route: LogRoute): Promise<string> => {
    const answer = await serve(route, {});
    return answer.status === 200 ? Buffer.from(answer.body).toString() : String(answer.status);
  };
  return { world, tile, text, asked };
}

test('before anything is sealed there is nothing', async () => {
  const { tile, text } = await followed();
  expect([await text('GET /public/log/checkpoint'), await text('GET /public/log/keys'), await tile('0', '000')]).toEqual([
    '404',
    '404',
    404,
  ]);
});

test('a witness who knows nothing but the key follows the log from checkpoint to checkpoint', async () => {
  const { world, tile, text, asked } = await followed();
  await world.run(await world.record(Array.from({ length: 100 }, (_, n) => `AUDIT#${n}`)));
  const before = await text('GET /public/log/checkpoint');
  await world.run(world.streamed());
  await world.run(await world.record(Array.from({ length: 200 }, (_, n) => `AUDIT#${n}`)));
  const after = await text('GET /public/log/checkpoint');

  const vkeys = [signerOf(1).vkey];
  const [small, large] = [before, after].map((note) => {
    const read = readNote(Buffer.from(note), 'checkpoint');
    verifyNote(read, vkeys, 'checkpoint');
    return readCheckpoint(read.text, 'checkpoint');
  });
  if (small === undefined || large === undefined) throw new Error('no checkpoints');
  // What the small tree was is the beginning of the large one, by tiles as they were then and as they are now.
  const hashes = async (size: number) => {
    const full = Math.floor(size / 256);
    const parts = await Promise.all([
      ...Array.from({ length: full }, (_, n) => tile('0', String(n).padStart(3, '0'))),
      ...(size % 256 > 0 ? [tile('0', `${String(full).padStart(3, '0')}.p/${size % 256}`)] : []),
    ]);
    const bytes = Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from('absent') : part)));
    return Array.from({ length: size }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
  };
  expect(Buffer.from(rootOf(await hashes(small.size)))).toEqual(Buffer.from(small.root));
  expect(Buffer.from(rootOf(await hashes(large.size)))).toEqual(Buffer.from(large.root));
  expect(large.size).toBeGreaterThan(256);
  const [entry] = world.entries(large.size);
  expect((await hashes(1))[0]).toEqual(Buffer.from(leafHash(entry ?? Buffer.from(''))));
  expect(await tile('1', '000.p/1')).toHaveLength(HASH_BYTES);
  expect(asked.every((path) => /^tile\/[01]\//.test(path))).toBe(true);

  const keys = JSON.parse(await text('GET /public/log/keys'));
  expect(keys).toMatchObject({ origin: ORIGIN, keys: [{ vkey: vkeys[0] }], retired: [] });
});

test('no other name leads anywhere, and never to an entry', async () => {
  const { world, tile, asked } = await followed();
  await world.run(await world.record(Array.from({ length: 3 }, (_, n) => `AUDIT#${n}`)));
  const names = [
    ...[
      ['entries', '000.p/3'],
      ['0', '000'],
      ['0', '000.p/4'],
      ['0', '000.p/0'],
      ['0', '000.p/256'],
      ['0', '001.p/1'],
      ['1', '000.p/1'],
    ],
    ...[
      ['0', 'x000/000.p/3'],
      ['0', '../entries/000.p/3'],
      ['00', '000.p/3'],
      ['8', '000.p/1'],
      ['-1', '000'],
      ['0', '000.p/3/'],
    ],
    ...[
      ['0', '%2e%2e/checkpoint'],
      ['0', '0'],
      ['', ''],
    ],
  ];
  for (const [level = '', path = ''] of names) expect([level, path, await tile(level, path)]).toEqual([level, path, 404]);
  expect(asked).toEqual([]);
  expect(await tile('0', '000.p/3')).toHaveLength(3 * HASH_BYTES);
});
