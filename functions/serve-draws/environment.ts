import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/** Beside these: gets and puts `rosters/*` (announcements, randomness, substitutions). It starts nothing: the ledger's stream does. */
export const environment = z.object({
  ...apiEnvironment.shape,
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
});
