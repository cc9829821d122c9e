import { Logger } from '@aws-lambda-powertools/logger';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sealAddress, sealAnother } from '../../shared/data/channel-secret.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { loadOwner } from '../../shared/data/owner-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import type { Wake } from '../../shared/domain/message.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { served } from './served.ts';

const settings = environment.parse(process.env);
const { COUNTY, CHANNEL_KEY_ID, WAKES_QUEUE_URL, ALLOWS_LOOPBACK } = settings;
const logger = new Logger({ serviceName: 'serve-channels' });
const queue = new SQSClient();

export const handler = apiHandler({
  service: 'serve-channels',
  environment: settings,
  answerOf: commandAnswer,
  routes: served({
    county: COUNTY,
    subscriptions: dynamoSubscriptionStore(COUNTY),
    deliveries: dynamoDeliveryStore(COUNTY),
    receivers: dynamoReceiverStore(COUNTY),
    owner: (owner) => loadOwner(COUNTY, owner),
    seal: sealAddress(CHANNEL_KEY_ID),
    sealAnother: sealAnother(CHANNEL_KEY_ID),
    wake: async (receiver, at) => {
      const wake: Wake = { county: COUNTY, receiver, at };
      try {
        await queue.send(new SendMessageCommand({ QueueUrl: WAKES_QUEUE_URL, MessageBody: JSON.stringify(wake) }));
      } catch (error) {
        // What was asked is written: the next minute finds it.
        logger.warn('not woken', { receiver, error: error instanceof Error ? error.name : typeof error });
      }
    },
    allowsLoopback: ALLOWS_LOOPBACK === 'true',
  }),
});
