/** Enterprises that have checks due in every colour, and who wants to be told of them where. */
import type { Address } from '../../shared/channels/channel.ts';
import { commit } from '../../shared/data/commit.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { ownerWrites } from '../../shared/data/owner-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { type Instant, periodAt } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { personId, type ReceiverId, subscriptionId } from '../../shared/domain/ids.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { county } from '../support/tokens.ts';
import { checkedThrough, pagesOf } from './county.ts';
import { POINTS_PER_PAGE } from './prices.ts';
import { enterprise } from './register.ts';

/** Registers an enterprise with a page of points under each colour, all of them open in the running period. */
export async function enterpriseWithDuties(owner: Owner, at: Instant): Promise<void> {
  await commit({ writes: ownerWrites(county, undefined, enterprise(owner)), events: [] });
  const cadences = cadencesOf(county, at);
  const pages = COLOURS.flatMap((colour) => {
    const now = periodAt(cadences[colour], at);
    const life = checkedThrough(now - 3, now - 1);
    return [...pagesOf({ colour, points: POINTS_PER_PAGE, perPage: POINTS_PER_PAGE, life, sealedThrough: now - 1 })];
  });
  await dynamoDutyStore(county).save({
    pages: pages.map((page) => ({ page: { ...page, owner }, ifVersion: 0 })),
    exceptions: [],
    events: [],
  });
}

export interface Told {
  readonly owner: Owner;
  readonly channel: string;
  /** Absent for a feed. */
  readonly place?: { readonly receiver: ReceiverId; readonly address: Address };
}

/** Subscribes an enterprise; `no` makes the id. */
export async function subscribed({ owner, channel, place }: Told, no: number, at: Instant): Promise<Subscription> {
  const uscc = enterpriseOf(owner);
  if (uscc === undefined) throw new Error(`${owner} is no enterprise`);
  const data = {
    id: subscriptionId(no.toString(16).padStart(20, '0')),
    ...{ name: `安全群${no}`, channel, scope: { of: 'enterprise', uscc } as const, kinds: REMINDER_KINDS },
    ...{ language: 'zh-CN' as const, mentions: { users: [], everybody: false } },
    ...(place && { receiver: place.receiver, host: 'example.cn' }),
  };
  const by = personId('bench');
  const after: Subscription = { ...data, county, state: 'active', madeBy: by, madeAt: at };
  await dynamoSubscriptionStore(county).save({
    ...{ after, facts: [{ type: 'SubscriptionMade', data }], ifVersion: 0 },
    occasion: { at, county, actor: { id: by, role: 'safety-manager', owner } },
    ...(place && { address: 'sealed' }),
  });
  return after;
}
