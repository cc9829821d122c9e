import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

export const environment = z.object({
  ...apiEnvironment.shape,
  HAZARDS_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  EVIDENCE_BUCKET: z.string(),
});
