import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by the workflow. Reads `rosters/*`, decrypts the secret (kms:Decrypt), puts `rosters/<result>`, writes the draw with its ledger
 * event. It reaches nothing outside: who can read the secret talks to nobody.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
  DRAW_KEY_ID: z.string(),
});
