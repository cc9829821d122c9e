import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by a schedule every five minutes with `{ at }`: reads the REGISTER (duty pages, enterprises, lists), HAZARDS by the index
 * `openByDeadline`, INSPECTIONS (series, tasks by the index `openByDue`); reads and writes its cursor in CHANNELS; puts events on the bus.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  BUS_NAME: z.string(),
  CHANNELS_TABLE: z.string(),
  REGISTER_TABLE: z.string(),
  HAZARDS_TABLE: z.string(),
  INSPECTIONS_TABLE: z.string(),
});
