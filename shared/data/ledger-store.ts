/** Reading the ledger: by the day of the events, for those who follow a county, and by subject, for those who follow a case. */
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Day } from '../domain/calendar.ts';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import { EventEntity, eventKey } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { ledgerTable } from './tables.ts';

export interface LedgerPage {
  readonly events: readonly LedgerEvent[];
  readonly cursor?: Cursor;
}

export interface LedgerStore {
  /** The events of one day and colour in the order of server time. Follows the writes within about a second. */
  ofDay(county: CountyCode, colour: Standing, day: Day, limit: number, cursor?: Cursor): Promise<LedgerPage>;
  /** The events of one subject by their sequence, strongly consistent. */
  ofSubject(subject: string, limit: number, cursor?: Cursor): Promise<LedgerPage>;
  /** The newest event of a subject, strongly consistent. */
  lastOf(subject: string): Promise<LedgerEvent | undefined>;
  /** One event by its place, strongly consistent. */
  at(place: Pick<LedgerEvent, 'subject' | 'sequence'>): Promise<LedgerEvent | undefined>;
}

export const dynamoLedgerStore: LedgerStore = {
  async ofDay(county, colour, day, limit, cursor) {
    const { Items, LastEvaluatedKey } = await ledgerTable
      .build(QueryCommand)
      .query({ index: 'byDay', partition: `${county}#${colour}#${day}` })
      .entities(EventEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    return { events: (Items ?? []).map(({ event }) => event), ...cursorOf(LastEvaluatedKey) };
  },
  async ofSubject(subject, limit, cursor) {
    const { Items, LastEvaluatedKey } = await ledgerTable
      .build(QueryCommand)
      .query({ partition: subject })
      .entities(EventEntity)
      .options({ limit, consistent: true, ...startOf(cursor) })
      .send();
    return { events: (Items ?? []).map(({ event }) => event), ...cursorOf(LastEvaluatedKey) };
  },
  async lastOf(subject) {
    const { Items } = await ledgerTable
      .build(QueryCommand)
      .query({ partition: subject })
      .entities(EventEntity)
      .options({ limit: 1, reverse: true, consistent: true })
      .send();
    return Items?.[0]?.event;
  },
  async at(place) {
    const { Item } = await EventEntity.build(GetItemCommand).key(eventKey(place)).options({ consistent: true }).send();
    return Item?.event;
  },
};
