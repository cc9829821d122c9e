/**
 * Where in the log a day ends, in the order of the log: what is sealed later is the next day's to hand out. An event that is dated after the run
 * that asks comes of a clock that was wrong; it ends no day, or every later day would be empty until its date has come.
 */
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { eventOf, type LogFiles, sealedTiles, stretch } from './sealed-log.ts';

/**
 * Behind the last event before the cut that stands ahead of the first one from the cut until now, of those from `first` on. So the last event of a
 * day is always of before its cut, and what lies behind it is not.
 */
export async function endFrom(
  log: LogFiles,
  size: number,
  first: number,
  { cut, now }: { readonly cut: Instant; readonly now: Instant },
): Promise<number> {
  let end = first;
  for await (const { entries } of sealedTiles(log, size, stretch(first, size))) {
    for (const entry of entries) {
      const { at } = eventOf(entry);
      if (at < cut) end = entry.index + 1;
      else if (at <= now) return end;
    }
  }
  return end;
}

/** The day of the first event that was recorded by now, with which the series of days begins; none of before the county began. */
export async function beganBy(
  log: LogFiles,
  size: number,
  { since, now }: { readonly since: Day; readonly now: Instant },
): Promise<Day | undefined> {
  for await (const { entries } of sealedTiles(log, size, stretch(0, size))) {
    for (const entry of entries) {
      const { at } = eventOf(entry);
      if (at <= now) return dayOf(at) < since ? since : dayOf(at);
    }
  }
  return undefined;
}
