import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';
import { timestampingSetting } from '../../shared/runtime/timestamping.ts';

/**
 * Called by the workflow. Reads log and bundles in the archive; puts the last of a bundle's files, and of what was asked for the manifest there too; writes series, export and ledger event. It opens
 * a connection to the time-stamp authority that the deployment's data file names, and to nothing else outside.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  EXPORTS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  REQUESTS_BUCKET: z.string(),
  TIMESTAMPING: timestampingSetting,
  ALLOWS_LOOPBACK: z.enum(['true', 'false']),
});
