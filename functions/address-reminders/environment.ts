import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';
import { REMINDING_TYPES } from '../../shared/domain/reminding.ts';

/**
 * Called by the queue of reminders. Reads CHANNELS (subscriptions by the index `byScope`, receivers) and puts deliveries there; reads the
 * LEDGER (what the bus has in brief), REGISTER, HAZARDS and INSPECTIONS to say what it is about; sends to the queue of wakes.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  CHANNELS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  WAKES_QUEUE_URL: z.string(),
});

/** The detail types of the bus that its rule matches. The queue takes the events whole, as the bus has them. */
export const WANTED: readonly string[] = REMINDING_TYPES;
