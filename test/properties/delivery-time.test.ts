/** When a reminder may go, held against a walk through the minutes of the day. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochMs, type Instant, instant, instantAt, plusMs } from '../../shared/domain/calendar.ts';
import { CLOCK_MADE, dueOf, isQuiet, mayGoFrom, type SendingTimes } from '../../shared/domain/delivery-time.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import type { QuietHours } from '../../shared/domain/subscription.ts';

const MIDNIGHT = instant('2026-06-01T00:00:00+08:00');
const MINUTE_MS = 60_000;
const NIGHT = { from: '22:00', until: '07:00' };
const policy: SendingTimes = { quiet: NIGHT, sending: { spread: { minutes: 3 }, avoid: [0, 30] } };

const two = (number: number): string => String(number).padStart(2, '0');
const clock = fc.integer({ min: 0, max: 1439 }).map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`);
const quiets = fc.oneof(
  fc.record({ from: clock, until: clock }),
  clock.map((both) => ({ from: both, until: both })),
  fc.constant(NIGHT),
);
const avoids = fc.oneof(fc.constant<number[]>([0, 30]), fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 10 }));
const instants = fc.integer({ min: 0, max: 2 * 86_400_000 }).map((ms) => plusMs(MIDNIGHT, ms));

/** The time that a clock on the county's wall shows. */
const shown = (at: Instant): string => new Date(epochMs(at) + 8 * 60 * MINUTE_MS).toISOString().slice(11, 16);

/** The minutes that one passes from the beginning to the end, by walking. */
function held({ from, until }: QuietHours): ReadonlySet<string> {
  const passed = new Set<string>();
  for (let walked = from; walked !== until; ) {
    passed.add(walked);
    const [hours = 0, minutes = 0] = walked.split(':').map(Number);
    walked = minutes < 59 ? `${two(hours)}:${two(minutes + 1)}` : `${two((hours + 1) % 24)}:00`;
  }
  return passed;
}

test('quiet hours are those minutes that one passes from their beginning to their end, over midnight too', () => {
  fc.assert(
    fc.property(instants, quiets, (at, quiet) => {
      expect(isQuiet(at, quiet)).toBe(held(quiet).has(shown(at)));
    }),
    { numRuns: 100 },
  );
});

test('the minute at which they begin is quiet, that at which they end is not; where both are the same, none is', () => {
  const at = (time: string) => instant(`2026-06-01T${time}+08:00`);
  expect(['21:59:59', '22:00:00', '06:59:59', '07:00:00'].map((time) => isQuiet(at(time), NIGHT))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  const noon = { from: '12:00', until: '13:00' };
  expect(['11:59:59', '12:00:00', '12:59:59', '13:00:00'].map((time) => isQuiet(at(time), noon))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(isQuiet(at('12:00:00'), { from: '12:00', until: '12:00' })).toBe(false);
});

test('what is not urgent goes with the first minute that is neither quiet nor crowded', () => {
  fc.assert(
    fc.property(instants, fc.option(quiets, { nil: undefined }), avoids, (at, quiet, avoid) => {
      const times = { ...policy, sending: { ...policy.sending, avoid } };
      const found = mayGoFrom(false, quiet ? { quiet } : {}, times, at);
      const isHeld = held(quiet ?? NIGHT);
      const isClosed = (one: Instant): boolean => isHeld.has(shown(one)) || avoid.includes(Number(shown(one).slice(3)));
      let expected = at;
      let minutes = 0;
      while (isClosed(expected) && minutes++ < 1440) {
        expected = instantAt((Math.floor(epochMs(expected) / MINUTE_MS) + 1) * MINUTE_MS);
      }
      expect(found).toBe(minutes < 1440 ? expected : at);
    }),
    { numRuns: 40 },
  );
});

test('what is urgent is due at once; what the clock makes is spread by the receiver, nothing else is; nothing is due in a time that is closed', () => {
  const hashes = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(instants, fc.constantFrom(...REMINDER_KINDS), fc.boolean(), quiets, hashes, (at, kind, isUrgent, quiet, hash) => {
      const due = dueOf({ kind, isUrgent, at }, { quiet }, policy, hash, at);
      if (isUrgent) {
        expect(due).toBe(at);
        return;
      }
      const opens = mayGoFrom(false, { quiet }, policy, at);
      expect(mayGoFrom(false, { quiet }, policy, due)).toBe(due);
      if (!CLOCK_MADE.has(kind)) expect(due).toBe(opens);
      else expect(due >= opens && due >= plusMs(opens, Math.floor(3 * MINUTE_MS * hash))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('what comes late is due then, and where its turn is still to come, in its turn', () => {
  const at = instant('2026-06-01T08:00:00+08:00');
  const lateBy = (ms: number) =>
    [0, 0.99].map((hash) => {
      const due = dueOf({ kind: 'checks-due', isUrgent: false, at }, {}, policy, hash, plusMs(at, ms));
      return epochMs(due) - epochMs(at);
    });
  expect(lateBy(90_000)).toEqual([90_000, 238_200]);
  expect(lateBy(14 * 3_600_000)).toEqual([23 * 3_600_000 + 60_000, 23 * 3_600_000 + 60_000]);
});

test('the opening at eight is told between 08:01 and 08:04, each receiver at its own moment', () => {
  const at = instant('2026-06-01T08:00:00+08:00');
  const due = [0, 0.25, 0.5, 0.99].map((hash) => dueOf({ kind: 'checks-due', isUrgent: false, at }, {}, policy, hash, at));
  expect(due.map((one) => epochMs(one) - epochMs(at))).toEqual([60_000, 105_000, 150_000, 238_200]);
});

test('where a policy leaves no minute of the day, nothing is held', () => {
  const times = { ...policy, sending: { ...policy.sending, avoid: Array.from({ length: 60 }, (_, minute) => minute) } };
  expect(mayGoFrom(false, {}, times, MIDNIGHT)).toBe(MIDNIGHT);
});
