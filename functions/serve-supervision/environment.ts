import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/** Reads the register and open cases by `openByDeadline`; reads and writes key units and the grid. */
export const environment = z.object({
  ...apiEnvironment.shape,
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
});
