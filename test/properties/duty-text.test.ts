import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openIn, readDutyText, writeDutyText } from '../../shared/data/duty-text.ts';
import { CADENCES, instantAt, windowOf } from '../../shared/domain/calendar.ts';
import type { DutyPage, DutyPoint, Stop } from '../../shared/domain/duty-page.ts';
import { slowlyOpen } from '../support/duties.ts';

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

test('a sweep of the stored text finds open what is open when the points are read and asked one by one', () => {
  /** Periods near each other and stops around their ends, so that runs, stops and the period that is asked for meet. */
  const near = fc.integer({ min: 2_950, max: 2_960 });
  const cadence = fc.constantFrom(...CADENCES);
  const runs = fc.array(
    fc.tuple(near, fc.nat(3)).map(([from, n]) => [from, from + n] as const),
    { maxLength: 3 },
  );
  const page = cadence.chain((every) => {
    const moment = near.chain((period) =>
      fc.constantFrom(-1, 0, 1).map((ms) => instantAt(Date.parse(windowOf(every, period).until) + ms)),
    );
    const stops = fc.uniqueArray(
      fc.record({ id: fc.stringMatching(/^[a-z]{3}$/), from: moment, until: moment, approvedAt: moment }),
      {
        maxLength: 3,
        selector: ({ id }) => id,
      },
    );
    const points = stops.chain((all) =>
      fc.dictionary(
        no,
        fc.record({
          spans: runs.map((spans) => spans.map(([from, to]) => (to - from === 3 ? { from } : { from, to }))),
          cleared: runs,
          late: fc.array(near, { maxLength: 2 }),
          stops: fc.subarray([...all]),
        }),
        { maxKeys: 12 },
      ),
    );
    return fc.record({ every: fc.constant(every), points, period: near });
  });
  fc.assert(
    fc.property(page, ({ every, points, period }) => {
      const quick = openIn(writeDutyText({ points }), period, windowOf(every, period));
      expect([...quick].sort()).toEqual([...slowlyOpen({ points }, every, period)].sort());
    }),
  );
});

test('points that stand alike are written once, and each keeps its own number', () => {
  const alike = { spans: [{ from: 20_500 }], cleared: [[20_500, 20_900]], late: [], stops: [] } satisfies DutyPoint;
  const other = { ...alike, late: [20_901] };
  const page = Object.fromEntries([
    ['R1', alike],
    ['R2', other],
    ['R3', alike],
  ]);
  const { points } = writeDutyText({ points: page });
  expect(points.split(';')).toHaveLength(2);
  expect(readDutyText({ points, stops: '' })).toEqual(page);
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
  expect(() => readDutyText({ points: 'R1,|a~', stops: '' })).toThrow(RangeError);
  expect(() => openIn({ points: 'R1,R 2|a~', stops: '' }, 10, windowOf('day', 10))).toThrow(RangeError);
});
