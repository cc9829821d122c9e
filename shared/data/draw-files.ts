/**
 * The files of draws in their bucket. `rosters/<sha256>` holds what is kept until the reveal, each file by the hash of its content, so that
 * writing twice is writing once and nobody can change one unseen; `published/<authority>/<number>/<file>` what everybody may read,
 * `published/policy/<sha256>.json` the policies that it was drawn by.
 */
import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { authorityName, type Draw, paddedNumber, type Sha256 } from '../domain/draw.ts';

/** The file is not there, or is not the one that its name says. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

export interface DrawFiles {
  /** Puts a file under its hash and answers that. */
  keep(bytes: Uint8Array): Promise<Sha256>;
  /** The file of that hash. Throws `FileChanged` where what lies there has another. */
  read(sha256: Sha256): Promise<Uint8Array>;
  publish(draw: Pick<Draw, 'county' | 'authority' | 'number'>, file: string, bytes: Uint8Array): Promise<void>;
  /** A policy in force, canonical, under the hash that announcements name it by. */
  publishPolicy(bytes: Uint8Array): Promise<void>;
}

export const hashOf = (bytes: Uint8Array): Sha256 => createHash('sha256').update(bytes).digest('hex');

/** `published/533102.YJJ/000017` */
export const publishedFolder = ({ county, authority, number }: Pick<Draw, 'county' | 'authority' | 'number'>): string =>
  `published/${authorityName(county, authority)}/${paddedNumber(number)}`;

export const policyPath = (sha256: Sha256): string => `published/policy/${sha256}.json`;

const typeOf = (file: string): string =>
  file.endsWith('.json') ? 'application/json' : 'text/tab-separated-values; charset=utf-8';

/** A file as it was read, if its hash is the one it is known by. */
export function verified(sha256: Sha256, bytes: Uint8Array): Uint8Array {
  const found = hashOf(bytes);
  if (found !== sha256) throw new FileChanged(`rosters/${sha256}: 该文件已被改动，其内容的哈希为 ${found}`);
  return bytes;
}

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. */
export function s3DrawFiles(Bucket: string, client = new S3Client({ forcePathStyle: true })): DrawFiles {
  /** Once: a step that is done again writes the same, and whoever reads compares with the hash that the ledger has. */
  const put = async (Key: string, Body: Uint8Array, ContentType: string): Promise<void> => {
    try {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, IfNoneMatch: '*' }));
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412)) throw error;
    }
  };
  return {
    async keep(bytes) {
      const sha256 = hashOf(bytes);
      await put(`rosters/${sha256}`, bytes, 'application/octet-stream');
      return sha256;
    },
    async read(sha256) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `rosters/${sha256}` }));
        return verified(sha256, (await Body?.transformToByteArray()) ?? new Uint8Array());
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') throw new FileChanged(`rosters/${sha256}: 该文件不存在`);
        throw error;
      }
    },
    publish: (draw, file, bytes) => put(`${publishedFolder(draw)}/${file}`, bytes, typeOf(file)),
    publishPolicy: (bytes) => put(policyPath(hashOf(bytes)), bytes, 'application/json'),
  };
}
