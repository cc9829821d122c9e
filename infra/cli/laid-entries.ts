/**
 * Events that had their places in the log, and lay in the archive, before a checkpoint over them was signed. Nothing can be put over them, so what is
 * sealed next at their places has to be these: a restore that passed over them would leave a log that can never be gone on with.
 */
import type { SealedEvent } from '../../shared/archive/bundle-events.ts';
import { entryOf } from '../../shared/archive/entry.ts';
import { TILE } from '../../shared/archive/paths.ts';
import { decodeEntries, pathOfEntries } from '../../shared/archive/tiles.ts';
import { ArchiveDiffers, eventOf, type LogFiles, wholeOf } from '../../workflows/audit-export/sealed-log.ts';

/** What lies of a bundle of entries, at its widest; nothing where it is not wider than what is known. */
async function widestOf(log: LogFiles, n: number, known: number): Promise<readonly Uint8Array[]> {
  for (let width = TILE; width > known; width--) {
    const path = pathOfEntries({ n, width });
    const bytes = await log.read(path);
    if (bytes === undefined) continue;
    const entries = decodeEntries(bytes, width);
    if (entries === undefined) throw new ArchiveDiffers(`${path} does not hold ${width} entries`);
    return entries;
  }
  return [];
}

/** Those behind the size that is signed, in their order. */
export async function* laidBeyond(log: LogFiles, size: number): AsyncGenerator<SealedEvent> {
  for (let n = Math.floor(size / TILE); ; n++) {
    const first = n * TILE;
    const entries = await widestOf(log, n, Math.max(0, size - first));
    for (const [at, bytes] of entries.entries()) {
      if (first + at < size) continue;
      const { index, ...event } = await wholeOf(log, eventOf({ index: first + at, bytes }));
      if (Buffer.compare(entryOf(event, first + at).bytes, bytes) !== 0)
        throw new ArchiveDiffers(
          `${pathOfEntries({ n, width: entries.length })}: entry ${first + at} is not as it would be sealed`,
        );
      yield { index, event };
    }
    if (entries.length < TILE) return;
  }
}
