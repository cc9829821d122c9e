/**
 * Rows of the exchange tables as they were received last: `{county}#EXCHANGE#{credit code}` / `ROW#{table}#{id}`, and beside them
 * `NEW#{table}#{received at}#{id}`, in the order in which they came: what came late is behind what was read before, whatever it says of its times.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Instant } from '../domain/calendar.ts';
import type { CreditCode } from '../domain/credit-code.ts';
import { type ExchangeFact, type ExchangeTable, exchangeSubject, type ReceivedRow } from '../domain/exchange.ts';
import type { CountyCode } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { exportsTable } from './tables.ts';

export const ExchangeRowEntity = new Entity({
  name: 'EXCHANGE_ROW', // stored on every item as `_et`; renaming it is a data migration
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** The sequence of its last event. */
    version: number(),
    /** One more with each write: a child that comes writes its parent too, so that no parent is deleted meanwhile. */
    revision: number(),
    received: any().castAs<ReceivedRow>(),
  }),
  timestamps: false,
});

export const ExchangeArrivalEntity = new Entity({
  name: 'EXCHANGE_ARRIVAL',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    id: string(),
    at: string(),
  }),
  timestamps: false,
});

export interface HeldRow extends ReceivedRow {
  readonly version: number;
  readonly revision: number;
}

export interface Receiving {
  readonly received: ReceivedRow;
  readonly before: HeldRow | undefined;
  /** Received rows on which it hangs, as they were read. */
  readonly parents: readonly HeldRow[];
  readonly occasion: Occasion;
}

export interface ExchangeStore {
  /** Strongly consistent. */
  load(enterprise: CreditCode, table: ExchangeTable, id: string): Promise<HeldRow | undefined>;
  /** Every row of a table that an enterprise has. Strongly consistent. */
  ofTable(enterprise: CreditCode, table: ExchangeTable): AsyncIterable<HeldRow>;
  /** Row, arrival and fact, all or nothing. Rejects with `StaleVersion` where it, or a parent, was written meanwhile. */
  save(receiving: Receiving): Promise<void>;
  /** Rows in the order in which they came last, after one instant and through another. */
  arrived(
    of: {
      readonly enterprise: CreditCode;
      readonly table: ExchangeTable;
      readonly after: Instant | undefined;
      readonly through: Instant;
    },
    limit: number,
    cursor?: Cursor,
  ): Promise<{ readonly rows: readonly ReceivedRow[]; readonly cursor?: Cursor }>;
}

const partitionOf = (county: CountyCode, enterprise: CreditCode): string => `${county}#EXCHANGE#${enterprise}`;
const rowsOf = (table: ExchangeTable): string => `ROW#${table}#`;
const arrivalsOf = (table: ExchangeTable): string => `NEW#${table}#`;
/** Behind every id. */
const LAST = '~';

const heldRow = ({ received, version, revision }: { received: ReceivedRow; version: number; revision: number }): HeldRow => ({
  ...received,
  version,
  revision,
});

/** The row at a version, in the place of the one that was read; 0 where there was none. */
export function exchangeWrite(county: CountyCode, received: ReceivedRow, version: number, before: number): Write {
  const put = ExchangeRowEntity.build(PutTransaction).item({
    partition: partitionOf(county, received.enterprise),
    part: `${rowsOf(received.table)}${received.row.id}`,
    version,
    revision: before + 1,
    received,
  });
  return put.options({ condition: before === 0 ? { attr: 'revision', exists: false } : { attr: 'revision', eq: before } });
}

/** That it came then. */
export function arrivalWrite(county: CountyCode, { enterprise, table, row, receivedAt }: ReceivedRow): Write {
  const id = String(row.id);
  return ExchangeArrivalEntity.build(PutTransaction).item({
    partition: partitionOf(county, enterprise),
    part: `${arrivalsOf(table)}${receivedAt}#${id}`,
    id,
    at: receivedAt,
  });
}

export function dynamoExchangeStore(county: CountyCode): ExchangeStore {
  const load: ExchangeStore['load'] = async (enterprise, table, id) => {
    const key = { partition: partitionOf(county, enterprise), part: `${rowsOf(table)}${id}` };
    const { Item } = await ExchangeRowEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
    return Item && heldRow(Item);
  };
  return {
    load,
    async *ofTable(enterprise, table) {
      let start: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await exportsTable
          .build(QueryCommand)
          .query({ partition: partitionOf(county, enterprise), range: { beginsWith: rowsOf(table) } })
          .entities(ExchangeRowEntity)
          .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
          .send();
        for (const found of Items ?? []) yield heldRow(found);
        start = LastEvaluatedKey;
      } while (start !== undefined);
    },
    async save({ received, before, parents, occasion }) {
      const { receivedAt: _, ...data } = received;
      const version = before?.version ?? 0;
      const fact: ExchangeFact = { type: 'ExchangeRowReceived', data };
      const subject = exchangeSubject(received.enterprise, received.table, String(received.row.id));
      await commit({
        events: recordFacts([fact], subject, version, 'NONE', occasion),
        writes: [
          exchangeWrite(county, received, version + 1, before?.revision ?? 0),
          arrivalWrite(county, received),
          ...parents.map(({ version: at, revision, ...parent }) => exchangeWrite(county, parent, at, revision)),
        ],
      });
    },
    async arrived({ enterprise, table, after, through }, limit, cursor) {
      const prefix = arrivalsOf(table);
      const between: [string, string] = [after === undefined ? prefix : `${prefix}${after}${LAST}`, `${prefix}${through}${LAST}`];
      if (between[0] > between[1]) return { rows: [] };
      const { Items, LastEvaluatedKey } = await exportsTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, enterprise), range: { between } })
        .entities(ExchangeArrivalEntity)
        .options({ limit, consistent: true, ...startOf(cursor) })
        .send();
      const found = await Promise.all((Items ?? []).map(async ({ id, at }) => ({ at, row: await load(enterprise, table, id) })));
      // What came again since stands further on.
      const rows = found.flatMap(({ at, row }) => {
        if (row?.receivedAt !== at) return [];
        const { version: _, revision: __, ...received } = row;
        return [received];
      });
      return { rows, ...cursorOf(LastEvaluatedKey) };
    },
  };
}
