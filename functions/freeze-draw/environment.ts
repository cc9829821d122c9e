import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';
import { randomnessSetting } from '../../shared/runtime/randomness.ts';

/**
 * Called by the workflow. Reads the register, open major hazards and the directories; puts `rosters/*` and `published/*`; encrypts the
 * secret (kms:Encrypt, and nobody else may); writes the draw with its ledger event.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  INSPECTIONS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  DRAWS_BUCKET: z.string(),
  DRAW_KEY_ID: z.string(),
  RANDOMNESS: randomnessSetting,
  /** H of the deployed bundle of `draw-lots`. */
  SOFTWARE_SHA256: z.string().regex(/^[0-9a-f]{64}$/),
});
