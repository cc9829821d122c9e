/** Risk points and risks of public areas: `{county}#{colour}` / `RISK#{credit code}#{no}`, `AREA#{township}#{no}`. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { RiskChange } from '../domain/register-list.ts';
import { type RiskKey, type RiskPoint, riskSubject, standingOf } from '../domain/register-risk.ts';
import type { Write } from './commit.ts';
import { findAmong, partitionOf } from './standings.ts';
import { registerTable } from './tables.ts';

export const RiskEntity = new Entity({
  name: 'RISK', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    owner: string(),
    version: number(),
    risk: any().castAs<RiskPoint>(),
  }),
  timestamps: false,
});

/** Where a risk of that standing lies. */
export const riskKeyAt = (county: CountyCode, key: RiskKey, standing: Standing) => ({
  partition: partitionOf(county, standing),
  subject: riskSubject(key),
});

/** A risk wherever it stands, strongly consistent; `undefined` where the county has none of that name. */
export const loadRisk = (county: CountyCode, key: RiskKey): Promise<RiskPoint | undefined> =>
  findAmong(async (standing) => {
    const { Item } = await RiskEntity.build(GetItemCommand)
      .key(riskKeyAt(county, key, standing))
      .options({ consistent: true })
      .send();
    return Item?.risk;
  });

/** The writes that put `after` in the place of `before`, which fail when somebody wrote it since. */
export function riskWrites(county: CountyCode, { before, after }: RiskChange): Write[] {
  const put = RiskEntity.build(PutTransaction).item({
    ...riskKeyAt(county, after, standingOf(after)),
    owner: after.owner,
    version: after.version,
    risk: after,
  });
  if (before === undefined) return [put.options({ condition: { attr: 'version', exists: false } })];
  if (standingOf(before) === standingOf(after)) return [put.options({ condition: { attr: 'version', eq: before.version } })];
  return [
    RiskEntity.build(DeleteTransaction)
      .key(riskKeyAt(county, before, standingOf(before)))
      .options({ condition: { attr: 'version', eq: before.version } }),
    put.options({ condition: { attr: 'version', exists: false } }),
  ];
}
