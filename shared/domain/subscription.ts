/**
 * Who wants to be told of what, where (订阅): a group's robot, an app's address, a feed. Its address and secrets stand elsewhere, encrypted,
 * and are never shown again (`shared/data/channel-secret.ts`).
 */
import type { Instant } from './calendar.ts';
import { ROLES, type Role } from './caller.ts';
import type { CreditCode } from './credit-code.ts';
import { type CountyCode, type PersonId, type ReceiverId, receiverId, type SubscriptionId, type TownshipCode } from './ids.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from './owner.ts';
import type { Audience, ReminderKind } from './reminder.ts';

/** For whom: everybody of an enterprise, one workshop of it, a township, a department, one inspector, or the county's own offices. */
export type SubscriptionScope =
  | { readonly of: 'enterprise'; readonly uscc: CreditCode }
  | { readonly of: 'workshop'; readonly uscc: CreditCode; readonly workshop: string }
  | { readonly of: 'township'; readonly township: TownshipCode }
  | { readonly of: 'department'; readonly department: string }
  | { readonly of: 'inspector'; readonly person: PersonId }
  | { readonly of: 'county' };
export type ScopeKind = SubscriptionScope['of'];

/** Whom a scope can stand for. */
export const ROLES_OF_SCOPE: Readonly<Record<ScopeKind, readonly Role[]>> = {
  enterprise: ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'],
  workshop: ['workshop-head', 'team-leader', 'post-holder'],
  township: ['township-officer', 'township-head'],
  department: ['department-officer', 'department-head'],
  inspector: ROLES,
  county: ['committee-officer', 'government-head', 'prefecture-officer'],
};

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** From one minute of the day to another, over midnight where `from` is the later. `07:00`. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

export interface Subscription {
  readonly id: SubscriptionId;
  readonly county: CountyCode;
  /** What people call it: 一车间班组群. */
  readonly name: string;
  /** A kind of channel (`shared/channels`): `wecom`, `dingtalk`, `feishu`, `webhook`, `feed`. */
  readonly channel: string;
  readonly scope: SubscriptionScope;
  /** Who of the scope reads there; absent: all of them. */
  readonly roles?: readonly Role[];
  /** Which it wants; absent: all, and those too that come about later. */
  readonly kinds?: readonly ReminderKind[];
  /** Absent: the policy's. */
  readonly quiet?: QuietHours;
  readonly language: Language;
  /** By the ids that the platform itself gives; never a telephone number. */
  readonly mentions: { readonly users: readonly string[]; readonly everybody: boolean };
  /** Where it goes; several subscriptions may share one. Absent for a feed, which is pulled. */
  readonly receiver?: ReceiverId;
  /** Of the address, to recognise it by; nothing of its secret part. */
  readonly host?: string;
  readonly state: 'active' | 'disabled' | 'ended';
  /** Why nothing is sent there at present. */
  readonly disabled?: { readonly because: string; readonly at: Instant };
  readonly madeBy: PersonId;
  readonly madeAt: Instant;
  /** When the secret was last replaced, and until when the one before signs beside it. */
  readonly rotated?: { readonly at: Instant; readonly until: Instant };
}

/** A scope as one text: by it are found those who may have to be told (index `byScope`). */
export function scopeKey(scope: SubscriptionScope): string {
  switch (scope.of) {
    case 'enterprise':
    case 'workshop':
      return enterpriseOwner(scope.uscc);
    case 'township':
      return townshipOwner(scope.township);
    case 'department':
      return departmentOwner(scope.department);
    case 'inspector':
      return `PERSON:${scope.person}`;
    case 'county':
      return 'COUNTY';
  }
}

/** The scopes among which an audience's subscriptions are. */
export const scopesOf = ({ owner, township, department, persons = [] }: Audience): readonly string[] => [
  ...new Set([
    ...(owner === undefined ? [] : [owner]),
    ...(township === undefined ? [] : [townshipOwner(township)]),
    ...(department === undefined ? [] : [department]),
    ...persons.map((person) => `PERSON:${person}`),
    'COUNTY',
  ]),
];

/** Whether those who read there are of the audience. Kinds, and whether it is active, are another matter. */
export function isFor({ scope, roles }: Pick<Subscription, 'scope' | 'roles'>, audience: Audience): boolean {
  if (scope.of === 'inspector') return audience.persons?.includes(scope.person) === true;
  if (scope.of !== 'county' && !scopesOf(audience).includes(scopeKey(scope))) return false;
  if (scope.of === 'workshop' && audience.workshops?.includes(scope.workshop) === false) return false;
  const readers = roles ?? ROLES_OF_SCOPE[scope.of];
  return audience.roles.some((role) => readers.includes(role) && ROLES_OF_SCOPE[scope.of].includes(role));
}

/** Whether it is to be told of a kind now. What tests it reaches it whatever it wants. */
export const wants = ({ kinds, state }: Pick<Subscription, 'kinds' | 'state'>, kind: ReminderKind): boolean =>
  state !== 'ended' && (kind === 'test' || kinds === undefined || kinds.includes(kind));

/** Where it goes. What is pulled goes to a receiver of its own, at which nobody is called. */
export const receiverOf = ({ id, receiver }: Pick<Subscription, 'id' | 'receiver'>): ReceiverId =>
  receiver ?? receiverId(id.padEnd(32, '0'));

/** What is recorded of a subscription. Its subject is `SUB#<id>`, its version the sequence of its last event. */
export type SubscriptionFact =
  | { readonly type: 'SubscriptionMade'; readonly data: Omit<Subscription, 'county' | 'madeBy' | 'madeAt' | 'state'> }
  | {
      readonly type: 'SubscriptionChanged';
      readonly data: Pick<Subscription, 'name' | 'scope' | 'roles' | 'kinds' | 'quiet' | 'language' | 'mentions'>;
    }
  /** Another address, or other secrets; neither is named. `until`: the secret before still signs. */
  | {
      readonly type: 'AddressReplaced';
      readonly data: { readonly receiver: ReceiverId; readonly host: string };
    }
  | { readonly type: 'SecretRotated'; readonly data: { readonly until: Instant } }
  | { readonly type: 'SubscriptionDisabled'; readonly data: { readonly because: string } }
  | { readonly type: 'SubscriptionEnabled'; readonly data: Record<never, never> }
  | { readonly type: 'SubscriptionEnded'; readonly data: Record<never, never> };

export const subscriptionSubject = (id: SubscriptionId): `SUB#${string}` => `SUB#${id}`;
