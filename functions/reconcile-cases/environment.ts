import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by a schedule with `{ at }` and by hand (`npm run reconcile`). Reads cases, tokens and the ledger's days; lists, describes,
 * starts and stops executions (also states:GetExecutionHistory), answers task tokens; puts events on the bus again; receives and
 * deletes from the relay's dead-letter queue.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  HAZARDS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  BUS_NAME: z.string(),
  STATE_MACHINE_ARN: z.string(),
  /** Where the relay's stream leaves the description of a batch that it gave up on. */
  RELAY_DEAD_LETTERS_URL: z.string(),
  /** How long after the instant that it bears an event may be recorded, at most. */
  RECORDED_WITHIN_MINUTES: z.coerce.number().positive(),
});
