/** Import jobs in the register's table; every step is guarded by the version of the job that it began with. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import type { CountyCode, ImportId } from '../domain/ids.ts';
import type { ImportJob } from '../domain/import-job.ts';
import { type CommandRecord, commit, StaleVersion } from './commit.ts';
import { registerTable } from './tables.ts';

export const ImportEntity = new Entity({
  name: 'IMPORT', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    version: number(),
    job: any().castAs<ImportJob>(),
  }),
  timestamps: false,
});

export interface ImportStore {
  load(id: ImportId): Promise<ImportJob | undefined>;
  /** The job as it is from now on; rejects with `StaleVersion` when somebody else did the step meanwhile. */
  save(job: ImportJob): Promise<void>;
  /** The same with the command that asked for it. */
  saveFor(command: CommandRecord, job: ImportJob): Promise<void>;
}

const keyOf = (county: CountyCode, id: ImportId) => ({ partition: `${county}#NONE`, part: `IMPORT#${id}` });

const isUnchangedSince = ({ version }: ImportJob) =>
  version === 1 ? ({ attr: 'version', exists: false } as const) : { attr: 'version' as const, eq: version - 1 };

export const dynamoImportStore = (county: CountyCode): ImportStore => ({
  async load(id) {
    const { Item } = await ImportEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
    return Item?.job;
  },
  async save(job) {
    try {
      await ImportEntity.build(PutItemCommand)
        .item({ ...keyOf(county, job.id), version: job.version, job })
        .options({ condition: isUnchangedSince(job) })
        .send();
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
        throw new StaleVersion(`import ${job.id} went on meanwhile`);
      }
      throw error;
    }
  },
  async saveFor(command, job) {
    await commit({
      command,
      events: [],
      writes: [
        ImportEntity.build(PutTransaction)
          .item({ ...keyOf(county, job.id), version: job.version, job })
          .options({ condition: isUnchangedSince(job) }),
      ],
    });
  },
});
