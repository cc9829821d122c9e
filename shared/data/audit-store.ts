/** Audits (审计任务): `AUDIT#<id>` in `{county}#AUDITS`. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { type Audit, type AuditFact, auditSubject } from '../domain/audit.ts';
import type { AuditId, CountyCode } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import type { Listed } from './standings.ts';
import { exportsTable } from './tables.ts';

export const AuditEntity = new Entity({
  name: 'AUDIT', // stored on every item as `_et`; renaming it is a data migration
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    version: number(),
    state: any().castAs<Audit>(),
  }),
  timestamps: false,
});

/** A decision as it is to be written. */
export interface AuditChange {
  /** As it is from now on, its version with it. */
  readonly audit: Audit;
  readonly fact: AuditFact;
  readonly occasion: Occasion;
  readonly command: CommandRecord;
}

export interface AuditStore {
  /** Strongly consistent. */
  load(id: AuditId): Promise<Audit | undefined>;
  /** All of the county, by id, from behind a cursor on. Strongly consistent: an audit that was ended gives nothing any more. */
  eachFrom(cursor?: Cursor): AsyncIterable<Listed<Audit>>;
  /** State, event and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: AuditChange): Promise<void>;
}

/** So many at a time. */
const PAGE = 100;

const partitionOf = (county: CountyCode): string => `${county}#AUDITS`;
const keyOf = (county: CountyCode, id: AuditId) => ({ partition: partitionOf(county), part: auditSubject(id) });

/** An audit in the place of the version before it. */
export function auditWrite(county: CountyCode, audit: Audit): Write {
  const before = audit.version - 1;
  return AuditEntity.build(PutTransaction)
    .item({ ...keyOf(county, audit.id), version: audit.version, state: audit })
    .options({ condition: before === 0 ? { attr: 'part', exists: false } : { attr: 'version', eq: before } });
}

export const dynamoAuditStore = (county: CountyCode): AuditStore => ({
  async load(id) {
    const { Item } = await AuditEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
    return Item?.state;
  },
  async *eachFrom(cursor) {
    let from = startOf(cursor).exclusiveStartKey;
    do {
      const { Items, LastEvaluatedKey } = await exportsTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county) })
        .entities(AuditEntity)
        .options({ limit: PAGE, consistent: true, ...(from !== undefined && { exclusiveStartKey: from }) })
        .send();
      for (const { state } of Items ?? []) {
        const { partition: pk, part: sk } = keyOf(county, state.id);
        yield { item: state, cursor: cursorOf({ pk, sk }).cursor ?? '' };
      }
      from = LastEvaluatedKey as typeof from; // its members are the table's keys, which are texts
    } while (from !== undefined);
  },
  async save({ audit, fact, occasion, command }) {
    const before = audit.version - 1;
    await commit({
      command,
      events: recordFacts([fact], auditSubject(audit.id), before, 'NONE', occasion),
      writes: [auditWrite(county, audit)],
    });
  },
});
