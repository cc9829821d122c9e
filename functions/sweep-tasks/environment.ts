import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by a schedule with `{ at }`: reads `openByDue`, writes tasks with their ledger events, reads the register and the cases of what
 * was found, puts `published/results/*` into the bucket of draws.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  INSPECTIONS_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
});
