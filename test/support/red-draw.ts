/** The red draw of a department for June, as far as a test wants it. */
import { dayOf, instant } from '../../shared/domain/calendar.ts';
import { chief, DrawCounty, NUMBERS, officer, YJJ } from './draw-county.ts';

export const ONE = { authority: YJJ, number: 1 };
export const ANNOUNCED = '2026-05-26T01:00:00Z';
/** The evening of the balls after a day: with this source nothing is drawn before. */
export const DRAWN = instant('2026-05-28T13:15:00Z');

export const red = async (
  now = ANNOUNCED,
  since = '2026-06-01T00:00:00Z',
  more: ConstructorParameters<typeof DrawCounty>[1] = {},
): Promise<DrawCounty> => {
  const world = new DrawCounty(now, { since: dayOf(instant(since)), ...more });
  await world.withEnterprises('RED', [1, 2, 3]);
  await world.withInspectors(['i1', 'i2', 'i3']);
  return world;
};

/** Announced, keyed by two persons, drawn and assigned. */
export async function assigned(world: DrawCounty): Promise<DrawCounty> {
  await world.open('RANDOM.RED');
  world.now = DRAWN;
  await world.enter(ONE, officer, NUMBERS);
  await world.enter(ONE, chief, NUMBERS);
  await world.deliver();
  await world.sweepUntilQuiet();
  return world;
}
