/** The items of the county's log, and their keys. */
import { Entity } from 'dynamodb-toolbox/entity';
import { any, item, list, number, string } from 'dynamodb-toolbox/schema';
import { STANDINGS } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import { type EventPlace, FINDINGS, type SignedHead } from '../domain/sealing.ts';
import { sha256 } from '../draw/bytes.ts';
import { exportsTable } from './tables.ts';

const keys = { partition: string().key().savedAs('pk'), part: string().key().savedAs('sk') };

export const HeadEntity = new Entity({
  name: 'LOG-HEAD', // stored on every item as `_et`; renaming it is a data migration
  table: exportsTable,
  schema: item({ ...keys, size: number() }),
  timestamps: false,
});

/** Beside the head, so that giving places and signing do not hold each other up. */
export const SignedEntity = new Entity({
  name: 'LOG-SIGNED',
  table: exportsTable,
  schema: item({ ...keys, size: number(), signed: any().castAs<SignedHead>() }),
  timestamps: false,
});

export const BatchEntity = new Entity({
  name: 'LOG-BATCH',
  table: exportsTable,
  /** The ids of its events, `<subject>:<sequence>`, in their order. */
  schema: item({ ...keys, events: list(string()) }),
  timestamps: false,
});

export const PlacesEntity = new Entity({
  name: 'LOG-PLACES',
  table: exportsTable,
  /** `through` is the last sequence on it. */
  schema: item({ ...keys, through: number(), indexes: list(number()) }),
  timestamps: false,
});

export const ReconciledEntity = new Entity({
  name: 'LOG-RECONCILED',
  table: exportsTable,
  schema: item({
    ...keys,
    day: string(),
    standing: string().enum(...STANDINGS),
    cursor: string().optional(),
    compared: number().optional(),
    /** The stretch of the day that is being walked; all of it where they are not said. */
    from: string().optional(),
    until: string().optional(),
  }),
  timestamps: false,
});

export const FindingEntity = new Entity({
  name: 'LOG-FINDING',
  table: exportsTable,
  schema: item({
    ...keys,
    what: string().enum(...FINDINGS),
    subject: string(),
    sequence: number(),
    because: string(),
    since: string(),
    index: number().optional(),
    until: string().optional(),
  }),
  timestamps: false,
});

export const BATCH = 'BATCH#';
export const FINDING = 'FINDING#';
const BATCH_WIDTH = 12;
const PAGE_WIDTH = 8;
export const LAST_BATCH = `${BATCH}${'9'.repeat(BATCH_WIDTH)}`;

export const logPartition = (county: CountyCode): string => `${county}#LOG`;
export const placesPartition = (county: CountyCode, subject: string): string => `${county}#PLACES#${subject}`;

export const headKey = (county: CountyCode) => ({ partition: logPartition(county), part: 'HEAD' });
export const signedKey = (county: CountyCode) => ({ partition: logPartition(county), part: 'SIGNED' });
export const reconciledKey = (county: CountyCode) => ({ partition: logPartition(county), part: 'RECONCILED' });
/** By a hash, since a subject may be longer than a key. */
export const findingKey = (county: CountyCode, { subject, sequence }: EventPlace) => ({
  partition: logPartition(county),
  part: `${FINDING}${sha256(Buffer.from(`${subject}:${sequence}`))}`,
});
export const batchKey = (county: CountyCode, first: number) => ({
  partition: logPartition(county),
  part: `${BATCH}${String(first).padStart(BATCH_WIDTH, '0')}`,
});
export const placesKey = (county: CountyCode, subject: string, page: number) => ({
  partition: placesPartition(county, subject),
  part: String(page).padStart(PAGE_WIDTH, '0'),
});

/** An event's place by its id. A subject may hold colons, a sequence none. */
export const placeOfId = (id: string): EventPlace => {
  const colon = id.lastIndexOf(':');
  return { subject: id.slice(0, colon), sequence: Number(id.slice(colon + 1)) };
};
