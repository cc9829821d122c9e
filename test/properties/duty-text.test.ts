import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDutyText, writeDutyText } from '../../shared/data/duty-text.ts';
import { instantAt } from '../../shared/domain/calendar.ts';
import type { DutyPage, DutyPoint, Stop } from '../../shared/domain/duty-page.ts';

const period = fc.integer({ min: 0, max: 200_000 });
const at = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instantAt);
const stop: fc.Arbitrary<Stop> = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9._:-]{1,40}$/),
  from: at,
  until: at,
  approvedAt: at,
});
const no = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/),
  fc.constantFrom('constructor', 'toString', '7', '07'),
);
const point = (stops: readonly Stop[]): fc.Arbitrary<DutyPoint> =>
  fc.record({
    spans: fc.array(
      fc.oneof(
        fc.record({ from: period }),
        fc.tuple(period, fc.nat(99)).map(([from, n]) => ({ from, to: from + n })),
      ),
      { maxLength: 4 },
    ),
    cleared: fc.array(
      fc.tuple(period, fc.nat(99)).map(([from, n]) => [from, from + n] as const),
      { maxLength: 4 },
    ),
    late: fc.array(period, { maxLength: 3 }),
    stops: fc.subarray([...stops]),
  });
const points: fc.Arbitrary<DutyPage['points']> = fc
  .uniqueArray(stop, { maxLength: 3, selector: ({ id }) => id })
  .chain((stops) => fc.dictionary(no, point(stops), { maxKeys: 20 }));

test('a duty page is read as it was written', () => {
  fc.assert(
    fc.property(points, (page) => {
      expect(readDutyText(writeDutyText({ points: page }))).toEqual({ ...page });
    }),
  );
});

test('a point that was always checked on time takes at most 30 bytes', () => {
  const steady = Array.from({ length: 40 }, (_, index) => [
    `R-${String(index).padStart(4, '0')}`,
    { spans: [{ from: 20_500 }], cleared: [[20_500, 20_900]], late: [], stops: [] } satisfies DutyPoint,
  ]);
  expect(writeDutyText({ points: Object.fromEntries(steady) }).points.length).toBeLessThan(40 * 30);
});

test('a damaged duty page is refused, not guessed', () => {
  expect(() => readDutyText({ points: 'R1|~', stops: '' })).toThrow(RangeError);
  expect(() => readDutyText({ points: 'R1|a~|||0', stops: '' })).toThrow(RangeError);
});
