/**
 * Files of the log and of bundles in their bucket. What is put once never changes: it is put only where nothing lies, and where something
 * lies its bytes have to be the same. The checkpoint alone is put anew, each time as a new version.
 */
import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Sha256 } from '../domain/export.ts';
import { sha256 } from '../draw/bytes.ts';

/** Something else lies where these bytes belong: there are two histories, or somebody wrote who must not. Trying again cannot help. */
export class LogForked extends Error {
  override readonly name = 'LogForked';
}

/** What was put, as a manifest names it. */
export interface PutFile {
  readonly bytes: number;
  readonly sha256: Sha256;
}

export interface ArchiveFiles {
  /** `undefined` where nothing lies. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The same piece by piece, for what may be large. */
  stream(path: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Throws `LogForked` where other bytes lie already. */
  putOnce(path: string, bytes: Uint8Array): Promise<PutFile>;
  /** The same of what comes piece by piece and may be large: no more of it than a part is held at a time. */
  putStreamOnce(path: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<PutFile>;
  /** Puts a new version, whatever lies there. */
  putAnew(path: string, bytes: Uint8Array): Promise<void>;
}

/** A part of a large file; the service takes no smaller ones but the last. */
const PART = 8 * 1024 * 1024;
/** Nothing lies there while another is putting it: then it is looked again, so often. */
const LOOKS = 5;

const statusOf = (error: unknown): number => (error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0);
/** Something lies there (412), or another is about to put something (409). */
const isTaken = (error: unknown): boolean => [409, 412].includes(statusOf(error));
const isAbsent = (error: unknown): boolean => error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name);

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  gz: 'application/gzip',
  py: 'text/x-python; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  tsr: 'application/timestamp-reply',
};
const typeOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:SHA256SUMS|checkpoint(?:\.previous)?|vkey)$/.test(name) || name.endsWith('.tlog-proof'))
    return 'text/plain; charset=utf-8';
  return TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
};

/** Pieces as they come, joined to parts of the same size; the last may be smaller. There is always one. */
async function* partsOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const some = piece.subarray(from, from + PART - bytes);
      held.push(some);
      bytes += some.length;
      from += some.length;
      if (bytes < PART) continue;
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
  }
  yield Buffer.concat(held);
}

/** Size and hash of what comes piece by piece. */
export async function sumOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<PutFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. `folder`: all paths stand below it. */
export function s3ArchiveFiles(Bucket: string, folder = '', client = new S3Client({ forcePathStyle: true })): ArchiveFiles {
  const keyOf = (path: string): string => (folder === '' ? path : `${folder}/${path}`);

  async function bodyOf(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(path) }));
      if (!(Body instanceof Readable)) throw new Error(`${path} has no content`);
      return Body;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async function lies(path: string): Promise<PutFile | undefined> {
    const body = await bodyOf(path);
    if (body === undefined) return undefined;
    return sumOf(body);
  }

  /** Puts, and where something lies already compares it. */
  async function once(path: string, file: PutFile, put: () => Promise<unknown>): Promise<PutFile> {
    for (let look = 1; ; look++) {
      try {
        await put();
        return file;
      } catch (error) {
        if (!isTaken(error)) throw error;
        const there = await lies(path);
        if (there === undefined && look < LOOKS) continue;
        if (there === undefined) throw error;
        if (there.sha256 === file.sha256) return file;
        throw new LogForked(`${keyOf(path)}: ${there.sha256} lies where ${file.sha256} belongs`);
      }
    }
  }

  const put = (path: string, Body: Uint8Array, more: { readonly IfNoneMatch?: '*' } = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key: keyOf(path), Body, ContentType: typeOf(path), ...more }));
  const fileOf = (bytes: Uint8Array): PutFile => ({
    bytes: bytes.length,
    sha256: sha256(bytes),
  });
  const putOnce = (path: string, bytes: Uint8Array): Promise<PutFile> =>
    once(path, fileOf(bytes), () => put(path, bytes, { IfNoneMatch: '*' }));

  async function putParts(path: string, first: Buffer, parts: AsyncGenerator<Buffer>): Promise<PutFile> {
    const at = { Bucket, Key: keyOf(path) };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at, ContentType: typeOf(path) }));
    const hash: Hash = createHash('sha256');
    const Parts: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
    let bytes = 0;
    const upload = async (Body: Buffer): Promise<void> => {
      hash.update(Body);
      bytes += Body.length;
      const PartNumber = Parts.length + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    };
    try {
      await upload(first);
      for await (const part of parts) if (part.length > 0) await upload(part);
      return await once(path, { bytes, sha256: hash.digest('hex') }, () =>
        client.send(
          new CompleteMultipartUploadCommand({
            ...at,
            UploadId,
            MultipartUpload: {
              Parts: Parts.map(({ ETag, PartNumber }) => ({ PartNumber, ...(ETag !== undefined && { ETag }) })),
            },
            IfNoneMatch: '*',
          }),
        ),
      );
    } finally {
      // What was completed is no upload any more; of the others nothing shall stay that is paid for.
      await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    }
  }

  return {
    async read(path) {
      const body = await bodyOf(path);
      if (body === undefined) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    stream: bodyOf,
    putOnce,
    async putStreamOnce(path, pieces) {
      const parts = partsOf(pieces);
      const first = await parts.next();
      if (first.done === true || first.value.length < PART) return putOnce(path, first.value ?? new Uint8Array());
      return putParts(path, first.value, parts);
    },
    async putAnew(path, bytes) {
      await put(path, bytes);
    },
  };
}
