import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by the workflow: reads and writes the case with its ledger events. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  HAZARDS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  SIMULATION: z.enum(['true', 'false']),
});
