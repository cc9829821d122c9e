/** What a round of checks has to know of the risks it checked, and no more: how many control measures each of them has. */
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode, RiskNo } from '../domain/ids.ts';
import { checklistOf, type RiskKey } from '../domain/register-risk.ts';
import { RiskEntity, riskKeyAt } from './risk-store.ts';
import { registerTable } from './tables.ts';

/** The service's limit. */
const AT_ONCE = 100;
/** What the service did not come to is asked for again, this often in all. */
const ATTEMPTS = 3;

/** A risk and the partition in which it is looked for. */
export type Place = Omit<RiskKey, 'township'> & { readonly standing: Standing };

/** How many items the checklist of each risk has, strongly consistent; those that do not stand where they are looked for are left out. */
export async function loadChecklists(county: CountyCode, places: readonly Place[]): Promise<ReadonlyMap<RiskNo, number>> {
  const found = new Map<RiskNo, number>();
  for (let first = 0; first < places.length; first += AT_ONCE) {
    const some = places.slice(first, first + AT_ONCE);
    const requests = some.map(({ standing, ...key }) => RiskEntity.build(BatchGetRequest).key(riskKeyAt(county, key, standing)));
    const command = registerTable
      .build(BatchGetCommand)
      .requests(...requests)
      .options({ consistent: true, attributes: ['risk.content.controls'] });
    const { Responses: [items] = [], UnprocessedKeys = {} } = await execute({ maxAttempts: ATTEMPTS }, command);
    if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the register is too busy to tell the checklists');
    for (const [index, item] of (items ?? []).entries()) {
      const no = some[index]?.no;
      if (item !== undefined && no !== undefined) found.set(no, checklistOf(item.risk.content).length);
    }
  }
  return found;
}
