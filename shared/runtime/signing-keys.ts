/** The keys that sign the county's log, as a deployment names them. While a key is being replaced there are two. */
import * as z from 'zod';

/** A key of KMS by its id or arn, or `secret:<arn>`: a private key (PEM) that the deployment provides. */
const keyName = z.string().min(1);

/** As a function finds them in its environment (`SIGNING_KEYS`). */
export const signingKeysSetting = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(keyName).min(1).max(3).readonly());
