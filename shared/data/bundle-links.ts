/** Addresses under which a file of a bundle can be fetched for a while, by whoever has them. They are written down nowhere. */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bundleFolder } from '../archive/paths.ts';
import { type Export, PERIODIC_KINDS } from '../domain/export.ts';

export type LinkTo = (of: Pick<Export, 'id' | 'kind'>, path: string, seconds: number) => Promise<string>;

/** As the browser keeps it: bundles have many files of one name, so the folders are in it too. */
const savedAs = (of: Pick<Export, 'id'>, path: string): string => `${of.id}_${path.replaceAll('/', '_')}`;

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. */
export const linkTo =
  (archive: string, requests: string, client = new S3Client({ forcePathStyle: true })): LinkTo =>
  (of, path, seconds) =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        Bucket: PERIODIC_KINDS.some((kind) => kind === of.kind) ? archive : requests,
        Key: `${bundleFolder(of)}/${path}`,
        ResponseContentDisposition: `attachment; filename="${savedAs(of, path)}"`,
      }),
      { expiresIn: seconds },
    );
