import { instant } from '../../shared/domain/calendar.ts';
import { limitBefore, limitEnds } from '../../shared/domain/limit.ts';

const morning = instant('2026-03-01T02:00:00Z'); // 10:00 in the zone

test('days are calendar days of the zone, and the day on which a limit begins is not counted', () => {
  expect(limitEnds(morning, { days: 7 })).toBe('2026-03-08T16:00:00.000Z');
  expect(limitEnds(instant('2026-03-01T15:59:59Z'), { days: 7 })).toBe('2026-03-08T16:00:00.000Z');
  expect(limitEnds(morning, { days: 0 })).toBe('2026-03-01T16:00:00.000Z');
});

test('hours and minutes are exact', () => {
  expect(limitEnds(morning, { hours: 2 })).toBe('2026-03-01T04:00:00.000Z');
  expect(limitEnds(morning, { minutes: 5 })).toBe('2026-03-01T02:05:00.000Z');
  expect(limitBefore(morning, { hours: 4 })).toBe('2026-02-28T22:00:00.000Z');
});
