/** What composing is asked, and what it answers. */
import * as z from 'zod';
import type { Instant } from '../../shared/domain/calendar.ts';
import { countyCode, receiverId, subscriptionId } from '../../shared/domain/ids.ts';
import type { Wake } from '../../shared/domain/message.ts';
import { instantText, named } from '../../shared/runtime/schemas.ts';

/** Each minute: whatever has become due by then. */
const tick = z.strictObject({ at: instantText });

/** What is dead of one subscription, or of all of them, waits again, and goes at once. */
const redrive = z.strictObject({ redrive: z.union([z.literal('all'), named(subscriptionId)]), at: instantText });

/** What is to be looked at before the next minute, from the queue of wakes; several at once. */
const wakes = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

export const input = z.union([wakes, redrive, tick]);

/** The body of a wake in the queue. */
export const wake: z.ZodType<Wake, unknown> = z.object({
  county: named(countyCode),
  receiver: named(receiverId),
  at: instantText,
});

/** What came of a call, in reminders; `released` is in messages. */
export interface Composed {
  readonly told: number;
  readonly dropped: number;
  readonly dead: number;
  /** Messages handed to the sender, first and further attempts alike. */
  readonly released: number;
  /** The earliest instant after `at` at which a call would do something, as things stand; absent: nothing waits. */
  readonly next?: Instant;
  /** Reminders that were dead and wait again. */
  readonly redriven?: number;
}
