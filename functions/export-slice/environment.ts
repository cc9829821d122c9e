import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by the workflow. Reads the log in the archive, and how large evidence is; puts a bundle's files into the archive or the bucket of what
 * was asked for, and what is only for close-export at `working/*` there; writes the slice.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  EXPORTS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  REQUESTS_BUCKET: z.string(),
  EVIDENCE_BUCKET: z.string(),
});
