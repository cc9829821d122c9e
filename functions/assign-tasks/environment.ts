import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by the workflow. Reads `rosters/*` and the register, writes tasks and the draw with their ledger events, tells the bus. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
  BUS_NAME: z.string(),
});
