/** What may be said of a subscription, and what it makes of it. Whose it may be is the matter of access. */
import { type Instant, plusMs } from './calendar.ts';
import type { ReceiverId, SubscriptionId, TownshipCode } from './ids.ts';
import type { Occasion } from './ledger-event.ts';
import { type Limit, limitMs } from './limit.ts';
import { personalDataIn } from './personal-data.ts';
import { REMINDER_KINDS } from './reminder.ts';
import { isSame } from './same.ts';
import { ROLES_OF_SCOPE, type Subscription, type SubscriptionFact, scopeKey } from './subscription.ts';
import { notSubscribed, type SubscriptionDenied, type SubscriptionRuling } from './subscription-denials.ts';

/** What a kind of channel asks of its subscriptions. */
export interface ChannelTraits {
  /** It has no address: the app comes for its messages. */
  readonly isPulled: boolean;
  readonly secret: 'needed' | 'possible' | 'none';
  readonly knowsIds: boolean;
}

/** What subscriptions need of the channels that there are and of the county's policy. */
export interface SubscriptionRules {
  readonly channels: ReadonlyMap<string, ChannelTraits>;
  readonly townships: ReadonlySet<TownshipCode>;
  readonly departments: ReadonlySet<string>;
}

/** What whoever keeps it says. Without kinds: all that are for those who read there. */
export type EnteredContent = Pick<Subscription, 'name' | 'scope' | 'roles' | 'kinds' | 'quiet' | 'language' | 'mentions'>;

/** Where it goes, by its address, which is not named. */
export interface Place {
  readonly receiver: ReceiverId;
  readonly host: string;
}

type Content = Extract<SubscriptionFact, { type: 'SubscriptionChanged' }>['data'];
type Ruling = SubscriptionRuling<SubscriptionFact>;
const one = (fact: SubscriptionFact): Ruling => ({ kind: 'decided', events: [fact] });

const MINUTE = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** The same choice is written in the same way: in the order of all that can be chosen, each once. */
const inOrder = <T>(chosen: readonly T[], all: readonly T[]): readonly T[] => all.filter((each) => chosen.includes(each));

const contentOf = ({ name, scope, roles, kinds, quiet, language, mentions }: EnteredContent): Content => ({
  ...{ name, scope, language },
  ...(roles && { roles: inOrder(roles, ROLES_OF_SCOPE[scope.of]) }),
  ...(kinds && { kinds: inOrder(kinds, REMINDER_KINDS) }),
  ...(quiet && { quiet }),
  mentions: { users: [...new Set(mentions.users)], everybody: mentions.everybody },
});

const NOBODY_KNOWN = { persons: [], notPersons: [] };
const isTelephone = (text: string): boolean => personalDataIn(text, NOBODY_KNOWN).some(({ kind }) => kind === 'telephone');

function contentFault(
  { scope, roles = [], kinds = [], quiet, mentions }: EnteredContent,
  { townships, departments }: SubscriptionRules,
): SubscriptionDenied | undefined {
  if (scope.of === 'township' && !townships.has(scope.township)) return notSubscribed('unknown-township', 'scope.township');
  if (scope.of === 'department' && !departments.has(scope.department)) {
    return notSubscribed('unknown-department', 'scope.department');
  }
  if (!roles.every((role) => ROLES_OF_SCOPE[scope.of].includes(role))) return notSubscribed('role-not-of-scope', 'roles');
  if (!kinds.every((kind) => REMINDER_KINDS.includes(kind))) return notSubscribed('unknown-kind', 'kinds');
  if (quiet && !(MINUTE.test(quiet.from) && MINUTE.test(quiet.until))) return notSubscribed('quiet-malformed', 'quiet');
  if (mentions.users.some(isTelephone)) return notSubscribed('mention-is-telephone', 'mentions.users');
  return undefined;
}

/** A new one. `place` is that of the address that was handed in. */
export function makeSubscription(
  id: SubscriptionId,
  channel: string,
  entered: EnteredContent,
  place: Place | undefined,
  rules: SubscriptionRules,
): Ruling {
  const traits = rules.channels.get(channel);
  if (traits === undefined) return notSubscribed('unknown-channel', 'channel');
  if (traits.isPulled && place !== undefined) return notSubscribed('address-of-feed', 'address');
  if (!traits.isPulled && place === undefined) return notSubscribed('address-missing', 'address');
  return (
    contentFault(entered, rules) ?? one({ type: 'SubscriptionMade', data: { id, channel, ...contentOf(entered), ...place } })
  );
}

/** Replaces all that is said of it but the address and the secrets. */
export function changeSubscription(before: Subscription, entered: EnteredContent, rules: SubscriptionRules): Ruling {
  if (before.state === 'ended') return notSubscribed('subscription-ended');
  const fault = contentFault(entered, rules);
  if (fault !== undefined) return fault;
  // What was sent there before would be read by others.
  if (scopeKey(entered.scope) !== scopeKey(before.scope)) return notSubscribed('scope-of-another', 'scope');
  const content = contentOf(entered);
  return isSame(content, contentOf(before))
    ? { kind: 'decided', events: [] }
    : one({ type: 'SubscriptionChanged', data: content });
}

/** What waits goes to the new address. One that is disabled stays so until it is enabled. */
export function replaceAddress({ state, channel }: Subscription, { receiver, host }: Place, rules: SubscriptionRules): Ruling {
  if (state === 'ended') return notSubscribed('subscription-ended');
  if (rules.channels.get(channel)?.isPulled) return notSubscribed('address-of-feed', 'address');
  return one({ type: 'AddressReplaced', data: { receiver, host } });
}

/** The secret before signs beside the new one for as long as the policy says. */
export function rotateSecret({ state, channel }: Subscription, rules: SubscriptionRules, overlap: Limit, at: Instant): Ruling {
  if (state === 'ended') return notSubscribed('subscription-ended');
  const traits = rules.channels.get(channel);
  if (traits?.isPulled) return notSubscribed('feed-has-no-secret');
  if (traits?.secret === 'none') return notSubscribed('channel-has-no-secret');
  return one({ type: 'SecretRotated', data: { until: plusMs(at, limitMs(overlap)) } });
}

/** Its receiver is no more, or refuses for good. It may come again, or after its end: then nothing changes. */
export const disableSubscription = ({ state }: Subscription, because: string): Ruling =>
  state === 'active' ? one({ type: 'SubscriptionDisabled', data: { because } }) : { kind: 'decided', events: [] };

export function enableSubscription({ state }: Subscription): Ruling {
  if (state === 'ended') return notSubscribed('subscription-ended');
  return state === 'disabled' ? one({ type: 'SubscriptionEnabled', data: {} }) : notSubscribed('not-disabled');
}

/** Nothing is sent there any more, and its address is forgotten. */
export const endSubscription = ({ state }: Subscription): Ruling =>
  state === 'ended' ? notSubscribed('subscription-ended') : one({ type: 'SubscriptionEnded', data: {} });

/** Whether something may be sent there because somebody asks for it: a test. */
export function testFault({ state }: Subscription): SubscriptionDenied | undefined {
  if (state === 'ended') return notSubscribed('subscription-ended');
  return state === 'disabled' ? notSubscribed('subscription-disabled') : undefined;
}

/** Whether delivered messages may be sent there once more: only where the receiver knows them by their ids. */
export function replayFault(subscription: Subscription, { channels }: SubscriptionRules): SubscriptionDenied | undefined {
  const traits = channels.get(subscription.channel);
  if (traits?.isPulled) return notSubscribed('feed-is-read-again');
  return testFault(subscription) ?? (traits?.knowsIds ? undefined : notSubscribed('no-ids'));
}

type Occurred = Pick<Occasion, 'at' | 'county' | 'actor'>;

function after(before: Subscription | undefined, fact: SubscriptionFact, { at, county, actor }: Occurred): Subscription {
  if (fact.type === 'SubscriptionMade') return { ...fact.data, county, state: 'active', madeBy: actor.id, madeAt: at };
  if (before === undefined) throw new Error(`${fact.type} of a subscription that was not made`);
  switch (fact.type) {
    case 'SubscriptionChanged': {
      const { roles: _, kinds: __, quiet: ___, ...kept } = before;
      return { ...kept, ...fact.data };
    }
    case 'AddressReplaced': {
      const { rotated: _, ...kept } = before;
      return { ...kept, ...fact.data };
    }
    case 'SecretRotated':
      return { ...before, rotated: { at, until: fact.data.until } };
    case 'SubscriptionDisabled':
      return { ...before, state: 'disabled' as const, disabled: { because: fact.data.because, at } };
    case 'SubscriptionEnabled': {
      const { disabled: _, ...kept } = before;
      return { ...kept, state: 'active' };
    }
    case 'SubscriptionEnded': {
      const { disabled: _, ...kept } = before;
      return { ...kept, state: 'ended' };
    }
  }
}

/** The subscription after facts of one occasion. */
export function subscriptionAfter(
  before: Subscription | undefined,
  facts: readonly SubscriptionFact[],
  occasion: Occurred,
): Subscription {
  const state = facts.reduce<Subscription | undefined>((state, fact) => after(state, fact, occasion), before);
  if (state === undefined) throw new Error('no subscription was made');
  return state;
}
