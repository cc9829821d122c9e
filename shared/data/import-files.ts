/** The files of an import in their bucket: what was sent, its rows in chunks, its errors. Every key is written from the same input again. */
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ImportId } from '../domain/ids.ts';

export interface Upload {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ImportFiles {
  /** A form that takes one file of this type and at most this size, under a key that the sender cannot choose. */
  uploadFor(id: ImportId, contentType: string, mostBytes: number, seconds: number): Promise<Upload>;
  /** How large the file is that was sent; `undefined`: none was. */
  sizeOf(id: ImportId): Promise<number | undefined>;
  source(id: ImportId): Promise<Buffer>;
  /** A part: `chunks/0003`, `errors/read`. Written whole; written again it is the same. */
  put(id: ImportId, part: string, text: string): Promise<void>;
  get(id: ImportId, part: string): Promise<string>;
  /** An address for a while, at which a file to fill in can be fetched. */
  offer(name: string, contentType: string, bytes: Buffer, seconds: number): Promise<string>;
}

const keyOf = (id: ImportId, part: string) => `imports/${id}/${part}`;

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. */
export function s3ImportFiles(Bucket: string, client = new S3Client({ forcePathStyle: true })): ImportFiles {
  const read = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    if (Body === undefined) throw new Error(`${Key} has no content`);
    return Body;
  };
  return {
    async uploadFor(id, contentType, mostBytes, seconds) {
      return createPresignedPost(client, {
        Bucket,
        Key: keyOf(id, 'source'),
        Fields: { 'Content-Type': contentType },
        Conditions: [
          ['content-length-range', 1, mostBytes],
          ['eq', '$Content-Type', contentType],
        ],
        Expires: seconds,
      });
    },
    async sizeOf(id) {
      try {
        const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(id, 'source') }));
        return ContentLength;
      } catch (error) {
        if (error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey')) return undefined;
        throw error;
      }
    },
    async source(id) {
      return Buffer.from(await (await read(keyOf(id, 'source'))).transformToByteArray());
    },
    async put(id, part, text) {
      await client.send(new PutObjectCommand({ Bucket, Key: keyOf(id, part), Body: text, ContentType: 'application/x-ndjson' }));
    },
    async get(id, part) {
      return (await read(keyOf(id, part))).transformToString();
    },
    async offer(name, contentType, bytes, seconds) {
      const Key = `templates/${name}`;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: bytes, ContentType: contentType }));
      const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
      return getSignedUrl(client, new GetObjectCommand({ Bucket, Key, ResponseContentDisposition }), { expiresIn: seconds });
    },
  };
}
