/** What a subscription was told, as the stores have it: for tests of what is asked of it afterwards. */
import type { DeliveryChange } from '../../shared/data/delivery-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { countyCode, personId, receiverId, type SubscriptionId } from '../../shared/domain/ids.ts';
import { type Message, messageId } from '../../shared/domain/message.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';

const county = countyCode('533102');
const receiver = receiverId('0'.repeat(32));
export const TOLD_AT = instant('2026-03-02T00:30:00Z');

export const aReminder = (id: string, about: string, name: string): Reminder => ({
  ...{ id, kind: 'order-issued', county, at: TOLD_AT, audience: { roles: ['head'] }, about, isUrgent: true },
  content: { of: 'test', name },
});

interface Told extends Pick<DeliveryChange, 'occasion' | 'keptDays' | 'deliveries' | 'messages'> {
  readonly facts: readonly OutboxFact[];
}

/** One message that was told and one reminder that nobody took, each in a message of its own, numbered from `first` on. */
export function toldOf(subscription: SubscriptionId, name: string, about: string, first = 1): Told {
  const [told, dead] = ['told', 'dead'].map((kind) => aReminder(`${kind}:${first}`, about, name));
  if (told === undefined || dead === undefined) throw new Error('there are two');
  const message = (number: number, reminder: Reminder, state: 'delivered' | 'dead'): Message => ({
    ...{ subscription, number, receiver, reminders: [reminder.id], madeAt: TOLD_AT, state, attempts: 1, endedAt: TOLD_AT },
    body: JSON.stringify({ type: 'reminders.digest', data: { message: messageId({ subscription, number }), title: name } }),
    ...(state === 'dead' && { because: '接收端未接收（HTTP 500）' }),
  });
  const delivery = (reminder: Reminder, state: 'told' | 'dead', number: number): Delivery => ({
    ...{ subscription, reminder, receiver, due: TOLD_AT, state, message: number, endedAt: TOLD_AT },
  });
  const said = (reminder: Reminder, number: number) => ({
    ...{ message: number, attempts: 1, sha256: 'a'.repeat(64) },
    reminders: [{ id: reminder.id, kind: reminder.kind, about }],
  });
  return {
    occasion: { at: TOLD_AT, county, actor: { id: personId('system'), role: 'system' } },
    keptDays: 400,
    deliveries: [{ after: delivery(told, 'told', first) }, { after: delivery(dead, 'dead', first + 1) }],
    messages: [{ after: message(first, told, 'delivered') }, { after: message(first + 1, dead, 'dead') }],
    facts: [
      { type: 'MessageDelivered', data: said(told, first) },
      { type: 'MessageDead', data: { ...said(dead, first + 1), because: '接收端未接收（HTTP 500）' } },
    ],
  };
}
