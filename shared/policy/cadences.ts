import type { Instant } from '../domain/calendar.ts';
import type { Cadences } from '../domain/duty-page.ts';
import type { CountyCode } from '../domain/ids.ts';
import { cadenceOf, policyFor } from './load.ts';

/** How often each colour is checked in a county, 二(五). */
export function cadencesOf(county: CountyCode, at: Instant): Cadences {
  const policy = policyFor(county, at);
  return {
    RED: cadenceOf(policy, 'RED'),
    ORANGE: cadenceOf(policy, 'ORANGE'),
    YELLOW: cadenceOf(policy, 'YELLOW'),
    BLUE: cadenceOf(policy, 'BLUE'),
  };
}
