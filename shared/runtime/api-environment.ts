import * as z from 'zod';
import { countyCode } from '../domain/ids.ts';

/** What every API function reads from its environment, beside its own. */
export const apiEnvironment = z.object({
  COUNTY: z.string().transform(countyCode),
  ISSUER: z.url(),
  AUDIENCE: z.string().min(1),
  JWKS_URI: z.url(),
  SIMULATION: z.enum(['true', 'false']),
});
