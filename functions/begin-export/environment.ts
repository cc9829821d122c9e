import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by the workflow. Reads head, places and entries of the log, what witnesses cosigned of it, and by the index `byOwner` the tasks at an
 * enterprise, whom their events do not name; writes the export with its ledger event.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  EXPORTS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
});
