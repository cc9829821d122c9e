/** Asks just before the sending whether a reminder is still to be told: what is done, and what nobody wants there any more, is not. */
import type { Instant } from '../../shared/domain/calendar.ts';
import type { DropReason } from '../../shared/domain/delivery.ts';
import type { Reminder } from '../../shared/domain/reminder.ts';
import { stillStands } from '../../shared/domain/still-stands.ts';
import { isFor, type Subscription, wants } from '../../shared/domain/subscription.ts';
import type { Dropping } from './endings.ts';
import type { ComposeDependencies, Waiting } from './lane.ts';

export interface Standing {
  readonly delivery: Waiting;
  /** With the numbers of now. */
  readonly reminder: Reminder;
}

export interface Rechecked {
  readonly standing: readonly Standing[];
  readonly dropping: readonly Dropping[];
}

/** A test is for whoever asked for it, whatever the subscription says. */
const isWanted = ({ reminder }: Waiting, subscription: Subscription): boolean =>
  reminder.kind === 'test' || (wants(subscription, reminder.kind) && isFor(subscription, reminder.audience));

export async function recheck(
  { sources: look, failed }: Pick<ComposeDependencies, 'sources' | 'failed'>,
  subscription: Subscription,
  deliveries: readonly Waiting[],
  at: Instant,
): Promise<Rechecked> {
  const sources = look();
  /** It goes as it was: better told of what is done than not told of what is not; and it holds up no other. */
  const unasked = ({ reminder, receiver }: Waiting, error: unknown): Reminder => {
    failed(receiver, new Error(`not asked whether a ${reminder.kind} still stands, told as it was: ${String(error)}`));
    return reminder;
  };
  const rechecked = await Promise.all(
    deliveries.map(async (delivery): Promise<Standing | Dropping> => {
      const drop = (because: DropReason): Dropping => ({ delivery, because });
      if (subscription.state === 'ended') return drop('ended');
      if (!isWanted(delivery, subscription)) return drop('unwanted');
      const reminder = await stillStands(delivery.reminder, sources, at).catch((error: unknown) => unasked(delivery, error));
      return typeof reminder === 'string' ? drop(reminder) : { delivery, reminder };
    }),
  );
  return {
    standing: rechecked.filter((one): one is Standing => 'reminder' in one),
    dropping: rechecked.filter((one): one is Dropping => 'because' in one),
  };
}
