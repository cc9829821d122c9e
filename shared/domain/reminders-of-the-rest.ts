/** What gaps of the grid and troubles of channels remind of. */
import type { Role } from './caller.ts';
import type { GridSide, GridTargetFact } from './grid-target.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { OutboxFact } from './outbox.ts';
import { departmentOwner, enterpriseOwner } from './owner.ts';
import type { Audience, ChannelContent, GridContent, Reminder } from './reminder.ts';
import { present, type ReminderBackground, reminderOf, rolesFor } from './reminder-background.ts';
import { type Subscription, type SubscriptionFact, subscriptionSubject } from './subscription.ts';

type EventOf<F extends GridTargetFact | SubscriptionFact | OutboxFact> = F extends GridTargetFact | SubscriptionFact | OutboxFact
  ? LedgerEvent<F['type'], F['data']>
  : never;
export type GridTold = EventOf<GridTargetFact>;
export type ChannelTold = EventOf<SubscriptionFact | OutboxFact>;

const OFFICE: Readonly<Record<GridSide, string>> = { township: 'township-', department: 'department-' };

/** Those of the side where somebody is missing; where nobody answers for it at all, the committee's office. */
function sideOf(roles: readonly Role[], side: GridSide, isKnown: boolean): readonly Role[] {
  return isKnown ? roles.filter((role) => role.startsWith(OFFICE[side])) : ['committee-officer'];
}

/** What comes of an event about what the grid has to cover. */
export function ofGrid(told: GridTold, background: ReminderBackground): readonly Reminder[] {
  if (told.type !== 'GridGapFound' && told.type !== 'GridGapEscalated') return [];
  const { target, side, township, department, due } = told.data;
  const known = rolesFor('grid-gap', background);
  const content: GridContent = {
    of: 'grid',
    ...{ target, side },
    ...(background.targetName !== undefined && { targetName: background.targetName }),
    ...(told.type === 'GridGapFound' ? { gap: told.data.why } : { step: told.data.step - 1 }),
    ...(due !== undefined && { due }),
  };
  const bodies = { ...(township !== undefined && { township }), ...(department !== undefined && { department }) };
  const roles = told.type === 'GridGapEscalated' ? told.data.roles : sideOf(known, side, bodies[side] !== undefined);
  return [
    reminderOf('grid-gap', told, background, {
      audience: { roles, ...bodies },
      about: target,
      content,
      why: told.type === 'GridGapEscalated' ? told.data.why : background.rules.why.gridGap,
    }),
  ];
}

/** Where else somebody may be told that a channel fails: of an enterprise's, those who have to do with it hear in its place. */
function besides({ scope }: Subscription, { place }: ReminderBackground): Omit<Audience, 'roles'> {
  switch (scope.of) {
    case 'enterprise':
    case 'workshop':
      return {
        owner: enterpriseOwner(scope.uscc),
        ...(place?.township !== undefined && { township: place.township }),
        ...(place?.supervisor !== undefined && { department: place.supervisor }),
      };
    case 'township':
      return { township: scope.township };
    case 'department':
      return { department: departmentOwner(scope.department) };
    case 'inspector':
      return { persons: [scope.person] };
    case 'county':
      return {};
  }
}

type Trouble = Pick<ChannelContent, 'since' | 'failures' | 'says' | 'isDisabled' | 'undelivered'>;

/** Nothing goes there any more, or something was given up: what was not told, and what has to be done before it can be sent again. */
function givenUp(
  told: ChannelTold,
  says: string,
  failed: number,
  { subscription, receiver, outbox }: ReminderBackground,
): Trouble {
  const isDisabled = told.type === 'SubscriptionDisabled' || subscription?.state === 'disabled';
  return {
    since: receiver?.failingSince ?? told.at,
    failures: Math.max(receiver?.failures ?? 0, failed),
    says,
    ...(isDisabled && { isDisabled: true }),
    undelivered: outbox?.dead ?? 0,
  };
}

/**
 * What is wrong with a channel. A message that was never tried is dead because its subscription is disabled, which was told; and that nobody
 * could be told of a failing channel is not told again, or two dead channels would tell each other for ever.
 */
function troubleOf(told: ChannelTold, background: ReminderBackground): Trouble | undefined {
  switch (told.type) {
    case 'ReceiverFailing':
      return told.data;
    case 'SubscriptionDisabled':
      return givenUp(told, told.data.because, 1, background);
    case 'MessageDead': {
      const { attempts, reminders, because } = told.data;
      const isNews = attempts > 0 && reminders.some(({ kind }) => kind !== 'channel-failing' && kind !== 'test');
      return isNews ? givenUp(told, because, attempts, background) : undefined;
    }
    default:
      return undefined;
  }
}

/** What comes of an event of a subscription, or of what it was sent. Of one time that it fails, it is told once that it does, and once that something was given up. */
export function ofChannel(told: ChannelTold, background: ReminderBackground): readonly Reminder[] {
  const subscription = present(background.subscription, told.subject);
  const { id, name } = subscription;
  const trouble = troubleOf(told, background);
  if (trouble === undefined) return [];
  const about = subscriptionSubject(id);
  const spell = { id: `${about}:${trouble.since}:${trouble.undelivered === undefined ? 'tried' : 'given-up'}`, at: told.at };
  return [
    reminderOf('channel-failing', spell, background, {
      audience: { roles: rolesFor('channel-failing', background), ...besides(subscription, background) },
      about,
      content: { of: 'channel', subscription: id, name, ...trouble },
      why: background.rules.why.channel,
    }),
  ];
}
