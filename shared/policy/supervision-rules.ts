import type { GridRules } from '../domain/grid.ts';
import type { GapRules } from '../domain/grid-target.ts';
import type { KeyUnitRules } from '../domain/key-unit.ts';
import { departmentOwner } from '../domain/owner.ts';
import { countiesOfPrefecture, townshipsOf } from './divisions.ts';
import type { Policy } from './load.ts';

/** What key units need of a policy and of the divisions. */
export const keyUnitRulesOf = ({ county, keyUnits: { prefecture, county: ofCounty, quota } }: Policy): KeyUnitRules => ({
  levels: { prefecture, county: ofCounty },
  more: quota.more,
  townships: new Set(townshipsOf(county).keys()),
  counties: new Set(countiesOfPrefecture().keys()),
});

/** The same of the grid. */
export const gridRulesOf = ({ county, departments, industries }: Policy): GridRules => ({
  townships: new Set(townshipsOf(county).keys()),
  departments: new Set(Object.keys(departments.values).map(departmentOwner)),
  industries: new Set(Object.keys(industries.values)),
});

/** What becomes of a gap of the grid. */
export const gapRulesOf = ({ supervision: { gridGaps } }: Policy): GapRules => gridGaps;
