/** Which subscriptions a reminder goes to, and what of it each is told. */
import { monthBounds } from './figures.ts';
import { endOfDrawPeriod } from './inspection-plan.ts';
import type { Reminder, TaskContent } from './reminder.ts';
import { isFor, type Subscription, subscriptionSubject, wants } from './subscription.ts';

/** By when a visit is due gives its day away: until it is over, only those hear of it who make it. */
function withoutItsDay(reminder: Reminder, { owed, ...content }: TaskContent): Reminder {
  if (owed?.what !== 'visit' || reminder.kind === 'task-overdue') return reminder;
  const { next: _, ...undated } = reminder;
  return { ...undated, content };
}

/**
 * A draw was missed in a period, or a form is due of a month, that was over before anybody subscribed here: a county that begins would tell of
 * years at once, and of a month that it has no form of.
 */
const isBeforeItsTime = ({ content }: Reminder, { madeAt }: Subscription): boolean => {
  if (content.of === 'form') return monthBounds(content.month).until <= madeAt;
  if (content.of !== 'draw' || content.trouble?.type !== 'DrawMissed') return false;
  const end = endOfDrawPeriod(content.period);
  return end !== undefined && end <= madeAt;
};

/**
 * The reminder as this subscription is told it; `undefined` where it is not. A workshop hears of its own points only, and a person of
 * himself, so that what is sent stands or falls by what he has done.
 */
export function addressed(reminder: Reminder, subscription: Subscription): Reminder | undefined {
  const { kind, content, about, audience } = reminder;
  // Of a channel that fails the others are told, and those alone that can be.
  const isToldOf = about === subscriptionSubject(subscription.id);
  if (kind === 'channel-failing' && (isToldOf || subscription.state !== 'active')) return undefined;
  if (!wants(subscription, kind) || !isFor(subscription, audience)) return undefined;
  if (isBeforeItsTime(reminder, subscription)) return undefined;
  const { scope } = subscription;
  if (scope.of === 'inspector') return { ...reminder, audience: { ...audience, persons: [scope.person] } };
  if (content.of === 'task') return withoutItsDay(reminder, content);
  if (scope.of !== 'workshop' || content.of !== 'checks') return reminder;
  const places = content.places.filter(({ workshop }) => workshop === scope.workshop);
  return places.length === 0 ? undefined : { ...reminder, content: { ...content, places } };
}
