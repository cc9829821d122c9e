import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by a schedule with `{ at }`: reads `openByDeadline`, writes cases with their ledger events. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  HAZARDS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
});
