/** What one message told, whole: whatever found no room in the form of its channel is read here. */
import type * as z from 'zod';
import { itemsOf } from '../../shared/channels/templates.ts';
import { momentZh } from '../../shared/channels/words-zh.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Message } from '../../shared/domain/message.ts';
import { REMINDER_NAMES } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readMessage } from './api.ts';
import type { messageOut } from './channels-out.ts';
import { channelOfKind, found, type Keeping } from './keeping.ts';

function saysOf({ state, endedAt, madeAt, because }: Message, { channel }: Subscription, at: Instant): string {
  const when = momentZh(endedAt ?? madeAt, at);
  const why = because === undefined ? '' : `：${because}`;
  switch (state) {
    case 'ready':
      return '正在发送，或等待再次发送。';
    case 'delivered':
    case 'again':
      return channelOfKind(channel).isPulled ? `${when} 放入，由对方来取。` : `${when} 送达。`;
    case 'dead':
      return `没有送达${why}。`;
    case 'dropped':
      return `${when} 发送前都已办结，没有发送。`;
  }
}

export const readMessageWhole =
  (deps: Keeping) =>
  async ({ params, caller, at }: Request<typeof readMessage>): Promise<z.input<typeof messageOut>> => {
    const { subscription } = await found(deps, caller, 'ReadFeed', params.id);
    const message = await deps.deliveries.message(subscription.id, params.message);
    if (message === undefined) {
      throw new Problem(404, 'not-found', '没有找到这条消息：编号不对，或已超过留存期限。');
    }
    const told = await deps.deliveries.load(subscription.id, message.reminders);
    const reminders = told.map(({ reminder }) => reminder);
    return {
      subscription: subscription.id,
      subscriptionName: subscription.name,
      number: message.number,
      madeAt: message.madeAt,
      says: saysOf(message, subscription, at),
      items: itemsOf(reminders, { subscription, at, appUrl: '' }).map(({ reminders: merged, ...item }) => ({
        ...item,
        kindName: REMINDER_NAMES[item.kind],
        reminders: merged.length,
      })),
    };
  };
