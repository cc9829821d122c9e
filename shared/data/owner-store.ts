/**
 * The records of those who own a risk list: `{county}#{overall colour}` / `ENT#{credit code}`, `{county}#NONE` / `GOV#{owner}`. In a
 * file of its own, so that who only asks where an enterprise lies and who supervises it loads nothing else of the register.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import { ownerStanding, ownerSubject, type RegisterOwner } from '../domain/register-owner.ts';
import type { Write } from './commit.ts';
import type { Cursor } from './cursor.ts';
import { eachFrom, findAmong, type Listed, partitionOf } from './standings.ts';
import { registerTable } from './tables.ts';

export const OwnerEntity = new Entity({
  name: 'OWNER', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    version: number(),
    record: any().castAs<RegisterOwner>(),
  }),
  timestamps: false,
});

const keyOf = (county: CountyCode, owner: Owner, standing: Standing) => ({
  partition: partitionOf(county, standing),
  subject: ownerSubject(owner),
});

/** The record of an owner, strongly consistent; `undefined` where the county has none. */
export const loadOwner = (county: CountyCode, owner: Owner): Promise<RegisterOwner | undefined> =>
  findAmong(async (standing) => {
    const { Item } = await OwnerEntity.build(GetItemCommand)
      .key(keyOf(county, owner, standing))
      .options({ consistent: true })
      .send();
    return Item?.record;
  });

/** The writes that put `after` in the place of `before`, which fail when somebody wrote it since. */
export function ownerWrites(county: CountyCode, before: RegisterOwner | undefined, after: RegisterOwner): Write[] {
  const put = OwnerEntity.build(PutTransaction).item({
    ...keyOf(county, after.owner, ownerStanding(after)),
    version: after.version,
    record: after,
  });
  const isNew = before === undefined || before.version === 0;
  if (isNew) return [put.options({ condition: { attr: 'version', exists: false } })];
  if (ownerStanding(before) === ownerStanding(after)) {
    return [put.options({ condition: { attr: 'version', eq: before.version } })];
  }
  return [
    OwnerEntity.build(DeleteTransaction)
      .key(keyOf(county, before.owner, ownerStanding(before)))
      .options({ condition: { attr: 'version', eq: before.version } }),
    put.options({ condition: { attr: 'version', exists: false } }),
  ];
}

const PER_REQUEST = 200;
const ENTERPRISES = 'ENT#';

/** The enterprises of a county by their overall grade, from behind the cursor on. Strongly consistent; who is moved meanwhile may be met twice or not at all. */
export const eachEnterpriseFrom = (
  county: CountyCode,
  standings: readonly Standing[],
  cursor?: Cursor,
): AsyncGenerator<Listed<RegisterOwner>> =>
  eachFrom(
    county,
    standings,
    ENTERPRISES,
    async (partition, after) => {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ partition, range: { beginsWith: ENTERPRISES } })
        .entities(OwnerEntity)
        .options({
          consistent: true,
          limit: PER_REQUEST,
          ...(after !== undefined && { exclusiveStartKey: { pk: partition, sk: after } }),
        })
        .send();
      return {
        items: (Items ?? []).map(({ subject, record }) => ({ key: subject, item: record })),
        hasMore: LastEvaluatedKey !== undefined,
      };
    },
    cursor,
  );
