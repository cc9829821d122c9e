/** The queue of reminders, which a rule of the county's bus feeds. Each event is a message of its own, and one that fails holds up no other. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Wake } from '../../shared/domain/message.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { byNow } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { onBus } from '../../shared/runtime/notices.ts';
import { addressReminders } from './address-reminders.ts';
import { backgroundOf } from './background.ts';
import { environment } from './environment.ts';
import { wholeOf } from './whole.ts';

const { COUNTY: county, SIMULATION, WAKES_QUEUE_URL } = environment.parse(process.env);
const queue = new SQSClient();
const subscriptions = dynamoSubscriptionStore(county);
const sources = {
  county,
  subscriptions,
  register: dynamoRegisterStore(county),
  hazards: dynamoHazardStore,
  tasks: dynamoTaskStore,
  draws: dynamoDrawStore(county),
  receivers: dynamoReceiverStore(county),
  deliveries: dynamoDeliveryStore(county),
  duties: dynamoDutyStore(county),
  ledger: dynamoLedgerStore,
};

const address = addressReminders({
  county,
  backgroundOf: (told) => backgroundOf({ ...sources, policy: policyFor(county, told.at) }, told),
  subscriptions,
  deliveries: sources.deliveries,
  timesAt: (at) => policyFor(county, at).reminders,
  byNow: byNow(SIMULATION === 'true'),
  wake: async (wake: Wake) => {
    await queue.send(new SendMessageCommand({ QueueUrl: WAKES_QUEUE_URL, MessageBody: JSON.stringify(wake) }));
  },
});

export const handler = eventHandler({
  service: 'address-reminders',
  input: z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) }),
  run: async ({ Records }, logger) => {
    const failed: { readonly itemIdentifier: string }[] = [];
    const addressOne = async ({ messageId, body }: (typeof Records)[number]): Promise<void> => {
      try {
        const read = onBus.parse(JSON.parse(body));
        const told = await wholeOf({ ...sources, policy: policyFor(county, read.told.at) }, read);
        logger.info('addressed', { event: told.id, type: told.type, ...(await address(told)) });
      } catch (error) {
        // Its name alone: what an error says may hold what it could not read.
        logger.error('could not address', { queued: messageId, error: error instanceof Error ? error.name : typeof error });
        failed.push({ itemIdentifier: messageId });
      }
    };
    await Promise.all(Records.map(addressOne));
    return { batchItemFailures: failed };
  },
});
