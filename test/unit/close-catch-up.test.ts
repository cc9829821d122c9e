import { catchUp } from '../../functions/close-period/catch-up.ts';
import { type Cadence, type Instant, instant, type Period, periodAt } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';

const cadences = { RED: 'day', ORANGE: 'week', YELLOW: 'half-month', BLUE: 'month' } as const;
/** A Monday in the middle of a month: on this day begin a day, a week and a half-month. */
const monday = (clock: string): Instant => instant(`2026-03-16T${clock}:00+08:00`);
const tuesday = instant('2026-03-17T00:05:00+08:00');

/** A county that was closed before, but for what `behind` says; which cadences are closed by a call, and what was sealed then. */
function countyOf(sealedAt: Instant, behind: Partial<Record<Colour, Period | undefined>> = {}) {
  const sealed = (colour: Colour) => (colour in behind ? behind[colour] : periodAt(cadences[colour], sealedAt) - 1);
  const cursors = new Map(COLOURS.map((colour) => [colour, sealed(colour)]));
  const closed: Cadence[] = [];
  const failing = new Set<Cadence>();
  const unreadable = new Set<Colour>();
  const call = catchUp({
    store: {
      cursor: async (colour) => {
        if (unreadable.has(colour)) throw new Error(`${colour} cannot be read`);
        return cursors.get(colour);
      },
    },
    cadences,
    close: async (cadence, at) => {
      if (failing.has(cadence)) throw new Error(`${cadence} failed`);
      closed.push(cadence);
      const colours = COLOURS.filter((colour) => cadences[colour] === cadence);
      const through = periodAt(cadence, at) - 1;
      for (const colour of colours) cursors.set(colour, through);
      return colours.map((colour) => ({ colour, sealedThrough: through, pages: 0, sealedPeriods: 0 }));
    },
  });
  return { call, closed, failing, unreadable };
}

test('a call closes its own cadence, and leaves to the others’ calls of the same night what is theirs', async () => {
  const { call, closed } = countyOf(monday('00:00'), { ORANGE: periodAt('week', monday('00:00')) - 2 });
  await call('day', monday('00:05'));
  expect(closed).toEqual(['day']);
});

test('a cadence whose calls did not come is closed by the next day’s call of another', async () => {
  const { call, closed } = countyOf(instant('2026-03-15T00:05:00+08:00'));
  await call('day', monday('00:05'));
  await call('day', tuesday);
  await call('day', instant('2026-03-18T00:05:00+08:00'));
  expect(closed).toEqual(['day', 'day', 'week', 'half-month', 'day']);
});

test('a cadence that was never closed is closed', async () => {
  const { call, closed } = countyOf(tuesday, { BLUE: undefined });
  expect((await call('day', tuesday)).map(({ colour }) => colour)).toEqual(['RED', 'BLUE']);
  expect(closed).toEqual(['day', 'month']);
});

test('one that fails leaves the others to be closed, and is told', async () => {
  const { call, closed, failing } = countyOf(tuesday, { ORANGE: 0, BLUE: 0 });
  failing.add('day');
  await expect(call('day', tuesday)).rejects.toThrow('day failed');
  expect(closed).toEqual(['week', 'month']);
});

test('a cursor that cannot be read keeps nothing from being closed but its own', async () => {
  const { call, closed, unreadable } = countyOf(tuesday, { ORANGE: 0, BLUE: 0 });
  unreadable.add('ORANGE');
  await expect(call('day', tuesday)).rejects.toThrow('ORANGE cannot be read');
  expect(closed).toEqual(['day', 'month']);
});
