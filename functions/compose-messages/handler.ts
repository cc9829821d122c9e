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
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import type { Wake } from '../../shared/domain/message.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { byNow, now as clock } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { composeMessages, type Outcome } from './compose-messages.ts';
import { type Composed, input, wake } from './composing.ts';
import { environment } from './environment.ts';
import type { ComposeDependencies } from './lane.ts';
import { metricLines } from './metrics.ts';
import { redrive } from './redrive.ts';

const { COUNTY, SIMULATION, SHIPMENTS_QUEUE_URL, WAKES_QUEUE_URL, APP_URL } = environment.parse(process.env);
const queue = new SQSClient();
/** A call or a wake that comes late is judged, dated and recorded by when it comes: quiet hours may have begun since, and another day. */
const now = byNow(SIMULATION === 'true');
const stores = dynamoStandingStores(COUNTY);

/** What rests longer is found by the minute's calls, soon enough; and no wake lies in its queue for so long that it seems held up. */
const LONGEST_DELAY_SECONDS = 90;

const wakeLater = async (later: readonly { readonly wake: Wake; readonly DelaySeconds: number }[]): Promise<void> => {
  const sent = later.map(({ wake, DelaySeconds }) =>
    queue.send(new SendMessageCommand({ QueueUrl: WAKES_QUEUE_URL, MessageBody: JSON.stringify(wake), DelaySeconds })),
  );
  await Promise.all(sent);
};

/** What rests for seconds is looked at once its rest is over. In a simulated county no delay is real: its driver goes by `next`. */
const afterRest = ({ rests }: Pick<Outcome, 'rests'>) =>
  rests
    .map(({ receiver, due }) => ({
      wake: { county: COUNTY, receiver, at: due } satisfies Wake,
      ms: epochMs(due) - epochMs(clock()),
    }))
    .map(({ wake, ms }) => ({ wake, DelaySeconds: Math.max(0, Math.ceil(ms / 1000)) }))
    .filter(({ DelaySeconds }) => SIMULATION !== 'true' && DelaySeconds <= LONGEST_DELAY_SECONDS);

/** Whom others wrote again and again is looked at when they have done: a wake that is given back to its queue comes only in minutes. */
const afterOthers = ({ contended }: Pick<Outcome, 'contended'>, at: Instant) =>
  contended.map((receiver) => ({ wake: { county: COUNTY, receiver, at } satisfies Wake, DelaySeconds: 1 }));

/** A wake, or nothing where a body is none. */
function wakeOf(body: string): Wake | undefined {
  try {
    return wake.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

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
      const { told, dropped, dead, released, failed, contended, left, measured } = outcome;
      for (const [channel, of] of measured) {
        for (const line of metricLines(COUNTY, channel, at, of)) logger.info('measured', line);
      }
      logger.info('composed', { at, told, dropped, dead, released, failed: failed.length, contended: contended.length, left });
      await wakeLater([...afterRest(outcome), ...afterOthers(outcome, at)]).catch((error: unknown) =>
        logger.warn('could not wake, the next minute looks', { error: String(error) }),
      );
      return outcome;
    };

    if ('Records' in event) {
      const all = event.Records.map(({ messageId, body }) => ({ messageId, of: wakeOf(body) }));
      const unreadable = all.flatMap(({ messageId, of }) => (of === undefined ? [{ itemIdentifier: messageId }] : []));
      if (unreadable.length > 0) logger.error('no wakes', { messages: unreadable.map((one) => one.itemIdentifier) });
      const woken = all.flatMap(({ messageId, of }) => (of === undefined ? [] : [{ messageId, ...of }]));
      const latest = woken
        .map(({ at }) => at)
        .sort()
        .at(-1);
      if (latest === undefined) return { batchItemFailures: unreadable };
      const { failed } = await compose(now(latest), [...new Set(woken.map(({ receiver }) => receiver))]);
      const again = woken.filter(({ receiver }) => failed.includes(receiver));
      return { batchItemFailures: [...unreadable, ...again.map(({ messageId }) => ({ itemIdentifier: messageId }))] };
    }

    const at = now(event.at);
    const redriven = 'redrive' in event ? { redriven: await redrive(deps, event.redrive, at) } : {};
    const { failed, told, dropped, dead, released, next } = await compose(at);
    if (failed.length > 0) throw new Error(`${failed.length} receivers could not be served; the next call tries again`);
    const composed: Composed = { told, dropped, dead, released, ...(next !== undefined && { next }), ...redriven };
    return composed;
  },
});
