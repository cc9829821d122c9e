/** The functions that bring a reminder on its way, as their handlers put them together; between them are the queues of whoever measures. */
import { addressReminders } from '../../functions/address-reminders/address-reminders.ts';
import { backgroundOf } from '../../functions/address-reminders/background.ts';
import { composeMessages } from '../../functions/compose-messages/compose-messages.ts';
import { type Sending, sendMessage } from '../../functions/send-message/send-message.ts';
import { channelOf } from '../../shared/channels/all.ts';
import type { Address } from '../../shared/channels/channel.ts';
import { type DeliveryChange, dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { outbound, type Post } from '../../shared/data/outbound.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoStandingStores, standingSources } from '../../shared/data/standing-sources.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import { messageId, type Shipment, type Wake } from '../../shared/domain/message.ts';
import type { RemindingTold } from '../../shared/domain/reminders-of.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { county } from '../support/tokens.ts';

export interface FlowOptions {
  readonly now: () => Instant;
  readonly patienceMs: number;
  readonly addresses: ReadonlyMap<SubscriptionId, Address>;
  readonly shipped: (shipment: Shipment) => void;
  readonly woken: (wake: Wake) => void;
  /** Is told of each attempt that was answered. */
  readonly answered: (message: string) => void;
  /** Is told of what composing has written. */
  readonly saved: (change: DeliveryChange) => void;
  readonly failed: (what: string, error: unknown) => void;
}

export interface ReminderFlow {
  readonly address: (told: RemindingTold) => Promise<unknown>;
  readonly compose: ReturnType<typeof composeMessages>;
  readonly send: ReturnType<typeof sendMessage>;
}

export function reminderFlow({ now, patienceMs, addresses, shipped, woken, answered, saved, failed }: FlowOptions): ReminderFlow {
  const subscriptions = dynamoSubscriptionStore(county);
  const receivers = dynamoReceiverStore(county);
  const deliveries = dynamoDeliveryStore(county);
  const standing = dynamoStandingStores(county);
  const known = {
    ...{ county, subscriptions, receivers, deliveries, register: dynamoRegisterStore(county) },
    ...{ hazards: dynamoHazardStore, tasks: dynamoTaskStore, draws: dynamoDrawStore(county) },
  };
  const wake = async (one: Wake): Promise<void> => woken(one);
  const post = outbound({ allowsLoopback: true });
  const sending: Omit<Sending, 'post'> = {
    ...{ receivers, channelOf, wake, patienceMs, timeOf: now },
    openAddress: async (_, subscription) => {
      const address = addresses.get(subscription);
      if (address === undefined) throw new Error(`no address of ${subscription}`);
      return address;
    },
    failed: (what, _, error) => failed(what, error),
  };
  return {
    address: addressReminders({
      ...{ county, subscriptions, deliveries, wake },
      backgroundOf: (told) => backgroundOf({ ...known, policy: policyFor(county, told.at) }, told),
      timesAt: (at) => policyFor(county, at).reminders,
      byNow: now,
    }),
    compose: composeMessages({
      ...{ county, receivers, subscriptions, channelOf, appUrl: 'https://app.example.cn' },
      deliveries: {
        ...deliveries,
        save: async (change) => {
          await deliveries.save(change);
          saved(change);
        },
      },
      shipments: { send: async (shipment) => shipped(shipment) },
      sources: () => standingSources(county, standing),
      policyAt: (at) => policyFor(county, at),
      failed: (receiver, error) => failed(receiver, error),
    }),
    send: (shipment) => {
      const noticing: Post = async (request, bounds) => {
        const reply = await post(request, bounds);
        if (reply.is === 'answered') answered(messageId({ subscription: shipment.subscription, number: shipment.message }));
        return reply;
      };
      return sendMessage({ ...sending, post: noticing })(shipment);
    },
  };
}
