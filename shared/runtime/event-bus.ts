/** The county's bus, where the ledger's events and the opening of periods are told to whoever subscribes. At least once: who listens dedupes by the id. */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Instant } from '../domain/calendar.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';

/** What is told, whole where it fits: an event of the ledger, or a notice of what no event says. The same told again has the same id. */
export interface Told {
  readonly id: string;
  /** In the past tense. */
  readonly type: string;
  readonly at: Instant;
}

export interface EventBus<Event extends Told = LedgerEvent> {
  /** Tells all that it can; answers those that were not taken. */
  publish(events: readonly Event[]): Promise<readonly Event[]>;
}

/** The bus did not take everything. Trying again helps: nothing was marked as done. */
export class BusRefused extends Error {
  override readonly name = 'BusRefused';
}

/** Tells all of it, or throws. */
export async function publishAll<Event extends Told>(bus: EventBus<Event>, events: readonly Event[]): Promise<void> {
  const refused = await bus.publish(events);
  if (refused.length > 0)
    throw new BusRefused(`${refused.length} of ${events.length} were not taken, the first is ${refused[0]?.id}`);
}

/** Of every event on the bus; rules match on it. */
export const SOURCE = 'dual-prevention';

/** The service's limits for one call. The length counts all texts of all entries; some room is left for the sizes not counted here. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 240_000;

/**
 * What the bus takes of something that is too long for it, since it would be refused for ever and hold up all that come after: a row of the
 * ledger may be half as long again. Its texts and numbers, so that who listens can read the rest where it is recorded.
 */
const inBrief = (event: Told) => ({
  ...Object.fromEntries(Object.entries(event).filter(([, value]) => typeof value !== 'object')),
  truncated: true,
});

interface Entry<Event extends Told> {
  readonly event: Event;
  readonly entry: PutEventsRequestEntry;
  readonly bytes: number;
}

function entryOf<Event extends Told>(bus: string, event: Event): Entry<Event> {
  const lengthOf = (detail: string) => Buffer.byteLength(detail) + SOURCE.length + event.type.length + 14;
  const whole = JSON.stringify(event);
  const Detail = lengthOf(whole) <= MOST_BYTES ? whole : JSON.stringify(inBrief(event));
  const entry = { EventBusName: bus, Source: SOURCE, DetailType: event.type, Detail, Time: new Date(event.at) };
  return { event, entry, bytes: lengthOf(Detail) };
}

/** Calls that each keep to the limits, in the order given. */
function batches<Event extends Told>(entries: readonly Entry<Event>[]): Entry<Event>[][] {
  const all: Entry<Event>[][] = [];
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

export const eventBus = <Event extends Told = LedgerEvent>(
  bus: string,
  put: PutEvents = putEvents(new EventBridgeClient()),
): EventBus<Event> => ({
  async publish(events) {
    const failed: Event[] = [];
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
