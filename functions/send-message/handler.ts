/** The queue of shipments. Those of a batch are sent side by side, so whoever hangs holds up nobody else. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { channelOf } from '../../shared/channels/all.ts';
import { openAddress } from '../../shared/data/channel-secret.ts';
import { outbound } from '../../shared/data/outbound.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { countyCode, receiverId, subscriptionId } from '../../shared/domain/ids.ts';
import type { Shipment, Wake } from '../../shared/domain/message.ts';
import { SEND_TIMEOUT_MS } from '../../shared/domain/receiver.ts';
import { now } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText, named } from '../../shared/runtime/schemas.ts';
import { environment } from './environment.ts';
import { sendMessage } from './send-message.ts';

const { COUNTY, SIMULATION, CHANNEL_KEY_ID, WAKES_QUEUE_URL, ALLOWS_LOOPBACK } = environment.parse(process.env);
const receivers = dynamoReceiverStore(COUNTY);
const post = outbound({ allowsLoopback: ALLOWS_LOOPBACK === 'true' });
const queue = new SQSClient();
/** Nobody's clock runs there, the receivers' neither. */
const isSimulated = SIMULATION === 'true';

const shipment: z.ZodType<Shipment, unknown> = z.object({
  county: named(countyCode),
  receiver: named(receiverId),
  channel: z.string(),
  subscription: named(subscriptionId),
  message: z.int().positive(),
  attempt: z.int().positive(),
  body: z.string(),
  at: instantText,
});

const wake = async (woken: Wake): Promise<void> => {
  await queue.send(new SendMessageCommand({ QueueUrl: WAKES_QUEUE_URL, MessageBody: JSON.stringify(woken) }));
};

export const handler = eventHandler({
  service: 'send-message',
  input: z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) }),
  run: async ({ Records }, logger) => {
    const send = sendMessage({
      receivers,
      openAddress: openAddress(CHANNEL_KEY_ID),
      channelOf,
      post,
      wake,
      ...(isSimulated ? { timeOf: ({ at }) => at, alsoSays: ({ at }) => ({ 'x-simulated-at': at }) } : { timeOf: now }),
      patienceMs: SEND_TIMEOUT_MS,
      // Its name alone: what an error says may hold what it could not read.
      failed: (what, { receiver, subscription }, error) =>
        logger.error(`could not ${what}`, { receiver, subscription, error: error instanceof Error ? error.name : typeof error }),
    });
    const sendOne = async (body: string): Promise<void> => {
      const read = shipment.parse(JSON.parse(body));
      const { receiver, subscription, message, attempt } = read;
      logger.info('sent', { receiver, subscription, number: message, attempt, came: await send(read) });
    };
    const settled = await Promise.allSettled(Records.map(({ body }) => sendOne(body)));
    return {
      batchItemFailures: settled.flatMap((one, index) => {
        if (one.status === 'fulfilled') return [];
        const { messageId = '' } = Records[index] ?? {};
        const error: unknown = one.reason;
        logger.error('could not send', { shipment: messageId, error: error instanceof Error ? error.name : typeof error });
        return [{ itemIdentifier: messageId }];
      }),
    };
  },
});
