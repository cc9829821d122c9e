import { dayOf } from '../domain/calendar.ts';
import type { Cadences } from '../domain/duty-page.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { RebuildRules } from '../domain/rebuild-duties.ts';
import { cadencesOf } from './cadences.ts';

/** What the policies in force say to whoever rebuilds the state of a county. They change with the days, and are asked of every round. */
export function rebuildRulesOf(county: CountyCode): RebuildRules {
  const known = new Map<string, Cadences>();
  return {
    cadencesAt(at) {
      const cadences = known.get(dayOf(at)) ?? cadencesOf(county, at);
      known.set(dayOf(at), cadences);
      return cadences;
    },
  };
}
