/** How long before a deadline it is told that it is near (`reminders.deadlines`, `monthlyList.before`, `tasks.before`, `checks.beforeEnd`). */
import type { Instant } from './calendar.ts';
import { type Limit, limitBefore, limitMs } from './limit.ts';

/** The stretch of time that one look has to account for: behind `after`, up to and with `at`. */
export interface Look {
  readonly after: Instant;
  readonly at: Instant;
}

/**
 * When the lead began that runs at `at`, if it began within the look. A lead ends where a nearer one begins, and the last with the deadline:
 * so a look that comes late, or makes up for many, tells of each thing once, and nothing that is over.
 */
export function leadWithin({ after, at }: Look, deadline: Instant, leads: readonly Limit[]): Instant | undefined {
  if (deadline <= at) return undefined;
  const begun = leads.map((lead) => limitBefore(deadline, lead)).filter((began) => began <= at);
  const running = begun.sort().at(-1);
  return running !== undefined && running > after ? running : undefined;
}

/** The longest of several: nothing that is further away has to be looked at. */
export const longest = (leads: readonly Limit[]): number => Math.max(...leads.map(limitMs));

/** When the next nearer lead begins after an instant; `undefined` where the last one runs. */
export const nextLead = (at: Instant, deadline: Instant, leads: readonly Limit[]): Instant | undefined =>
  leads
    .map((lead) => limitBefore(deadline, lead))
    .filter((begins) => begins > at)
    .sort()[0];
