import * as z from 'zod';
import { apiEnvironment } from '../../shared/runtime/api-environment.ts';

/**
 * Reads REGISTER, to know whether an enterprise or a workshop is there; reads and writes CHANNELS with ledger events; kms:Encrypt by the
 * channels' key and never Decrypt, so that nothing that was entered can be read back here; SendMessage to the queue Wakes.
 */
export const environment = z.object({
  ...apiEnvironment.shape,
  REGISTER_TABLE: z.string(),
  CHANNELS_TABLE: z.string(),
  LEDGER_TABLE: z.string(),
  PERSONAL_TABLE: z.string(),
  CHANNEL_KEY_ID: z.string(),
  WAKES_QUEUE_URL: z.url(),
  /** Of the deployment's data file: on a local cloud receivers may be on the same machine. */
  ALLOWS_LOOPBACK: z.enum(['true', 'false']),
});
