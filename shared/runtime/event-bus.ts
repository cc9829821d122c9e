/** The county's bus, where the ledger's events are told to whoever subscribes. At least once: who listens dedupes by the event's id. */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { LedgerEvent } from '../domain/ledger-event.ts';

export interface EventBus {
  /** Tells all that it can; answers those that were not taken. */
  publish(events: readonly LedgerEvent[]): Promise<readonly LedgerEvent[]>;
}

/** Of every event on the bus; rules match on it. */
export const SOURCE = 'dual-prevention';

/** The service's limits for one call. The length counts all texts of all entries; some room is left for the sizes not counted here. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 240_000;

interface Entry {
  readonly event: LedgerEvent;
  readonly entry: PutEventsRequestEntry;
  readonly bytes: number;
}

function entryOf(bus: string, event: LedgerEvent): Entry {
  const Detail = JSON.stringify(event);
  const entry = { EventBusName: bus, Source: SOURCE, DetailType: event.type, Detail, Time: new Date(event.at) };
  return { event, entry, bytes: Buffer.byteLength(Detail) + SOURCE.length + event.type.length + 14 };
}

/** Calls that each keep to the limits, in the order given. */
function batches(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = all.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || bytes + entry.bytes > MOST_BYTES) {
      all.push([entry]);
      bytes = entry.bytes;
    } else {
      last.push(entry);
      bytes += entry.bytes;
    }
  }
  return all;
}

/** What of the client is used: given in tests. */
export type PutEvents = (
  entries: PutEventsRequestEntry[],
) => Promise<{ FailedEntryCount?: number | undefined; Entries?: { ErrorCode?: string | undefined }[] | undefined }>;

export const eventBus = (bus: string, put: PutEvents = putEvents(new EventBridgeClient())): EventBus => ({
  async publish(events) {
    const failed: LedgerEvent[] = [];
    for (const batch of batches(events.map((event) => entryOf(bus, event)))) {
      const { FailedEntryCount, Entries } = await put(batch.map(({ entry }) => entry));
      if ((FailedEntryCount ?? 0) === 0) continue;
      batch.forEach(({ event }, index) => {
        if (Entries?.[index]?.ErrorCode !== undefined) failed.push(event);
      });
    }
    return failed;
  },
});

const putEvents =
  (client: EventBridgeClient): PutEvents =>
  (Entries) =>
    client.send(new PutEventsCommand({ Entries }));
