/** A message handed over to the sender, as composing leaves it, and a sender with everything real but key and queue. */

import { type Sending, sendMessage } from '../../functions/send-message/send-message.ts';
import { channelOf } from '../../shared/channels/all.ts';
import type { Address, Channel } from '../../shared/channels/channel.ts';
import { commit } from '../../shared/data/commit.ts';
import { outbound } from '../../shared/data/outbound.ts';
import { addressWrite, dynamoReceiverStore, type StoredReceiver } from '../../shared/data/receiver-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode, type ReceiverId, receiverId, subscriptionId } from '../../shared/domain/ids.ts';
import type { Shipment, Wake } from '../../shared/domain/message.ts';
import { newReceiver, release } from '../../shared/domain/receiver.ts';
import { memoryTables } from './memory-tables.ts';
import { type PlatformName, type RealReceiver, type Receivers, startReceivers } from './receivers/receivers.ts';

export const COUNTY = countyCode('533102');
/** An id of a subscription and of a receiver by number. */
export const subscriptionNo = (no: number) => subscriptionId(String(no).padStart(20, '0'));
export const receiverNo = (no: number) => receiverId(String(no).padStart(32, '0'));

/** The smallest message that each takes. */
export const BODIES: Readonly<Record<PlatformName, string>> = {
  wecom: JSON.stringify({ msgtype: 'markdown', markdown: { content: '# 漏查 3 处' } }),
  dingtalk: JSON.stringify({ msgtype: 'markdown', markdown: { title: '漏查', text: '漏查 3 处' } }),
  feishu: JSON.stringify({
    msg_type: 'interactive',
    card: { header: { title: { tag: 'plain_text', content: '漏查' } }, elements: [{ tag: 'markdown', content: '3 处' }] },
  }),
  webhook: JSON.stringify({ type: 'reminder.digest', timestamp: '2026-06-03T04:00:00Z', data: { title: '漏查 3 处' } }),
};
export const PLATFORMS = Object.keys(BODIES) as PlatformName[];

export const channelFor = (platform: string): Channel => {
  const channel = channelOf(platform);
  if (channel === undefined) throw new Error(`no channel ${platform}`);
  return channel;
};

/** As a user pastes it. */
export function pasted({ platform, address, secret }: Pick<RealReceiver, 'platform' | 'address' | 'secret'>): Address {
  const read = channelFor(platform).readAddress(address, secret, true);
  if ('says' in read) throw new Error(read.says);
  return read;
}

/** So long a sender waits that is not meant to run out of time. */
export const LONG_MS = 5_000;

/** It is noon all the while, here and at the receivers. */
export const NOON = instant('2026-06-03T04:00:00.000Z');

export class SendingWorld {
  readonly receivers = dynamoReceiverStore(COUNTY);
  readonly wakes: Wake[] = [];
  /** What the sender said went wrong on its own side. */
  readonly faults: string[] = [];
  readonly real: Receivers;
  #made = 0;

  private constructor(real: Receivers) {
    this.real = real;
  }

  static async begin(): Promise<SendingWorld> {
    memoryTables();
    return new SendingWorld(await startReceivers({ clock: () => NOON }));
  }

  robot(platform: PlatformName): RealReceiver {
    return this.real[platform](`robot ${++this.#made}`);
  }

  /** Composing made a message for a subscription of its own, to this address, and released it. */
  async handedOver(platform: PlatformName, address: Address): Promise<Shipment> {
    const no = ++this.#made;
    const [subscription, receiver, at] = [subscriptionNo(no), receiverNo(no), NOON];
    const released = release(newReceiver(receiver, platform), { subscription, message: 1, turn: 'other' }, [], at);
    if (released === undefined) throw new Error('not released');
    await this.receivers.put(released, 0);
    await commit({ writes: [addressWrite(COUNTY, subscription, JSON.stringify(address))], events: [] });
    return { county: COUNTY, receiver, channel: platform, subscription, message: 1, attempt: 1, body: BODIES[platform], at };
  }

  async stored(id: ReceiverId): Promise<StoredReceiver> {
    const found = await this.receivers.load(id);
    if (found === undefined) throw new Error(`no receiver ${id}`);
    return found;
  }

  async outcomeOf({ receiver }: Shipment) {
    return (await this.stored(receiver)).receiver.underway?.outcome;
  }

  sending(change: Partial<Sending> = {}): Sending {
    return {
      receivers: this.receivers,
      openAddress: async (text) => JSON.parse(text) as Address,
      channelOf,
      post: outbound({ allowsLoopback: true }),
      wake: async (wake) => void this.wakes.push(wake),
      timeOf: () => NOON,
      patienceMs: LONG_MS,
      failed: (what, _, error) => this.faults.push(`${what}: ${String(error)}`),
      ...change,
    };
  }

  send(shipment: Shipment, change: Partial<Sending> = {}) {
    return sendMessage(this.sending(change))(shipment);
  }
}
