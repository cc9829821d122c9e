import { describe, expect, test } from '@jest/globals';
import { instant, periodAt, periodName } from '../../shared/domain/calendar.ts';
import {
  clearSlot,
  type DutyPage,
  type DutyPoint,
  emptyPoint,
  exceptionsThrough,
  hasSlot,
  moveDuty,
  retireDuty,
  sealed,
  signDuty,
  slotState,
  slotsWithin,
  withStop,
} from '../../shared/domain/duty-page.ts';
import { figuresOf, periodsOfMonth } from '../../shared/domain/figures.ts';
import { type RiskNo, riskNo } from '../../shared/domain/ids.ts';

const at = (text: string) => instant(`${text}+08:00`);
const day = (text: string) => periodAt('day', at(`${text}T12:00:00`));
const month = (text: string) => periodAt('month', at(`${text}-10T12:00:00`));
const signed = (cadence: Parameters<typeof periodAt>[0], text: string): DutyPoint =>
  signDuty({ point: emptyPoint, cadence }, at(text));
const checked = (point: DutyPoint, cadence: Parameters<typeof periodAt>[0], claimed: string, received = claimed): DutyPoint => {
  const clearing = clearSlot(point, cadence, at(claimed), at(received));
  return 'point' in clearing ? clearing.point : point;
};

describe('a list signed in the middle of a period (P5)', () => {
  test('is due from the window that contains the signing, also in its last minute', () => {
    const point = signed('half-month', '2026-03-15T23:59:00');
    const periods = ['2026-02-20', '2026-03-10', '2026-03-16'].map((text) => periodAt('half-month', at(`${text}T00:00:00`)));
    expect(periods.map((period) => hasSlot(point, period))).toEqual([false, true, true]);
  });

  test('is not due a second time when it is signed again', () => {
    const point = signed('week', '2026-03-04T10:00:00');
    expect(signDuty({ point, cadence: 'week' }, at('2026-03-20T10:00:00'))).toEqual(point);
  });
});

describe('a regrade in the middle of a period (P4)', () => {
  test('upward: the stricter cadence is due at once, and the open month stays due', () => {
    const blue = signed('month', '2026-02-01T09:00:00');
    const { from, to } = moveDuty(
      { point: blue, cadence: 'month' },
      { point: emptyPoint, cadence: 'day' },
      true,
      at('2026-03-10T15:00:00'),
    );
    expect([hasSlot(from, month('2026-03')), hasSlot(from, month('2026-04'))]).toEqual([true, false]);
    expect([hasSlot(to, day('2026-03-09')), hasSlot(to, day('2026-03-10'))]).toEqual([false, true]);
  });

  test('downward: today stays due, the new cadence begins with the window that holds tomorrow', () => {
    const red = signed('day', '2026-03-01T09:00:00');
    const { from, to } = moveDuty(
      { point: red, cadence: 'day' },
      { point: emptyPoint, cadence: 'month' },
      false,
      at('2026-03-31T15:00:00'),
    );
    expect([hasSlot(from, day('2026-03-31')), hasSlot(from, day('2026-04-01'))]).toEqual([true, false]);
    expect([hasSlot(to, month('2026-03')), hasSlot(to, month('2026-04'))]).toEqual([false, true]);
  });

  test('down and up again within a day leaves no gap and no double', () => {
    const red = signed('day', '2026-03-01T09:00:00');
    const down = moveDuty(
      { point: red, cadence: 'day' },
      { point: emptyPoint, cadence: 'week' },
      false,
      at('2026-03-08T10:00:00'),
    );
    const up = moveDuty(
      { point: down.to, cadence: 'week' },
      { point: down.from, cadence: 'day' },
      true,
      at('2026-03-08T11:00:00'),
    );
    expect(up.to.spans).toEqual([{ from: day('2026-03-01') }]);
    expect(up.from.spans).toEqual([]);
  });

  test('a stop goes with the point to its new colour', () => {
    const stop = {
      id: 's1',
      from: at('2026-03-05T00:00:00'),
      until: at('2026-05-01T00:00:00'),
      approvedAt: at('2026-03-04T09:00:00'),
    };
    const red = withStop(signed('day', '2026-03-01T09:00:00'), stop);
    const { to } = moveDuty(
      { point: red, cadence: 'day' },
      { point: emptyPoint, cadence: 'week' },
      false,
      at('2026-03-10T10:00:00'),
    );
    expect(slotState(to, 'week', periodAt('week', at('2026-03-18T00:00:00')), at('2026-03-30T00:00:00'))).toBe('suspended');
  });
});

describe('a point that leaves the register', () => {
  test('stays due for the window that is open, and never after', () => {
    const point = retireDuty({ point: signed('day', '2026-03-01T09:00:00'), cadence: 'day' }, at('2026-03-05T08:00:00'));
    expect(slotState(point, 'day', day('2026-03-05'), at('2026-03-06T00:00:00'))).toBe('missed');
    expect(slotState(point, 'day', day('2026-03-06'), at('2026-03-07T00:00:00'))).toBeUndefined();
  });
});

describe('an approved stop (P3)', () => {
  const stop = {
    id: 's1',
    from: at('2026-03-02T12:00:00'),
    until: at('2026-03-05T12:00:00'),
    approvedAt: at('2026-03-02T10:00:00'),
  };
  const point = withStop(signed('day', '2026-03-01T09:00:00'), stop);
  const later = at('2026-03-20T00:00:00');

  test('excuses exactly the windows that end inside it', () => {
    const states = ['2026-03-01', '2026-03-02', '2026-03-04', '2026-03-05'].map((text) =>
      slotState(point, 'day', day(text), later),
    );
    expect(states).toEqual(['missed', 'suspended', 'suspended', 'missed']);
  });

  test('excuses nothing that had ended before it was approved', () => {
    const afterwards = withStop(signed('day', '2026-03-01T09:00:00'), { ...stop, approvedAt: at('2026-03-04T00:00:00') });
    expect(slotState(afterwards, 'day', day('2026-03-03'), later)).toBe('missed');
    expect(slotState(afterwards, 'day', day('2026-03-04'), later)).toBe('suspended');
  });

  test('does not hide a check that was done all the same', () => {
    expect(slotState(checked(point, 'day', '2026-03-03T09:00:00'), 'day', day('2026-03-03'), later)).toBe('done');
  });

  test('leaves nothing to make up after its windows', () => {
    expect(clearSlot(point, 'day', at('2026-03-03T09:00:00'), at('2026-03-04T09:00:00'))).toEqual({ outcome: 'not-due' });
  });

  test('ended before its time excuses what ended before, and no more', () => {
    const lifted = withStop(point, { ...stop, until: at('2026-03-04T08:00:00') });
    expect(slotState(lifted, 'day', day('2026-03-03'), later)).toBe('suspended');
    expect(slotState(lifted, 'day', day('2026-03-04'), later)).toBe('missed');
  });
});

describe('a late check (P6)', () => {
  const point = signed('day', '2026-03-01T09:00:00');

  test('is on time in the last millisecond of the window and late in the first after it', () => {
    expect(clearSlot(point, 'day', at('2026-03-01T20:00:00'), at('2026-03-01T23:59:59.999')).outcome).toBe('on-time');
    expect(clearSlot(point, 'day', at('2026-03-01T20:00:00'), at('2026-03-02T00:00:00')).outcome).toBe('late');
  });

  test('never becomes on time', () => {
    const late = checked(point, 'day', '2026-03-01T20:00:00', '2026-03-02T08:00:00');
    expect(slotState(late, 'day', day('2026-03-01'), at('2026-03-30T00:00:00'))).toBe('done-late');
    expect(clearSlot(late, 'day', at('2026-03-01T21:00:00'), at('2026-03-02T09:00:00'))).toEqual({ outcome: 'already' });
  });

  test('that was written first gives way to one that was received in time', () => {
    const late = checked(point, 'day', '2026-03-01T20:00:00', '2026-03-02T00:00:01');
    const both = checked(late, 'day', '2026-03-01T21:00:00', '2026-03-01T23:59:59');
    expect(slotState(both, 'day', day('2026-03-01'), at('2026-03-30T00:00:00'))).toBe('done');
    expect(both.late).toEqual([]);
  });
});

describe('sealing and counting', () => {
  const page = (points: Record<string, DutyPoint>): DutyPage => ({
    owner: 'ENT:91533102MA6K000002',
    colour: 'RED',
    points: points as Record<RiskNo, DutyPoint>,
  });
  const steady = signed('day', '2026-03-01T09:00:00');

  test('a page on which all was done has nothing to seal', () => {
    let point = steady;
    for (const text of ['2026-03-01', '2026-03-02', '2026-03-03']) point = checked(point, 'day', `${text}T10:00:00`);
    expect(exceptionsThrough(page({ R1: point }), 'day', day('2026-03-03')).size).toBe(0);
    expect(point.cleared).toEqual([[day('2026-03-01'), day('2026-03-03')]]);
  });

  test('every period that was never sealed is found in order, however long the closing was away', () => {
    const point = checked(steady, 'day', '2026-03-03T10:00:00');
    const found = exceptionsThrough(page({ R1: point }), 'day', day('2026-03-05'));
    expect([...found.keys()].map((period) => periodName('day', period))).toEqual([
      '2026-03-01',
      '2026-03-02',
      '2026-03-04',
      '2026-03-05',
    ]);
    const after = sealed(page({ R1: point }), 'day', day('2026-03-05'));
    expect(exceptionsThrough(after, 'day', day('2026-03-05')).size).toBe(0);
    expect(after.points[riskNo('R1')]?.cleared).toEqual([]);
  });

  test('D1–D5: a period counts to the month in which it ends, and months share none', () => {
    for (const cadence of ['day', 'week', 'half-month', 'month'] as const) {
      const march = periodsOfMonth(cadence, '2026-03');
      expect(periodsOfMonth(cadence, '2026-04').first).toBe(march.last + 1);
    }
    expect(periodName('week', periodsOfMonth('week', '2026-03').last)).toBe('2026-W13');
  });

  test('figures say the same before the closing as after it', () => {
    const late = checked(steady, 'day', '2026-03-02T10:00:00', '2026-03-03T10:00:00');
    const open = page({ R1: late, R2: checked(steady, 'day', '2026-03-01T10:00:00') });
    const now = at('2026-03-04T12:00:00');
    const through = day('2026-03-03');
    const exceptions = [...exceptionsThrough(open, 'day', through)].map(([period, found]) => ({ period, ...found }));
    const before = figuresOf(open, 'day', '2026-03', now, []);
    expect(before).toEqual({ due: 6, onTime: 1, madeUpLate: 1, missed: 4, suspended: 0, running: 56 });
    expect(figuresOf(sealed(open, 'day', through), 'day', '2026-03', now, exceptions)).toEqual(before);
    expect(slotsWithin(open, day('2026-03-01'), day('2026-03-31'))).toBe(62);
  });
});
