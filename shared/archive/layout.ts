/** Which files a bundle may hold: the form of their paths, and what each is there for. */
import { STANDINGS } from '../domain/colour.ts';
import type { FileRole } from './manifest.ts';

export const MANIFEST = 'manifest.json';
export const SUMS = 'SHA256SUMS';
export const CHECKPOINT = 'log/checkpoint';
export const PREVIOUS_CHECKPOINT = 'log/checkpoint.previous';
export const VKEYS = 'log/vkey';
export const EVIDENCE = 'evidence.jsonl';
/** A time-stamp token over the checkpoint. */
export const TIMESTAMP = 'checkpoint.tsr';
/** Tiles lie under this, by the names that they have in the log. */
export const LOG = 'log/';

/** Nothing that leads out of a folder, hides in it, or reads differently on another system. */
const PATH = /^[A-Za-z0-9][A-Za-z0-9._=-]*(?:\/[A-Za-z0-9][A-Za-z0-9._=-]*)*$/;
export const isPath = (path: string): boolean => PATH.test(path);

const EVENTS = new RegExp(
  `^county=(\\d{6})/colour=(${STANDINGS.join('|')})/date=(\\d{4}-\\d{2}-\\d{2})/events(?:-(\\d{6}))?\\.jsonl\\.gz$`,
);
const LARGE = /^large\/([0-9a-f]{64})\.json$/;
const PROOF = /^proofs\/(0|[1-9]\d{0,15})\.tlog-proof$/;
const TILE = /^log\/tile\/\d\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/;

/** What the path of a file of events says. */
export interface EventsFile {
  readonly path: string;
  readonly county: string;
  readonly colour: string;
  readonly date: string;
  readonly slice: number;
}

export function eventsFileOf(path: string): EventsFile | undefined {
  const [, county, colour, date, slice] = EVENTS.exec(path) ?? [];
  if (county === undefined || colour === undefined || date === undefined || slice === '000000') return undefined;
  return { path, county, colour, date, slice: Number(slice ?? 0) };
}

export const isTilePath = (path: string): boolean => TILE.test(path);
export const isProofPath = (path: string): boolean => PROOF.test(path);
export const isTimestampPath = (path: string): boolean => /^[^/]+\.tsr$/.test(path);
/** The hash by which data too long for its entry lies. */
export const largeOf = (path: string): string | undefined => LARGE.exec(path)?.[1];

const ROLE_OF: readonly (readonly [FileRole, (path: string) => boolean])[] = [
  ['events', (path) => eventsFileOf(path) !== undefined || LARGE.test(path)],
  ['log', (path) => [CHECKPOINT, PREVIOUS_CHECKPOINT, VKEYS].includes(path) || isTilePath(path)],
  ['proof', (path) => isProofPath(path) || isTimestampPath(path)],
  ['evidence', (path) => path === EVIDENCE],
  ['view', (path) => path.startsWith('views/')],
  ['state', (path) => path.startsWith('state/')],
  ['doc', (path) => ['README.md', 'README.zh.md', 'verify.py', 'policy.json'].includes(path)],
];

/** What a file of a bundle is there for; nothing where it does not belong there. */
export const roleOf = (path: string): FileRole | undefined =>
  isPath(path) ? ROLE_OF.find(([, is]) => is(path))?.[0] : undefined;
