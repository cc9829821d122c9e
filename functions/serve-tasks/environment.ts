import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/**
 * Beside the usual: reads and writes tasks (INSPECTIONS), reads the register, reads cases and opens those that a visit found (HAZARDS);
 * signs uploads into the evidence bucket and asks it what has arrived.
 */
export const environment = z.object({
  ...apiEnvironment.shape,
  INSPECTIONS_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  EVIDENCE_BUCKET: z.string(),
});
