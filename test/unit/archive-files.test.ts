/** The files of the archive over a bucket as the service has it: put once, compared where something lies, large ones in parts. */
import { createHash } from 'node:crypto';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { LogForked } from '../../shared/data/archive-files.ts';
import { MemoryArchive } from '../support/memory-archive.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const MEGABYTE = 1024 * 1024;

test('what is put once lies there; the same once more is no fault, other bytes are a fork and change nothing', async () => {
  const { files, ...archive } = new MemoryArchive();
  const sha256 = createHash('sha256').update('a').digest('hex');
  expect(await files.putOnce('tile/0/000', bytes('a'))).toEqual({ bytes: 1, sha256 });
  expect(await files.putOnce('tile/0/000', bytes('a'))).toEqual({ bytes: 1, sha256 });
  await expect(files.putOnce('tile/0/000', bytes('b'))).rejects.toThrow(LogForked);
  expect(await files.read('tile/0/000')).toEqual(bytes('a'));
  expect(await files.read('tile/0/001')).toBeUndefined();
  expect(await files.stream('tile/0/001')).toBeUndefined();
  expect(archive.conflicts).toBe(0);
});

test('where another is putting the same it is looked at again', async () => {
  const archive = new MemoryArchive();
  archive.conflicts = 2;
  await archive.files.putOnce('a', bytes('a'));
  expect(archive.versions('a')).toHaveLength(1);
  archive.conflicts = 99;
  await expect(archive.files.putOnce('b', bytes('b'))).rejects.toThrow('ConditionalRequestConflict');
});

test('the checkpoint is put anew, each a version; nobody deletes one under lock', async () => {
  const archive = new MemoryArchive();
  await archive.files.putAnew('checkpoint', bytes('1'));
  await archive.files.putAnew('checkpoint', bytes('2'));
  expect(await archive.files.read('checkpoint')).toEqual(bytes('2'));
  expect(archive.versions('checkpoint')).toEqual([bytes('1'), bytes('2')]);
  const remove = new DeleteObjectCommand({ Bucket: 'archive', Key: 'checkpoint', VersionId: '0' });
  await expect(archive.client.send(remove)).rejects.toThrow('AccessDenied');
});

async function* pieces(megabytes: number, of = 'x'): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < megabytes * 4; piece++) yield Buffer.alloc(MEGABYTE / 4, of);
}

test.each([0, 1, 8, 9, 17])('%d MB that come in pieces lie there whole, once, and are read in pieces', async (megabytes) => {
  const archive = new MemoryArchive();
  const whole = Buffer.alloc(megabytes * MEGABYTE, 'x');
  const file = { bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
  expect(await archive.files.putStreamOnce('day/a.gz', pieces(megabytes))).toEqual(file);
  expect(await archive.files.putStreamOnce('day/a.gz', pieces(megabytes))).toEqual(file);
  const read: Uint8Array[] = [];
  for await (const piece of (await archive.files.stream('day/a.gz')) ?? []) read.push(piece);
  expect(Buffer.concat(read).equals(whole)).toBe(true);
  expect(archive.versions('day/a.gz')).toHaveLength(1);
  await expect(archive.files.putStreamOnce('day/a.gz', pieces(megabytes + 1))).rejects.toThrow(LogForked);
  expect(archive.unfinished).toBe(0);
});

test('what breaks off in between leaves nothing', async () => {
  const archive = new MemoryArchive();
  const broken = async function* () {
    yield* pieces(9);
    throw new Error('the reader is gone');
  };
  await expect(archive.files.putStreamOnce('day/a.gz', broken())).rejects.toThrow('the reader is gone');
  expect([archive.all().size, archive.unfinished]).toEqual([0, 0]);
});
