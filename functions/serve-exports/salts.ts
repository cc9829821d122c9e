/** What stands behind the commitments of a bundle's events, page by page, to the entitled: of this bundle's events and of no others. */
import * as z from 'zod';
import { linesOf } from '../../shared/archive/bundle-files.ts';
import { gunzip } from '../../shared/archive/gunzip.ts';
import { eventsFileOf } from '../../shared/archive/layout.ts';
import { occasionOf } from '../../shared/data/asked.ts';
import { CursorMalformed } from '../../shared/data/cursor.ts';
import type { PersonalStore } from '../../shared/data/personal-store.ts';
import type { Audit } from '../../shared/domain/audit.ts';
import { COMMITMENT } from '../../shared/domain/commitment.ts';
import type { EventPlace } from '../../shared/domain/sealing.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readSalts } from './api.ts';
import type { Bundle, BundleOf } from './bundles.ts';
import type { saltsOut } from './exports-out.ts';
import { type ReachDependencies, reachedClosed, refuseExpired } from './reach.ts';

export interface SaltsDependencies extends ReachDependencies {
  readonly bundleOf: BundleOf;
  readonly personal: Pick<PersonalStore, 'valuesOf'>;
}

/** So many lines are looked through in one call, whatever is found: where few events hold anything, the next call goes on. */
const MOST_LINES = 100_000;
/** A line holds no more than an entry of the log. */
const MOST_LINE = 65_536;

const placed = z.object({ subject: z.string(), sequence: z.int() });
/** What may have values behind it: a commitment stands in the line, or its data lies elsewhere. */
const mayHold = (line: string): boolean => line.includes(`"${COMMITMENT}`) || line.includes('"data":{"large":{');

/** Where a page ended: so many files of events were read, and so many lines of the next. */
interface Place {
  readonly file: number;
  readonly line: number;
}
const startOf = (cursor: string | undefined): Place => {
  if (cursor === undefined) return { file: 0, line: 0 };
  const [, file, line] = /^(\d{1,9})\.(\d{1,9})$/.exec(cursor) ?? [];
  if (file === undefined || line === undefined) throw new CursorMalformed('no place of a bundle');
  return { file: Number(file), line: Number(line) };
};

/** The files of events, of the days that an audit is about: a bundle also holds what was sealed with them and is of another day. */
function pathsOf({ filesAfter }: Bundle, audit: Audit | undefined): readonly string[] {
  const paths: string[] = [];
  for (const { path } of filesAfter()) {
    const date = eventsFileOf(path)?.date;
    if (date !== undefined && (audit === undefined || (audit.from <= date && date <= audit.to))) paths.push(path);
  }
  return paths;
}

/** The events from a place on that may have values, up to the limit, and where to go on. */
async function eventsFrom({ read }: Bundle, paths: readonly string[], from: Place, limit: number) {
  const places: EventPlace[] = [];
  let looked = 0;
  for (const [file, path] of paths.entries()) {
    if (file < from.file) continue;
    const packed = await read.stream(path);
    if (packed === undefined) throw new Error(`${path} is not there`);
    let line = 0;
    for await (const bytes of linesOf(gunzip(packed, path), path, MOST_LINE)) {
      if (file === from.file && line < from.line) {
        line += 1;
        continue;
      }
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      looked += 1;
      if (looked > MOST_LINES) return { places, cursor: `${file}.${line}` };
      if (mayHold(text)) {
        if (places.length === limit) return { places, cursor: `${file}.${line}` };
        places.push(placed.parse(JSON.parse(text)));
      }
      line += 1;
    }
  }
  return { places };
}

export const handOutSalts =
  (deps: SaltsDependencies) =>
  async (asked: Request<typeof readSalts>): Promise<z.input<typeof saltsOut>> => {
    const { right, manifest, ...before } = await reachedClosed(deps, asked, asked.params.id, 'ReadSalts');
    const { limit, cursor } = asked.body;
    const bundle = await deps.bundleOf(before.export, manifest);
    refuseExpired(bundle);
    const { audit } = right;
    const { places, ...next } = await eventsFrom(bundle, pathsOf(bundle, audit), startOf(cursor), limit);
    const items = await deps.personal.valuesOf(places);
    const values = items.reduce((sum, one) => sum + one.values.length, 0);
    const events = items.map(({ subject, sequence }) => `${subject}:${sequence}`);
    const fact = { type: 'SaltsRead', data: { values, events, ...(audit && { audit: audit.id }) } } as const;
    await deps.exports.note({ before, facts: [fact], occasion: occasionOf(asked) });
    return { items: items.map(({ values: each, ...of }) => ({ ...of, values: [...each] })), ...next };
  };
