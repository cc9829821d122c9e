import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';
import { signingKeysSetting } from '../../shared/runtime/signing-keys.ts';

/**
 * Called by a schedule with `{ at }`. Walks the ledger's days (index `byDay`) and reads its subjects, and seals what is not sealed yet:
 * beside that, all that `seal-ledger` may.
 */
export const environment = z.object({
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
