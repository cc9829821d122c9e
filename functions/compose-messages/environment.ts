import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by a schedule with `{ at }`, by the queue of wakes, and with `{ redrive, at }`. Reads and writes CHANNELS (all of it but the
 * secrets) with ledger events, reads REGISTER, HAZARDS and INSPECTIONS to ask what is done already, sends to the queue of shipments, and to that of wakes for what rests less than a minute or so.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  CHANNELS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  SHIPMENTS_QUEUE_URL: z.string(),
  WAKES_QUEUE_URL: z.string(),
  /** Links begin with it. */
  APP_URL: z.string(),
});
