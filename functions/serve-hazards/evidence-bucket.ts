import { HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { EvidenceKey } from '../../shared/domain/ids.ts';

/** Where evidence lies. */
export interface Evidence {
  /** Those of the files that have arrived. */
  arrived(keys: readonly EvidenceKey[]): Promise<readonly EvidenceKey[]>;
}

export function evidenceBucket(bucket: string, client = new S3Client()): Evidence {
  const isThere = async (key: EvidenceKey): Promise<boolean> => {
    try {
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false;
      throw error;
    }
  };
  return {
    async arrived(keys) {
      const there = await Promise.all(keys.map(isThere));
      return keys.filter((_, index) => there[index]);
    },
  };
}
