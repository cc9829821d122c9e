/**
 * What the witnesses of the county's log have seen: `{county}#COSIGNED` / `NEWEST`, of each the newest checkpoint. It stands in a partition of its
 * own, since the door that writes it is open to everybody.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import type { CosignedHead } from '../archive/cosigned.ts';
import type { CountyCode } from '../domain/ids.ts';
import { StaleVersion } from './commit.ts';
import { exportsTable } from './tables.ts';

/** One for each witness. */
export type CosignedHeads = readonly CosignedHead[];

export const CosignedEntity = new Entity({
  name: 'LOG-COSIGNED', // stored on every item as `_et`; renaming it is a data migration
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    version: number(),
    heads: any().castAs<CosignedHeads>(),
  }),
  timestamps: false,
});

export interface CosignedStore {
  /** Strongly consistent. */
  newest(): Promise<CosignedHeads>;
  /** Keeps those that are newer than what is known of their witness; another of the same size takes no place. */
  keep(heads: CosignedHeads): Promise<void>;
}

const TRIES = 5;

export function dynamoCosignedStore(county: CountyCode): CosignedStore {
  const key = { partition: `${county}#COSIGNED`, part: 'NEWEST' };
  const load = async () => {
    const { Item } = await CosignedEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
    return { version: Item?.version ?? 0, heads: Item?.heads ?? [] };
  };
  return {
    newest: async () => (await load()).heads,
    async keep(heads) {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const { version, heads: known } = await load();
        const newer = heads.filter(({ witness, size }) => !known.some((one) => one.witness === witness && one.size >= size));
        if (newer.length === 0) return;
        const others = known.filter(({ witness }) => !newer.some((one) => one.witness === witness));
        try {
          await CosignedEntity.build(PutItemCommand)
            .item({ ...key, version: version + 1, heads: [...others, ...newer] })
            .options({ condition: version === 0 ? { attr: 'version', exists: false } : { attr: 'version', eq: version } })
            .send();
          return;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }
      throw new StaleVersion('other witnesses were quicker, again and again');
    },
  };
}
