/** How a bundle is cut into slices: each is written in one go, so it is bounded by its events and by their bytes, whatever it holds. */
import { eventOf, type LogFiles, largeOf, mayBeLarge, type SealedEntry, sealedTiles } from './sealed-log.ts';

/** What a slice holds at most. An event that is larger by itself is a slice of its own. */
export interface SliceBounds {
  readonly events: number;
  readonly bytes: number;
}

/** With the data that lies beside it. */
const bytesOf = (entry: SealedEntry): number =>
  entry.bytes.length + (mayBeLarge(entry) ? (largeOf(eventOf(entry))?.bytes ?? 0) : 0);

/** Ascending indexes of a log of that size by the slices that they make: it follows from the log alone. */
export async function* inSlices(
  log: LogFiles,
  size: number,
  indexes: Iterable<number>,
  most: SliceBounds,
): AsyncGenerator<readonly number[]> {
  let held: number[] = [];
  let bytes = 0;
  for await (const { entries } of sealedTiles(log, size, indexes)) {
    for (const entry of entries) {
      const own = bytesOf(entry);
      if (held.length > 0 && (held.length === most.events || bytes + own > most.bytes)) {
        yield held;
        held = [];
        bytes = 0;
      }
      held.push(entry.index);
      bytes += own;
    }
  }
  if (held.length > 0) yield held;
}

/** The first places of the slices of a stretch; none of an empty one. */
export async function startsOf(
  log: LogFiles,
  size: number,
  indexes: Iterable<number>,
  most: SliceBounds,
): Promise<readonly number[]> {
  const starts: number[] = [];
  for await (const [first = 0] of inSlices(log, size, indexes, most)) starts.push(first);
  return starts;
}
