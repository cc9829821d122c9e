import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  REGISTER_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  IMPORT_BUCKET: z.string(),
  IMPORT_QUEUE_URL: z.url(),
});
