/**
 * Which risks are major installations: `{county}#NONE` / `MAJOR#{subject of the risk}`, written with the risk. An installation may be of any
 * colour, so without these they could be found only by reading all risks; they have no attribute `owner`, so that `byOwner` holds risks alone.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { CountyCode } from '../domain/ids.ts';
import type { RiskChange } from '../domain/register-list.ts';
import { isMajorInstallation, type RiskKey, riskSubject } from '../domain/register-risk.ts';
import type { Write } from './commit.ts';
import type { Cursor } from './cursor.ts';
import { eachFrom, type Listed, partitionOf } from './standings.ts';
import { registerTable } from './tables.ts';

const PREFIX = 'MAJOR#';

export const InstallationEntity = new Entity({
  name: 'INSTALLATION', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    of: any().castAs<RiskKey>(),
  }),
  timestamps: false,
});

/** What a change of a risk adds to its transaction; the version of the risk guards it. */
export function installationWrites(county: CountyCode, { before, after }: Pick<RiskChange, 'before' | 'after'>): Write[] {
  const [was, is] = [before !== undefined && isMajorInstallation(before), isMajorInstallation(after)];
  if (was === is) return [];
  const key = { partition: partitionOf(county, 'NONE'), subject: `${PREFIX}${riskSubject(after)}` };
  if (!is) return [InstallationEntity.build(DeleteTransaction).key(key)];
  const { owner, no, township } = after;
  const of: RiskKey = { owner, no, ...(township !== undefined && { township }) };
  return [InstallationEntity.build(PutTransaction).item({ ...key, of })];
}

/** The major installations of a county by their subjects, from behind a cursor on. Strongly consistent. */
export const eachInstallationFrom = (county: CountyCode, cursor?: Cursor): AsyncGenerator<Listed<RiskKey>> =>
  eachFrom(
    county,
    ['NONE'],
    PREFIX,
    async (partition, after) => {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ partition, range: { beginsWith: PREFIX } })
        .entities(InstallationEntity)
        .options({ consistent: true, ...(after !== undefined && { exclusiveStartKey: { pk: partition, sk: after } }) })
        .send();
      return {
        items: (Items ?? []).map(({ subject, of }) => ({ key: subject, item: of })),
        hasMore: LastEvaluatedKey !== undefined,
      };
    },
    cursor,
  );
