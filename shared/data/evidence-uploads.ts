/** How evidence comes into its bucket and out of it: by forms and addresses that the caller uses himself. */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Instant, plusMs } from '../domain/calendar.ts';
import { evidenceKeyIn } from '../domain/evidence.ts';
import type { EvidenceKey, ObjectId } from '../domain/ids.ts';
import { limitMs } from '../domain/limit.ts';
import type { Policy } from '../policy/load.ts';
import { Problem } from '../runtime/problem.ts';

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
};

export interface EvidenceFile {
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a file of an enterprise or a public area lies, if the policy takes it. */
export function evidenceKeyOf(object: ObjectId, { type, bytes, sha256 }: EvidenceFile, { evidence }: Policy): EvidenceKey {
  const most = Object.hasOwn(evidence.types, type) ? evidence.types[type] : undefined;
  const ending = ENDINGS[type];
  if (most === undefined || ending === undefined) {
    throw new Problem(422, 'evidence-type', '不支持这种文件类型。', { allowed: Object.keys(evidence.types), why: evidence.why });
  }
  if (bytes > most) throw new Problem(422, 'evidence-too-large', '文件太大，请压缩后上传。', { most, why: evidence.why });
  return evidenceKeyIn(object, `${sha256}.${ending}`);
}

/** Signed forms and addresses: they live minutes, name one key, and bind type, size and content. */
export function evidenceUploads(bucket: string, client = new S3Client()) {
  return {
    async upload(key: EvidenceKey, { type, bytes, sha256 }: EvidenceFile, { evidence }: Policy, at: Instant) {
      const lives = limitMs(evidence.uploadWithin);
      const checksum = Buffer.from(sha256, 'hex').toString('base64');
      const fields = { 'Content-Type': type, 'x-amz-checksum-sha256': checksum };
      const { url, fields: signed } = await createPresignedPost(client, {
        Bucket: bucket,
        Key: key,
        Fields: fields,
        Conditions: [
          { key },
          { 'Content-Type': type },
          { 'x-amz-checksum-sha256': checksum },
          ['content-length-range', bytes, bytes],
        ],
        Expires: lives / 1000,
      });
      return { key, url, fields: signed, expiresAt: plusMs(at, lives), why: evidence.why };
    },
    async download(key: EvidenceKey, { evidence }: Policy, at: Instant) {
      const lives = limitMs(evidence.readWithin);
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition: 'attachment' });
      return { url: await getSignedUrl(client, command, { expiresIn: lives / 1000 }), expiresAt: plusMs(at, lives) };
    },
  };
}
