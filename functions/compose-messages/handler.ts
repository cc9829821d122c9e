/**
 * Each minute with the instant it was meant for, and from the queue of wakes for single receivers in between. A minute that was missed is
 * made up by the next; a wake that is lost, too.
 */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { channelOf } from '../../shared/channels/all.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoStandingStores, standingSources } from '../../shared/data/standing-sources.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { byNow } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { composeMessages, type Outcome } from './compose-messages.ts';
import { type Composed, input, wake } from './composing.ts';
import { environment } from './environment.ts';
import type { ComposeDependencies } from './lane.ts';
import { metricLines } from './metrics.ts';
import { redrive } from './redrive.ts';

const { COUNTY, SIMULATION, SHIPMENTS_QUEUE_URL, APP_URL } = environment.parse(process.env);
const queue = new SQSClient();
/** A call or a wake that comes late is judged, dated and recorded by when it comes: quiet hours may have begun since, and another day. */
const now = byNow(SIMULATION === 'true');
const stores = dynamoStandingStores(COUNTY);

export const handler = eventHandler({
  service: 'compose-messages',
  input,
  run: async (event, logger, outOfTime) => {
    const deps: ComposeDependencies = {
      county: COUNTY,
      receivers: dynamoReceiverStore(COUNTY),
      deliveries: dynamoDeliveryStore(COUNTY),
      subscriptions: dynamoSubscriptionStore(COUNTY),
      shipments: {
        send: async (shipment) => {
          await queue.send(new SendMessageCommand({ QueueUrl: SHIPMENTS_QUEUE_URL, MessageBody: JSON.stringify(shipment) }));
        },
      },
      sources: () => standingSources(COUNTY, stores),
      channelOf,
      policyAt: (at) => policyFor(COUNTY, at),
      appUrl: APP_URL,
      failed: (receiver, error) => logger.error('could not serve, comes again', { receiver, error: String(error) }),
    };
    const compose = async (at: Instant, woken?: readonly ReceiverId[]): Promise<Outcome> => {
      const outcome = await composeMessages(deps)({ at, outOfTime, ...(woken && { woken }) });
      const { told, dropped, dead, released, failed, left, measured } = outcome;
      for (const [channel, of] of measured) {
        for (const line of metricLines(COUNTY, channel, at, of)) logger.info('measured', line);
      }
      logger.info('composed', { at, told, dropped, dead, released, failed: failed.length, left });
      return outcome;
    };

    if ('Records' in event) {
      const woken = event.Records.map(({ messageId, body }) => ({ messageId, ...wake.parse(JSON.parse(body)) }));
      const latest = woken
        .map(({ at }) => at)
        .sort()
        .at(-1);
      if (latest === undefined) return { batchItemFailures: [] };
      const { failed } = await compose(now(latest), [...new Set(woken.map(({ receiver }) => receiver))]);
      const again = woken.filter(({ receiver }) => failed.includes(receiver));
      return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    }

    const at = now(event.at);
    const redriven = 'redrive' in event ? { redriven: await redrive(deps, event.redrive, at) } : {};
    const { failed, told, dropped, dead, released, next } = await compose(at);
    if (failed.length > 0) throw new Error(`${failed.length} receivers could not be served; the next call tries again`);
    const composed: Composed = { told, dropped, dead, released, ...(next !== undefined && { next }), ...redriven };
    return composed;
  },
});
