import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by a schedule with `{ at }`: reads the register and open cases by `openByDeadline`; reads and writes the grid. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
});
