/** The calendar of draws against a slow oracle that goes through every day: whatever calls are lost, doubled or late. */
import fc from 'fast-check';
import { type Day, dayOf, epochMs, type Instant, instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import { drawsDue, firstAppearance, periodNamed, scheduleOf } from '../../shared/domain/draw-calendar.ts';
import { DRAW_KINDS, type DrawKind, isDrawnBy } from '../../shared/domain/draw-kind.ts';
import { countyCode, type Department, type DrawPeriod, department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';

const RULES = policyFor(countyCode('533102'), instant('2026-05-01T00:00:00Z'));
const AUTHORITIES = [department('YJJ'), department('ZJJ'), GOVERNMENT];
const SINCE = dayOf(instant('2026-01-01T00:00:00Z'));
const BEGIN = instant('2026-05-20T02:47:00Z');
const DAYS = 150;

const MONTHS: Readonly<Record<DrawKind, number>> = {
  'RANDOM.RED': 1,
  'RANDOM.ORANGE': 2,
  'RANDOM.YELLOW': 3,
  'RANDOM.BLUE': 12,
  SPECIAL: 1,
  EXPERT: 1,
  COMPREHENSIVE: 3,
};
const expertOf = async (authority: Department): Promise<'SPECIAL' | 'EXPERT'> => (authority === 'ZJJ' ? 'EXPERT' : 'SPECIAL');

/** A period's name by the month in which it begins, as a person would write it. */
function nameOf(kind: DrawKind, month: number): string {
  const [year, first] = [Math.floor(month / 12), (month % 12) + 1];
  const two = (n: number) => String(n).padStart(2, '0');
  if (MONTHS[kind] === 12) return `${year}`;
  if (MONTHS[kind] === 3) return `${year}-Q${(first + 2) / 3}`;
  return MONTHS[kind] === 2 ? `${year}-${two(first)}_${two(first + 1)}` : `${year}-${two(first)}`;
}

/** What has to be drawn at an instant: every period that begins in some month is asked whether its time has come. */
function expectedAt(at: Instant): Set<string> {
  const found = new Set<string>();
  for (const kind of DRAW_KINDS) {
    for (let month = 2026 * 12; month < 2028 * 12; month += MONTHS[kind]) {
      const announced = Date.UTC(Math.floor(month / 12), (month % 12) - 1, 26, 1); // 09:00 in the county
      const ends = Date.UTC(Math.floor(month / 12), (month % 12) + MONTHS[kind], 1) - 8 * 3_600_000;
      if (epochMs(at) < announced || epochMs(at) >= ends) continue;
      for (const authority of AUTHORITIES) {
        if (!isDrawnBy(kind, authority)) continue;
        if ((kind === 'SPECIAL' && authority === 'ZJJ') || (kind === 'EXPERT' && authority !== 'ZJJ')) continue;
        found.add(`${authority} ${kind} ${nameOf(kind, month)}`);
      }
    }
  }
  return found;
}

test('each period of months gets one draw, however calls are lost, doubled, late, or a clock jumps back', async () => {
  const call = fc.record({
    day: fc.integer({ min: 0, max: DAYS }),
    minutes: fc.integer({ min: 0, max: 1400 }),
    times: fc.constantFrom(1, 1, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
      const draws = new Map<string, number>();
      const expected = new Set<string>();
      for (const { day, minutes, times } of calls) {
        const at = plusMs(plusDays(BEGIN, day), minutes * 60_000);
        for (const each of expectedAt(at)) expected.add(each);
        for (let again = 0; again < times; again++) {
          const due = await drawsDue(AUTHORITIES, at, SINCE, RULES, expertOf);
          expect(due.map(({ window }) => window.until)).toEqual(due.map(({ window }) => window.until).toSorted());
          for (const { authority, kind, period } of due) {
            const key = `${authority} ${kind} ${period}`;
            if (!draws.has(key)) draws.set(key, (draws.get(key) ?? 0) + 1);
          }
        }
      }
      expect([...draws.keys()].sort()).toEqual([...expected].sort());
    }),
    { numRuns: 25 },
  );
});

test('a draw lies a day at least behind its announcement and its sources, its visits behind it and inside the window', () => {
  const source = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    time: fc.constantFrom('00:00', '09:00', '21:15', '23:59'),
  });
  const late: string[] = [];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 * 1440 }), fc.array(source, { maxLength: 2 }), (minutes, sources) => {
      const at = plusMs(instant('2026-05-26T01:00:00Z'), minutes * 60_000);
      const planned = periodNamed('RANDOM.RED', '2026-06' as DrawPeriod, at, RULES);
      if (planned === undefined) return; // July by then
      const scheduled = scheduleOf(planned, at, sources, RULES);
      if (scheduled.kind === 'late') {
        late.push(at);
        expect(epochMs(at)).toBeGreaterThan(Date.UTC(2026, 5, 20));
        return;
      }
      const { announcedAt, drawAt, revealBy, days, appearances } = scheduled.schedule;
      expect(epochMs(drawAt) - epochMs(announcedAt)).toBeGreaterThanOrEqual(86_400_000);
      expect(drawAt >= planned.drawAt).toBe(true);
      if (sources.length > 0) expect(drawAt).toBe([...appearances].sort().at(-1));
      else if (drawAt > planned.drawAt) expect(drawAt.endsWith(':00:00.000Z')).toBe(true);
      for (const [index, appears] of appearances.entries()) {
        expect(epochMs(appears) - epochMs(announcedAt)).toBeGreaterThanOrEqual(86_400_000);
        expect(appears <= drawAt && appears >= planned.drawAt).toBe(true);
        const weekday = new Date(epochMs(appears) + 8 * 3_600_000).getUTCDay() || 7;
        expect(sources[index]?.days).toContain(weekday);
      }
      expect(days.every((day) => day > dayOf(drawAt) && day.startsWith('2026-06'))).toBe(true);
      expect(
        days.map((day: Day) => new Date(`${day}T00:00:00Z`).getUTCDay()).some((weekday) => weekday === 0 || weekday === 6),
      ).toBe(false);
      expect(revealBy >= planned.window.until && revealBy > drawAt).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('numbers are taken of the first evening that comes', () => {
  const balls = { days: [2, 4, 7], time: '21:15' };
  expect(firstAppearance(balls, instant('2026-05-26T13:15:00Z'))).toBe('2026-05-26T13:15:00.000Z');
  expect(firstAppearance(balls, instant('2026-05-26T13:15:01Z'))).toBe('2026-05-28T13:15:00.000Z');
});
