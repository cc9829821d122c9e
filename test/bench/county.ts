/** Counties of any size for the bench: pages of risk points, as a signed register and checks of it leave them. */

import type { Period } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import type { DutyPage, DutyPoint } from '../../shared/domain/duty-page.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';

/** Of an owner and colour; an ordinary enterprise has far fewer. */
export const POINTS_PER_PAGE = 200;

/** A credit code for any number: the digits are the number's. */
export function ownerNumber(number: number): Owner {
  const first17 = `91533102${String(number).padStart(9, '0')}`;
  return enterpriseOwner(creditCode(`${first17}${checkCharacter(first17)}`));
}

const run = (from: Period, to: Period): DutyPoint['cleared'] => (to < from ? [] : [[from, to]]);

/** How the points of a page came to stand: when each began, and which periods were cleared. */
export type Life = (point: number) => Pick<DutyPoint, 'spans' | 'cleared'>;

/** Points that have had the duty since `from` and were checked through `through`, but for those that `missed` says, in the last period. */
export const checkedThrough =
  (from: Period, through: Period, missed: (point: number) => boolean = () => false): Life =>
  (point) => ({ spans: [{ from }], cleared: run(from, missed(point) ? through - 1 : through) });

/** A list that was signed in four versions; every third point has been checked in the running period, one in twenty not in the one before. */
export const ordinary =
  (now: Period): Life =>
  (point) => {
    const from = now - 40 + (point % 4) * 10;
    const before = point % 20 === 7 ? run(from, now - 2) : run(from, now - 1);
    const [first, last] = before[0] ?? [now, now - 1];
    if (point % 3 > 0) return { spans: [{ from }], cleared: before };
    return { spans: [{ from }], cleared: last === now - 1 ? [[first, now]] : [...before, [now, now]] };
  };

/** No two points of a page alike: each began in a period of its own. What a sweep likes least. */
export const allDifferent =
  (now: Period): Life =>
  (point) => {
    const from = now - 300 + (point % POINTS_PER_PAGE);
    return { spans: [{ from }], cleared: run(from, point % 3 > 0 ? now - 1 : now) };
  };

/** Pages of a colour, sealed through `sealedThrough`. */
export function* pagesOf(colour: Colour, points: number, life: Life, sealedThrough: Period, firstOwner = 0): Generator<DutyPage> {
  for (let first = 0; first < points; first += POINTS_PER_PAGE) {
    const on: Record<string, DutyPoint> = {};
    for (let index = 0; index < Math.min(POINTS_PER_PAGE, points - first); index++) {
      on[riskNo(`R${String(index + 1).padStart(3, '0')}`)] = { ...life(first + index), late: [], stops: [] };
    }
    yield { owner: ownerNumber(firstOwner + first / POINTS_PER_PAGE), colour, points: on, sealedThrough };
  }
}
