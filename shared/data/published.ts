/**
 * What everybody may read, in the bucket of draws under `published/`: results of inspections, and the indexes by which a reader finds what
 * there is without the right to list. Every index is derived from the tables, so it may be written again at any time.
 */
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { DRAW_STAGES, paddedNumber } from '../domain/draw.ts';
import { DRAW_KINDS } from '../domain/draw-kind.ts';
import { type CountyCode, type Department, department, type TaskId, taskId } from '../domain/ids.ts';
import { OUTCOMES } from '../domain/task.ts';
import { instantOut, named } from '../runtime/schemas.ts';
import { policyPath } from './draw-files.ts';

const folder = (county: CountyCode, authority: Department): string => `${county}.${authority}`;

/** Where each of them lies. */
export const publishedKeys = (county: CountyCode) => ({
  /** All authorities with their draws. */
  draws: 'published/index.json',
  drawsOf: (authority: Department) => `published/${folder(county, authority)}/index.json`,
  drawFile: (authority: Department, number: number, file: string) =>
    `published/${folder(county, authority)}/${paddedNumber(number)}/${file}`,
  resultsOf: (authority: Department, number: number) =>
    `published/results/${folder(county, authority)}/${paddedNumber(number)}/index.json`,
  result: (authority: Department, number: number, task: TaskId) =>
    `published/results/${folder(county, authority)}/${paddedNumber(number)}/${task}.json`,
  itemsOf: (authority: Department) => `published/items/${folder(county, authority)}/index.json`,
  policy: policyPath,
  plansOf: (authority: Department) => `published/plans/${folder(county, authority)}/index.json`,
});

const drawEntry = z.strictObject({
  number: z.int().positive(),
  drawId: z.string(),
  kind: z.enum(DRAW_KINDS),
  kindName: z.string(),
  period: z.string(),
  stage: z.enum(DRAW_STAGES),
  stageName: z.string(),
  announcedAt: instantOut,
  drawAt: instantOut,
  revealBy: instantOut,
  /** From then on nothing changes any more. */
  revealedAt: instantOut.optional(),
  because: z.string().optional(),
  void: z.strictObject({ reason: z.string(), at: instantOut }).optional(),
  /** What was to be drawn and what is: `quota` below `wanted` is a gap, for want of inspectors. */
  strata: z.array(z.strictObject({ name: z.string(), objects: z.int(), quota: z.int(), wanted: z.int() })).optional(),
  leftOut: z.strictObject({ visited: z.int(), suspended: z.int() }).optional(),
  /** Files of a void draw that were changed or are not there. */
  lost: z.array(z.string()).optional(),
  /** What is published of it by now, with the hash of each. */
  files: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
});
export type DrawEntry = z.output<typeof drawEntry>;

/** `published/533102.YJJ/index.json` */
export const drawIndex = z.strictObject({
  authority: named(department),
  authorityName: z.string(),
  draws: z.array(drawEntry),
  /** Periods that were not drawn for. */
  missed: z
    .array(
      z.strictObject({
        kind: z.enum(DRAW_KINDS),
        kindName: z.string(),
        period: z.string(),
        code: z.string(),
        says: z.string(),
        at: instantOut,
      }),
    )
    .optional(),
});
export type DrawIndex = z.output<typeof drawIndex>;

/** `published/index.json` */
export const authorityIndex = z.strictObject({
  authorities: z.array(
    z.strictObject({
      authority: named(department),
      authorityName: z.string(),
      draws: z.array(drawEntry.pick({ number: true, kind: true, period: true, stage: true, stageName: true })),
    }),
  ),
});

/** `published/results/533102.YJJ/000017/index.json` */
export const resultIndex = z.strictObject({
  authority: named(department),
  number: z.int().positive(),
  results: z.array(
    z.strictObject({ task: named(taskId), outcome: z.enum(OUTCOMES), publishedAt: instantOut, isLate: z.boolean() }),
  ),
});
export type ResultIndex = z.output<typeof resultIndex>;

/** `published/plans/533102.YJJ/index.json`: of each period the plan that holds. */
export const planIndex = z.strictObject({
  plans: z.array(z.looseObject({ period: z.string(), version: z.int().positive() })),
});

export interface PublishedFiles {
  /** `undefined` where it was never put. */
  read(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
  /** Puts it where nothing lies yet, and answers what lies there then: whoever comes first has said it. */
  putOnce(key: string, text: string): Promise<string>;
}

/** Path-style addresses: the same on AWS, and the only ones that resolve on a laptop. */
export function s3PublishedFiles(Bucket: string, client = new S3Client({ forcePathStyle: true })): PublishedFiles {
  const read = async (Key: string): Promise<string | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
  const put = async (Key: string, Body: string, more: { readonly IfNoneMatch?: '*' } = {}): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ...more }));
  };
  return {
    read,
    put,
    async putOnce(key, text) {
      const before = await read(key);
      if (before !== undefined) return before;
      try {
        await put(key, text, { IfNoneMatch: '*' });
        return text;
      } catch (error) {
        // Another was first at this moment (412), or is about to be (409): what lies there then is what counts.
        if (!(error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0))) throw error;
        const lies = await read(key);
        if (lies === undefined) throw error;
        return lies;
      }
    },
  };
}
