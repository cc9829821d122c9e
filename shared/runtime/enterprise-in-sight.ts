import { mayDo, type Operation } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import { type CreditCode, creditCode } from '../domain/credit-code.ts';
import type { CountyCode } from '../domain/ids.ts';
import { enterpriseOf, enterpriseOwner, type Owner } from '../domain/owner.ts';
import type { EnterpriseContent, RegisterOwner } from '../domain/register-owner.ts';
import type { RiskPoint } from '../domain/register-risk.ts';
import { Problem } from './problem.ts';

/** What is read of the register here. */
export interface Register {
  owner(owner: Owner): Promise<RegisterOwner | undefined>;
  risksOf(owner: Owner): Promise<readonly RiskPoint[]>;
  /** Every enterprise of the county. */
  eachEnterprise(): AsyncIterable<RegisterOwner>;
}

export interface Enterprise extends RegisterOwner {
  readonly uscc: CreditCode;
  readonly enterprise: EnterpriseContent;
}

const known = (record: RegisterOwner | undefined): Enterprise | undefined => {
  const uscc = record && enterpriseOf(record.owner);
  return record?.enterprise === undefined || uscc === undefined ? undefined : { ...record, enterprise: record.enterprise, uscc };
};

const isTheirs = (county: CountyCode, caller: Caller, operation: Operation, { owner, enterprise }: Enterprise): boolean =>
  mayDo(caller, operation, { county, owner, township: enterprise.township, supervisor: enterprise.supervisor });

/** The enterprise that a request names, or the caller's own. Out of the caller's sight it answers like one that does not exist. */
export async function enterpriseFor(
  register: Pick<Register, 'owner'>,
  county: CountyCode,
  caller: Caller,
  operation: Operation,
  named: CreditCode | undefined,
): Promise<Enterprise> {
  const own = caller.owner === undefined ? undefined : enterpriseOf(caller.owner);
  const uscc = named ?? own;
  if (uscc === undefined) throw new Problem(400, 'enterprise-missing', '请写明企业的统一社会信用代码（enterprise）。');
  const found = known(await register.owner(enterpriseOwner(creditCode(uscc))));
  if (found === undefined || !isTheirs(county, caller, operation, found))
    throw new Problem(404, 'not-found', '没有找到这家企业。');
  return found;
}

/** The enterprises that the caller may see, by owner. */
export async function enterprisesFor(
  register: Pick<Register, 'eachEnterprise'>,
  county: CountyCode,
  caller: Caller,
  operation: Operation,
): Promise<ReadonlyMap<Owner, Enterprise>> {
  const seen = new Map<Owner, Enterprise>();
  for await (const record of register.eachEnterprise()) {
    const found = known(record);
    if (found !== undefined && isTheirs(county, caller, operation, found)) seen.set(found.owner, found);
  }
  return seen;
}
