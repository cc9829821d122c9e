/**
 * Reminders in the simulated month: what the schedule of each minute would do is done at the instants that matter, which composing itself
 * names, and between two of them it is waited until nothing is on its way.
 */
import * as z from 'zod';
import { readFeed, testSubscription } from '../../../functions/serve-channels/api.ts';
import { epochMs, type Instant, instantAt, plusMs } from '../../../shared/domain/calendar.ts';
import { instantText } from '../../../shared/runtime/schemas.ts';
import type { ReceiverSeen, RunningCounty } from '../running-county.ts';
import { until, type Waiting } from './awaiting.ts';
import { OUTAGE } from './schedules.ts';
import type { RemindersPlan } from './subscribers.ts';

const composed = z.object({ released: z.number(), next: instantText.optional() });

const MINUTE = 60_000;
/** How long a message may be on its way here, and how often it is looked for. */
const PATIENCE = { longMs: 60_000, everyMs: 60 };
/** A receiver may have so many messages one after the other at one instant. */
const MOST_AT_ONCE = 20;

/** The schedule calls on the minute, and not while it is out. */
function callAfter(at: Instant): Instant {
  const minute = instantAt(Math.ceil(epochMs(at) / MINUTE) * MINUTE);
  return OUTAGE.from <= minute && minute < OUTAGE.until ? OUTAGE.until : minute;
}

export interface Reminding extends Waiting {
  readonly county: Waiting['county'] & Pick<RunningCounty, 'invoke' | 'receivers' | 'remindersQueued'>;
  readonly plan: Pick<RemindersPlan, 'subscriptions' | 'pulse'>;
}

export class Reminders {
  /** When the schedule's call would find something next, as far as is known. */
  next: Instant | undefined;
  readonly #reminding: Reminding;
  #beats = 0;
  #heard = 0;

  constructor(reminding: Reminding) {
    this.#reminding = reminding;
  }

  /** All that was written up to now has come through to those who are reminded: a test, sent after it, has. */
  async caughtUp(at: Instant): Promise<void> {
    const {
      scene: { api },
      plan: { pulse, subscriptions },
    } = this.#reminding;
    const params = { id: subscriptions.idOf(pulse) };
    this.#beats += 1;
    await api(testSubscription, { as: pulse.by, at, key: `sample-pulse-${this.#beats}`, params, body: {} });
    await until(
      this.#reminding,
      PATIENCE.longMs,
      async () => {
        const { after } = await api(readFeed, { as: pulse.by, at, params, query: { after: this.#heard, limit: 100 } });
        const isThere = after > this.#heard;
        this.#heard = after;
        return isThere ? [] : [`the test of ${at} did not come through`];
      },
      PATIENCE.everyMs,
    );
    await this.#arrived(at);
  }

  /** What the schedule's call at an instant does, and all that follows from it there. */
  async call(at: Instant): Promise<void> {
    const { county } = this.#reminding;
    for (let times = 1; ; times++) {
      const { released, next } = composed.parse(await county.invoke('compose-messages', { at }));
      this.next = next && callAfter(next > at ? next : plusMs(at, 1));
      if (released === 0) return;
      if (times === MOST_AT_ONCE) throw new Error(`composing at ${at} finds no end`);
      await this.#arrived(at);
    }
  }

  /** Nothing waits in a queue, every message that was handed over has an outcome but where the receiver hangs, and nothing was just written. */
  async #arrived(at: Instant): Promise<void> {
    const { county, plan } = this.#reminding;
    const isHanging = (subscription: string): boolean => [...plan.subscriptions.hanging].some((id) => id === subscription);
    const revisions = (seen: readonly ReceiverSeen[]): number => seen.reduce((sum, { rev }) => sum + rev, 0);
    const left = async (): Promise<string[]> => {
      const before = await county.receivers();
      const underway = before.flatMap((one) => one.underway ?? []);
      const moving = underway.filter(({ phase, subscription }) => !(phase === 'sending' && isHanging(subscription)));
      if (moving.length > 0) {
        return moving.map(({ subscription, phase }) => `a message to ${subscription} is ${phase} at ${at} and went no further`);
      }
      const queued = await county.remindersQueued();
      if (queued > 0) return [`${queued} events or receivers wait in queues at ${at}, and are not worked off`];
      // Between the end of one message and the beginning of the next a receiver has none.
      return revisions(await county.receivers()) === revisions(before) ? [] : [`receivers are written at ${at}, without an end`];
    };
    await until(this.#reminding, PATIENCE.longMs, left, PATIENCE.everyMs);
  }
}
