import * as z from 'zod';
import { countyCode } from '../domain/ids.ts';
import { signingKeysSetting } from './signing-keys.ts';

/**
 * What whoever seals is told. It reads the ledger, writes EXPORTS (head, batches, places) and, when a key is adopted or retired, a ledger
 * event; reads and puts `log/<county>/…` in the archive; asks KMS for public keys and signatures (kms:GetPublicKey, kms:Sign), or Secrets
 * Manager for a provided key.
 */
export const sealingEnvironment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  LEDGER_TABLE: z.string(),
  EXPORTS_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  SIGNING_KEYS: signingKeysSetting,
  /** `<log host>/<county>`: the first line of each checkpoint, and the name of its keys. */
  LOG_ORIGIN: z.string().min(1),
});
