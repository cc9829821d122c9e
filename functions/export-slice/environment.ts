import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by the workflow. Reads the log in the archive; puts a bundle's files there or into the bucket of what was asked for; writes the slice. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  EXPORTS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  REQUESTS_BUCKET: z.string(),
});
