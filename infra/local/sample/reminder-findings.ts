/** What there is of reminders once the month is over: said by the API, counted from the ledger, and got by those to whom they went. */
import { listDeliveries, listSubscriptions, readSubscription } from '../../../functions/serve-channels/api.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import { subscriptionId } from '../../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import { limitMs } from '../../../shared/domain/limit.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import { type ApiClient, everyItem, inParallel } from './api-client.ts';
import type { SampleCounty } from './county.ts';
import { LAST_TOLD_AT, LOOKED_BACK_AT } from './month.ts';
import { readLines } from './receiving.ts';
import { expectedReminders, recountOpenings, recountReminders } from './recount-reminders.ts';
import { OUTAGE, planCalls } from './schedules.ts';
import { somebody } from './staff.ts';
import { receiverNamed } from './subscribers.ts';
import type { ReminderFindings, SaidSubscription } from './verdict-reminders.ts';

const ABREAST = 3;

interface Looking {
  readonly api: ApiClient;
  readonly sample: SampleCounty;
  /** Where it is kept what the receivers got. */
  readonly deliveries: string;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
}

async function saidOf({ api, sample, signal, tell }: Looking): Promise<SaidSubscription[]> {
  const [at, as] = [LOOKED_BACK_AT, somebody(sample, 'prefecture-officer')];
  const lists = await inParallel(['active', 'disabled', 'ended'] as const, 1, (state) =>
    everyItem((from) => api(listSubscriptions, { as, at, query: { state, ...from } })),
  );
  const listed = lists.flat();
  let read = 0;
  return inParallel(listed, ABREAST, async ({ id, name, quiet }): Promise<SaidSubscription> => {
    signal.throwIfAborted();
    tell(`who was told, ${++read} of ${listed.length}`);
    const { insight } = await api(readSubscription, { as, at, params: { id: subscriptionId(id) } });
    const deliveries = await everyItem((from) => api(listDeliveries, { as, at, query: { subscription: id, ...from } }));
    return {
      ...{ id, name, quiet },
      ...{ told: insight.told, dropped: insight.dropped, dead: insight.dead },
      deliveries: deliveries.map(({ reminder, state, isUrgent, cameAbout, due }) => ({
        ...{ reminder, state, isUrgent, cameAbout, due },
      })),
    };
  });
}

export async function reminderFindings(looking: Looking, events: readonly LedgerEvent[]): Promise<ReminderFindings> {
  const { sample, deliveries } = looking;
  const policy = policyFor(sample.county, LAST_TOLD_AT);
  const planned = planCalls(sample.county);
  // What the scheduler's outage took, the first announcement after it makes up.
  const madeUp = planned.find(({ calls, at }) => calls === 'announce-deadlines' && at >= OUTAGE.until);
  const opening = [...planned.filter(({ calls }) => calls === 'open-period'), ...(madeUp === undefined ? [] : [madeUp])];
  const openedAt = [...new Set(opening.map(({ at }) => at))].sort();
  const composedAt = planned
    .filter(({ calls }) => calls === 'compose-messages')
    .map(({ at }) => at)
    .sort();
  const composedBy = (at: Instant): Instant => composedAt.find((call) => call >= at) ?? LAST_TOLD_AT;
  return {
    said: await saidOf(looking),
    recounted: recountReminders(events, policy, composedBy),
    expected: expectedReminders(events, policy, LAST_TOLD_AT),
    openings: recountOpenings(events, openedAt),
    received: readLines(deliveries),
    receiverOf: (subscription) => receiverNamed(subscription, sample),
    names: new Set(sample.people.map(({ name }) => name)),
    toldUntil: LAST_TOLD_AT,
    quiet: policy.reminders.quiet,
    composedBy,
    within: limitMs(policy.reminders.sending.within),
    urgent: policy.reminders.urgent.kinds,
  };
}
