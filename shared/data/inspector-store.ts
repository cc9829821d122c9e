/** The directory of inspectors: `{county}#NONE` / `INSP#{id}`. They are hundreds, so the whole directory is one range, strongly consistent. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { CountyCode, Department, PersonId } from '../domain/ids.ts';
import { type Inspector, type InspectorFact, inspectorSubject } from '../domain/inspector.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import type { Cursor } from './cursor.ts';
import { eachFrom, type Listed, partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';

export const InspectorEntity = new Entity({
  name: 'INSPECTOR', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    version: number(),
    state: any().castAs<Inspector>(),
  }),
  timestamps: false,
});

/** An inspector as he is stored: `version` is the sequence of his last event. */
export interface StoredInspector {
  readonly inspector: Inspector;
  readonly version: number;
}

/** A decision as it is to be written. */
export interface InspectorChange {
  readonly inspector: Inspector;
  readonly facts: readonly InspectorFact[];
  /** The version it was decided on; 0 for somebody new. */
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command: CommandRecord;
}

export interface InspectorStore {
  /** Strongly consistent; `undefined` where no directory of the county has him. */
  load(id: PersonId): Promise<StoredInspector | undefined>;
  /** Everybody of the county by his id, also those who retired, from behind a cursor on. Strongly consistent. */
  eachFrom(cursor?: Cursor): AsyncIterable<Listed<StoredInspector>>;
  /** Everybody who stands in an authority's directory, also those who retired. Strongly consistent. */
  ofAuthority(authority: Department): Promise<readonly StoredInspector[]>;
  /** State, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: InspectorChange): Promise<void>;
}

const INSPECTORS = 'INSP#';
const PER_REQUEST = 200;

const keyOf = (county: CountyCode, id: PersonId) => ({ partition: partitionOf(county, 'NONE'), subject: inspectorSubject(id) });

/** An inspector at a version, in the place of the one he was decided on. */
export function inspectorWrite(county: CountyCode, inspector: Inspector, version: number, ifVersion: number): Write {
  const put = InspectorEntity.build(PutTransaction).item({ ...keyOf(county, inspector.id), version, state: inspector });
  return ifVersion === 0
    ? put.options({ condition: { attr: 'version', exists: false } })
    : put.options({ condition: { attr: 'version', eq: ifVersion } });
}

const inspectorsFrom = (county: CountyCode, cursor?: Cursor): AsyncGenerator<Listed<StoredInspector>> =>
  eachFrom(
    county,
    ['NONE'],
    INSPECTORS,
    async (partition, after) => {
      const { Items, LastEvaluatedKey } = await inspectionsTable
        .build(QueryCommand)
        .query({ partition, range: { beginsWith: INSPECTORS } })
        .entities(InspectorEntity)
        .options({
          consistent: true,
          limit: PER_REQUEST,
          ...(after !== undefined && { exclusiveStartKey: { pk: partition, sk: after } }),
        })
        .send();
      return {
        items: (Items ?? []).map(({ subject, state, version }) => ({ key: subject, item: { inspector: state, version } })),
        hasMore: LastEvaluatedKey !== undefined,
      };
    },
    cursor,
  );

export const dynamoInspectorStore = (county: CountyCode): InspectorStore => ({
  async load(id) {
    const { Item } = await InspectorEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
    return Item && { inspector: Item.state, version: Item.version };
  },
  eachFrom: (cursor) => inspectorsFrom(county, cursor),
  async ofAuthority(authority) {
    const found: StoredInspector[] = [];
    for await (const { item } of inspectorsFrom(county)) {
      if (item.inspector.content.authority === authority) found.push(item);
    }
    return found;
  },
  async save({ inspector, facts, ifVersion, occasion, command }) {
    await commit({
      command,
      events: recordFacts(facts, inspectorSubject(inspector.id), ifVersion, 'NONE', occasion),
      writes: facts.length > 0 ? [inspectorWrite(county, inspector, ifVersion + facts.length, ifVersion)] : [],
    });
  },
});
