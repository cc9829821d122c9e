import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by schedules with `{ at, kind? }`: reads which draws there are and what is planned, starts and describes executions, records what was missed. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAW_STATE_MACHINE_ARN: z.string(),
});
