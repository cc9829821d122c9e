import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/**
 * Beside these: gets objects under `day/`, `month/` and `requested/` of the archive and under `requested/` of the requests, and signs addresses of them;
 * starts and describes executions of the exports. It is the only function that may read PERSONAL (BatchGetItem, Query); it takes away from
 * there by PutItem, as it may put events. EXPORTS: GetItem, PutItem, Query. LEDGER: GetItem, PutItem, Query. REGISTER, HAZARDS, INSPECTIONS
 * and CHANNELS: GetItem, PutItem, and of REGISTER Query, to see whether what is to be removed still stands there, and to blot it out.
 */
export const environment = z.object({
  ...apiEnvironment.shape,
  EXPORTS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
  CHANNELS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  REQUESTS_BUCKET: z.string(),
  EXPORT_STATE_MACHINE_ARN: z.string(),
});
