/**
 * Which enterprises have risks without a grade, told from where risks stand: what is not graded stands in `{county}#NONE`, among what
 * was retired, and everything else under its colour. So nothing is read of the risks that count.
 */
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { COLOURS } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import { enterpriseOf, type Owner } from '../domain/owner.ts';
import { RiskEntity } from './risk-store.ts';
import { partitionOf } from './standings.ts';
import { registerTable } from './tables.ts';

/** Both follow the writes within about a second. */
export interface UngradedStore {
  /** The enterprises with a risk that is neither graded nor retired. `only`: this one, if it is among them. */
  ungradedOwners(only?: Owner): Promise<ReadonlySet<Owner>>;
  /** Whether the enterprise has a graded risk, signed or not. */
  hasGraded(owner: Owner): Promise<boolean>;
}

const prefixOf = (owner: Owner | undefined): string => (owner === undefined ? 'RISK#' : `RISK#${enterpriseOf(owner) ?? owner}#`);

export const dynamoUngradedStore = (county: CountyCode): UngradedStore => ({
  async ungradedOwners(only) {
    const found = new Set<Owner>();
    let start: Record<string, unknown> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, 'NONE'), range: { beginsWith: prefixOf(only) } })
        .entities(RiskEntity)
        .options({
          filters: { RISK: { attr: 'risk.retired', exists: false } },
          attributes: ['owner'],
          ...(start !== undefined && { exclusiveStartKey: start }),
        })
        .send();
      for (const { owner } of Items ?? []) found.add(owner as Owner);
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  },
  async hasGraded(owner) {
    for (const colour of COLOURS) {
      const { Items } = await registerTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, colour), range: { beginsWith: prefixOf(owner) } })
        .entities(RiskEntity)
        .options({ limit: 1, attributes: ['owner'] })
        .send();
      if ((Items ?? []).length > 0) return true;
    }
    return false;
  },
});
