/** Counties of any size for the bench: pages of risk points, as a signed register and checks of it leave them. */

import type { Period } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import type { DutyPage, DutyPoint } from '../../shared/domain/duty-page.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';

/** Points of an owner under one colour, packed as tightly as engineering.md 1.4 reckons with. */
export const PACKED = 200;

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
    const from = now - 300 + (point % PACKED);
    return { spans: [{ from }], cleared: run(from, point % 3 > 0 ? now - 1 : now) };
  };

export interface PagesOf {
  readonly colour: Colour;
  readonly points: number;
  readonly life: Life;
  readonly sealedThrough: Period;
  readonly firstOwner?: number;
  readonly perPage?: number;
}

/** Pages of a colour, each of an owner of its own. */
export function* pagesOf({
  colour,
  points,
  life,
  sealedThrough,
  firstOwner = 0,
  perPage = PACKED,
}: PagesOf): Generator<DutyPage> {
  for (let first = 0; first < points; first += perPage) {
    const on: Record<string, DutyPoint> = {};
    for (let index = 0; index < Math.min(perPage, points - first); index++) {
      on[riskNo(`R${String(index + 1).padStart(3, '0')}`)] = { ...life(first + index), late: [], stops: [] };
    }
    yield { owner: ownerNumber(firstOwner + first / perPage), colour, points: on, sealedThrough };
  }
}
