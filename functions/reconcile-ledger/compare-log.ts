/** Holds the log against the ledger, entry by entry: what was sealed has to be in the ledger as it was. */
import { entryOf } from '../../shared/archive/entry.ts';
import { logFolder, TILE } from '../../shared/archive/paths.ts';
import { decodeEntries, pathOfEntries } from '../../shared/archive/tiles.ts';
import { LogForked } from '../../shared/data/archive-files.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { EventPlace } from '../../shared/domain/sealing.ts';

/** Each hour so many bundles of entries where something was found, so many of the newest, and so many more, which go round through all of the log. */
export const HOURLY = { found: 8, newest: 2, round: 6 } as const;

export interface Differing extends EventPlace {
  readonly index: number;
  readonly because: string;
}

export interface ComparedLog {
  /** Where the next round goes on; 0 where it begins anew. */
  readonly next: number;
  readonly entries: number;
  /** The bundles that were compared. */
  readonly bundles: ReadonlySet<number>;
  /** Sealed, and not in the ledger or there with another content. */
  readonly differing: readonly Differing[];
}

const upTo = (first: number, end: number): number[] => Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);

const placeOf = (entry: Uint8Array): EventPlace => {
  const { subject, sequence } = JSON.parse(Buffer.from(entry).toString());
  return { subject, sequence };
};

export const NOT_HELD = 'it was sealed, and the ledger does not hold it';

/** What the ledger has otherwise than the log, or nothing. */
function differenceOf(event: LedgerEvent | undefined, index: number, entry: Uint8Array): string | undefined {
  if (event === undefined) return NOT_HELD;
  const other = 'it was sealed, and the ledger holds another';
  try {
    return Buffer.compare(entryOf(event, index).bytes, entry) === 0 ? undefined : other;
  } catch {
    return other;
  }
}

/** Compares what is signed: the bundles where something was `found`, the round `from` on, the newest. Ends early where the time is over. */
export async function compareLog(
  { county, log, ledger, archive, outOfTime }: Sealing,
  from: number,
  found: readonly number[] = [],
): Promise<ComparedLog> {
  const { signed } = await log.head();
  const size = signed?.size ?? 0;
  const all = Math.ceil(size / TILE);
  const first = from < all ? from : 0;
  const end = Math.min(all, first + HOURLY.round);
  const bundles = new Set<number>();
  const differing: Differing[] = [];
  let next = first;
  let entries = 0;

  async function compare(n: number): Promise<void> {
    const width = Math.min(TILE, size - n * TILE);
    const path = `${logFolder(county)}/${pathOfEntries({ n, width })}`;
    const sealed = decodeEntries((await archive.read(path)) ?? new Uint8Array(), width);
    if (sealed === undefined) throw new LogForked(`${path} was signed and is not there as it was`);
    const places = sealed.map(placeOf);
    const events = await ledger.atAll(places);
    for (const [at, place] of places.entries()) {
      const index = n * TILE + at;
      const because = differenceOf(events[at], index, sealed[at] ?? new Uint8Array());
      if (because !== undefined) differing.push({ ...place, index, because });
    }
    entries += sealed.length;
    bundles.add(n);
  }

  const ofFound = found.filter((n) => n < all).slice(0, HOURLY.found);
  for (const n of [...ofFound, ...upTo(first, end), ...upTo(Math.max(0, all - HOURLY.newest), all)]) {
    if (outOfTime()) break;
    if (!bundles.has(n)) await compare(n);
    while (next < end && bundles.has(next)) next++;
  }
  return { next: next >= all ? 0 : next, entries, bundles, differing };
}
