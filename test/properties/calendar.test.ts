import fc from 'fast-check';
import { CADENCES, type Cadence, instantAt, periodAt, windowOf } from '../../shared/domain/calendar.ts';

const HOUR = 3_600_000;
const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 11, 31) }).map(instantAt);

/** The wall clock of the zone as the platform's own time-zone data knows it: nothing of the calendar's arithmetic. */
const wallClock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  weekday: 'short',
});

/** What a person with a wall calendar would call the period: slow, and written without the rules under test. */
function calendarName(cadence: Cadence, ms: number): string {
  const parts = Object.fromEntries(wallClock.formatToParts(ms).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', weekday = '' } = parts;
  switch (cadence) {
    case 'day':
      return `${year}-${month}-${day}`;
    case 'week': {
      const back = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday);
      return `week of ${calendarName('day', ms - back * 24 * HOUR)}`;
    }
    case 'half-month':
      return `${year}-${month} ${Number(day) <= 15 ? 'first' : 'second'}`;
    case 'month':
      return `${year}-${month}`;
    case 'two-month':
      return `${year} pair ${Math.ceil(Number(month) / 2)}`;
    case 'quarter':
      return `${year} quarter ${Math.ceil(Number(month) / 3)}`;
    case 'year':
      return year;
  }
}

test('two instants lie in one period exactly when a wall calendar says so (D1–D5)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CADENCES), instants, fc.integer({ min: 0, max: 24 * 40 }), (cadence, a, hours) => {
      const later = Date.parse(a) + hours * HOUR;
      const same = calendarName(cadence, Date.parse(a)) === calendarName(cadence, later);
      expect(periodAt(cadence, instantAt(later)) === periodAt(cadence, a)).toBe(same);
    }),
    { numRuns: 2000 },
  );
});

test('a window is the whole of its period and nothing else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CADENCES), instants, (cadence, at) => {
      const period = periodAt(cadence, at);
      const { from, until } = windowOf(cadence, period);
      expect(from <= at && at < until).toBe(true);
      expect(periodAt(cadence, from)).toBe(period);
      expect(periodAt(cadence, instantAt(Date.parse(from) - 1))).toBe(period - 1);
      expect(periodAt(cadence, until)).toBe(period + 1);
    }),
    { numRuns: 2000 },
  );
});

test('every day from 2000 to 2100 is one more than the day before, and no cadence ever steps back or skips', () => {
  for (const cadence of CADENCES) {
    let last = periodAt(cadence, instantAt(Date.UTC(2000, 0, 1) - 8 * HOUR));
    for (let ms = Date.UTC(2000, 0, 2) - 8 * HOUR; ms < Date.UTC(2101, 0, 1); ms += 24 * HOUR) {
      const period = periodAt(cadence, instantAt(ms));
      if (period - last !== 0 && period - last !== 1) throw new Error(`${cadence} steps by ${period - last} at ${ms}`);
      last = period;
    }
  }
});
