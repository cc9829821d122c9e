import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Called by the workflow: writes the token, reads the draw, may answer the token itself (states:SendTaskSuccess). */
export const environment = z.object({ COUNTY: z.string().transform(countyCode), INSPECTIONS_TABLE: z.string() });
