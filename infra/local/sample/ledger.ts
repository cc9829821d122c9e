/** The whole ledger of a stretch of days, as an auditor reads it: day by day, colour by colour, page by page. */
import { readDay } from '../../../functions/serve-ledger/api.ts';
import { type Day, dayOf, type Instant, plusDays } from '../../../shared/domain/calendar.ts';
import { STANDINGS, type Standing } from '../../../shared/domain/colour.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import { type ApiClient, everyItem, inParallel } from './api-client.ts';
import type { SamplePerson } from './county.ts';

const ABREAST = 4;

export interface LedgerReading {
  readonly api: ApiClient;
  readonly as: SamplePerson;
  /** First and last day, both included. */
  readonly from: Instant;
  readonly until: Instant;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
}

/** Its events in the order of their time; those of one subject in the order of their sequence. */
export async function readLedger({ api, as, from, until, signal, tell }: LedgerReading): Promise<LedgerEvent[]> {
  const parts: { day: Day; colour: Standing }[] = [];
  for (let at = from; at <= until; at = plusDays(at, 1)) {
    for (const colour of STANDINGS) parts.push({ day: dayOf(at), colour });
  }
  let read = 0;
  const pages = await inParallel(parts, ABREAST, async ({ day, colour }) => {
    signal.throwIfAborted();
    const items = await everyItem((from) => api(readDay, { as, at: until, params: { day }, query: { colour, ...from } }));
    read += 1;
    tell(`${read} of ${parts.length} pages of the ledger`);
    return items as LedgerEvent[]; // the route has read them by the event's schema
  });
  return pages.flat().sort(byTime);
}

const byTime = (a: LedgerEvent, b: LedgerEvent): number =>
  a.at !== b.at ? (a.at < b.at ? -1 : 1) : a.subject !== b.subject ? (a.subject < b.subject ? -1 : 1) : a.sequence - b.sequence;
