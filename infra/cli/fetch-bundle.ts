import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { isPath } from '../../shared/archive/layout.ts';
import { Fault } from '../../shared/draw/fault.ts';

const ADDRESS = /^s3:\/\/([^/]+)\/(.+?)\/*$/;

/** Downloads at a time: a bundle is many small tiles. */
const ABREAST = 16;

/**
 * Fetches what lies under `s3://bucket/prefix` into a new folder and says where. A key that would be put elsewhere is refused. `made` hears of
 * the folder before anything is in it, so that it is taken away whatever happens.
 */
export async function fetchBundle(
  address: string,
  made: (folder: string) => unknown,
  client = new S3Client({ forcePathStyle: true }),
): Promise<string> {
  const [, Bucket, prefix] = ADDRESS.exec(address) ?? [];
  if (Bucket === undefined || prefix === undefined) throw new Error(`${address} is not an address as in s3://bucket/prefix`);
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  made(folder);
  const paths: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: `${prefix}/` }))
    for (const { Key } of Contents) if (Key !== undefined) paths.push(Key.slice(prefix.length + 1));
  if (paths.length === 0) throw new Error(`nothing lies under ${address}`);
  const strange = paths.find((path) => !isPath(path));
  if (strange !== undefined)
    throw new Fault('unknown-file', { file: JSON.stringify(strange) }, 'is not the path of a file of a bundle');

  async function fetchOne(path: string): Promise<void> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `${prefix}/${path}` }));
    if (!(Body instanceof Readable)) throw new Error(`${path} has no content`);
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await pipeline(Body, createWriteStream(to, { flags: 'wx' }));
  }

  const rest = paths.values();
  const fetching = Array.from({ length: ABREAST }, async () => {
    for (const path of rest) await fetchOne(path);
  });
  // Whoever takes the folder away must not be overtaken by one that still writes.
  for (const one of await Promise.allSettled(fetching)) if (one.status === 'rejected') throw one.reason;
  return folder;
}
