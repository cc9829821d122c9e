/** The time-stamp authority of a deployment, as a function finds it in its environment (`TIMESTAMPING`). */
import * as z from 'zod';

const authority = z.strictObject({ name: z.string().min(1), url: z.url() });
export type TimestampAuthority = z.output<typeof authority>;

/** `null`: there is none. */
export const timestampingSetting = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(authority.nullable());
