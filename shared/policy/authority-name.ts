import { type Department, GOVERNMENT } from '../domain/ids.ts';
import { countiesOfPrefecture } from './divisions.ts';
import type { Policy } from './load.ts';

/** Who draws, as people call it: a department of the policy, or the government of the county. */
export const nameOfAuthority = (
  authority: Department,
  { departments, county }: Pick<Policy, 'departments' | 'county'>,
): string =>
  authority === GOVERNMENT
    ? `${countiesOfPrefecture().get(county) ?? '县（市）'}人民政府（安委办）`
    : (departments.values[authority] ?? authority);
