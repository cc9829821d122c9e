import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by the workflow. Reads `rosters/*`, puts `published/*`, writes the draw with its ledger event. Codes stand in the results: it needs no key. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
});
