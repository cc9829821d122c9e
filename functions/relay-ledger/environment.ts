import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Beside these: reads HAZARDS (case and token) and INSPECTIONS (draw, token and task), puts events on the bus, starts (of draws also describes) executions, answers task tokens. */
export const environment = z.object({
  BUS_NAME: z.string(),
  COUNTY: z.string().transform(countyCode),
  HAZARDS_TABLE: z.string(),
  STATE_MACHINE_ARN: z.string(),
  INSPECTIONS_TABLE: z.string(),
  DRAW_STATE_MACHINE_ARN: z.string(),
});
