import type { ReminderCursor } from '../../shared/data/reminder-cursor.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';
import { type Coming, type ComingSources, eachComing } from './coming.ts';

export interface AnnounceDependencies extends ComingSources {
  readonly cursor: ReminderCursor;
  readonly bus: EventBus<Notice>;
  /** Whether to stop before the runtime does. */
  readonly outOfTime: () => boolean;
}

export interface Announced {
  readonly told: number;
  /** Found, and left to the next call. */
  readonly left: number;
}

/** There was not time enough to find all that comes near. Nothing was told; the next call looks again. */
export class LookUnfinished extends Error {
  override readonly name = 'LookUnfinished';
}

/** Notices that are handed over together. */
const BATCH = 100;

const byLead = (a: Coming, b: Coming): number => {
  if (a.lead !== b.lead) return a.lead < b.lead ? -1 : 1;
  return a.notice.id < b.notice.id ? -1 : 1;
};

async function found(deps: AnnounceDependencies, after: Instant, at: Instant): Promise<Coming[]> {
  const all = new Map<string, Coming>();
  for await (const coming of eachComing(deps, { after, at })) {
    if (deps.outOfTime()) throw new LookUnfinished(`behind ${after}`);
    all.set(coming.notice.id, coming);
  }
  return [...all.values()].sort(byLead);
}

/**
 * Tells what comes near by `at` and was not told yet. Where it has come to stands in the cursor, so a call that never happened, for days
 * even, is made up by the next; one that is repeated, or runs beside another, tells the same under the same ids. The first call of a county
 * has nothing to make up.
 */
export const announceDeadlines =
  (deps: AnnounceDependencies) =>
  async (at: Instant): Promise<Announced> => {
    const { cursor, bus, outOfTime } = deps;
    const after = await cursor.load();
    const coming = after === undefined || after >= at ? [] : await found(deps, after, at);
    for (let from = 0; from < coming.length; from += BATCH) {
      if (outOfTime()) {
        // What has the same lead as the first of those that are left, the next call tells again, under its ids.
        const through = coming.slice(0, from).findLast(({ lead }) => lead < (coming[from]?.lead ?? lead))?.lead;
        if (through !== undefined) await cursor.advance(through);
        return { told: from, left: coming.length - from };
      }
      await publishAll(
        bus,
        coming.slice(from, from + BATCH).map(({ notice }) => notice),
      );
    }
    await cursor.advance(at);
    return { told: coming.length, left: 0 };
  };
