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
import { partitionOf } from './standings.ts';
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

/** The major installations of a county, by their subjects. Strongly consistent. */
export async function* eachInstallation(county: CountyCode): AsyncGenerator<RiskKey> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await registerTable
      .build(QueryCommand)
      .query({ partition: partitionOf(county, 'NONE'), range: { beginsWith: PREFIX } })
      .entities(InstallationEntity)
      .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
      .send();
    for (const { of } of Items ?? []) yield of;
    start = LastEvaluatedKey;
  } while (start !== undefined);
}
