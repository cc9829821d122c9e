/** Reading the ledger: by the day of the events, for those who follow a county, and by subject, for those who follow a case. */

import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { type Day, dayOf, type Instant } from '../domain/calendar.ts';
import type { Standing } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { EventPlace } from '../domain/sealing.ts';
import { EventEntity, eventKey } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { ledgerTable } from './tables.ts';

export interface LedgerPage {
  readonly events: readonly LedgerEvent[];
  readonly cursor?: Cursor;
}

/** A stretch of one day. */
export interface Span {
  readonly from: Instant;
  /** Exclusive; the midnight that ends the day at the latest. */
  readonly until: Instant;
}

/** That something was recorded, and when; read off its keys, so that it is told whatever lies there. */
export interface RecordedPlace extends EventPlace {
  readonly at: string;
}

export interface LedgerStore {
  /** The events of one day and colour in the order of server time. Follows the writes within about a second. */
  ofDay(county: CountyCode, colour: Standing, day: Day, limit: number, cursor?: Cursor): Promise<LedgerPage>;
  /** The events of one subject by their sequence, strongly consistent. */
  ofSubject(subject: string, limit: number, cursor?: Cursor): Promise<LedgerPage>;
  /** The newest event of a subject, strongly consistent. */
  lastOf(subject: string): Promise<LedgerEvent | undefined>;
  /** One event by its place, strongly consistent. */
  at(place: EventPlace): Promise<LedgerEvent | undefined>;
}

/** Reading what was recorded by its places. */
export interface PlacedEvents {
  /** Each in the place of the one asked for, strongly consistent. */
  atAll(places: readonly EventPlace[]): Promise<readonly (LedgerEvent | undefined)[]>;
  /** What has been recorded of a colour in a stretch of a day, in the order of server time. Follows the writes within about a second. */
  placesIn(county: CountyCode, colour: Standing, span: Span, limit: number, cursor?: Cursor): Promise<PlacesIn>;
  /** What has been recorded of a subject from that sequence on, strongly consistent. */
  placesFrom(place: EventPlace, limit: number): Promise<readonly RecordedPlace[]>;
}

export interface PlacesIn {
  readonly places: readonly RecordedPlace[];
  readonly cursor?: Cursor;
}

/** The sequence that a key says; 0 where it says none, as of something that was written past `commit`. */
export const sequenceOf = (key: string): number => (/^\d+$/.test(key) ? Number(key) : 0);

/** The index is sorted by `<instant>#<id>`. */
const recordedPlace = ({ subject, sequence, at }: { subject: string; sequence: string; at: string }): RecordedPlace => ({
  subject,
  sequence: sequenceOf(sequence),
  at: at.slice(0, at.indexOf('#')),
});

/** The service's limit of one request. */
const AT_ONCE = 100;
/** What the service did not come to is asked for again, this often in all: a hundred large events are more than one answer holds. */
const ATTEMPTS = 10;

export const dynamoLedgerStore: LedgerStore & PlacedEvents = {
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
  async atAll(places) {
    const found: (LedgerEvent | undefined)[] = [];
    for (let first = 0; first < places.length; first += AT_ONCE) {
      const some = places.slice(first, first + AT_ONCE);
      const command = ledgerTable
        .build(BatchGetCommand)
        .requests(...some.map((place) => EventEntity.build(BatchGetRequest).key(eventKey(place))))
        .options({ consistent: true });
      const { Responses: [items] = [], UnprocessedKeys = {} } = await execute({ maxAttempts: ATTEMPTS }, command);
      if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the ledger is too busy to tell its events');
      found.push(...some.map((_, index) => items?.[index]?.event));
    }
    return found;
  },
  async placesIn(county, colour, { from, until }, limit, cursor) {
    const { Items, LastEvaluatedKey } = await ledgerTable
      .build(QueryCommand)
      .query({ index: 'byDay', partition: `${county}#${colour}#${dayOf(from)}`, range: { between: [from, until] } })
      .entities(EventEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    return { places: (Items ?? []).map(recordedPlace), ...cursorOf(LastEvaluatedKey) };
  },
  async placesFrom(place, limit) {
    const { Items } = await ledgerTable
      .build(QueryCommand)
      .query({ partition: place.subject, range: { gte: eventKey(place).sequence } })
      .entities(EventEntity)
      .options({ limit, consistent: true })
      .send();
    return (Items ?? []).map(recordedPlace);
  },
};
