/** What is dead waits again: somebody has mended what it died of. It is asked again whether it still stands, and merged anew. */
import { StaleVersion } from '../../shared/data/commit.ts';
import { MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import type { StoredSubscription } from '../../shared/data/subscription-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import { receiverOf, type Subscription } from '../../shared/domain/subscription.ts';
import { type ComposeDependencies, occasionOf } from './lane.ts';

type RedriveDependencies = Pick<ComposeDependencies, 'county' | 'subscriptions' | 'deliveries' | 'policyAt'>;

const PAGE = 100;
/** After so many times something else is wrong. */
const MOST_STALE = 5;

/** Some at a time, each with what the ledger says of it: whatever breaks off, the next call goes on with the rest. */
async function redriveOne(deps: RedriveDependencies, subscription: Subscription, at: Instant): Promise<number> {
  const { id } = subscription;
  let reminders = 0;
  let cursor: string | undefined;
  let isMore = true;
  let before = await deps.deliveries.outbox(id);
  if (before.outbox.dead === 0) return 0;
  let stale = 0;
  while (isMore) {
    const page = await deps.deliveries.ofSubscription(id, MOST_DELIVERIES, cursor, 'dead');
    if (page.items.length > 0) {
      const saved = deps.deliveries.save({
        ...occasionOf(deps, at),
        deliveries: page.items.map((dead) => ({
          before: dead,
          after: { subscription: id, reminder: dead.reminder, receiver: receiverOf(subscription), due: at, state: 'waiting' },
        })),
        outbox: { before, facts: [{ type: 'RedriveAsked', data: { reminders: page.items.length } }] },
      });
      const isDone = await saved.then(
        () => true,
        (error: unknown) => {
          // Another redrives the same, or something of it was sent: the page is read anew, without what waits by now.
          if (!(error instanceof StaleVersion) || ++stale === MOST_STALE) throw error;
          return false;
        },
      );
      before = await deps.deliveries.outbox(id);
      if (!isDone) continue;
    }
    reminders += page.items.length;
    cursor = page.cursor;
    isMore = cursor !== undefined;
  }
  return reminders;
}

async function* each({ subscriptions }: RedriveDependencies): AsyncGenerator<StoredSubscription> {
  let cursor: string | undefined;
  do {
    const page = await subscriptions.page(PAGE, cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Answers how many reminders wait again. Of one that is disabled or has ended nothing does: it would die again at once. */
export async function redrive(deps: RedriveDependencies, which: SubscriptionId | 'all', at: Instant): Promise<number> {
  let reminders = 0;
  if (which !== 'all') {
    const stored = await deps.subscriptions.load(which);
    return stored?.subscription.state === 'active' ? redriveOne(deps, stored.subscription, at) : 0;
  }
  for await (const { subscription } of each(deps)) {
    if (subscription.state === 'active') reminders += await redriveOne(deps, subscription, at);
  }
  return reminders;
}
