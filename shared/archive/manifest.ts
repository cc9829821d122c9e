/** `manifest.json` of a bundle (format `sxj-export-1`): what is in it, which stretch of the log it is, and which bundle came before. */
import * as z from 'zod';
import { EXPORT_KINDS } from '../domain/export.ts';
import { exportId } from '../domain/ids.ts';
import { isPath } from './layout.ts';

export const FORMAT = 'sxj-export-1';

/** A slice is written in one go, so that memory does not grow with the bundle: a multiple of the tiles' 256 entries. */
export const SLICE = 16_384;
/** And of so many bytes at most, data that lies beside the entries included: usual events come to less. */
export const SLICE_BYTES = 32 * 1024 * 1024;
/** Of so many events at most each is proved by a file of its own: closing holds the names of all. */
export const MOST_PROVED = 16 * SLICE;

/** The record (`events`), what is made of it for reading (`view`) or for going on from (`state`), what proves it (`log`, `proof`), and the rest. */
export const ROLES = ['events', 'view', 'state', 'evidence', 'proof', 'log', 'doc'] as const;
export type FileRole = (typeof ROLES)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Years that every program can reckon with, the day after included. */
export const DAY = /^(?:19[7-9]\d|[2-8]\d{3}|9[0-8]\d\d|99[0-8]\d|999[0-8])-\d{2}-\d{2}$/;
const day = z.string().regex(DAY);
const index = z.int().min(0);

export const bundleFile = z.strictObject({
  path: z.string().refine(isPath, 'is not the path of a file'),
  bytes: index,
  sha256,
  role: z.enum(ROLES),
});
export type BundleFile = z.output<typeof bundleFile>;

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  bundle: z.string().refine(exportId.is, 'is not the name of a bundle'),
  county: z.string().regex(/^[1-9]\d{5}$/),
  kind: z.enum(EXPORT_KINDS),
  from: day,
  to: day,
  first: index,
  end: index,
  /** Every index of the range occurs exactly once. */
  complete: z.boolean(),
  events: index,
  origin: z.string().min(1),
  treeSize: index,
  root: sha256,
  sequence: z.int().min(1),
  /** Of the manifest of the county and kind before; zeros for the first. */
  previous: sha256,
  /** All but the manifest itself and SHA256SUMS, ascending by path. */
  files: z.array(bundleFile),
});
export type Manifest = z.output<typeof manifestSchema>;

export const NO_PREVIOUS = '0'.repeat(64);
