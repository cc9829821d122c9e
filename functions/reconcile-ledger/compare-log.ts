/** Holds the log against the ledger, entry by entry: what was sealed has to be in the ledger as it was. */
import { entryOf } from '../../shared/archive/entry.ts';
import { logFolder, TILE } from '../../shared/archive/paths.ts';
import { decodeEntries, pathOfEntries } from '../../shared/archive/tiles.ts';
import { LogForked } from '../../shared/data/archive-files.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import type { EventPlace } from '../../shared/domain/sealing.ts';

/** Each night the newest so many bundles of entries, and so many more, which go round through all of the log. */
export const NIGHTLY = { newest: 16, round: 64 } as const;

export interface ComparedLog {
  /** Where the next night's round goes on. */
  readonly next: number;
  readonly entries: number;
  /** Sealed, and not in the ledger or there with another content. */
  readonly differing: readonly EventPlace[];
}

/** The bundles of tonight: the round from `from` on, from the beginning again behind the end, and the newest. */
function bundlesOf(size: number, from: number): { readonly numbers: readonly number[]; readonly next: number } {
  const all = Math.ceil(size / TILE);
  const first = from < all ? from : 0;
  const end = Math.min(all, first + NIGHTLY.round);
  const numbers = new Set<number>();
  for (let n = first; n < end; n++) numbers.add(n);
  for (let n = Math.max(0, all - NIGHTLY.newest); n < all; n++) numbers.add(n);
  return { numbers: [...numbers], next: end >= all ? 0 : end };
}

const placeOf = (entry: Uint8Array): EventPlace => {
  const { subject, sequence } = JSON.parse(Buffer.from(entry).toString());
  return { subject, sequence };
};

/** Compares what is signed. Ends early where the time is over, and goes on there the next night. */
export async function compareLog({ county, log, ledger, archive, outOfTime }: Sealing, from: number): Promise<ComparedLog> {
  const { signed } = await log.head();
  const size = signed?.size ?? 0;
  const { numbers, next } = bundlesOf(size, from);
  const differing: EventPlace[] = [];
  let entries = 0;
  for (const n of numbers) {
    if (outOfTime()) return { next: n, entries, differing };
    const width = Math.min(TILE, size - n * TILE);
    const path = `${logFolder(county)}/${pathOfEntries({ n, width })}`;
    const sealed = decodeEntries((await archive.read(path)) ?? new Uint8Array(), width);
    if (sealed === undefined) throw new LogForked(`${path} was signed and is not there as it was`);
    const places = sealed.map(placeOf);
    const events = await ledger.atAll(places);
    for (const [at, entry] of sealed.entries()) {
      const event = events[at];
      const place = places[at];
      const isSame = event !== undefined && Buffer.compare(entryOf(event, n * TILE + at).bytes, entry) === 0;
      if (!isSame && place !== undefined) differing.push(place);
    }
    entries += sealed.length;
  }
  return { next, entries, differing };
}
