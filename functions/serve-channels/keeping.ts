/** What every command on a subscription has in common: who acts, whose it is, what the rules are, and how a refusal is answered. */
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import type { sealAddress, sealAnother } from '../../shared/data/channel-secret.ts';
import type { DeliveryStore } from '../../shared/data/delivery-store.ts';
import type { ReceiverStore } from '../../shared/data/receiver-store.ts';
import type { StoredSubscription, SubscriptionStore } from '../../shared/data/subscription-store.ts';
import { mayDo, type Operation, type Subject } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { CountyCode, ReceiverId, SubscriptionId } from '../../shared/domain/ids.ts';
import { isOwner } from '../../shared/domain/owner.ts';
import { type SubscriptionScope, scopeKey } from '../../shared/domain/subscription.ts';
import type { ChannelTraits, SubscriptionRules } from '../../shared/domain/subscription-decide.ts';
import {
  SUBSCRIPTION_DENIALS,
  type SubscriptionDenied,
  type SubscriptionRuling,
} from '../../shared/domain/subscription-denials.ts';
import { directoryRulesOf } from '../../shared/policy/directory-rules.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { problemOf } from '../../shared/runtime/refusal.ts';
import type { Known } from './reach.ts';

export interface Keeping extends Known {
  readonly county: CountyCode;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: Pick<
    DeliveryStore,
    'ofSubscription' | 'about' | 'load' | 'countWaiting' | 'message' | 'messages' | 'outbox' | 'save'
  >;
  readonly receivers: Pick<ReceiverStore, 'load' | 'sealedAddress'>;
  /** Encrypts; nothing here decrypts. */
  readonly seal: ReturnType<typeof sealAddress>;
  readonly sealAnother: ReturnType<typeof sealAnother>;
  /** Asks that a receiver be looked at before the next minute. It is only a hint: what is lost is made up by the clock. */
  readonly wake: (receiver: ReceiverId, at: Instant) => Promise<void>;
  readonly allowsLoopback: boolean;
}

const TRAITS: ReadonlyMap<string, ChannelTraits> = new Map(CHANNEL_KINDS.map((kind) => [kind, channelOfKind(kind)]));

/** A kind that was checked when it came in. No kind is ever taken away. */
export function channelOfKind(kind: string): Channel {
  const channel = channelOf(kind);
  if (channel === undefined) throw new Error(`there is no channel of the kind ${kind}`);
  return channel;
}

export function rulesOf(policy: Policy): SubscriptionRules {
  const { townships, departments } = directoryRulesOf(policy);
  return { channels: TRAITS, townships, departments };
}

/** Whose a subscription of this scope is: its enterprise's, township's or department's, a person's own, or the county's. */
export function subjectOf(county: CountyCode, scope: SubscriptionScope): Subject {
  if (scope.of === 'inspector') return { county, team: [scope.person] };
  const key = scopeKey(scope);
  return { county, ...(isOwner(key) && { owner: key }) };
}

export const isSeen = (caller: Caller, operation: Operation, scope: SubscriptionScope): boolean =>
  mayDo(caller, operation, subjectOf(caller.county, scope));

const notFound = (): Problem => new Problem(404, 'not-found', '没有找到这个订阅，请核对编号。');

const ofAnother = ({ of }: SubscriptionScope): Problem =>
  of === 'inspector'
    ? new Problem(
        403,
        'of-a-person',
        '为个人接入的渠道只由本人修改、测试、重发和读取：其中有检查的日期。确有需要时可以结束这个订阅。',
      )
    : new Problem(403, 'not-kept-by-you', '这个渠道您可以查看，但不由您办理；请找接入它的单位的负责人或安全管理人员。');

/** The subscription, if the caller may do this with it; where he may not even see that there is one, as if it did not exist. */
export async function found(
  { subscriptions }: Pick<Keeping, 'subscriptions'>,
  caller: Caller,
  operation: Operation,
  id: SubscriptionId,
): Promise<StoredSubscription> {
  const stored = await subscriptions.load(id);
  if (stored === undefined) throw notFound();
  const { scope } = stored.subscription;
  if (isSeen(caller, operation, scope)) return stored;
  throw isSeen(caller, 'ReadSubscription', scope) ? ofAnother(scope) : notFound();
}

/** One of an enterprise, for the township in which it lies and the department that supervises it. */
export async function foundBeside(
  { subscriptions, owner, county }: Pick<Keeping, 'subscriptions' | 'owner' | 'county'>,
  caller: Caller,
  operation: Operation,
  id: SubscriptionId,
): Promise<StoredSubscription> {
  const stored = await subscriptions.load(id);
  if (stored === undefined) throw notFound();
  const { scope } = stored.subscription;
  const key = scopeKey(scope);
  const record = isOwner(key) && (scope.of === 'enterprise' || scope.of === 'workshop') ? await owner(key) : undefined;
  const { township, supervisor } = record?.enterprise ?? {};
  const subject = { ...subjectOf(county, scope), ...(township && { township }), ...(supervisor && { supervisor }) };
  if (!mayDo(caller, operation, subject)) throw notFound();
  return stored;
}

export const refusal = (denied: SubscriptionDenied): Problem =>
  problemOf(denied, SUBSCRIPTION_DENIALS[denied.reason].about, undefined);

/** The facts of a ruling; a refusal is thrown as the problem that it is. */
export function factsOf<Fact>(ruling: SubscriptionRuling<Fact>): readonly Fact[] {
  if (ruling.kind === 'decided') return ruling.events;
  throw refusal(ruling);
}

/** Goes on only where nothing speaks against it. */
export function refuseFault(fault: SubscriptionDenied | undefined): void {
  if (fault !== undefined) throw refusal(fault);
}
