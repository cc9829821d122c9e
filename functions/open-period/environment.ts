import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  REGISTER_TABLE: z.string(),
  BUS_NAME: z.string(),
});
