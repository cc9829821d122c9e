import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';
import { randomnessSetting } from '../../shared/runtime/randomness.ts';

/**
 * Called by a schedule with `{ at }`. Reads open draws and open tasks; fetches values of drand from its mirrors, if there are any; reads
 * and puts `rosters/*`; writes draws with their ledger events; lists, describes, starts and stops executions (also
 * states:GetExecutionHistory), answers task tokens.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
  RANDOMNESS: randomnessSetting,
  DRAW_STATE_MACHINE_ARN: z.string(),
});
