/** Whether evidence may be named: it is of the object, not more than the policy wants, and, where it has to be, there. */
import { HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { isEvidenceOf } from '../domain/evidence.ts';
import type { EvidenceKey, ObjectId } from '../domain/ids.ts';

import type { Policy } from '../policy/load.ts';
import { Problem } from '../runtime/problem.ts';

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

/** How large a piece of evidence is; `undefined` where it has not arrived. */
export function evidenceSizes(bucket: string, client = new S3Client()): (key: string) => Promise<number | undefined> {
  return async (key) => {
    try {
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
      throw error;
    }
  };
}

/** Evidence is of the enterprise or area itself, and not more than the policy wants. */
export function refuseEvidence({ evidence }: Pick<Policy, 'evidence'>, object: ObjectId, keys: readonly EvidenceKey[]): void {
  if (keys.length > evidence.perItem) {
    throw new Problem(422, 'too-much-evidence', `一次最多附 ${evidence.perItem} 件证据。`, { why: evidence.why });
  }
  if (!keys.every((key) => isEvidenceOf(object, key))) {
    throw new Problem(422, 'evidence-of-another', '证据编号不属于该企业或区域，请先上传证据再引用。');
  }
}

/** Files that somebody else has to look at have to be there. */
export async function refuseNotArrived({ arrived }: Evidence, all: readonly EvidenceKey[]): Promise<void> {
  const keys = [...new Set(all)];
  const there = await arrived(keys);
  const missing = keys.filter((key) => !there.includes(key));
  if (missing.length > 0) throw new Problem(409, 'evidence-not-arrived', '有证据尚未上传完成，请上传后再提交。', { missing });
}
