import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/**
 * Called by the queue Shipments. Of the county's data it may read and write the partition `{county}#RECEIVERS` of the Channels table and
 * nothing else (`dynamodb:LeadingKeys`); kms:Decrypt by the channels' key, and SendMessage to the queue Wakes. It opens connections to the
 * internet. `ALLOWS_LOOPBACK` is of the deployment's data file: on a local cloud receivers may be on the same machine.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  SIMULATION: z.enum(['true', 'false']),
  CHANNELS_TABLE: z.string(),
  CHANNEL_KEY_ID: z.string(),
  WAKES_QUEUE_URL: z.url(),
  ALLOWS_LOOPBACK: z.enum(['true', 'false']),
});
