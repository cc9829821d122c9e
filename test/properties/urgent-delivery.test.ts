/** Whatever fails, hangs, waits for the morning or is replayed at a receiver: what is urgent is there within the policy's time. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochMs, instant } from '../../shared/domain/calendar.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import type { Outcome } from '../../shared/domain/receiver.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { Messaging, minutes, robot, sub } from '../support/messaging.ts';
import { county } from '../support/tokens.ts';

const OUTCOMES: readonly (Outcome | 'lost')[] = [
  { is: 'failed', says: '400' },
  { is: 'failed', says: '503', afterMs: 3_600_000 },
  { is: 'too-long', says: '40058' },
  { is: 'delivered' },
  'lost',
];
const START = instant('2026-06-03T20:31:00+08:00');
const within = limitMs(policyFor(county, START).reminders.sending.within);

test('an urgent reminder is handed over in its time to a receiver that takes it, by day and by night', async () => {
  const reminded = fc.record({
    no: fc.integer({ min: 1, max: 3 }),
    at: fc.integer({ min: 0, max: 300 }),
    isUrgent: fc.boolean(),
  });
  const outcomes = fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(reminded, { minLength: 4, maxLength: 14 }), outcomes, async (all, answers) => {
      const world = new Messaging();
      for (const no of [1, 2, 3]) await world.subscribe(no, { receiver: robot(1), channel: 'webhook' });
      let asked = 0;
      world.answers(1, ({ body }) =>
        body.includes('fire') ? { is: 'delivered' } : (answers[asked++ % answers.length] ?? 'lost'),
      );
      for (const [index, { no, at, isUrgent }] of all.entries()) {
        await world.remind(no, [`${isUrgent ? 'fire' : 'other'} ${index}`], minutes(at, START), isUrgent);
      }
      await world.live(START, minutes(310, START));
      for (const no of [1, 2, 3]) {
        for (const { state, due, reminder, ...one } of await world.deliveriesOf(no)) {
          if (!reminder.isUrgent) continue;
          expect({ state, of: sub(no) }).toEqual({ state: 'told', of: sub(no) });
          if ('endedAt' in one) expect(epochMs(one.endedAt) - epochMs(due)).toBeLessThanOrEqual(within);
        }
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 30_000);
