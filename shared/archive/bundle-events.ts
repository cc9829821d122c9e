/** The events of a bundle that was verified, in the order of the log and whole: what stands by its hash in a line is put in again. */
import type { RecordedEvent } from '../domain/ledger-fact.ts';
import type { Json } from '../draw/canonical-json.ts';
import { type BundleFiles, linesOf, readWhole } from './bundle-files.ts';
import { MOST_ENTRY_BYTES } from './entry.ts';
import { gunzip } from './gunzip.ts';
import { type EventsFile, eventsFileOf } from './layout.ts';
import { largeDataOf, type ReadEvent, readCanonical, readEvent } from './logged-line.ts';
import type { Manifest } from './manifest.ts';
import { largePath } from './paths.ts';
import { MOST_LARGE } from './verify-events.ts';

/** An event as it was recorded, and its place in the log. */
export interface SealedEvent {
  readonly index: number;
  readonly event: RecordedEvent;
}

async function wholeData(files: BundleFiles, event: ReadEvent): Promise<Json> {
  const large = largeDataOf(event);
  if (large === undefined) return event.data;
  const path = largePath(large.sha256);
  return readCanonical(await readWhole(files, path, MOST_LARGE), path);
}

async function eventsIn(files: BundleFiles, file: EventsFile): Promise<SealedEvent[]> {
  const events: SealedEvent[] = [];
  for await (const line of linesOf(gunzip(files.open(file.path), file.path), file.path, MOST_ENTRY_BYTES)) {
    const read = readEvent(line, file, events.length + 1);
    const { index, ...event } = { ...read, data: await wholeData(files, read) };
    // Its leaf is in the signed tree, and nothing comes to be in that but what `commit` wrote.
    events.push({ index, event: event as unknown as RecordedEvent });
  }
  return events;
}

/** Slice after slice; one is kept at a time. */
export async function* bundleEvents(files: BundleFiles, manifest: Manifest): AsyncGenerator<SealedEvent> {
  const slices = new Map<number, EventsFile[]>();
  for (const { path } of manifest.files) {
    const file = eventsFileOf(path);
    if (file !== undefined) slices.set(file.slice, [...(slices.get(file.slice) ?? []), file]);
  }
  for (const [, slice] of [...slices].sort(([a], [b]) => a - b)) {
    const events = (await Promise.all(slice.map((file) => eventsIn(files, file)))).flat();
    yield* events.sort((a, b) => a.index - b.index);
  }
}
