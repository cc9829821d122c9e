/** Counties of any size for the bench: pages of risk points, as a signed register leaves them. */

import type { Period } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import type { DutyPage, DutyPoint } from '../../shared/domain/duty-page.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';

/** As many as a sweep's page holds; an ordinary enterprise has far fewer. */
export const POINTS_PER_PAGE = 200;

/** A credit code for any number: the digits are the number's. */
export function ownerNumber(number: number): Owner {
  const first17 = `91533102${String(number).padStart(9, '0')}`;
  return enterpriseOwner(creditCode(`${first17}${checkCharacter(first17)}`));
}

/** Pages of a colour whose points have had the duty since `from` and were checked through `through`, but for those that `missed` says. */
export function* pagesOf(
  colour: Colour,
  points: number,
  from: Period,
  through: Period,
  missed: (point: number) => boolean = () => false,
  firstOwner = 0,
): Generator<DutyPage> {
  for (let first = 0; first < points; first += POINTS_PER_PAGE) {
    const on: Record<string, DutyPoint> = {};
    for (let index = 0; index < Math.min(POINTS_PER_PAGE, points - first); index++) {
      const last = missed(first + index) ? through - 1 : through;
      on[riskNo(`R${String(index + 1).padStart(3, '0')}`)] = {
        spans: [{ from }],
        cleared: last < from ? [] : [[from, last]],
        late: [],
        stops: [],
      };
    }
    yield { owner: ownerNumber(firstOwner + first / POINTS_PER_PAGE), colour, points: on, sealedThrough: through - 1 };
  }
}
