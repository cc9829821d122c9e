import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Reads `published/*` of the bucket of draws and nothing else. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  DRAWS_BUCKET: z.string(),
});

/** What everybody may read, without a token. No operation of the access table stands behind it: it was published before it gets here. */
export const PUBLIC_ADDRESSES = [
  { method: 'GET', path: '/public/draws' },
  { method: 'GET', path: '/public/draws/{authority}' },
  { method: 'GET', path: '/public/draws/{authority}/{number}' },
  { method: 'GET', path: '/public/draws/{authority}/{number}/{file}' },
  { method: 'GET', path: '/public/results/{authority}/{number}' },
  { method: 'GET', path: '/public/results/{authority}/{number}/{task}' },
  { method: 'GET', path: '/public/items/{authority}' },
  { method: 'GET', path: '/public/plans/{authority}' },
] as const;
