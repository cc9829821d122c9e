/** Where in the log a day ends: at the first event from an instant on, in the order of the log. What is sealed later is the next day's to hand out. */
import { TILE } from '../../shared/archive/paths.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { eventOf, type LogFiles, sealedTiles, stretch } from '../../workflows/audit-export/sealed-log.ts';

/** The index of the first event at or after the instant, of those from `first` on; the log's size where there is none. */
export async function firstFrom(log: LogFiles, size: number, first: number, at: Instant): Promise<number> {
  for await (const { entries } of sealedTiles(log, size, stretch(first, size))) {
    const found = entries.find((entry) => eventOf(entry).at >= at);
    if (found !== undefined) return found.index;
  }
  return size;
}

/** When the event at an index was recorded. */
export async function instantOf(log: LogFiles, size: number, index: number): Promise<Instant> {
  for await (const { entries } of sealedTiles(log, size, [index])) for (const entry of entries) return eventOf(entry).at;
  throw new RangeError(`a log of ${size} has no tile ${Math.floor(index / TILE)}`);
}
