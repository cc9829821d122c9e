/** Where everything lies: in the archive (under lock), in a bundle, and in the bucket of what somebody asked for. */

import type { Day } from '../domain/calendar.ts';
import type { Standing } from '../domain/colour.ts';
import { type ExportKind, PERIODIC_KINDS } from '../domain/export.ts';
import type { CountyCode, ExportId } from '../domain/ids.ts';

/** Of the county's log in the archive bucket; the names below it are those of C2SP tlog-tiles. */
export const logFolder = (county: CountyCode): string => `log/${county}`;

const NUMBER = 3;
/** 1,234,067 → `x001/x234/067` */
export function tileNumber(n: number): string {
  const digits = String(n);
  const padded = digits.padStart(Math.ceil(digits.length / NUMBER) * NUMBER, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place === groups.length - 1 ? group : `x${group}`)).join('/');
}

export const TILE = 256;
const partial = (width: number): string => (width === TILE ? '' : `.p/${width}`);

/** Of hashes; `level` 0 holds the leaves. */
export const tilePath = (level: number, n: number, width = TILE): string => `tile/${level}/${tileNumber(n)}${partial(width)}`;
/** Of entries, each after its length in two bytes. */
export const entriesPath = (n: number, width = TILE): string => `tile/entries/${tileNumber(n)}${partial(width)}`;
/** Data too long for an entry, by its hash. */
export const largePath = (sha256: string): string => `large/${sha256}.json`;

/** The folder of a bundle in its bucket: `day/bundle=000012`, as a lake reads it; `requested/<id>` in the bucket of what was asked for. */
export const bundleFolder = ({ id, kind }: { readonly id: ExportId; readonly kind: ExportKind }): string =>
  PERIODIC_KINDS.some((each) => each === kind) ? `${kind}/bundle=${id.slice(kind.length + 1)}` : `requested/${id}`;

const WIDTH = 6;
/** Further slices of a bundle have their number in the name of each file: `events-000001.jsonl.gz` beside `events.jsonl.gz`. */
export const ofSlice = (name: string, slice: number): string => {
  if (slice === 0) return name;
  const dot = name.indexOf('.');
  return `${name.slice(0, dot)}-${String(slice).padStart(WIDTH, '0')}${name.slice(dot)}`;
};

export const eventsPath = (county: CountyCode, colour: Standing, date: Day, slice: number): string =>
  `county=${county}/colour=${colour}/date=${date}/${ofSlice('events.jsonl.gz', slice)}`;
export const proofPath = (index: number): string => `proofs/${index}.tlog-proof`;

/** In the archive: the manifest of each closed day once more, by its export, so that a lake sees which bundles are closed. */
export const CLOSED_DAYS = 'day/manifests';
