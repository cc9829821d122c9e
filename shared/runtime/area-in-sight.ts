import { mayDo, type Operation, type Subject } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import type { CountyCode, RiskNo, TownshipCode } from '../domain/ids.ts';
import { townshipOwner } from '../domain/owner.ts';
import type { RiskKey, RiskPoint } from '../domain/register-risk.ts';
import { Problem } from './problem.ts';

/** What names a risk of a public area in a request. */
export interface AreaNamed {
  readonly township: TownshipCode;
  readonly no: RiskNo;
}

/** What is read of the register here. */
export interface AreaRegister {
  risk(key: RiskKey): Promise<RiskPoint | undefined>;
}

/** A risk of a public area is named by its township; whose it is, its record says. */
export const areaKey = ({ township, no }: AreaNamed): RiskKey => ({ owner: townshipOwner(township), township, no });

/** Whose an area is, as the access table asks. */
export const subjectOfArea = (
  county: CountyCode,
  { owner, township, department }: Pick<RiskPoint, 'owner' | 'township' | 'department'>,
): Subject => ({
  county,
  owner,
  ...(township !== undefined && { township }),
  ...(department !== undefined && { supervisor: department }),
});

/** The area that a request names. Out of the caller's sight it answers like one that does not exist. */
export async function areaFor(
  register: AreaRegister,
  county: CountyCode,
  caller: Caller,
  operation: Operation,
  named: AreaNamed,
): Promise<RiskPoint & AreaNamed> {
  const found = await register.risk(areaKey(named));
  if (found === undefined || !mayDo(caller, operation, subjectOfArea(county, found))) {
    throw new Problem(404, 'not-found', '没有找到这处公共区域风险。');
  }
  return { ...found, ...named };
}
