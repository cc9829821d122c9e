/** What is to be said, before a channel gives it its form: one reminder, or several merged for one group. */
import type { Instant } from '../domain/calendar.ts';
import { COLOURS, type Colour, isGraver } from '../domain/colour.ts';
import type { SubscriptionId } from '../domain/ids.ts';
import { messageId } from '../domain/message.ts';
import type { Reminder } from '../domain/reminder.ts';
import type { Language, Subscription } from '../domain/subscription.ts';
import type { Item } from './item.ts';
import { itemsOf, wordsOf } from './templates.ts';

export interface Digest {
  readonly id: string;
  readonly subscription: SubscriptionId;
  readonly at: Instant;
  readonly language: Language;
  readonly title: string;
  readonly isUrgent: boolean;
  readonly grade: Colour;
  /** Gravest first. Not empty. */
  readonly items: readonly Item[];
  /** Where all of this message is seen: what was left out for its length is found there. */
  readonly link: string;
}

export interface DigestContext {
  readonly subscription: Pick<Subscription, 'id' | 'scope' | 'language'>;
  /** When it goes out: what is left of the time is told from here. */
  readonly at: Instant;
  /** Links begin with it. */
  readonly appUrl: string;
  /** That of the message, within its subscription. */
  readonly number: number;
}

/** The reminders of one message in words. Checks of one owner are one item for each colour; whoever reads for one workshop sees its places. */
export function digestOf(reminders: readonly Reminder[], { subscription, at, appUrl, number }: DigestContext): Digest {
  const { language } = subscription;
  const id = messageId({ subscription: subscription.id, number });
  const items = itemsOf(reminders, { subscription, at, appUrl });
  const [first] = items;
  if (first === undefined) throw new Error(`message ${id} has no reminder`);
  return {
    ...{ id, subscription: subscription.id, at, language, items },
    title: wordsOf(language).title(items.length, first.headline),
    isUrgent: items.some(({ isUrgent }) => isUrgent),
    grade: items.map(({ grade }) => grade).reduce((worst, grade) => (isGraver(grade, worst) ? grade : worst), COLOURS[3]),
    link: `${appUrl}/reminders/${subscription.id}/${number}`,
  };
}
