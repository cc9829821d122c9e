import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** A file that lies open: its bytes, or, where it is too large for an answer, where it can be fetched for a while. */
export type Opened = { readonly bytes: Uint8Array } | { readonly location: string };

export interface PublishedBytes {
  /** `undefined` where it is not there. */
  open(key: string): Promise<Opened | undefined>;
  text(key: string): Promise<string | undefined>;
}

/** An answer is at most six megabytes, and bytes that are no text grow by a third on their way. */
const MOST_BYTES = 3_000_000;
const LIVES_SECONDS = 300;
const PUBLISHED = 'published/';

const isAbsent = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.$metadata.httpStatusCode === 404 || error.name === 'NoSuchKey');

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. */
export function publishedBucket(Bucket: string, client = new S3Client({ forcePathStyle: true })): PublishedBytes {
  /** Whatever is asked for: nothing but what was published is ever opened here. */
  const ifThere = async <T>(Key: string, read: () => Promise<T>): Promise<T | undefined> => {
    if (!Key.startsWith(PUBLISHED) || Key.includes('..')) return undefined;
    try {
      return await read();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };
  const read = async (Key: string): Promise<Uint8Array> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  return {
    open: (Key) =>
      ifThere(Key, async () => {
        const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key }));
        if (ContentLength <= MOST_BYTES) return { bytes: await read(Key) };
        return { location: await getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: LIVES_SECONDS }) };
      }),
    text: (Key) => ifThere(Key, async () => Buffer.from(await read(Key)).toString('utf8')),
  };
}
