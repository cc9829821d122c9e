import { type Department, GOVERNMENT } from '../domain/ids.ts';
import type { Policy } from './load.ts';

/** Who draws, as people call it: a department of the policy, or the county government. */
export const nameOfAuthority = (authority: Department, { departments }: Pick<Policy, 'departments'>): string =>
  authority === GOVERNMENT ? '县（市）人民政府（安委办）' : (departments.values[authority] ?? authority);
