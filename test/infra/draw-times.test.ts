/** When draws are announced: once before each window, on the policy's day, for whichever frequencies the policy has. */
import { drawTimes } from '../../infra/stacks/service/draw-times.ts';
import { type Cadence, epochMs, instantAt, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import { cadenceOfKind, DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { firings } from '../support/cron.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE_MS = 8 * HOUR_MS;
/** Two years of the county, from midnight to midnight. */
const [from, until] = [Date.UTC(2026, 11, 31, 16), Date.UTC(2028, 11, 31, 16)];
const policy = policyFor(countyCode('533102'), instantAt(from));
const [makeUp, ...times] = drawTimes(policy);

test('every kind of draw has a time of its own, that says which kind it is', () => {
  expect(times.map(({ payload }) => payload)).toEqual(DRAW_KINDS.map((kind) => ({ kind })));
  expect(new Set(times.map(({ id }) => id)).size).toBe(DRAW_KINDS.length);
});

test.each(DRAW_KINDS)(
  '%s is announced once before each of its windows, on the policy’s day and hour of the month before',
  (kind) => {
    const cadence: Cadence = cadenceOfKind(kind, policy);
    const time = times.find(({ payload }) => payload?.kind === kind);
    const fired = firings(time?.expression ?? '', from, until);
    const { announceOn, at } = policy.drawing.calendar;
    const windows = fired.map((one) => {
      const clock = new Date(one + ZONE_MS);
      expect([clock.getUTCDate(), clock.toISOString().slice(11, 16)]).toEqual([announceOn, at]);
      const next = epochMs(windowOf('month', periodAt('month', instantAt(one)) + 1).from);
      expect(epochMs(windowOf(cadence, periodAt(cadence, instantAt(next))).from)).toBe(next);
      return periodAt(cadence, instantAt(next));
    });
    const [first, last] = [periodAt(cadence, instantAt(from)) + 1, periodAt(cadence, instantAt(until))];
    expect(windows).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  },
);

test('what an outage or a refusal left is made up once a day, after the hour of the calendar', () => {
  expect(makeUp.payload).toBeUndefined();
  const fired = firings(makeUp.expression, from, from + 7 * DAY_MS);
  expect(fired).toHaveLength(7);
  for (const one of fired) expect(new Date(one + ZONE_MS).toISOString().slice(11, 16) > policy.drawing.calendar.at).toBe(true);
});

test('a frequency that leaves no month before the window is refused', () => {
  const weekly = {
    ...policy,
    randomChecks: { ...policy.randomChecks, RED: { ...policy.randomChecks.RED, every: 'week' } },
  } as const;
  expect(() => drawTimes(weekly)).toThrow(/RANDOM\.RED is drawn once a week: .+ month, two-month, quarter, year/);
});
