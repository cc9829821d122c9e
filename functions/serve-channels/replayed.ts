/** Which messages are sent once more: all that were delivered in a period, in the order of their numbers, as many as one change takes. */
import { type DeliveryStore, MOST_DELIVERIES } from '../../shared/data/delivery-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';

type Stores = Pick<DeliveryStore, 'message' | 'messages' | 'outbox'>;

export interface Replayed {
  /** `until` is not included. */
  readonly from: Instant;
  readonly until: Instant;
  /** Only those of greater numbers: how far an earlier request came. */
  readonly after: number;
}

const PAGE = 100;
/** Composers at work at once may number theirs not quite in the order in which they were made. */
const SLACK_MS = 3_600_000;

/** From which number on messages may be of an instant or later. Numbers have no gap; one that is not there any more is older. */
async function firstSince({ message, outbox }: Stores, id: SubscriptionId, from: Instant): Promise<number> {
  let first = 1;
  let behind = (await outbox(id)).outbox.last + 1;
  while (first < behind) {
    const middle = Math.floor((first + behind) / 2);
    const found = await message(id, middle);
    if (found === undefined || found.madeAt < from) first = middle + 1;
    else behind = middle;
  }
  return first;
}

export async function deliveredIn(stores: Stores, id: SubscriptionId, { from, until, after }: Replayed) {
  const found: Message[] = [];
  let last = Math.max(after, (await firstSince(stores, id, plusMs(from, -SLACK_MS))) - 1);
  for (;;) {
    const page = await stores.messages(id, PAGE, last);
    found.push(...page.filter(({ state, madeAt }) => state === 'delivered' && from <= madeAt && madeAt < until));
    last = page.at(-1)?.number ?? last;
    const isPast = page.length === 0 || page.some(({ madeAt }) => madeAt >= plusMs(until, SLACK_MS));
    if (isPast || found.length > MOST_DELIVERIES) break;
  }
  return { messages: found.slice(0, MOST_DELIVERIES), isMore: found.length > MOST_DELIVERIES };
}
