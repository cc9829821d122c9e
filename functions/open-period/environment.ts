import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Reads the REGISTER (duty pages), puts events on the bus, and notes in CHANNELS that it has. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  REGISTER_TABLE: z.string(),
  BUS_NAME: z.string(),
  CHANNELS_TABLE: z.string(),
});
