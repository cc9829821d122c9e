import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/** Reads the register and cases; keeps the rows that were received. EXPORTS: GetItem, PutItem, Query. LEDGER and PERSONAL: PutItem. */
export const environment = z.object({
  ...apiEnvironment.shape,
  EXPORTS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
});
